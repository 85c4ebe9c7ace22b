"""The values a person edits: Unit, Block, Design. Frozen, and constructible while wrong.

A field may hold anything that was typed or found in a file (a text in a number's place, a depth of -3):
`validate` says what is wrong with it, and `expand` refuses a design that has problems. So nothing typed is ever
lost, and undo is going back to an earlier value.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["bottleneck", "basic"]
Root = Literal["imagenet", "cifar"]
StrideIn = Literal["last", "first"]
StrideConv = Literal["conv2", "conv1"]
Version = Literal["v2", "v1", "plain"]


@dataclass(frozen=True, slots=True)
class Unit:
    """One residual function with its shortcut.

    depth: output channels. depth_bottleneck: channels inside a bottleneck (a basic unit has no use for it).
    stride: of the unit's 3x3 convolution and of its shortcut. TF-Slim: one (depth, depth_bottleneck, stride) tuple.
    rate: of its 3x3 convolutions, whose taps lie that many pixels apart (atrous, dilated); it is multiplied by the rate
    that an output stride asks for. DeepLab's `unit_rate`, which its multi-grid sets.
    """

    depth: int
    depth_bottleneck: int
    stride: int = 1
    rate: int = 1


@dataclass(frozen=True, slots=True)
class Block:
    """Consecutive units at one width. TF-Slim: `Block(scope, unit_fn, args)`.

    typed_count: what was typed for the number of units while that is no number allowed; `units` keeps the last good
    ones, so that the rest of the row survives.
    """

    name: str
    units: tuple[Unit, ...]
    kind: Kind = "bottleneck"
    typed_count: str | None = None

    @property
    def stride_in(self) -> StrideIn:
        """Which unit strides: the last (TF-Slim; also where no unit does) or the first (the paper)."""
        if len(self.units) > 1 and self.units[0].stride != 1 and self.units[-1].stride == 1:
            return "first"
        return "last"

    @property
    def stride(self) -> int:
        """The stride of the striding unit."""
        if not self.units:
            return 1
        return self.units[0 if self.stride_in == "first" else -1].stride

    @property
    def mixed(self) -> bool:
        """Whether the units differ in more than the one that strides."""
        return self != block(self.name, len(self.units), *_row(self), self.stride_in, self.kind, self.typed_count)

    def with_count(self, count: int) -> Block:
        """The same block with another number of units (at least one): the inner ones are repeated or dropped."""
        units = self.units or (Unit(256, 64, 1),)
        extra = count - len(units)
        if extra == 0:
            return replace(self, units=units, typed_count=None)
        if self.stride_in == "first":
            grown = units + (replace(units[-1], stride=1),) * extra if extra > 0 else units[:count]
        elif extra > 0:
            grown = (replace(units[0], stride=1),) * extra + units
        else:
            grown = units[-count:]
        return replace(self, units=grown, typed_count=None)

    def with_all(self, field: Literal["depth", "depth_bottleneck", "rate"], value: int) -> Block:
        """The same block with one field set in every unit."""
        return replace(self, units=tuple(replace(u, **{field: value}) for u in self.units))

    def with_stride(self, stride: int, where: StrideIn | None = None) -> Block:
        """The same block with `stride` in the unit that strides, or in the one at the end that `where` names, 1 in the others."""
        at = 0 if (where or self.stride_in) == "first" else len(self.units) - 1
        units = tuple(replace(u, stride=stride if i == at else 1) for i, u in enumerate(self.units))
        return replace(self, units=units)


@dataclass(frozen=True, slots=True)
class Design:
    """A residual network: what TF-Slim's `resnet_v2(...)` and `resnet_arg_scope(...)` are told, as one value.

    image: (height, width) in pixels; channels: of the image. num_classes: None leaves the logits out, as in TF-Slim.
    output_stride: how many pixels of the image one step of the last block's output is; from the unit on where it is
    reached, convolutions are atrous in place of strided. None: the product of all strides.
    version: "v2" has batch norm and ReLU ahead of the convolutions (He et al. 2016b), "v1" behind them, with a ReLU after
    the addition (He et al. 2016a; TF-Slim's `resnet_v1`); "plain" is V1 with the shortcuts taken away.
    root: the ImageNet root block (7x7/2 convolution, 3x3/2 max-pool) or CIFAR's (3x3/1, no pool).
    conv_biases: True as in TF-Slim (conv3, projection and root have one), False as in the paper. It says nothing of V1
    and plain networks: there a batch norm, which has its own, follows every convolution.
    stride_conv: which convolution of a bottleneck strides: the 3x3 (TF-Slim, and the paper's ImageNet networks as they
    are counted today) or the 1x1 ahead of it, as in the authors' own code for CIFAR (resnet-1k-layers).
    The network's variables are named below `name`.
    """

    name: str
    blocks: tuple[Block, ...]
    image: tuple[int, int] = (224, 224)
    num_classes: int | None = 1000
    global_pool: bool = True
    include_root_block: bool = True
    root: Root = "imagenet"
    root_depth: int = 64
    conv_biases: bool = True
    stride_conv: StrideConv = "conv2"
    weight_decay: float = 1e-4
    batch_norm_decay: float = 0.997
    batch_norm_epsilon: float = 1e-5
    batch_norm_scale: bool = True
    channels: int = 3
    output_stride: int | None = None
    version: Version = "v2"

    def with_block(self, index: int, block: Block) -> Design:
        """The same design with one block exchanged."""
        return replace(self, blocks=(*self.blocks[:index], block, *self.blocks[index + 1 :]))


def block(
    name: str,
    count: int,
    depth: int,
    depth_bottleneck: int,
    stride: int,
    stride_in: StrideIn = "last",
    kind: Kind = "bottleneck",
    typed_count: str | None = None,
) -> Block:
    """A block of `count` equal units, one of which strides. TF-Slim: `resnet_v2_block` (stride in the last unit)."""
    striding, inner = Unit(depth, depth_bottleneck, stride), Unit(depth, depth_bottleneck, 1)
    rest = (inner,) * (count - 1)
    units = (*rest, striding) if stride_in == "last" else (striding, *rest)
    return Block(name, units[:count], kind, typed_count)


def _row(b: Block) -> tuple[int, int, int]:
    """What a table row of this block shows: depth, depth_bottleneck, stride."""
    return (b.units[0].depth, b.units[0].depth_bottleneck, b.stride) if b.units else (0, 0, 1)
