"""Marks a path, and the units that a lesion has switched off, on a picture of the whole network at any detail."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from resnet_studio.network.names import UnitPlace
from resnet_studio.network.network import Network, Op

from .shapes import Box, Line, Picture, marked

FADED = "faded"  # not on the path
LESION = "lesion"  # switched off: drawn hollow
ON_PATH = "path"


@dataclass(frozen=True, slots=True)
class PathMarks:
    """A path and a lesion that a picture shows: the arguments of `mark_paths`."""

    path: frozenset[UnitPlace] | None = None
    lesion: frozenset[UnitPlace] = frozenset()
    until: int | None = None


def mark_paths(
    picture: Picture, network: Network, path: Collection[UnitPlace] | None = None, lesion: Collection[UnitPlace] = (),
    until: int | None = None,
) -> Picture:  # fmt: skip
    """`picture` of `network` with a path in strong lines and all else faded.

    path: the units whose residual branch the path takes; None for no path.
    lesion: the units that are drawn hollow, with only their shortcut.
    until: the number of a unit, from 0: the path is faded behind it. None shows the whole path.
    """
    if path is None and not lesion:
        return picture
    places = {place: index for index, place in enumerate(network.shortcuts)}
    marks = _Marks(network, path, frozenset(lesion), frozenset(_ahead(network, places, until)), picture)
    nodes = {box.name: marks.of_box(box) for box in picture.boxes}
    edges = {line.ends: marks.of_line(line, nodes) for line in picture.lines}
    return marked(picture, {k: v for k, v in nodes.items() if v}, {k: v for k, v in edges.items() if v})


def _ahead(network: Network, places: dict[UnitPlace, int], until: int | None) -> Iterable[str]:
    """The names of the operations behind unit `until` in the list of operations."""
    if until is None:
        return
    inside = after = False
    for op in network.ops:
        here = places.get((op.block, op.unit)) == until
        after = after or (inside and not here)
        inside = here
        if after:
            yield op.name


class _Marks:
    """The marks of boxes and lines, for one path and one lesion."""

    def __init__(
        self, network: Network, path: Collection[UnitPlace] | None, lesion: frozenset[UnitPlace],
        ahead: frozenset[str], picture: Picture,
    ) -> None:  # fmt: skip
        self._network, self._path, self._lesion, self._ahead = network, path, lesion, ahead
        self._detail = picture.detail
        self._boxes = {box.name: box for box in picture.boxes}

    def of_box(self, box: Box) -> str:
        ops = [self._network.by_name[name] for name in box.ops]
        branches = [op for op in ops if op.kind == "conv" and op.role == "residual"]
        residual = [op for op in ops if op.role == "residual"]
        if branches and all((op.block, op.unit) in self._lesion for op in branches):
            return LESION
        if residual and len(residual) == len(ops) and all(self._unread(op) for op in ops):
            return LESION  # at layers detail: a preact whose only readers were switched off
        if self._path is None:
            return ""
        here = (
            [op for op in branches if (op.block, op.unit) in self._path]
            if branches
            else [op for op in ops if self._on(op)]
        )
        return ON_PATH if any(op.name not in self._ahead for op in here) else FADED

    def of_line(self, line: Line, nodes: dict[str, str]) -> str:
        ends = [self._boxes[name] for name in line.ends if name in self._boxes]
        if len(ends) != len(line.ends):
            return ""
        marks = [nodes[box.name] for box in ends]
        # The shortcut leaves the main line just ahead of its unit: so the line into a unit is on the path either way.
        enters = line.kind == "main" and (ends[0].block, ends[0].unit) != (ends[1].block, ends[1].unit)
        if line.kind == "main" and LESION in (marks[:1] if enters else marks):
            return FADED
        if self._path is None:
            return ""
        if enters:
            return marks[0]
        through = self._is_shortcut(ends[0]) or self._is_shortcut(ends[1])
        if line.kind == "main" or through:
            return ON_PATH if marks == [ON_PATH, ON_PATH] else FADED
        return ON_PATH if self._shortcut_taken(ends[1]) else FADED

    def _shortcut_taken(self, addition: Box) -> bool:
        """Whether the path takes a shortcut that ends at this addition."""
        assert self._path is not None
        ops = [self._network.by_name[name] for name in addition.ops if name not in self._ahead]
        if self._detail == "blocks":
            units = {place for place in self._network.shortcuts if ops and place[0] == addition.block}
        else:
            units = {(op.block, op.unit) for op in ops}
        return any(place not in self._path for place in units)

    def _on(self, op: Op) -> bool:
        """Whether the path goes through an operation that is not a convolution of a residual branch."""
        assert self._path is not None
        place = (op.block, op.unit)
        if op.role == "residual":  # a preact, which a projection reads too
            return place in self._path or self._network.shortcuts[place] == "projection"
        return op.role != "shortcut" or place not in self._path

    def _unread(self, op: Op) -> bool:
        """Whether nothing reads a preact of a lesion's unit any more: no projection reads it either."""
        place = (op.block, op.unit)
        return place in self._lesion and self._network.shortcuts[place] != "projection"

    def _is_shortcut(self, box: Box) -> bool:
        return all(self._network.by_name[name].role == "shortcut" for name in box.ops)
