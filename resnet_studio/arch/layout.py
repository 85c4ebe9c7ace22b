"""Named layouts: where each node of a graph goes. Positions come from networkx, on a grid of one node a column.

Only layouts that finish in time are offered: the force-directed ones grow with the square of the nodes or worse
(ResNet-152 at layers detail takes spring 5 s and Kamada-Kawai 13 s).
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import networkx as nx
import numpy as np
from numpy.typing import NDArray

from .graph import Graph

Row = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the nodes are. positions: (column, row) of each node, rows counting down the page.

    rows: the main line, cut into rows left to right; empty where the layout has none (circle, forces).
    """

    name: str
    positions: dict[str, tuple[float, float]]
    rows: tuple[Row, ...] = ()


def layouts_for(graph: Graph) -> tuple[str, ...]:
    """The names of the layouts offered for a graph of this size; the first is the default."""
    return tuple(name for name, limit in _LIMITS.items() if len(graph) <= limit)


def make_layout(graph: Graph, name: str = "layered", aspect: float = 1.6) -> Layout:
    """The layout called `name`. aspect: the width/height (in cells) that the rows should fill.

    Raises ValueError for a layout that does not exist or is not offered for so large a graph.
    """
    if name not in _LIMITS:
        raise ValueError(f"there is no layout '{name}'. Use one of {', '.join(_LIMITS)}")
    if len(graph) > _LIMITS[name]:
        raise ValueError(
            f"layout '{name}' takes too long beyond {_LIMITS[name]:,} nodes and this graph has {len(graph):,}. "
            f"Use {' or '.join(layouts_for(graph))}, or less detail"
        )
    return _LAYOUTS[name](graph, aspect)


def main_line(graph: Graph) -> list[str]:
    """The nodes from input to output without those that stand on a shortcut."""
    return [node for node, data in graph.nodes.items() if data["role"] != "shortcut"]


def _layered(graph: Graph, aspect: float) -> Layout:
    """A row a block, long ones wrapped where a unit ends, so that the whole is read like text."""
    groups = _groups(graph)
    if graph.graph["detail"] == "blocks":
        lines = [groups]
    else:
        lines = [list(line) for _, line in itertools.groupby(groups, key=lambda g: graph.nodes[g[0]]["block"])]
    return _in_rows("layered", graph, _wrap(graph, lines, aspect))


def _rows(graph: Graph, aspect: float) -> Layout:
    """The main line without a break at blocks, wrapped to fill the shape of the window."""
    return _in_rows("rows", graph, _wrap(graph, [_groups(graph)], aspect))


def _arc(graph: Graph, _aspect: float) -> Layout:
    """Everything on one line."""
    return _in_rows("arc", graph, (tuple(main_line(graph)),))


def _circular(graph: Graph, _aspect: float) -> Layout:
    """The main line as a circle, clockwise from the top, nodes about a cell apart."""
    main = main_line(graph)
    radius = max(len(main) / (2 * math.pi), 1.5)
    # networkx begins at three o'clock and goes against the clock in a plane whose y points up.
    ring = nx.circular_layout(graph.subgraph(main), scale=radius)
    positions = {node: (float(y), -float(x)) for node, (x, y) in ring.items()}
    for node in _shortcut_nodes(graph):
        first, addition = _ends(graph, node)
        x, y = ((a + b) / 2 for a, b in zip(positions[first], positions[addition], strict=True))
        outward = 1 + 2.0 / math.hypot(x, y)
        positions[node] = (x * outward, y * outward)
    return Layout("circular", positions)


def _kamada_kawai(graph: Graph, _aspect: float) -> Layout:
    """Distances on the page like distances in the graph (Kamada & Kawai 1989)."""
    return Layout("kamada-kawai", _spread(graph, nx.kamada_kawai_layout(nx.Graph(graph))))


def _spring(graph: Graph, _aspect: float) -> Layout:
    """Edges as springs (Fruchterman & Reingold 1991), begun from the circle so that the same design looks the same."""
    undirected = nx.Graph(graph)
    raw = nx.spring_layout(undirected, pos=nx.circular_layout(undirected), seed=0, iterations=200)
    return Layout("spring", _spread(graph, raw))


