"""The places of everything in a layout by rows, and the room that its rows need.

Places are computed as (along, off), in points: `along` grows along the row and `off` across it. Shortcuts lie on the side
where `off` is smaller. On the page this becomes (x, y), or (y, x) where rows are columns.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import pairwise
from typing import Any

from .graph import Graph, nodes_of
from .layout import LAYOUTS, Layout, Room, main_line, make_layout
from .shapes import Point, Rect
from .sizes import Size

GAP = 18.0  # between two nodes
SPLIT, NEST = 15.0, 7.0  # distance ahead of a unit where its shortcut leaves the main line; the same more for each kind
CLEAR, LEVEL = 18.0, 20.0  # from the boxes of a row to the shortcut over them; from there to the next shortcut
CLEAR_DOWN, LEVEL_DOWN = 34.0, 30.0  # the same where rows are columns: there words stand across the shortcuts
GUTTER = 26.0  # between rows


@dataclass(frozen=True, slots=True)
class Zone:
    """A row, measured across, in points.

    middle: the place of its main line.
    half: the distance from the main line to the edge of its largest box.
    above: the distance that all of it reaches on the side of the shortcuts.
    below: the distance that all of it reaches on the other side.
    """

    middle: float
    half: float
    above: float
    below: float


@dataclass(frozen=True)
class Flow:
    """A layout by rows with its measures, in points.

    graph, layout: what is measured.
    sizes: (width, height) of each node on the page.
    before: the free room ahead of each node.
    kinds: how many kinds of shortcut skip a unit or block, by its first node; 0 for other nodes.
    along: the place of each node along its row.
    row_of: the number of each node's row.
    zones: the rows.
    """

    graph: Graph
    layout: Layout
    sizes: Mapping[str, Size]
    before: Mapping[str, float]
    kinds: Mapping[str, int]
    along: Mapping[str, float]
    row_of: Mapping[str, int]
    zones: tuple[Zone, ...] = ()

    @property
    def down(self) -> bool:
        """Whether rows are columns."""
        return self.layout.down

    @cached_property
    def nodes(self) -> dict[str, dict[str, Any]]:
        """The attributes of each node."""
        return nodes_of(self.graph)

    @cached_property
    def aside(self) -> frozenset[str]:
        """The nodes that stand on a shortcut, beside the main line."""
        return frozenset(node for node, data in self.nodes.items() if data["role"] == "shortcut")

    def ahead(self, node: str) -> int:
        """The direction of the main line at a node: 1, or -1 where the row runs backwards."""
        return -1 if self.row_of[node] in self.layout.turned else 1

    def zone(self, node: str) -> Zone:
        """The row that a node is in or beside."""
        return self.zones[self.row_of[node]]

    def half(self, node: str) -> float:
        """Half of a node's length along its row."""
        return self.sizes[node][1 if self.down else 0] / 2

    def half_off(self, node: str) -> float:
        """Half of a node's length across its row."""
        return self.sizes[node][0 if self.down else 1] / 2

    def off(self, node: str) -> float:
        """The place of a node's middle across the rows: on its row, or beside it where it stands on a shortcut."""
        zone = self.zones[self.row_of[node]]
        return zone.middle - (shortcut_rise(self, zone.half, node) if node in self.aside else 0.0)

    def edge(self, node: str, side: int) -> float:
        """The end of a node along its row: side 1 where the main line leaves it, -1 where it enters."""
        ahead = -side if self.row_of[node] in self.layout.turned else side
        return self.along[node] + ahead * self.sizes[node][1 if self.layout.down else 0] / 2

    def page(self, point: Point) -> Point:
        """The place (along, off) on the page, as (x, y)."""
        return (point[1], point[0]) if self.layout.down else point

    def page_rect(self, begin: Point, end: Point) -> Rect:
        """The rectangle on the page between two places (along, off)."""
        (a, b), (c, d) = self.page(begin), self.page(end)
        return (min(a, c), min(b, d), abs(c - a), abs(d - b))

    def rect(self, node: str) -> Rect:
        """A node's rectangle on the page."""
        (x, y), (width, height) = self.page((self.along[node], self.off(node))), self.sizes[node]
        return (x - width / 2, y - height / 2, width, height)


def on_shortcut(graph: Graph, node: str) -> bool:
    """Whether a node stands on a shortcut, beside the main line."""
    return bool(graph.nodes[node]["role"] == "shortcut")


def bow_rise(flow: Flow, half: float, length: float, number: int) -> float:
    """The distance in points from a row's main line to the top of a shortcut that bows over its boxes.

    half: how far the boxes reach from the main line. length: of the shortcut along the row. number: how many other
    shortcuts lie below it.
    """
    clear, level = (CLEAR_DOWN, LEVEL_DOWN) if flow.down else (CLEAR, LEVEL)
    rise = half + clear
    if flow.layout.name == "arc":
        # A half circle, or an ellipse where a half circle would cut the corners of what it skips.
        share = max(length - 2 * SPLIT + 2.0, 0.0) / length
        rise = max(rise, length / 2, (half + 8.0) / math.sqrt(1 - share**2))
    return rise + level * number


