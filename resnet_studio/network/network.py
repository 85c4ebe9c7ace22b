"""expand(design) -> Network: the one list of operations that the picture, the numbers and the engine all read.

It reads like the figures of He, Zhang, Ren & Sun, "Identity Mappings in Deep Residual Networks" (2016), with the
names and details of TF-Slim's `resnet_v2` and `resnet_v1`.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from resnet_studio.design.density import Grid, block_grids
from resnet_studio.design.spec import Block, Design, Kind, Unit
from resnet_studio.design.validate import DesignError, validate

from .building import Builder, conv2d_same_pads
from .names import unit_prefix
from .operations import Network, Op, OpKind, Role, Shape, Shortcut, Stretch, Variable, same_pads, variables
from .units import build_unit, unit_scope

__all__ = [
    "Network", "Op", "OpKind", "Role", "Shape", "Shortcut", "Stretch", "Variable", "conv2d_same_pads", "expand", "expand_part",
    "same_pads", "variables",
]  # fmt: skip


def expand(design: Design) -> Network:
    """The network of `design`.   TF-Slim: `resnet_v2`, `resnet_v1`.

    Raises DesignError, and builds nothing, where `validate` finds problems.
    """
    if problems := validate(design):
        raise DesignError(problems)
    return expand_part(design, with_root=True, with_tail=True)


def expand_part(design: Design, *, with_root: bool, with_tail: bool) -> Network:
    """The network of a design, without its root block or its tail where these are left out.

    It validates nothing: the caller vouches that the parts it asks for are sound.
    """
    net = Builder(design)
    x = net.append(Op("input", "input", (), (*design.image, design.channels), "input"))
    if with_root and design.include_root_block:
        x = root_block(net, x)
    built = [Stretch(tuple(net.ops))]
    # These fields have no influence on any unit. With fixed values here, an edit of one leaves the cached units valid.
    options = replace(
        design, blocks=(), image=(0, 0), num_classes=None, global_pool=True, include_root_block=True, root_depth=0,
        weight_decay=0.0,
    )  # fmt: skip
    for block, grids in block_grids(design):
        x = stack(net, x, block, grids, options, built)
    behind, entry = len(net.ops), x
    if with_tail:
        x = tail(net, x)
        built.append(Stretch(tuple(net.ops[behind:]), entry))
    return Network(design, tuple(net.ops), tuple(net.end_points), x.name, tuple(part for part in built if part.ops))


def root_block(net: Builder, x: Op) -> Op:
    """Appends conv1 and pool1.   He et al. 2016a, table 1.

    Version 2 has no batch norm and no ReLU here: the preact of its first unit does their work.
    """
    design, imagenet = net.design, net.design.root == "imagenet"
    kernel, stride = (7, 2) if imagenet else (3, 1)
    if design.version == "v2":
        x = net.conv(x, "conv1", design.root_depth, kernel, stride, bias=design.conv_biases)
    else:
        x = net.conv_norm(x, "conv1", design.root_depth, kernel, stride)
    return net.pool(x, "pool1", "max_pool", 3, 2) if imagenet else x


def stack(net: Builder, x: Op, block: Block, grids: list[Grid], options: Design, built: list[Stretch]) -> Op:
    """Appends the units of one block, one after the other.   TF-Slim: `stack_blocks_dense`.

    options: the design, with fixed values in the fields that have no influence on a unit.
    built: each unit is also appended to this list.
    """
    for number, (unit, grid) in enumerate(zip(block.units, grids, strict=True), start=1):
        part = one_unit(options, block.name, block.kind, number, unit, grid, x)
        built.append(part)
        net.ops += part.ops
        net.end_points += part.end_points
        x = part.ops[-1]
    net.end_point(block.name, x)
    return x


@lru_cache(maxsize=2_048)
def one_unit(options: Design, block: str, kind: Kind, number: int, unit: Unit, grid: Grid, x: Op) -> Stretch:
    """Builds unit `number` of a block, which reads `x`.

    Equal arguments give the same object, because most edits change few units.
    """
    net = Builder(options)
    net.enter(block, number, unit_prefix((block, number)) + unit_scope(options, kind))
    build_unit(net, x, kind, unit, grid)
    return Stretch(tuple(net.ops), x, tuple(net.end_points))


def tail(net: Builder, x: Op) -> Op:
    """Appends postnorm, pool5, logits and predictions.

    Only version 2 has a postnorm: there no ReLU has followed the last addition yet.
    """
    if net.design.version == "v2":
        x = net.norm_relu(x, "postnorm", role="main")
    if net.design.global_pool:
        x = net.append(Op("pool5", "global_pool", (x.name,), (1, 1, x.depth), "pool5"))
    if net.design.num_classes is None:
        return x
    # The paper leaves out the biases of convolutions, but not those of the classifier.
    x = net.conv(x, "logits", net.design.num_classes, 1, bias=True)
    softmax = net.append(Op("predictions", "softmax", (x.name,), x.shape, "predictions"))
    net.end_points.append(("predictions", softmax.name))
    return x
