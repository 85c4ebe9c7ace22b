"""Runs of equal units in a network, and the rule for when a picture folds each run to one node."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from operator import attrgetter

from .names import run_node_name, unit_name, unit_prefix
from .network import Network, Op, Stretch
from .once import once

FOLD_BEYOND = 200  # nodes of the unfolded graph: ResNet-152's 107 at units detail are still read one by one
MAX_ITEMS = 20_000  # nodes and edges that a picture may have
_NUMBERS = attrgetter(
    "kind", "role", "shape", "kernel", "stride", "rate", "pads", "bias", "depth_in", "scale", "epsilon", "decay"
)


@dataclass(frozen=True, slots=True)
class Run:
    """Two or more neighbouring units of a block that are equal in all but their names.

    block: the block's name.
    first, last: the numbers of the first and the last unit, from 1, both included.
    """

    block: str
    first: int
    last: int

    @property
    def name(self) -> str:
        """The name of the run: that of its first unit, so that it stays when units are added to the run."""
        return unit_name((self.block, self.first))

    @property
    def node(self) -> str:
        """The name of the node that the run is folded to."""
        return run_node_name(self.block, self.first, self.last)

    @property
    def count(self) -> int:
        """The number of its units."""
        return self.last - self.first + 1


@once
def runs(network: Network) -> tuple[Run, ...]:
    """Every run of equal units of `network`, in order."""
    found: list[Run] = []
    before: tuple[str, int, object] = ("", 0, None)
    for part in network.stretches:
        block, unit = part.place
        if not unit:
            continue
        now = (block, unit, _unit_likeness(part))
        if before == (block, unit - 1, now[2]):
            first = found.pop().first if found and (found[-1].block, found[-1].last) == (block, unit - 1) else unit - 1
            found.append(Run(block, first, unit))
        before = now
    return tuple(found)


@once
def _unit_likeness(part: Stretch) -> tuple[object, ...]:
    return likeness(unit_prefix(part.place), part.ops)


def likeness(prefix: str, ops: Iterable[Op]) -> tuple[object, ...]:
    """A value that is equal for operations that are equal in all but the beginning of their names, `prefix`.

    Inputs from outside the unit are called ''.
    """
    start = len(prefix)
    return tuple(
        (
            op.name[start:],
            _NUMBERS(op),
            tuple(name[start:] if name.startswith(prefix) else "" for name in op.inputs),
        )
        for op in ops
    )


def decide_folding(network: Network, detail: str, fold: bool | None) -> tuple[bool, str]:
    """(whether the picture folds runs of equal units, a note).

    fold: what the user asked for; None folds where the picture has more than FOLD_BEYOND nodes.
    The note is '' unless the picture folds against the user's wish, because it has more than MAX_ITEMS nodes and edges.
    """
    units = len(network.units)
    if detail == "blocks":
        return False, ""
    outside = len({op.layer for op in network.ops if not op.block})
    nodes = len({op.layer for op in network.ops}) if detail == "layers" else 2 * units + outside
    items = 2 * nodes - 1 + units
    if items > MAX_ITEMS:
        return True, too_many(items)
    return (nodes > FOLD_BEYOND if fold is None else fold), ""


def too_many(items: int) -> str:
    """The note that a picture of so many nodes and edges was folded."""
    return f"Runs of equal units are folded: {items:,} nodes and edges are more than the {MAX_ITEMS:,} that are drawn."


def too_much_detail(items: int, detail: str) -> str:
    """The note that a picture of so many nodes and edges is drawn at the next coarser detail."""
    instead = "units" if detail == "layers" else "blocks"
    return (
        f"Drawn in {instead}: in {detail} it has {items:,} nodes and edges, more than the {MAX_ITEMS:,} that are drawn, "
        "and its units differ, so that they don't fold."
    )
