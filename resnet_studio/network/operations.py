"""A network as a list of operations: Op is one operation, Variable one of its variables, Network the list with its end points."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import groupby
from operator import attrgetter
from typing import Literal

from resnet_studio.design.spec import Design

OpKind = Literal["input", "conv", "batch_norm", "relu", "max_pool", "subsample", "add", "global_pool", "softmax"]
Role = Literal["main", "residual", "shortcut", "add"]
Shortcut = Literal["identity", "subsample", "projection"]
Shape = tuple[int, int, int]
Pads = tuple[int, int, int, int]


@dataclass(frozen=True, slots=True)
class Op:
    """One operation.

    name: unique in the network; the names of its variables begin with it.
    kind: what it computes.
    inputs: the names of the operations that it reads.
    shape: (height, width, channels) of its output, for one image.
    layer: the TF-Slim layer that it is part of (a convolution with its batch norm and ReLU is one layer).
    block: the name of its block; '' outside the blocks.
    unit: the number of its unit in the block, from 1; 0 outside the blocks.
    role: its part in the residual unit.
    kernel: the side of the kernel in pixels, of convolutions and pools; 0 otherwise.
    stride: the stride in pixels, of convolutions and pools.
    rate: the distance in pixels between neighbouring taps of a convolution (atrous, dilated).
    pads: pixels of padding at (top, bottom, left, right). A convolution pads with zeros; a pool ignores the padding.
    bias: whether a convolution has biases.
    depth_in: the number of channels that it reads.
    scale, epsilon, decay: the settings of a batch norm.
    """

    name: str
    kind: OpKind
    inputs: tuple[str, ...]
    shape: Shape
    layer: str
    block: str = ""
    unit: int = 0
    role: Role = "main"
    kernel: int = 0
    stride: int = 1
    rate: int = 1
    pads: Pads = (0, 0, 0, 0)
    bias: bool = False
    depth_in: int = 0
    scale: bool = True
    epsilon: float = 0.0
    decay: float = 0.0

    @property
    def depth(self) -> int:
        """Output channels."""
        return self.shape[2]

    @property
    def effective_kernel(self) -> int:
        """The side of the kernel in pixels, with the gaps between its taps."""
        return effective_kernel(self.kernel, self.rate)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of an operation. Its name is TF-Slim's, without the design's name in front."""

    name: str
    shape: tuple[int, ...]
    trainable: bool

    @property
    def size(self) -> int:
        """Number of values."""
        size = 1
        for extent in self.shape:
            size *= extent
        return size


def variables(op: Op) -> tuple[Variable, ...]:
    """The variables of `op`: convolution weights are (kernel, kernel, in, out); all others (channels,)."""
    depth = (op.depth,)
    if op.kind == "conv":
        weights = Variable(f"{op.name}/weights", (op.kernel, op.kernel, op.depth_in, op.depth), True)
        return (weights, Variable(f"{op.name}/biases", depth, True)) if op.bias else (weights,)
    if op.kind == "batch_norm":
        gamma = (Variable(f"{op.name}/gamma", depth, True),) if op.scale else ()
        return (
            *gamma,
            Variable(f"{op.name}/beta", depth, True),
            Variable(f"{op.name}/moving_mean", depth, False),
            Variable(f"{op.name}/moving_variance", depth, False),
        )
    return ()


def read_by_gradient(op: Op) -> tuple[str, ...]:
    """The names of the operations whose outputs the gradient of `op` reads, so that the forward pass must keep them.

    The gradients of convolutions, batch norms and pools read the inputs; those of ReLUs, pools and the softmax read the
    operation's own output. The gradient of an addition reads nothing.
    """
    inputs = op.inputs if op.kind in ("conv", "batch_norm", "max_pool", "subsample") else ()
    output = (op.name,) if op.kind in ("relu", "max_pool", "subsample", "softmax") else ()
    return (*inputs, *output)


@dataclass(frozen=True, eq=False)
class Stretch:
    """The operations of one unit, or operations outside the units that follow one another.

    When an edit of a design does not change a unit, the networks before and after the edit hold the same Stretch object.
    So the results that `once` keeps with it stay known.

    ops: the operations, in order.
    entry: the operation whose output enters the stretch; None where the image enters it.
    end_points: the end points inside it, as in `Network`.
    """

    ops: tuple[Op, ...]
    entry: Op | None = None
    end_points: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> tuple[str, int]:
        """(block, unit number from 1); ('', 0) outside the blocks."""
        return self.ops[0].block, self.ops[0].unit

    @cached_property
    def shortcut(self) -> Shortcut | None:
        """The kind of the unit's shortcut: what the first input of its addition is. None for a unit without an addition."""
        addition = next((op for op in self.ops if op.kind == "add"), None)
        if addition is None:
            return None
        path = next((op for op in self.ops if op.name == addition.inputs[0]), None)
        if path is None or path.role != "shortcut":
            return "identity"
        return "subsample" if path.kind == "subsample" else "projection"  # version 1: the batch norm of a projection


def stretches_of(ops: Sequence[Op]) -> tuple[Stretch, ...]:
    """Cuts a list of operations into stretches, one for each unit."""
    by_name = {op.name: op for op in ops}
    found = []
    for _, part in groupby(ops, key=attrgetter("block", "unit")):
        members = tuple(part)
        inside = {op.name for op in members}
        entry = next((name for op in members for name in op.inputs if name not in inside), None)
        found.append(Stretch(members, None if entry is None else by_name[entry]))
    return tuple(found)


@dataclass(frozen=True)
class Network:
    """The network that a design describes.

    design: the design that it was made from.
    ops: the operations; each comes after its inputs.
    end_points: pairs of (TF-Slim's name, operation's name).
    output: the name of the operation whose value the network returns: the logits, or the last operation of a network
        without classes.
    built: the stretches, where they are known already.
    """

    design: Design
    ops: tuple[Op, ...]
    end_points: tuple[tuple[str, str], ...]
    output: str
    built: tuple[Stretch, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The operations in stretches: each unit is one, and so are the operations between units."""
        return self.built or stretches_of(self.ops)

    @cached_property
    def by_name(self) -> dict[str, Op]:
        """Each operation under its name."""
        return {op.name: op for op in self.ops}

    @cached_property
    def units(self) -> tuple[tuple[str, int], ...]:
        """All units as (block, number from 1), in order, with or without a shortcut."""
        return tuple(dict.fromkeys(part.place for part in self.stretches if part.ops[0].unit))

    @cached_property
    def shortcuts(self) -> dict[tuple[str, int], Shortcut]:
        """The kind of each unit's shortcut, by (block, number from 1), in order. Plain networks have no shortcuts."""
        return {part.place: part.shortcut for part in self.stretches if part.shortcut}


def same_pads(height: int, width: int, kernel: int, stride: int) -> Pads:
    """The padding of TensorFlow's SAME, in pixels. The output has ceil(size / stride) pixels a side.

    An odd number of pixels is split so that the bottom and the right get one more.
    """

    def split(size: int) -> tuple[int, int]:
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2

    return (*split(height), *split(width))


def effective_kernel(kernel: int, rate: int) -> int:
    """The side in pixels of a kernel whose taps lie `rate` pixels apart.   TF-Slim: `conv2d_same`."""
    return kernel + (kernel - 1) * (rate - 1) if kernel else 0
