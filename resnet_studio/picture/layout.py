"""Named layouts: the place of each node of a graph.

In layouts without rows (circular, kamada-kawai, spring) the positions are networkx's own, scaled. In layouts by rows
networkx puts each row into a layer and the nodes of a row in order (`multipartite_layout`). What the rows are, and how much
room each node takes along its row, is decided here: networkx knows no sizes and would put all nodes at equal distances.

Only layouts that finish in half a second are offered: the force-directed ones grow with the square of the nodes or
worse (for ResNet-152 at layers detail spring takes 5 s and Kamada-Kawai 13 s). Most networks are small enough when folded.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from .graph import Graph, nodes_of

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """The places of the nodes.

    name: the name of the layout.
    positions: the middle of each node. By rows: (distance along the row in the unit of `Room.spans`, number of the row).
        Without rows: (x, y) in cells, where y grows down the page.
    rows: the nodes of the main line in rows; empty for a layout without rows (circle, forces).
    turned: the numbers of the rows that run backwards.
    down: whether the rows are columns, so that the main line runs down the page.
    """

    name: str
    positions: dict[str, tuple[float, float]]
    rows: tuple[Row, ...] = ()
    turned: frozenset[int] = frozenset()
    down: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """The room that rows are to fill.

    aspect: width / height of the place.
    spans: the length that each node takes along its row, in points.
    pitch: the distance from one row to the next, in points.
    """

    aspect: float = 1.6
    spans: Mapping[str, float] = field(default_factory=dict)
    pitch: float = 1.0

    def span(self, node: str) -> float:
        """The length that a node takes along its row; 1 where `spans` does not say."""
        return self.spans.get(node, 1.0)


def layouts_for(graph: Graph) -> tuple[str, ...]:
    """The names of the layouts that are offered for a graph of this size. The first is the default."""
    return tuple(name for name, kind in LAYOUTS.items() if len(graph) <= kind.most_nodes)


def in_rows(name: str) -> bool:
    """Whether the layout called `name` has the main line in rows; False for an unknown name."""
    return name in LAYOUTS and LAYOUTS[name].rows


def make_layout(graph: Graph, name: str = "layered", room: Room | None = None) -> Layout:
    """The layout of `graph` called `name`, fitted to `room`.

    Raises ValueError for a layout that does not exist or is not offered for so large a graph.
    """
    if name not in LAYOUTS:
        raise ValueError(f"there is no layout '{name}'. Use one of {', '.join(LAYOUTS)}")
    if len(graph) > (most := LAYOUTS[name].most_nodes):
        raise ValueError(
            f"layout '{name}' takes too long beyond {most:,} nodes and this graph has {len(graph):,}. "
            f"Use {' or '.join(layouts_for(graph))}, or less detail"
        )
    return LAYOUTS[name].make(graph, room or Room())


def main_line(graph: Graph) -> list[str]:
    """The nodes from input to output, without those on a shortcut."""
    return [node for node, data in nodes_of(graph).items() if data["role"] != "shortcut"]


def _layered(graph: Graph, room: Room) -> Layout:
    """Each block in a row of its own. Long rows are wrapped behind a unit, so that the picture reads like text."""
    return _in_rows("layered", graph, _wrap(room, _block_lines(graph), room.aspect), room)


def _top_down(graph: Graph, room: Room) -> Layout:
    """Each block in a column, read from the top, as in the figures of the papers."""
    return replace(_in_rows("top-down", graph, _wrap(room, _block_lines(graph), 1 / room.aspect), room), down=True)


def _serpentine(graph: Graph, room: Room) -> Layout:
    """The main line in rows that run to and fro, without a break at blocks, wrapped to fill the room."""
    rows = _wrap(room, [_groups(graph)], room.aspect)
    return _in_rows("serpentine", graph, rows, room, frozenset(range(1, len(rows), 2)))


def _arc(graph: Graph, room: Room) -> Layout:
    """The main line in one row."""
    return _in_rows("arc", graph, (tuple(main_line(graph)),), room)


def _circular(graph: Graph, _room: Room) -> Layout:
    """The main line as a circle, clockwise from the top. Neighbours are about a cell apart."""
    main = main_line(graph)
    radius = max(len(main) / (2 * math.pi), 1.5)
    # networkx begins at three o'clock and goes counterclockwise, in a plane whose y axis points up.
    ring = nx.circular_layout(nx.empty_graph(main), scale=radius)
    positions = {node: (float(y), -float(x)) for node, (x, y) in ring.items()}
    for node in _shortcut_nodes(graph):
        first, addition = _ends(graph, node)
        x, y = ((a + b) / 2 for a, b in zip(positions[first], positions[addition], strict=True))
        outward = 1 + 2.0 / math.hypot(x, y)
        positions[node] = (x * outward, y * outward)
    return Layout("circular", positions)


def _kamada_kawai(graph: Graph, _room: Room) -> Layout:
    """Distances on the page are like distances in the graph (Kamada & Kawai 1989)."""
    return Layout("kamada-kawai", _spread(graph, nx.kamada_kawai_layout(nx.Graph(graph))))


def _spring(graph: Graph, _room: Room) -> Layout:
    """Edges act as springs (Fruchterman & Reingold 1991). It starts from a circle, so that a design always looks the same."""
    undirected = nx.Graph(graph)
    raw = nx.spring_layout(undirected, pos=nx.circular_layout(undirected), seed=0, iterations=200)
    return Layout("spring", _spread(graph, raw))


def _spread(graph: Graph, raw: Mapping[str, Sequence[float] | NDArray[np.float64]]) -> dict[str, tuple[float, float]]:
    """`raw`, scaled so that the median edge is 1.33 cells long."""
    lengths = sorted(math.dist(raw[a], raw[b]) for a, b in graph.edges) or [1.0]  # one node has no edge
    scale = 1.33 / max(lengths[len(lengths) // 2], 1e-9)
    return {node: (float(x) * scale, float(y) * scale) for node, (x, y) in raw.items()}


def _in_rows(
    name: str, graph: Graph, rows: tuple[Row, ...], room: Room, turned: frozenset[int] = frozenset()
) -> Layout:
    """Rows one below the other. Each starts at the left; the turned ones start at the right.

    networkx gives the layers and the order of the nodes in each. The room of a node along its row is ours: networkx
    places nodes at equal distances, whatever their size. A node on a shortcut is placed midway beside its unit.
    """
    raw = nx.multipartite_layout(
        nx.empty_graph([node for row in rows for node in row]), subset_key=dict(enumerate(rows)), align="horizontal"
    )
    ordered = [sorted(row, key=lambda node: float(raw[node][0])) for row in rows]
    ends = [list(itertools.accumulate(room.span(node) for node in row)) for row in ordered]
    longest = max((row[-1] for row in ends), default=0.0)
    positions: dict[str, tuple[float, float]] = {}
    for number, (row, ended) in enumerate(zip(ordered, ends, strict=True)):
        for node, end in zip(row, ended, strict=True):
            middle = end - room.span(node) / 2
            positions[node] = (longest - middle if number in turned else middle, float(number))
    for node in _shortcut_nodes(graph):
        first, addition = _ends(graph, node)
        positions[node] = ((positions[first][0] + positions[addition][0]) / 2, positions[addition][1])
    return Layout(name, positions, rows, turned)


def _block_lines(graph: Graph) -> list[list[Row]]:
    groups = _groups(graph)
    if graph.graph["detail"] == "blocks":
        return [groups]
    return [list(line) for _, line in itertools.groupby(groups, key=lambda g: graph.nodes[g[0]]["block"])]


def _groups(graph: Graph) -> list[Row]:
    """The main line, cut where a row may end: behind the addition of a unit (at blocks detail, of a block)."""
    nodes = nodes_of(graph)

    def place(node: str) -> object:
        here = nodes[node]
        return (here["block"], here["unit"]) if here["block"] else ("", -1)

    runs = itertools.groupby(main_line(graph), key=place)
    return [group for key, run in runs for group in ([tuple(run)] if key != ("", -1) else [(node,) for node in run])]


def _wrap(room: Room, lines: list[list[Row]], aspect: float) -> tuple[Row, ...]:
    """Wraps lines into rows. The length of the rows is chosen so that the whole fits `aspect` at the largest scale."""
    sizes = [[sum(map(room.span, group)) for group in line] for line in lines]
    totals = [sum(line) for line in sizes]
    longest, shortest = max(totals, default=1.0), max((max(line) for line in sizes), default=1.0)
    # 101 lengths between the shortest and the longest are enough to choose from, however long the lines are.
    lengths = [shortest + (longest - shortest) * step / 100 for step in range(101)]

    def extent(length: float) -> float:
        return max(length / aspect, room.pitch * sum(math.ceil(total / length - 1e-9) for total in totals))

    best = min(lengths, key=lambda length: (extent(length), length))
    return tuple(row for line, size in zip(lines, sizes, strict=True) for row in _balance(line, size, best))


def _balance(line: list[Row], sizes: list[float], length: float) -> list[Row]:
    """Splits a line into the fewest rows of about `length`, all about equally long."""
    goal = sum(sizes) / math.ceil(sum(sizes) / length - 1e-9)
    rows: list[list[str]] = [[]]
    done = 0.0
    for group, size in zip(line, sizes, strict=True):
        if rows[-1] and done > goal * len(rows) - 1e-6:
            rows.append([])
        rows[-1].extend(group)
        done += size
    return [tuple(row) for row in rows]


def _shortcut_nodes(graph: Graph) -> list[str]:
    return [node for node, data in nodes_of(graph).items() if data["role"] == "shortcut"]


def _ends(graph: Graph, node: str) -> tuple[str, str]:
    """The first node of the unit that a shortcut's node belongs to, and the unit's addition."""
    (addition,) = graph.successors(node)
    first = addition
    while True:
        ahead = [n for n in graph.predecessors(first) if n != node and graph.nodes[n]["role"] == "residual"]
        ahead = [n for n in ahead if _same_unit(graph, n, addition)]
        if not ahead:
            return first, addition
        first = ahead[0]


def _same_unit(graph: Graph, a: str, b: str) -> bool:
    return all(graph.nodes[a][key] == graph.nodes[b][key] for key in ("block", "unit"))


@dataclass(frozen=True, slots=True)
class LayoutKind:
    """What there is to say of a layout: it stands here and nowhere else.

    make: the positions of a graph's nodes, in a room. most_nodes: of the graphs that it is offered for: it is to take half
    a second at most. rows: whether the main line lies in rows. down: whether these run down the page. banded: whether a
    block's band and words go across the page, over its row. wide: whether there is room for words on lines.
    """

    make: Callable[[Graph, Room], Layout]
    most_nodes: int = 100_000
    rows: bool = True
    down: bool = False
    banded: bool = False
    wide: bool = False


# The first is the default; the order is that of the choosers.
LAYOUTS: dict[str, LayoutKind] = {
    "layered": LayoutKind(_layered, banded=True, wide=True),
    "top-down": LayoutKind(_top_down, down=True, banded=True),
    "serpentine": LayoutKind(_serpentine, wide=True),
    "arc": LayoutKind(_arc),
    "circular": LayoutKind(_circular, 2_000, rows=False),
    "kamada-kawai": LayoutKind(_kamada_kawai, 50, rows=False),
    "spring": LayoutKind(_spring, 120, rows=False),
}
