"""Words in a layout without rows: each goes where nothing else is, or is left out."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from .graph import Graph
from .shapes import Box, Line, Path, Point, Rect, Text
from .text_fit import elide, widest

Corners = NDArray[np.float64]

_SIZE = 13.0
_NAME_WIDTH = 140.0
_ROUND = tuple(2 * math.pi * step / 16 for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8))


def settle_badges(boxes: Sequence[Box], lines: Sequence[Line]) -> list[Line]:
    """The lines with their badges as near to their middle as there is room."""
    corners = _corners([box.rect for box in boxes])
    dense = [_dense(line.path) for line in lines]
    points = np.array([point for each in dense for point in each]).reshape(-1, 2)
    owner = np.repeat(np.arange(len(lines)), [len(each) for each in dense])
    found = []
    for number, line in enumerate(lines):
        settled = line
        if line.badge:
            others = points[owner != number]
            middle = len(dense[number]) // 2
            tries = sorted(range(len(dense[number])), key=lambda i: (abs(i - middle), i))
            tried = (replace(line, badge_at=dense[number][i]) for i in tries)
            settled = next((each for each in tried if _free(corners, others, each.badge_rect)), line)
            corners = np.vstack([corners, _corners([settled.badge_rect])])
        found.append(settled)
    return found


def block_names(graph: Graph, boxes: Sequence[Box], lines: Sequence[Line]) -> list[Text]:
    """The blocks' names beside their first node, on the side away from the middle of the picture if there is room."""
    if graph.graph["detail"] == "blocks":
        return []
    corners = _corners([*(box.rect for box in boxes), *(line.badge_rect for line in lines if line.badge)])
    points = np.array([point for line in lines for point in _dense(line.path)]).reshape(-1, 2)
    centres = (corners[:, :2] + corners[:, 2:]) / 2
    middle = (float(centres[:, 0].mean()), float(centres[:, 1].mean()))
    found: list[Text] = []
    for box in _first_boxes(boxes):
        words = elide(box.block, _SIZE, _NAME_WIDTH, True)
        width = widest(words, _SIZE, True)
        for rect in _around(box.rect, middle, width):
            if _free(corners, points, rect):
                found.append(Text(words, rect, _SIZE, True, "middle"))
                corners = np.vstack([corners, _corners([rect])])
                break
    return found


def _first_boxes(boxes: Iterable[Box]) -> Iterable[Box]:
    first: dict[str, Box] = {}
    for box in boxes:
        if box.block:
            first.setdefault(box.block, box)
    return first.values()


def _around(box: Rect, middle: Point, width: float) -> Iterator[Rect]:
    """Places for a word of that width round a box, those away from the middle first, then further off."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    away = math.atan2(y - middle[1], x - middle[0])
    for further in (0.0, 20.0, 45.0, 80.0):
        for turn in _ROUND:
            across, down = math.cos(away + turn), math.sin(away + turn)
            reach_x, reach_y = box[2] / 2 + width / 2 + 8.0 + further, box[3] / 2 + 17.0 + further
            reach = min(reach_x / max(abs(across), 1e-9), reach_y / max(abs(down), 1e-9))
            yield (x + across * reach - width / 2, y + down * reach - 9.0, width, 18.0)


def _dense(path: Path) -> list[Point]:
    """Points along a path of straight pieces, about 6 apart."""
    found: list[Point] = []
    for step in path:
        end = (step[-2], step[-1])
        if step[0] != "M" and found:
            begin = found[-1]
            count = max(int(math.dist(begin, end) // 6), 1)
            shares = [i / count for i in range(1, count)]
            found += [(begin[0] + (end[0] - begin[0]) * t, begin[1] + (end[1] - begin[1]) * t) for t in shares]
        found.append(end)
    return found


def _corners(rects: Sequence[Rect]) -> Corners:
    return np.array([(x, y, x + width, y + height) for x, y, width, height in rects], dtype=np.float64).reshape(-1, 4)


def _free(corners: Corners, points: Corners, rect: Rect) -> bool:
    """Whether a rectangle lies on no box and on no line."""
    if _taken(corners, rect):
        return False
    left, top, right, bottom = rect[0] - 3, rect[1] - 3, rect[0] + rect[2] + 3, rect[1] + rect[3] + 3
    crossed = (points[:, 0] > left) & (points[:, 0] < right) & (points[:, 1] > top) & (points[:, 1] < bottom)
    return not crossed.any()


def _taken(corners: Corners, rect: Rect) -> bool:
    x, y, width, height = rect
    left, top, right, bottom = corners.T
    lap = (left < x + width + 1) & (right > x - 1) & (top < y + height + 1) & (bottom > y - 1)
    return bool(lap.any())
