"""Networks that are made by several calls, each behind the one before."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from resnet_studio.design.spec import Design

from .faults import Fault
from .values import Default, Known, Unknown, Value, items_of

if TYPE_CHECKING:
    from .calling import CallState


@dataclass(frozen=True, slots=True)
class Made:
    """A network that a call makes. title: the function that the call stands in; asks: what was assumed for want of knowing.

    choices: how many choices had been made by then. parts: of how many chained calls it is made. rests: what defaults
    it rests on. used: whether it is a part of another; trouble: why it is, and can't be, a part of another; listed: whether it is a list of blocks.
    """

    title: str
    design: Design
    line: int
    notes: tuple[str, ...]
    asks: tuple[Fault, ...] = ()
    choices: int = 0
    parts: int = 1
    rests: frozenset[Default] = frozenset()
    used: bool = False
    caller: str = ""
    node: ast.AST | None = None
    trouble: Fault | None = None
    listed: bool = False


def chained(run: CallState, node: ast.AST, made: Made, inputs: Known | None) -> Made:
    """A call whose input is another network's output: one network, where a design can hold it; else refused. Raises Fault."""
    feeds = inputs.feeds if isinstance(inputs, Unknown) else frozenset[int]()
    if isinstance(inputs, Value) and (first := items_of(inputs)) and isinstance(first[0], Unknown):
        feeds = first[0].feeds
    if not feeds:
        return made
    place = max(feeds)
    before = run.networks[place]
    a, b = before.design, made.design
    several = before.parts + 1
    trouble = None
    if a.version == "v2":
        trouble = "each of them ends in a batch norm of its own (postnorm), and a network has one"
    elif a.num_classes is not None or a.global_pool:
        trouble = "the one before ends in a pool or in classes"
    elif b.include_root_block:
        trouble = "the one behind begins with a root block of its own"
    elif (a.output_stride, a.version) != (b.output_stride, b.version):
        trouble = "they differ in their version or output stride"
    run.networks[place] = replace(before, used=True)
    if trouble:
        fault = Fault(
            node,
            f"{several} networks are chained, each behind the one before: {trouble}, so no design is the same",
            "all blocks in one call",
        )
        run.networks[place] = replace(before, trouble=fault)
        raise fault
    design = replace(a, blocks=(*a.blocks, *b.blocks), num_classes=b.num_classes, global_pool=b.global_pool)
    notes = (
        *before.notes,
        *(each for each in made.notes if "images" not in each),
        f"{several} chained calls were taken for one network.",
    )
    told = tuple(
        each
        for each in notes
        if not (each.endswith("chained calls were taken for one network.") and not each.startswith(str(several)))
    )
    return replace(
        made,
        design=design,
        notes=told,
        asks=(*before.asks, *made.asks),
        parts=several,
        rests=before.rests | made.rests,
        line=before.line,
    )
