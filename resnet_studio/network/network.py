"""expand(design) -> Network: the one list of operations that the picture, the numbers and the engine all read.

Reads like the figures of He, Zhang, Ren & Sun, "Identity Mappings in Deep Residual Networks" (2016), with the
names and details of TF-Slim's `resnet_v2`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Literal

from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.design.validate import DesignError, validate

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
    kernel, stride, bias: of convolutions and pools. pads: zeros (pools: nothing) at (top, bottom, left, right).
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
    def shortcuts(self) -> dict[tuple[str, int], Shortcut]:
        """The kind of each unit's shortcut, by (block, unit), in order: read off what its addition reads first."""
        kinds: dict[str, Shortcut] = {"conv": "projection", "subsample": "subsample"}
        found: dict[tuple[str, int], Shortcut] = {}
        for op in self.ops:
            if op.kind == "add":
                path = self.by_name[op.inputs[0]]
                found[op.block, op.unit] = kinds[path.kind] if path.role == "shortcut" else "identity"
        return found


def expand(design: Design) -> Network:
    """The network of `design`.   TF-Slim: `resnet_v2`.

    Raises DesignError where `validate` finds problems; nothing is built then.
    """
    if problems := validate(design):
        raise DesignError(problems)
    return expand_part(design, with_root=True, with_tail=True)


def expand_part(design: Design, *, with_root: bool, with_tail: bool) -> Network:
    """The network of the sound parts of a design: without root block or tail where these are not to be. Validates nothing."""
    net = _Builder(design)
    x = net.append(Op("input", "input", (), (*design.image, 3), "input"))
    if with_root and design.include_root_block:
        x = root_block(net, x)
    for block in design.blocks:
        x = stack(net, x, block)
    if with_tail:
        x = tail(net, x)
    return Network(design, tuple(net.ops), tuple(net.end_points), x.name)


def root_block(net: _Builder, x: Op) -> Op:
    """conv1 and pool1. No batch norm or ReLU here: the first unit's preact does that.   He et al. 2016a, table 1."""
    if net.design.root == "cifar":
        return net.conv(x, "conv1", net.design.root_depth, 3, bias=net.design.conv_biases)
    x = net.conv(x, "conv1", net.design.root_depth, 7, 2, bias=net.design.conv_biases)
    return net.pool(x, "pool1", "max_pool", 3, 2)


def stack(net: _Builder, x: Op, block: Block) -> Op:
    """The units of one block, one after the other.   TF-Slim: `stack_blocks_dense`."""
    build = basic if block.kind == "basic" else bottleneck
    for number, unit in enumerate(block.units, start=1):
        net.enter(block.name, number, f"{block.name}/unit_{number}/{block.kind}_v2")
        x = build(net, x, unit)
    net.leave()
    net.end_point(block.name, x)
    return x


def bottleneck(net: _Builder, x: Op, unit: Unit) -> Op:
    """Preact -> (shortcut | conv1 -> conv2 -> conv3) -> add.   He et al. 2016b, fig. 4(e); TF-Slim: `bottleneck`."""
    preact = net.norm_relu(x, "preact")
    shortcut = shortcut_path(net, x, preact, unit)
    first, second = (unit.stride, 1) if net.design.stride_conv == "conv1" else (1, unit.stride)
    residual = net.conv_norm_relu(preact, "conv1", unit.depth_bottleneck, 1, first)
    residual = net.conv_norm_relu(residual, "conv2", unit.depth_bottleneck, 3, second)
    residual = net.conv(residual, "conv3", unit.depth, 1, bias=net.design.conv_biases)
    return net.add(shortcut, residual)


def basic(net: _Builder, x: Op, unit: Unit) -> Op:
    """Preact -> (shortcut | conv1 -> conv2) -> add, both 3x3.   He et al. 2016b, fig. 4(e), for the two-layer unit."""
    preact = net.norm_relu(x, "preact")
    shortcut = shortcut_path(net, x, preact, unit)
    residual = net.conv_norm_relu(preact, "conv1", unit.depth, 3, unit.stride)
    residual = net.conv(residual, "conv2", unit.depth, 3, bias=net.design.conv_biases)
    return net.add(shortcut, residual)


def shortcut_path(net: _Builder, x: Op, preact: Op, unit: Unit) -> Op:
    """The skip path. An identity reads the unit's input, a projection reads preact.   He et al. 2016b, sec. 3, 4."""
    if x.depth != unit.depth:
        return net.conv(preact, "shortcut", unit.depth, 1, unit.stride, bias=net.design.conv_biases, role="shortcut")
    if unit.stride != 1:
        return net.pool(x, "shortcut", "subsample", 1, unit.stride, role="shortcut")
    return x


def tail(net: _Builder, x: Op) -> Op:
    """postnorm, pool5, logits and predictions: the last addition has had no batch norm and ReLU yet."""
    x = net.norm_relu(x, "postnorm", role="main")
    if net.design.global_pool:
        x = net.append(Op("pool5", "global_pool", (x.name,), (1, 1, x.depth), "pool5"))
    if net.design.num_classes is None:
        return x
    # The logits are the classifier, not one of the convolutions whose biases the paper leaves out.
    x = net.conv(x, "logits", net.design.num_classes, 1, bias=True)
    softmax = net.append(Op("predictions", "softmax", (x.name,), x.shape, "predictions"))
    net.end_points.append(("predictions", softmax.name))
    return x