def _spread(graph: Graph, raw: Mapping[str, Sequence[float] | NDArray[np.float64]]) -> dict[str, tuple[float, float]]:
    """`raw`, scaled so that the middle one of all edges is a cell and a third long."""
    lengths = sorted(math.dist(raw[a], raw[b]) for a, b in graph.edges)
    scale = 1.33 / max(lengths[len(lengths) // 2], 1e-9)
    return {node: (float(x) * scale, float(y) * scale) for node, (x, y) in raw.items()}


def _in_rows(name: str, graph: Graph, rows: tuple[Row, ...]) -> Layout:
    """Rows from the left, each evenly spaced: networkx's layers, turned to columns and rows of whole numbers."""
    cells = [[cell for node in row for cell in _cells(graph, node)] for row in rows]
    longest = max(cells, key=len)
    grid = nx.empty_graph([cell for row in cells for cell in row])
    raw = nx.multipartite_layout(grid, subset_key=dict(enumerate(cells)), align="horizontal")
    pitch = (raw[longest[-1]][0] - raw[longest[0]][0]) / max(len(longest) - 1, 1) or 1.0
    positions = {
        node: (round(float((raw[node][0] - raw[row[0]][0]) / pitch), 6), float(number))
        for number, row in enumerate(rows)
        for node in row
    }
    for node in _shortcut_nodes(graph):
        first, addition = _ends(graph, node)
        positions[node] = ((positions[first][0] + positions[addition][0]) / 2, positions[addition][1] - 0.5)
    return Layout(name, positions, rows)


def _groups(graph: Graph) -> list[Row]:
    """The main line, cut where a row may end: after a unit's (at blocks detail a block's) addition."""

    def place(node: str) -> object:
        here = graph.nodes[node]
        return (here["block"], here["unit"]) if here["block"] else ("", -1)

    runs = itertools.groupby(main_line(graph), key=place)
    return [group for key, run in runs for group in ([tuple(run)] if key != ("", -1) else [(node,) for node in run])]


def _wrap(graph: Graph, lines: list[list[Row]], aspect: float) -> tuple[Row, ...]:
    """The lines in rows of at most some width, chosen so that the whole fits `aspect` at the largest scale."""
    sizes = [[sum(len(_cells(graph, node)) for node in group) for group in line] for line in lines]
    widest = max(map(sum, sizes))
    narrowest = max(map(max, sizes))
    # A hundred widths between the two are enough to choose from, however long the lines are.
    widths = range(narrowest, widest + 1, max((widest - narrowest) // 100, 1))

    def extent(width: int) -> float:
        return max(width / aspect, sum(math.ceil(sum(line) / width) for line in sizes))

    best = min(widths, key=lambda width: (extent(width), width))
    return tuple(row for line, size in zip(lines, sizes, strict=True) for row in _balance(line, size, best))


def _balance(line: list[Row], sizes: list[int], width: int) -> list[Row]:
    """A line in the fewest rows of `width` cells, of about equal lengths."""
    goal = sum(sizes) / math.ceil(sum(sizes) / width)
    rows: list[list[str]] = [[]]
    here = done = 0
    for group, size in zip(line, sizes, strict=True):
        if rows[-1] and (here + size > width or done + size / 2 > goal * len(rows)):
            rows.append([])
            here = 0
        rows[-1].extend(group)
        here += size
        done += size
    return [tuple(row) for row in rows]


def _cells(graph: Graph, node: str) -> tuple[str, ...]:
    """The columns a node takes: at units detail an addition is small, so what is not a unit and one takes two."""
    wide = graph.graph["detail"] == "units" and not graph.nodes[node]["block"]
    return (node, f"{node}/") if wide else (node,)


def _shortcut_nodes(graph: Graph) -> list[str]:
    return [node for node, data in graph.nodes.items() if data["role"] == "shortcut"]


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


_LAYOUTS: dict[str, Callable[[Graph, float], Layout]] = {
    "layered": _layered,
    "rows": _rows,
    "arc": _arc,
    "circular": _circular,
    "kamada-kawai": _kamada_kawai,
    "spring": _spring,
}
_LIMITS = {"layered": 100_000, "rows": 100_000, "arc": 100_000, "circular": 2_000, "kamada-kawai": 120, "spring": 200}
