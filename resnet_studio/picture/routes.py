"""The lines of a layout by rows: the main line is straight, and shortcuts bow off it."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from .flow import NEST, SPLIT, Flow, bow_rise
from .layout import main_line
from .shapes import Ends, Path, Point

CORNER = 18.0
TURN = 24.0  # from the end of a row to where the main line turns
ARROW = 4.5
_DIAGONAL, _TANGENT = math.sqrt(0.5), math.tan(math.pi / 8)

Step = tuple[str, float, float] | tuple[str, float, float, float, float]


@dataclass(frozen=True, slots=True)
class Route:
    """The course of a line. kind: 'main', or the kind of the shortcut. badge_at: the middle of a word on it."""

    ends: Ends
    kind: str
    path: Path
    badge_at: Point


def row_routes(flow: Flow) -> list[Route]:
    """The lines of a layout by rows.

    A shortcut leaves the main line just ahead of its unit and bows over the unit. The main line has an arrow where it enters
    a box, and it turns at the end of a row.
    """
    graph, aside = flow.graph, flow.aside
    follower = dict(pairwise(main_line(graph)))
    routes = []
    for source, target, edge in graph.edges(data=True):
        kind = edge["shortcut"] or "main"
        if kind == "main":
            ways = [(kind, _main(flow, source, target), (0.0, 0.0))]
        elif target in aside:
            # A projection reads preact and leaves from it; a subsample reads the unit's input and leaves ahead of it.
            inside = flow.nodes[source]["role"] == "residual"
            begin = _side(flow, source) if inside else _foot(flow, follower[source], 0)
            ways = [(kind, _rise(flow, begin, target), begin)]
        elif source in aside:
            ways = [(kind, _fall(flow, source, target), (0.0, 0.0))]
        else:
            kinds = tuple(edge["counts"])
            ways = [_bow(flow, follower[source], target, each, i, len(kinds)) for i, each in enumerate(kinds)]
        for each, path, at in ways:
            routes.append(Route((source, target), each, _page(flow, path), flow.page(at)))
    return routes


def arrow(tip: Point, towards: Point) -> tuple[Step, ...]:
    """An open arrow head with its tip at `tip`; towards: the direction, of length 1."""
    (x, y), (dx, dy) = tip, towards
    back = (x - ARROW * dx, y - ARROW * dy)
    aside = 0.7 * ARROW
    return (
        ("M", back[0] - aside * dy, back[1] + aside * dx), ("L", x, y),
        ("L", back[0] + aside * dy, back[1] - aside * dx),
    )  # fmt: skip


def _main(flow: Flow, a: str, b: str) -> Iterable[Step]:
    begin, end = (flow.edge(a, 1), flow.off(a)), (flow.edge(b, -1), flow.off(b))
    ahead = flow.ahead(b)
    head = arrow(end, (ahead, 0.0)) if flow.nodes[b]["role"] != "add" else ()
    if flow.row_of[a] == flow.row_of[b]:
        return (("M", *begin), ("L", *end), *head)
    if flow.ahead(a) != ahead:
        return (*_round(begin, end, flow.ahead(a), flow.before[b]), *head)
    first, second = flow.zone(a), flow.zone(b)
    level = (first.middle + first.below + second.middle - second.above) / 2
    return (*_return(begin, end, level, end[0] - flow.before[b] - CORNER + 2.0), *head)


def _return(begin: Point, end: Point, level: float, back: float) -> tuple[Step, ...]:
    """From the end of a row back to the beginning of the next: out, across, back between the rows and in."""
    r = CORNER
    out = begin[0] + TURN
    return (
        ("M", *begin), ("L", out - r, begin[1]), ("Q", out, begin[1], out, begin[1] + r),
        ("L", out, level - r), ("Q", out, level, out - r, level),
        ("L", back + r, level), ("Q", back, level, back, level + r),
        ("L", back, end[1] - r), ("Q", back, end[1], back + r, end[1]), ("L", *end),
    )  # fmt: skip


def _round(begin: Point, end: Point, ahead: int, before: float) -> tuple[Step, ...]:
    """From the end of a row round to the next one, which runs the other way."""
    out = ahead * (max(ahead * begin[0], ahead * end[0] + before) + TURN)
    r = CORNER
    return (
        ("M", *begin), ("L", out - ahead * r, begin[1]), ("Q", out, begin[1], out, begin[1] + r),
        ("L", out, end[1] - r), ("Q", out, end[1], out - ahead * r, end[1]), ("L", *end),
    )  # fmt: skip


def _bow(flow: Flow, first: str, addition: str, kind: str, number: int, of: int) -> tuple[str, Iterable[Step], Point]:
    """The course of a shortcut over a unit or block, to its addition. Several kinds of shortcut lie one over the other."""
    begin, end = _foot(flow, first, number), _top(flow, addition, 5.0 * (number - (of - 1) / 2))
    length = abs(end[0] - begin[0])
    top = begin[1] - bow_rise(flow, flow.zone(first).half, length, number)
    middle = (begin[0] + end[0]) / 2
    # Where rows are columns, words side by side would overlap.
    at = (middle + 20.0 * (number - (of - 1) / 2) if flow.down else middle, top)
    round_ = flow.layout.name == "arc"
    up = _corner(begin, (middle, top), True, round_)
    over = _corner((middle, top), end, False, round_)
    return kind, (("M", *begin), *up, *over, ("L", *end)), at


def _corner(a: Point, b: Point, off_first: bool, round_: bool) -> tuple[Step, ...]:
    """From a to b round one corner: first across the row and then along it (`off_first`), or the other way round."""
    corner = (a[0], b[1]) if off_first else (b[0], a[1])
    if round_:
        return _quarter(a, corner, b)
    r = min(CORNER, abs(b[0] - a[0]), abs(b[1] - a[1]))
    before, behind = _towards(corner, a, r), _towards(corner, b, r)
    return (("L", *before), ("Q", *corner, *behind), ("L", *b))


def _quarter(a: Point, corner: Point, b: Point) -> tuple[Step, ...]:
    """A quarter of an ellipse, approximated by two quadratic curves."""
    first = tuple(p + (q - p) * _TANGENT for p, q in zip(a, corner, strict=True))
    second = tuple(p + (q - p) * _TANGENT for p, q in zip(b, corner, strict=True))
    middle = tuple(p + q - c + (c - p + c - q) * _DIAGONAL for p, c, q in zip(a, corner, b, strict=True))
    return (("Q", first[0], first[1], middle[0], middle[1]), ("Q", second[0], second[1], *b))


def _rise(flow: Flow, begin: Point, node: str) -> Iterable[Step]:
    end = (flow.edge(node, -1), flow.off(node))
    return (("M", *begin), *_corner(begin, end, True, False))


def _fall(flow: Flow, node: str, addition: str) -> Iterable[Step]:
    begin = (flow.edge(node, 1), flow.off(node))
    return (("M", *begin), *_corner(begin, _top(flow, addition, 0.0), False, False))


def _foot(flow: Flow, first: str, number: int) -> Point:
    """The point where a shortcut leaves the main line."""
    return (flow.edge(first, -1) - flow.ahead(first) * (SPLIT + NEST * number), flow.off(first))


def _side(flow: Flow, node: str) -> Point:
    return (flow.along[node], flow.off(node) - flow.half_off(node))


def _top(flow: Flow, addition: str, aside: float) -> Point:
    """A point on the round edge of an addition, on the shortcuts' side, `aside` points along the row from its middle."""
    radius = flow.half(addition)
    reach = math.sqrt(max(radius**2 - aside**2, 0.0))
    return (flow.along[addition] + flow.ahead(addition) * aside, flow.off(addition) - reach)


def _towards(a: Point, b: Point, length: float) -> Point:
    """The point `length` away from a in the direction of b."""
    whole = math.dist(a, b) or 1.0
    return (a[0] + (b[0] - a[0]) * length / whole, a[1] + (b[1] - a[1]) * length / whole)


def _page(flow: Flow, path: Iterable[Step]) -> Path:
    if not flow.down:
        return tuple(path)
    turned = []
    for command, *numbers in path:
        swapped = [n for a, b in zip(numbers[::2], numbers[1::2], strict=True) for n in (b, a)]
        turned.append((command, *swapped))
    return tuple(turned)  # type: ignore[arg-type]