def same_pads(height: int, width: int, kernel: int, stride: int) -> Pads:
    """What TensorFlow's SAME padding adds: the output is ceil(size / stride), the odd one goes to the end."""

    def split(size: int) -> tuple[int, int]:
        total = max((-(-size // stride) - 1) * stride + kernel - size, 0)
        return total // 2, total - total // 2

    return (*split(height), *split(width))


def conv2d_same_pads(height: int, width: int, kernel: int, stride: int) -> Pads:
    """What TF-Slim's `conv2d_same` adds: SAME's where the stride is 1, else (kernel - 1) whatever the size."""
    if stride == 1:
        return same_pads(height, width, kernel, stride)
    begin = (kernel - 1) // 2
    return (begin, kernel - 1 - begin, begin, kernel - 1 - begin)


@dataclass
class _Builder:
    """Appends operations below the current unit's scope."""

    design: Design
    ops: list[Op] = field(default_factory=list)
    end_points: list[tuple[str, str]] = field(default_factory=list)
    block: str = ""
    unit: int = 0
    scope: str = ""

    def enter(self, block: str, unit: int, scope: str) -> None:
        self.block, self.unit, self.scope = block, unit, scope

    def leave(self) -> None:
        self.block, self.unit, self.scope = "", 0, ""

    def append(self, op: Op) -> Op:
        self.ops.append(op)
        return op

    def end_point(self, name: str, op: Op) -> None:
        self.end_points.append((f"{self.design.name}/{name}", op.name))

    def conv(
        self, x: Op, name: str, depth: int, kernel: int, stride: int = 1, *, bias: bool, role: Role | None = None
    ) -> Op:
        """A convolution that ends its layer. Every one is an end point, as TF-Slim collects them."""
        op = self._conv(x, name, depth, kernel, stride, bias, role)
        self.end_point(op.layer, op)
        return op

    def conv_norm_relu(self, x: Op, name: str, depth: int, kernel: int, stride: int = 1) -> Op:
        x = self._conv(x, name, depth, kernel, stride, bias=False, role=None)
        x = self._norm_relu(x, f"{x.layer}/BatchNorm", x.layer, None)
        self.end_point(x.layer, x)
        return x

    def norm_relu(self, x: Op, name: str, role: Role | None = None) -> Op:
        layer = self._below(name)
        return self._norm_relu(x, layer, layer, role)

    def pool(
        self, x: Op, name: str, kind: Literal["max_pool", "subsample"], kernel: int, stride: int, role: Role = "main"
    ) -> Op:
        layer = self._below(name)
        height, width, depth = x.shape
        pads = same_pads(height, width, kernel, stride)
        shape = (_extent(height, kernel, stride, pads[:2]), _extent(width, kernel, stride, pads[2:]), depth)
        return self._in_unit(layer, kind, (x.name,), shape, layer, role, kernel=kernel, stride=stride, pads=pads)

    def add(self, shortcut: Op, residual: Op) -> Op:
        op = self._in_unit(
            f"{self.scope}/add", "add", (shortcut.name, residual.name), residual.shape, f"{self.scope}/add", "add"
        )
        self.end_point(self.scope, op)
        return op

    def _conv(self, x: Op, name: str, depth: int, kernel: int, stride: int, bias: bool, role: Role | None) -> Op:
        layer = self._below(name)
        height, width, depth_in = x.shape
        pads = conv2d_same_pads(height, width, kernel, stride)
        shape = (_extent(height, kernel, stride, pads[:2]), _extent(width, kernel, stride, pads[2:]), depth)
        return self._in_unit(
            layer, "conv", (x.name,), shape, layer, role,
            kernel=kernel, stride=stride, pads=pads, bias=bias, depth_in=depth_in,
        )  # fmt: skip

    def _norm_relu(self, x: Op, name: str, layer: str, role: Role | None) -> Op:
        d = self.design
        x = self._in_unit(
            name, "batch_norm", (x.name,), x.shape, layer, role,
            scale=d.batch_norm_scale, epsilon=d.batch_norm_epsilon, decay=d.batch_norm_decay, depth_in=x.depth,
        )  # fmt: skip
        return self._in_unit(f"{layer}/Relu", "relu", (x.name,), x.shape, layer, role)

    def _in_unit(
        self,
        name: str,
        kind: OpKind,
        inputs: tuple[str, ...],
        shape: Shape,
        layer: str,
        role: Role | None,
        **more: object,
    ) -> Op:
        place = role or ("residual" if self.unit else "main")
        return self.append(Op(name, kind, inputs, shape, layer, self.block, self.unit, place, **more))  # type: ignore[arg-type]

    def _below(self, name: str) -> str:
        return f"{self.scope}/{name}" if self.scope else name


def _extent(size: int, kernel: int, stride: int, pads: tuple[int, ...]) -> int:
    return (size + sum(pads) - kernel) // stride + 1
