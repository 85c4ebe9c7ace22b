"""The list of operations that stands for a network: Op, the variables of one, and Network, the list with its end points."""

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

    name: unique, below the design's name; where the operation has variables they are named below it.
    inputs: names of the operations it reads. shape: (height, width, channels) of its output, for one image.
    layer: the TF-Slim layer it is part of (a convolution with its batch norm and ReLU is one layer).
    block, unit: where it stands; unit counts from 1, 0 outside the blocks. role: its part in the residual unit.
    kernel, stride, bias: of convolutions and pools. rate: how many pixels apart a convolution's taps lie (atrous, dilated).
    pads: zeros (pools: nothing) at (top, bottom, left, right).
    depth_in: channels it reads. scale, epsilon, decay: of a batch norm.
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
        """How many pixels a side the kernel reaches over, with the gaps between its taps."""
        return effective_kernel(self.kernel, self.rate)


@dataclass(frozen=True, slots=True)
class Variable:
    """A variable of an operation, under TF-Slim's name below the design's."""

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
    """A unit's operations, or those that follow one another outside the units. entry: what enters it, None for the image.

    end_points: as of `Network`. What an edit of a design leaves as it was is the same object in the network before and
    after; so what was worked out of it is still known (see `once`).
    """

    ops: tuple[Op, ...]
    entry: Op | None = None
    end_points: tuple[tuple[str, str], ...] = ()

    @property
    def place(self) -> tuple[str, int]:
        """Its block and unit; ('', 0) outside the blocks."""
        return self.ops[0].block, self.ops[0].unit

    @cached_property
    def shortcut(self) -> Shortcut | None:
        """The kind of the unit's shortcut, read off what its addition reads first; None where it has no addition."""
        addition = next((op for op in self.ops if op.kind == "add"), None)
        if addition is None:
            return None
        path = next((op for op in self.ops if op.name == addition.inputs[0]), None)
        if path is None or path.role != "shortcut":
            return "identity"
        return "subsample" if path.kind == "subsample" else "projection"  # a convolution; its batch norm in version 1


def stretches_of(ops: Sequence[Op]) -> tuple[Stretch, ...]:
    """A list of operations, cut into stretches."""
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
    """A design, expanded. `ops` are in an order in which each comes after its inputs.

    end_points: (TF-Slim's name, operation's name) pairs. output: the operation whose value the network returns:
    the logits, or what is ahead of them where there are no classes.
    """

    design: Design
    ops: tuple[Op, ...]
    end_points: tuple[tuple[str, str], ...]
    output: str
    built: tuple[Stretch, ...] = field(default=(), repr=False, compare=False)  # `stretches`, where they are known

    @cached_property
    def stretches(self) -> tuple[Stretch, ...]:
        """The operations, cut where units begin and end."""
        return self.built or stretches_of(self.ops)

    @cached_property
    def by_name(self) -> dict[str, Op]:
        """Each operation under its name."""
        return {op.name: op for op in self.ops}

    @cached_property
    def units(self) -> tuple[tuple[str, int], ...]:
        """Each unit, with or without a shortcut, as (block, unit), in order."""
        return tuple(dict.fromkeys(part.place for part in self.stretches if part.ops[0].unit))

    @cached_property
    def shortcuts(self) -> dict[tuple[str, int], Shortcut]:
        """The kind of each unit's shortcut, by (block, unit), in order.

        A plain network's units have none.
        """
        return {part.place: part.shortcut for part in self.stretches if part.shortcut}


def same_pads(height: int, width: int, kernel: int, stride: int) -> Pads:
    """What TensorFlow's SAME padding adds: the output is ceil(size / stride), the odd one goes to the end."""

    def split(size: int) -> tuple[int, int]:
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2

    return (*split(height), *split(width))


def effective_kernel(kernel: int, rate: int) -> int:
    """How many pixels a kernel reaches over whose taps lie `rate` pixels apart.   TF-Slim: `conv2d_same`."""
    return kernel + (kernel - 1) * (rate - 1) if kernel else 0
