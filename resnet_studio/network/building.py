"""Builder: appends operations and works out their names, shapes, padding and end points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from resnet_studio.design.spec import Design

from .operations import Op, OpKind, Pads, Role, Shape, effective_kernel, same_pads


@dataclass
class Builder:
    """Appends operations. Inside a unit their names begin with the unit's scope."""

    design: Design
    ops: list[Op] = field(default_factory=list)
    end_points: list[tuple[str, str]] = field(default_factory=list)
    block: str = ""
    unit: int = 0
    scope: str = ""

    def enter(self, block: str, unit: int, scope: str) -> None:
        """Begins a unit: the operations that follow belong to it, and their names begin with `scope`."""
        self.block, self.unit, self.scope = block, unit, scope

    def leave(self) -> None:
        """Ends the unit: the operations that follow belong to no unit."""
        self.enter("", 0, "")

    def append(self, op: Op) -> Op:
        """Appends a finished operation."""
        self.ops.append(op)
        return op

    def end_point(self, name: str, op: Op) -> None:
        """Makes an operation's value one of the network's end points."""
        self.end_points.append((f"{self.design.name}/{name}", op.name))

    def conv(
        self, x: Op, name: str, depth: int, kernel: int, stride: int = 1, rate: int = 1, *, bias: bool,
        role: Role | None = None,
    ) -> Op:  # fmt: skip
        """Appends a convolution that is a layer by itself. Every layer is an end point, as in TF-Slim."""
        op = self._conv(x, name, depth, kernel, stride, rate, bias, role)
        self.end_point(op.layer, op)
        return op

    def conv_norm(
        self, x: Op, name: str, depth: int, kernel: int, stride: int = 1, rate: int = 1, role: Role | None = None,
        *, relu: bool = True,
    ) -> Op:  # fmt: skip
        """Appends a layer: a convolution, a batch norm and a ReLU. Without the ReLU where `relu` is False: an addition follows."""
        x = self._conv(x, name, depth, kernel, stride, rate, bias=False, role=role)
        x = self._norm(x, f"{x.layer}/BatchNorm", x.layer, role)
        if relu:
            x = self._relu(x, x.layer, role)
        self.end_point(x.layer, x)
        return x

    def norm_relu(self, x: Op, name: str, role: Role | None = None) -> Op:
        """Appends a batch norm and a ReLU, which the convolutions behind them read (pre-activation)."""
        layer = self._below(name)
        return self._relu(self._norm(x, layer, layer, role), layer, role)

    def pool(
        self, x: Op, name: str, kind: Literal["max_pool", "subsample"], kernel: int, stride: int, role: Role = "main"
    ) -> Op:
        """Appends a pooling layer, padded as TensorFlow's SAME does."""
        layer = self._below(name)
        height, width, depth = x.shape
        pads = same_pads(height, width, kernel, stride)
        shape = (_extent(height, kernel, stride, pads[:2]), _extent(width, kernel, stride, pads[2:]), depth)
        return self._in_unit(layer, kind, (x.name,), shape, layer, role, kernel=kernel, stride=stride, pads=pads)

    def add(self, shortcut: Op, residual: Op) -> Op:
        """Appends the addition of a unit's shortcut and residual branch."""
        name = f"{self.scope}/add"
        return self._in_unit(name, "add", (shortcut.name, residual.name), residual.shape, name, "add")

    def relu_after(self, addition: Op) -> Op:
        """Appends the ReLU behind an addition. It is a layer by itself."""
        return self._relu(addition, f"{self.scope}/Relu", "add", f"{self.scope}/Relu")

    def _conv(
        self, x: Op, name: str, depth: int, kernel: int, stride: int, rate: int, bias: bool, role: Role | None
    ) -> Op:
        layer = self._below(name)
        height, width, depth_in = x.shape
        pads, reach = conv2d_same_pads(height, width, kernel, stride, rate), effective_kernel(kernel, rate)
        shape = (_extent(height, reach, stride, pads[:2]), _extent(width, reach, stride, pads[2:]), depth)
        return self._in_unit(
            layer, "conv", (x.name,), shape, layer, role,
            kernel=kernel, stride=stride, rate=rate, pads=pads, bias=bias, depth_in=depth_in,
        )  # fmt: skip

    def _norm(self, x: Op, name: str, layer: str, role: Role | None) -> Op:
        d = self.design
        return self._in_unit(
            name, "batch_norm", (x.name,), x.shape, layer, role,
            scale=d.batch_norm_scale, epsilon=d.batch_norm_epsilon, decay=d.batch_norm_decay, depth_in=x.depth,
        )  # fmt: skip

    def _relu(self, x: Op, layer: str, role: Role | None, name: str = "") -> Op:
        return self._in_unit(name or f"{layer}/Relu", "relu", (x.name,), x.shape, layer, role)

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
        # A plain network has no residual branches: its units are the main line.
        branch: Role = "residual" if self.unit and self.design.version != "plain" else "main"
        return self.append(Op(name, kind, inputs, shape, layer, self.block, self.unit, role or branch, **more))  # type: ignore[arg-type]

    def _below(self, name: str) -> str:
        return f"{self.scope}/{name}" if self.scope else name


def conv2d_same_pads(height: int, width: int, kernel: int, stride: int, rate: int = 1) -> Pads:
    """The padding of TF-Slim's `conv2d_same`, in pixels.

    With stride 1 it is the padding of SAME. Otherwise it is the kernel's side (with the gaps of its rate) minus 1.
    """
    reach = effective_kernel(kernel, rate)
    if stride == 1:
        return same_pads(height, width, reach, stride)
    begin = (reach - 1) // 2
    return (begin, reach - 1 - begin, begin, reach - 1 - begin)


def _extent(size: int, kernel: int, stride: int, pads: tuple[int, ...]) -> int:
    return (size + sum(pads) - kernel) // stride + 1
