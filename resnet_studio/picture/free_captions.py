"""The words in a layout without rows: each is put in a free place, or left out where there is none."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from .graph import Graph
from .shapes import Box, Line, Path, Point, Rect, Text
from .text_fit import elide, widest

_SIZE = 13.0
_NAME_WIDTH = 140.0
_CELL = 64.0
_ROUND = tuple(2 * math.pi * step / 16 for step in (0, 1, -1, 2, -2, 3, -3, 4, -4, 5, -5, 6, -6, 7, -7, 8))


class _Taken:
    """The occupied places: rectangles and points of lines, sorted into cells of the page, each with the number of its line."""

    def __init__(self) -> None:
        self._cells: dict[tuple[int, int], list[tuple[Rect, int]]] = {}

    def add(self, rect: Rect, line: int = -1) -> None:
        """Marks a rectangle as occupied. line: the number of the line that it belongs to; -1 for none."""
        for cell in _cells(rect):
            self._cells.setdefault(cell, []).append((rect, line))

    def free(self, rect: Rect, line: int = -2) -> bool:
        """Whether nothing but line number `line` lies within 3 points of a rectangle."""
        x, y, right, bottom = rect[0] - 3.0, rect[1] - 3.0, rect[0] + rect[2] + 3.0, rect[1] + rect[3] + 3.0
        return not any(
            other != line and left < right and top < bottom and left + width > x and top + height > y
            for cell in _cells((x, y, right - x, bottom - y))
            for (left, top, width, height), other in self._cells.get(cell, ())
        )


def _cells(rect: Rect) -> Iterator[tuple[int, int]]:
    first, last = int(rect[0] // _CELL), int((rect[0] + rect[2]) // _CELL)
    for row in range(int(rect[1] // _CELL), int((rect[1] + rect[3]) // _CELL) + 1):
        for column in range(first, last + 1):
            yield column, row


def settle_words(graph: Graph, boxes: Sequence[Box], lines: Sequence[Line]) -> tuple[list[Line], list[Text]]:
    """(lines, texts): the lines with their badges in free places, and the names of the blocks.

    A badge is put as near to the middle of its line as there is room. A block's name stands beside its first node, if
    possible on the side away from the middle of the picture.
    """
    taken = _Taken()
    for box in boxes:
        taken.add(box.rect)
    dense = [_dense(line.path) for line in lines]
    for number, points in enumerate(dense):
        for x, y in points:
            taken.add((x, y, 0.0, 0.0), number)
    settled = [_settle(taken, line, number, dense[number]) for number, line in enumerate(lines)]
    return settled, [] if graph.graph["detail"] == "blocks" else _block_names(taken, boxes)


def _settle(taken: _Taken, line: Line, number: int, points: Sequence[Point]) -> Line:
    if not line.badge:
        return line
    middle = len(points) // 2
    tries = sorted(range(len(points)), key=lambda i: (abs(i - middle), i))
    tried = (replace(line, badge_at=points[i]) for i in tries)
    settled = next((each for each in tried if taken.free(each.badge_rect, number)), line)
    taken.add(settled.badge_rect)
    return settled


def _block_names(taken: _Taken, boxes: Sequence[Box]) -> list[Text]:
    centres = [(box.rect[0] + box.rect[2] / 2, box.rect[1] + box.rect[3] / 2) for box in boxes]
    middle = (sum(x for x, _ in centres) / len(centres), sum(y for _, y in centres) / len(centres))
    found: list[Text] = []
    for box in _first_boxes(boxes):
        words = elide(box.block, _SIZE, _NAME_WIDTH, True)
        around = _around(box.rect, middle, widest(words, _SIZE, True))
        if place := next((rect for rect in around if taken.free(rect)), None):
            found.append(Text(words, place, _SIZE, True, "middle"))
            taken.add(place)
    return found


def _first_boxes(boxes: Iterable[Box]) -> Iterable[Box]:
    first: dict[str, Box] = {}
    for box in boxes:
        if box.block:
            first.setdefault(box.block, box)
    return first.values()


def _around(box: Rect, middle: Point, width: float) -> Iterator[Rect]:
    """Places for a word of `width` points round a box: first those away from `middle`, then those further from the box."""
    x, y = box[0] + box[2] / 2, box[1] + box[3] / 2
    away = math.atan2(y - middle[1], x - middle[0])
    for further in (0.0, 20.0, 45.0, 80.0):
        for turn in _ROUND:
            across, down = math.cos(away + turn), math.sin(away + turn)
            reach_x, reach_y = box[2] / 2 + width / 2 + 8.0 + further, box[3] / 2 + 17.0 + further
            reach = min(reach_x / max(abs(across), 1e-9), reach_y / max(abs(down), 1e-9))
            yield (x + across * reach - width / 2, y + down * reach - 9.0, width, 18.0)


def _dense(path: Path) -> list[Point]:
    """Points along a path of straight pieces, about 6 points apart."""
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
