"""The residual units of the three versions, as the papers' figures show them.

He, Zhang, Ren & Sun, "Deep Residual Learning for Image Recognition" (2016a), and "Identity Mappings in Deep Residual
Networks" (2016b). The names and the details of bottlenecks are those of TF-Slim's `resnet_v1` and `resnet_v2`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from resnet_studio.design.density import Grid
from resnet_studio.design.spec import Design, Kind, Unit

from .building import Builder
from .operations import Op


class Window(NamedTuple):
    """One convolution of a unit: its name, output channels, kernel side, stride and rate, in pixels."""

    name: str
    depth: int
    kernel: int
    stride: int = 1
    rate: int = 1


def unit_scope(design: Design, kind: Kind) -> str:
    """The scope of a unit's operations below the unit's name: 'bottleneck_v2' as in TF-Slim, or 'bottleneck_plain'."""
    return f"{kind}_{design.version}"


def build_unit(net: Builder, x: Op, kind: Kind, unit: Unit, grid: Grid) -> Op:
    """Appends one unit of the design's version and returns its last operation."""
    build = {"v2": preactivated, "v1": postactivated, "plain": plain}[net.design.version]
    return build(net, x, windows(net.design, kind, unit, grid), grid.stride)


def windows(design: Design, kind: Kind, unit: Unit, grid: Grid) -> tuple[Window, ...]:
    """The convolutions of a unit: 1x1, 3x3, 1x1 of a bottleneck, 3x3 and 3x3 of a basic one.

    An output stride may leave out the unit's stride. Then the convolutions behind that stride get a larger rate instead.
    """
    if kind == "basic":
        return (
            Window("conv1", unit.depth, 3, grid.stride, grid.rate),
            Window("conv2", unit.depth, 3, 1, grid.rate_after),
        )
    first = design.stride_conv == "conv1"
    return (
        Window("conv1", unit.depth_bottleneck, 1, grid.stride if first else 1),
        Window("conv2", unit.depth_bottleneck, 3, *((1, grid.rate_after) if first else (grid.stride, grid.rate))),
        Window("conv3", unit.depth, 1),
    )


def preactivated(net: Builder, x: Op, convolutions: Sequence[Window], stride: int) -> Op:
    """Version 2: preact -> (shortcut | conv1 -> conv2 -> conv3) -> add.   He et al. 2016b, fig. 4(e).

    An identity shortcut reads the unit's input; a projection reads preact. No batch norm follows the projection or the
    last convolution.
    """
    biases, last = net.design.conv_biases, convolutions[-1]
    preact = net.norm_relu(x, "preact")
    if x.depth == last.depth:
        shortcut = _identity(net, x, stride)
    else:
        shortcut = net.conv(preact, "shortcut", last.depth, 1, stride, bias=biases, role="shortcut")
    residual = preact
    for window in convolutions[:-1]:
        residual = net.conv_norm(residual, *window)
    residual = net.conv(residual, last.name, last.depth, last.kernel, last.stride, last.rate, bias=biases)
    addition = net.add(shortcut, residual)
    net.end_point(net.scope, addition)
    return addition


def postactivated(net: Builder, x: Op, convolutions: Sequence[Window], stride: int) -> Op:
    """Version 1: (shortcut | conv1 -> conv2 -> conv3) -> add -> ReLU.   He et al. 2016a, fig. 2; 2016b, fig. 4(a).

    A batch norm follows every convolution and the projection. The ReLU of the last convolution comes after the addition.
    """
    last = convolutions[-1]
    if x.depth == last.depth:
        shortcut = _identity(net, x, stride)
    else:
        shortcut = net.conv_norm(x, "shortcut", last.depth, 1, stride, role="shortcut", relu=False)
    residual = x
    for window in convolutions[:-1]:
        residual = net.conv_norm(residual, *window)
    residual = net.conv_norm(residual, *last, relu=False)
    output = net.relu_after(net.add(shortcut, residual))
    net.end_point(net.scope, output)
    return output


def plain(net: Builder, x: Op, convolutions: Sequence[Window], stride: int) -> Op:
    """Version 1 without its shortcut: conv1 -> conv2 -> conv3, each with batch norm and ReLU.   He et al. 2016a, sec. 3.3.

    Nothing replaces the shortcut where depth or stride change: the convolutions change both.
    """
    for window in convolutions:
        x = net.conv_norm(x, *window)
    net.end_point(net.scope, x)
    return x


def _identity(net: Builder, x: Op, stride: int) -> Op:
    """The shortcut where the depth stays: `x` itself, or every stride-th pixel of it.   TF-Slim: `subsample`."""
    return x if stride == 1 else net.pool(x, "shortcut", "subsample", 1, stride, role="shortcut")
