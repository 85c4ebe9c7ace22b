"""The lines of a layout without rows (circle, forces): the main line is straight, and a shortcut curves round its unit."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import chain, count, pairwise

import numpy as np
from numpy.typing import NDArray

from .graph import Graph
from .layout import Layout, main_line
from .routes import Route, arrow
from .shapes import Path, Point, Rect
from .sizes import Size

Curve = NDArray[np.float64]

_SAMPLES = np.linspace(0.0, 1.0, 33)[:, None]
_CLEAR = 3.0  # the least distance from a line to other boxes and to other lines
_STEP, _SHARED = 3.0, 9.0
_GROWTHS = 12
_BADGE = 60.0
_SEARCHED = 120  # nodes: a larger circle is so flat that its curves clear the boxes without a search
_PITCH = 34.0  # a cell is so much longer than the longest box, which must fit whatever the direction of its neighbours


def place_freely(graph: Graph, layout: Layout, sizes: Mapping[str, Size]) -> tuple[dict[str, Rect], list[Route]]:
    """The boxes and the lines of a layout without rows.

    A layout by forces knows no sizes. So it is spread until no box overlaps another, and no line crosses a box or runs along
    another line.
    """
    pitch = max((width for width, _ in sizes.values()), default=0.0) + _PITCH
    if graph.graph["detail"] == "blocks":
        pitch += _BADGE  # at this detail every shortcut has words on it
    for growth in count():
        rects = {node: _rect(layout.positions[node], sizes[node], pitch * 1.2**growth) for node in graph}
        routes, clear = _routes(graph, rects, layout.name == "circular", len(graph) <= _SEARCHED)
        if clear or growth == _GROWTHS:
            return rects, routes
    raise AssertionError  # never reached: count() has no end


def _rect(place: Point, size: Size, pitch: float) -> Rect:
    return (place[0] * pitch - size[0] / 2, place[1] * pitch - size[1] / 2, *size)


def _routes(graph: Graph, rects: Mapping[str, Rect], ring: bool, search: bool) -> tuple[list[Route], bool]:
    follower = dict(pairwise(main_line(graph)))
    corners = np.array([(x, y, x + w, y + h) for x, y, w, h in rects.values()])
    number = {node: i for i, node in enumerate(rects)}
    clear = not (search and _boxes_touch(corners))
    drawn: list[Curve] = []
    routes = []
    for source, target, edge in graph.edges(data=True):
        a, b = _centre(rects[source]), _centre(rects[target])
        roles = (graph.nodes[source]["role"], graph.nodes[target]["role"])
        skipped = _centre(rects[follower[source]]) if edge["shortcut"] and "shortcut" not in roles else None
        others = np.delete(corners, [number[source], number[target]], axis=0) if search else corners
        for kind_number, kind in enumerate(edge["counts"] or ("main",)):
            controls = _controls(a, b, skipped, kind_number)
            if ring and edge["shortcut"] and "shortcut" in roles:
                controls = chain([_straight_out(*((a, b) if roles[1] == "shortcut" else (b, a)))], controls)
            curves = (_outside(_curve(a, control, b), rects[source], rects[target]) for control in controls)
            curve = first = next(curves)
            while search and (_touches(curve, others) or _runs_along(curve, drawn)):
                curve = next(curves, first)
                if curve is first:
                    clear = False
                    break
            drawn.append(curve)
            at = curve[len(curve) // 2]
            head = _head(curve) if kind == "main" and roles[1] != "add" else ()
            path: Path = (*_path(curve, straight=kind == "main"), *head)
            routes.append(Route((source, target), kind, path, (float(at[0]), float(at[1]))))
    return routes, clear


def _controls(a: Point, b: Point, skipped: Point | None, number: int) -> Iterator[Point]:
    """Control points for a curve, best first: away from what it skips, then further away, then on the other side."""
    middle, length = ((a[0] + b[0]) / 2, (a[1] + b[1]) / 2), math.dist(a, b) or 1.0
    normal = ((b[1] - a[1]) / length, (a[0] - b[0]) / length)
    side = 1.0
    if skipped is not None:
        side = -math.copysign(1.0, (skipped[0] - middle[0]) * normal[0] + (skipped[1] - middle[1]) * normal[1] or 1.0)
    first = 0.0 if skipped is None else 0.45 * length + 24.0 + 52.0 * number
    step = max(30.0, 0.15 * length)
    for bend in (first, *(first + step * i for i in range(1, 5)), *(-first - step * i for i in range(5))):
        yield (middle[0] + normal[0] * bend * side, middle[1] + normal[1] * bend * side)


def _straight_out(ring: Point, beside: Point) -> Point:
    """The control point of a curve from the circle to a box outside it, so that it clears the neighbours."""
    out = math.hypot(*beside) / max(math.hypot(*ring), 1.0)
    return (ring[0] * out, ring[1] * out)


def _curve(a: Point, control: Point, b: Point) -> Curve:
    t = _SAMPLES
    p, q, r = np.array(a), np.array(control), np.array(b)
    curve: Curve = (1 - t) ** 2 * p + 2 * t * (1 - t) * q + t * t * r
    return curve


def _outside(curve: Curve, *rects: Rect) -> Curve:
    """The part of a curve outside the boxes at its ends; all of it where no part is outside."""
    keep = np.ones(len(curve), dtype=bool)
    for x, y, width, height in rects:
        keep &= ~((curve[:, 0] > x) & (curve[:, 0] < x + width) & (curve[:, 1] > y) & (curve[:, 1] < y + height))
    return curve[keep] if keep.sum() > 1 else curve


def _touches(curve: Curve, corners: Curve) -> bool:
    x, y = curve[:, :1], curve[:, 1:]
    left, top, right, bottom = corners.T
    inside = (x > left - _CLEAR) & (x < right + _CLEAR) & (y > top - _CLEAR) & (y < bottom + _CLEAR)
    return bool(inside.any())


def _runs_along(curve: Curve, drawn: list[Curve]) -> bool:
    """Whether more than `_SHARED` points of the curve lie on a line that is drawn already."""
    fine = _resampled(curve)
    low, high = fine.min(0) - _CLEAR, fine.max(0) + _CLEAR
    for other in drawn:
        if (other.max(0) < low).any() or (other.min(0) > high).any():
            continue
        near = ((fine[:, None] - _resampled(other)[None]) ** 2).sum(-1).min(1) < _CLEAR**2
        if near.sum() * _STEP > _SHARED:
            return True
    return False


def _resampled(curve: Curve) -> Curve:
    """Points along a curve at distances of `_STEP`."""
    way = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(curve, axis=0).T))])
    steps = np.arange(0.0, way[-1] + _STEP, _STEP)
    return np.stack([np.interp(steps, way, curve[:, axis]) for axis in (0, 1)], axis=1)


def _boxes_touch(corners: Curve) -> bool:
    left, top, right, bottom = corners.T
    lap = (left[:, None] < right + _CLEAR) & (left < right[:, None] + _CLEAR)
    lap &= (top[:, None] < bottom + _CLEAR) & (top < bottom[:, None] + _CLEAR)
    return bool(lap.sum() > len(corners))


def _head(curve: Curve) -> Path:
    step = curve[-1] - curve[-2]
    length = float(np.hypot(*step)) or 1.0
    x, y = (float(value) for value in curve[-1])
    return arrow((x, y), (float(step[0]) / length, float(step[1]) / length))


def _path(curve: Curve, straight: bool) -> Path:
    points = [(float(x), float(y)) for x, y in (curve[[0, -1]] if straight and _is_straight(curve) else curve)]
    return (("M", *points[0]), *(("L", *point) for point in points[1:]))


def _is_straight(curve: Curve) -> bool:
    (ax, ay), (bx, by), (mx, my) = curve[0], curve[-1], curve[len(curve) // 2]
    return bool(abs((bx - ax) * (my - ay) - (by - ay) * (mx - ax)) < 1e-6 * max(1.0, math.hypot(bx - ax, by - ay)))


def _centre(box: Rect) -> Point:
    return (box[0] + box[2] / 2, box[1] + box[3] / 2)
