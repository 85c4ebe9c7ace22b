"""How densely each unit computes: what an output stride makes of the strides and rates that units ask for.

TF-Slim's `stack_blocks_dense`: units stride until the output stride is reached. From there on no unit strides; its
convolutions are atrous (dilated), with the product of the strides left out so far as their rate. So the weights fit, and
see what they would see, on a finer grid.   Chen et al. 2017, "Rethinking Atrous Convolution", sec. 3.1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from .bounds import BOUNDS
from .spec import Block, Design

_LISTED = 8  # output strides that a message lists


@dataclass(frozen=True, slots=True)
class Grid:
    """The grid that one unit works on.

    stride: the stride in force. rate: of its convolutions ahead of the place where it strides; rate_after: of those
    behind it, which also make up for the stride that was left out. reached: output stride behind the unit.
    """

    stride: int
    rate: int
    rate_after: int
    reached: int


@dataclass(frozen=True, slots=True)
class GridFault:
    """Why a design's strides and rates can't be had. block, unit: where, counted from 0; None for the whole design."""

    field: str
    message: str
    remedy: str
    block: int | None = None
    unit: int | None = None


def root_stride(design: Design) -> int:
    """How much the root block shrinks the image: 4 (a convolution and a pool of 2 each), CIFAR's and none 1."""
    return 4 if design.include_root_block and design.root == "imagenet" else 1


def block_grids(design: Design) -> Iterator[tuple[Block, list[Grid]]]:
    """Each block with the grids of its units. The strides and rates must be numbers; nothing else is checked."""
    reached, rate, target = root_stride(design), 1, design.output_stride
    for block in design.blocks:
        grids = []
        for unit in block.units:
            if target is not None and reached >= target:
                after = rate * unit.stride
                grids.append(Grid(1, rate * unit.rate, after * unit.rate, reached))
                rate = after
            else:
                reached *= unit.stride
                grids.append(Grid(unit.stride, unit.rate, unit.rate, reached))
        yield block, grids


def output_strides(design: Design) -> tuple[int, ...]:
    """The output strides that `design` can have: the root block's, and what it is behind each striding unit."""
    reached = [root_stride(design)]
    for block in design.blocks:
        for unit in block.units:
            if unit.stride > 1:
                reached.append(reached[-1] * unit.stride)
    return tuple(reached)


def grid_faults(design: Design) -> Iterator[GridFault]:
    """What keeps the output stride and the rates from being had, where all are numbers in range."""
    target, root = design.output_stride, root_stride(design)
    if target is not None and target not in (possible := output_strides(design)):
        yield GridFault("output_stride", _unreached(target, root, possible), f"Use {_either(possible)}, or none.")
    highest = BOUNDS["atrous_rate"]
    for b, (block, grids) in enumerate(block_grids(design)):
        for u, (unit, grid) in enumerate(zip(block.units, grids, strict=True)):
            if grid.stride > 1 and unit.rate > 1:
                message = f"a rate of {unit.rate} beside a stride of {unit.stride} is no convolution of TensorFlow's"
                yield GridFault("rate", message, "Set one of the two to 1, or a smaller output stride.", b, u)
            elif grid.rate_after > highest.high:
                message = f"with the strides left out before, the rate is {_short(grid.rate_after)}"
                yield GridFault("rate", message, f"Keep {highest.text}, or use a larger output stride.", b, u)
                return


def _unreached(target: int, root: int, possible: tuple[int, ...]) -> str:
    if target % root:
        return f"{target:,} is not a multiple of {root}, the root block's stride"
    if target > possible[-1]:
        return f"{target:,} is not reached: all strides together make {_short(possible[-1])}"
    low = max(each for each in possible if each < target)
    high = min(each for each in possible if each > target)
    return f"{target:,} is not reached: the strides go from {low:,} to {_short(high)}"


def _either(possible: tuple[int, ...]) -> str:
    """'4, 8 or 16': the first of these strides."""
    words = [f"{each:,}" for each in possible if each <= BOUNDS["output_stride"].high][:_LISTED]
    return f"{', '.join(words[:-1])} or {words[-1]}" if len(words) > 1 else words[0]


def _short(number: int) -> str:
    """A product of up to 4,000 strides, as a text that fits in a message."""
    return f"{number:,}" if number < 10**9 else f"about 10^{math.floor(math.log10(number))}"
