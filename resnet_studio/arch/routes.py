"""The lines of a picture: straight for the main line, bowed off it for shortcuts."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise

from .graph import Graph
from .layout import Layout, main_line

Point = tuple[float, float]
Rect = tuple[float, float, float, float]
# M x y: begin. L x y: straight on. Q cx cy x y: a quadratic curve on. As in SVG.
Path = tuple[tuple[str, float, float] | tuple[str, float, float, float, float], ...]
Ends = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """The way of a line. kind: 'main' or the shortcut's. badge_at: where a word on it goes."""

    ends: Ends
    kind: str
    path: Path
    badge_at: Point


SPLIT = 8.0  # how far ahead of a unit its shortcut leaves the main line
CORNER = 14.0


def row_routes(graph: Graph, layout: Layout, rects: dict[str, Rect], bow: float, gutter: float) -> list[Route]:
    """Lines for a layout in rows: a shortcut leaves just ahead of its unit and bows over it; the main line turns
    round at the end of a row, `gutter` below it.
    """
    row_of = {node: number for number, row in enumerate(layout.rows) for node in row}
    follower = dict(pairwise(main_line(graph)))
    routes = []
    for source, target, edge in graph.edges(data=True):
        kind, a, b = edge["shortcut"] or "main", rects[source], rects[target]
        if kind == "main":
            path = _along(a, b) if row_of[source] == row_of[target] else _turn(a, b, gutter)
            routes.append(Route((source, target), kind, path, _centre(a)))
        elif graph.nodes[target]["role"] == "shortcut":
            # A projection reads preact and leaves from it; a subsample reads the unit's input and leaves ahead of it.
            inside = graph.nodes[source]["role"] == "residual"
            begin = _top(a) if inside else _split(rects[follower[source]])
            routes.append(Route((source, target), kind, _rise(begin, b), begin))
        elif graph.nodes[source]["role"] == "shortcut":
            routes.append(Route((source, target), kind, _fall(a, b), _top(b)))
        else:
            skipped = rects[follower[source]]
            for number, each in enumerate(edge["counts"]):
                # A block's shortcuts of several kinds bow over it one above the other.
                shift = number - (len(edge["counts"]) - 1) / 2
                begin, end = _split(skipped, 6.0 * number), _top(b, 5.0 * shift)
                rise = (end[0] - begin[0]) / 2 if layout.name == "arc" else max(bow, skipped[3] / 2 + 24.0)
                path = _bow(begin, end, rise + 20.0 * number, layout.name == "arc")
                badge_at = ((begin[0] + end[0]) / 2, begin[1] - rise - 20.0 * number)
                routes.append(Route((source, target), each, path, badge_at))
    return routes


def free_routes(graph: Graph, rects: dict[str, Rect]) -> list[Route]:
    """Lines for any other layout: straight, and a shortcut curved away from what it skips."""
    follower = dict(pairwise(main_line(graph)))
    routes = []
    for source, target, edge in graph.edges(data=True):
        a, b = _centre(rects[source]), _centre(rects[target])
        middle, length = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), math.dist(a, b) or 1.0
        normal = ((b[1] - a[1]) / length, (a[0] - b[0]) / length)
        skips = edge["shortcut"] and "shortcut" not in (graph.nodes[source]["role"], graph.nodes[target]["role"])
        for number, kind in enumerate(edge["counts"] or ("main",)):
            bend = 0.0
            if skips:
                skipped = _centre(rects[follower[source]])
                side = (skipped[0] - middle[0]) * normal[0] + (skipped[1] - middle[1]) * normal[1]
                bend = -math.copysign(0.45 * length + 24.0 + 36.0 * number, side or 1.0)
            control = (middle[0] + normal[0] * bend, middle[1] + normal[1] * bend)
            curve = [_quadratic(a, control, b, i / 48) for i in range(49)]
            outside = [p for p in curve if not _inside(p, rects[source]) and not _inside(p, rects[target])] or curve
            path: Path = (("M", *outside[0]), *(("L", *point) for point in outside[1:]))
            routes.append(Route((source, target), kind, path, _quadratic(a, control, b, 0.5)))
    return routes


def _along(a: Rect, b: Rect) -> Path:
    return (("M", a[0] + a[2], a[1] + a[3] / 2), ("L", b[0], b[1] + b[3] / 2))


def _turn(a: Rect, b: Rect, gutter: float) -> Path:
    """Down at the row's end, back between the rows and down again ahead of the next."""
    begin, end, r = (a[0] + a[2], a[1] + a[3] / 2), (b[0], b[1] + b[3] / 2), CORNER
    out, back, level = begin[0] + 2 * r, end[0] - 2 * SPLIT - 1.5 * r, begin[1] + gutter
    return (
        ("M", *begin), ("L", out - r, begin[1]), ("Q", out, begin[1], out, begin[1] + r),
        ("L", out, level - r), ("Q", out, level, out - r, level),
        ("L", back + r, level), ("Q", back, level, back, level + r),
        ("L", back, end[1] - r), ("Q", back, end[1], back + r, end[1]), ("L", *end),
    )  # fmt: skip


def _bow(begin: Point, end: Point, rise: float, round_: bool) -> Path:
    width, top = end[0] - begin[0], begin[1] - rise
    r = min(width / 2, end[1] - top) if round_ else min(24.0, rise, width / 2)
    return (
        ("M", *begin), ("L", begin[0], top + r), ("Q", begin[0], top, begin[0] + r, top),
        ("L", end[0] - r, top), ("Q", end[0], top, end[0], top + r), ("L", *end),
    )  # fmt: skip


def _rise(begin: Point, box: Rect) -> Path:
    """Up from `begin` and right, to the left side of `box`."""
    end = (box[0], box[1] + box[3] / 2)
    r = min(CORNER, end[0] - begin[0], begin[1] - end[1])
    return (("M", *begin), ("L", begin[0], end[1] + r), ("Q", begin[0], end[1], begin[0] + r, end[1]), ("L", *end))


def _fall(box: Rect, target: Rect) -> Path:
    """Right from `box` and down, to the top of `target`."""
    begin, end = (box[0] + box[2], box[1] + box[3] / 2), _top(target)
    r = min(CORNER, end[0] - begin[0], end[1] - begin[1])
    return (("M", *begin), ("L", end[0] - r, begin[1]), ("Q", end[0], begin[1], end[0], begin[1] + r), ("L", *end))


def _split(box: Rect, further: float = 0.0) -> Point:
    return (box[0] - SPLIT - further, box[1] + box[3] / 2)


def _top(box: Rect, aside: float = 0.0) -> Point:
    """The top of a box; `aside` of its middle on an addition, which is round."""
    x, radius = box[0] + box[2] / 2, box[2] / 2
    drop = radius - math.sqrt(radius**2 - aside**2) if abs(aside) < radius else 0.0
    return (x + aside, box[1] + drop)


def _centre(box: Rect) -> Point:
    return (box[0] + box[2] / 2, box[1] + box[3] / 2)


def _inside(point: Point, box: Rect) -> bool:
    return box[0] <= point[0] <= box[0] + box[2] and box[1] <= point[1] <= box[1] + box[3]


def _quadratic(a: Point, control: Point, b: Point, t: float) -> Point:
    p, q, r = (1 - t) ** 2, 2 * t * (1 - t), t * t
    return (p * a[0] + q * control[0] + r * b[0], p * a[1] + q * control[1] + r * b[1])
