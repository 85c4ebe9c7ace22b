"""The list of operations that stands for a network: Op, the variables of one, and Network, the list with its end points."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
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

    @cached_property
    def by_name(self) -> dict[str, Op]:
        """Each operation under its name."""
        return {op.name: op for op in self.ops}

    @cached_property
    def units(self) -> tuple[tuple[str, int], ...]:
        """Each unit, with or without a shortcut, as (block, unit), in order."""
        return tuple(dict.fromkeys((op.block, op.unit) for op in self.ops if op.unit))

    @cached_property
    def shortcuts(self) -> dict[tuple[str, int], Shortcut]:
        """The kind of each unit's shortcut, by (block, unit), in order: read off what its addition reads first.

        A plain network's units have none.
        """
        kinds: dict[str, Shortcut] = {"subsample": "subsample"}  # else a convolution, and its batch norm in version 1
        found: dict[tuple[str, int], Shortcut] = {}
        for op in self.ops:
            if op.kind == "add":
                path = self.by_name[op.inputs[0]]
                found[op.block, op.unit] = kinds.get(path.kind, "projection") if path.role == "shortcut" else "identity"
        return found


def same_pads(height: int, width: int, kernel: int, stride: int) -> Pads:
    """What TensorFlow's SAME padding adds: the output is ceil(size / stride), the odd one goes to the end."""

    def split(size: int) -> tuple[int, int]:
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2

    return (*split(height), *split(width))


def effective_kernel(kernel: int, rate: int) -> int:
    """How many pixels a kernel reaches over whose taps lie `rate` pixels apart.   TF-Slim: `conv2d_same`."""
    return kernel + (kernel - 1) * (rate - 1) if kernel else 0