def shortcut_rise(flow: Flow, half: float, node: str) -> float:
    """The distance in points from a row's main line to the middle of a node on a shortcut."""
    return half + CLEAR + flow.half_off(node)


def make_flow(
    graph: Graph, name: str, sizes: Mapping[str, Size], aspect: float, beneath: Mapping[str, Size], label: float
) -> Flow:
    """The layout called `name` with its measures.

    sizes: (width, height) of each node in points.
    aspect: width / height of the page.
    beneath: the room (width, height) in points that a node needs for words, on the side away from shortcuts.
    label: the room in points for words over each row.
    """
    down = LAYOUTS[name].down
    kinds, before, spans = _room_along(graph, sizes, down)
    half = max((sizes[node][0 if down else 1] / 2 for node in main_line(graph)), default=20.0)
    pitch = 2 * half + (CLEAR_DOWN if down else CLEAR) + GUTTER + label + 20.0
    layout = make_layout(graph, name, Room(aspect, spans, pitch))
    row_of = {node: int(row) for node, (_, row) in layout.positions.items()}
    # A node does not stand in the middle of its span: the room ahead of it and the room behind it differ.
    along = {
        node: place + (-1 if row in layout.turned else 1) * (before.get(node, 0.0) - GAP / 2) / 2
        for node, (place, row) in layout.positions.items()
    }
    bare = Flow(graph, layout, sizes, before, kinds, along, row_of)
    zones: list[Zone] = []
    begin = 0.0
    for row in layout.rows:
        zone = _zone(bare, row, beneath, label)
        zones.append(Zone(begin + zone.above, zone.half, zone.above, zone.below))
        begin += zone.above + zone.below + GUTTER
    return replace(bare, zones=tuple(zones))


def _zone(flow: Flow, row: tuple[str, ...], beneath: Mapping[str, Size], label: float) -> Zone:
    graph, nodes = flow.graph, flow.nodes
    widest = max(map(flow.half_off, row))
    # No shortcut goes round a box that tells a fault.
    half = max((flow.half_off(node) for node in row if nodes[node]["kind"] != "fault"), default=widest)
    above = widest + 10.0
    for node in row:
        if number := flow.kinds.get(node, 0):
            end = next(n for n in graph.successors(_ahead(flow, node)) if nodes[n]["role"] == "add")
            length = abs(flow.along[end] - flow.edge(node, -1)) + SPLIT
            above = max(above, bow_rise(flow, half, length, number - 1) + (18.0 if flow.down else 12.0))
        for beside in graph.predecessors(node) if flow.aside and nodes[node]["role"] == "add" else ():
            if beside in flow.aside:
                above = max(above, shortcut_rise(flow, half, beside) + flow.half_off(beside) + 10.0)
    wanted = max((beneath[node][0 if flow.down else 1] for node in row if node in beneath), default=0.0)
    return Zone(0.0, half, above + label, max(half + wanted, widest) + 10.0)


def _ahead(flow: Flow, node: str) -> str:
    """The node ahead of a unit, given the unit's first node."""
    return next(source for source in flow.graph.predecessors(node) if source not in flow.aside)


def _room_along(
    graph: Graph, sizes: Mapping[str, Size], down: bool
) -> tuple[dict[str, int], dict[str, float], dict[str, float]]:
    """(kinds, before, spans), each by node.

    kinds: how many kinds of shortcut skip the unit that the node begins. before: the room ahead of the node. spans: its
    length along its row with all room around it. Equal kinds of nodes get equal room, so that rows line up in columns.
    """
    line, nodes, detail = main_line(graph), nodes_of(graph), graph.graph["detail"]
    place = {node: (nodes[node]["block"], nodes[node]["unit"]) for node in line}
    firsts = [b for a, b in pairwise(line) if place[b][0] and place[a] != place[b]]
    follower = dict(pairwise(line))
    kinds = {
        follower[source]: len(edge["counts"])
        for source, target, edge in graph.edges(data=True)
        if edge["shortcut"] and nodes[source]["role"] != "shortcut" and nodes[target]["role"] != "shortcut"
    }
    most = max(kinds.values(), default=1)
    before = dict.fromkeys(line, GAP / 2)
    before |= dict.fromkeys(firsts, SPLIT + NEST * (most - 1) + 13.0)
    alike: dict[str, float] = {}
    lengths = {node: sizes[node][1 if down else 0] for node in line}
    key = {node: nodes[node]["label"] if detail == "layers" else nodes[node]["kind"] for node in line if place[node][0]}
    if detail != "blocks":
        for node, kind in key.items():
            alike[kind] = max(alike.get(kind, 0.0), lengths[node])
    spans = {
        node: (alike.get(key[node], lengths[node]) if node in key else lengths[node]) + before[node] + GAP / 2
        for node in line
    }
    return kinds, before, spans
