"""Parts of a picture, as pictures: what lies in a rectangle, and a selection of its nodes with their shortcuts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from .shapes import Line, Picture, Rect

_MARGIN = 12.0  # points around a selection: lines that lead on end there


def within(picture: Picture, rect: Rect) -> Picture:
    """What is to be seen of `picture` in `rect`; what its border cuts is painted up to it."""
    left, top, width, height = _common(rect, picture.rect)
    seen = (left, top, left + width, top + height)
    return replace(
        picture,
        boxes=tuple(box for box in picture.boxes if _meet(_edges(box.rect), seen)),
        lines=tuple(line for line in picture.lines if _meet(_reach(line), seen)),
        bands=tuple(band for band in picture.bands if _meet(_edges(band.rect), seen)),
        texts=tuple(text for text in picture.texts if _meet(_edges(text.rect), seen)),
        rect=(left, top, width, height),
    )


def selection(picture: Picture, names: Collection[str]) -> Picture:
    """The nodes of those names, each unit with its addition and its shortcuts. Raises ValueError where there are none."""
    chosen = {box.name for box in picture.boxes if box.name in names}
    if not chosen:
        raise ValueError("no node is selected")
    additions = {box.name for box in picture.boxes if box.form == "add"}
    chosen |= {
        b for a, b in (line.ends for line in picture.lines if line.kind == "main") if a in chosen and b in additions
    }
    boxes = tuple(box for box in picture.boxes if box.name in chosen)
    # A shortcut belongs to the addition that it ends at; the main line leads in and out, and may be cut.
    whole = [
        line for line in picture.lines if set(line.ends) <= chosen or (line.kind != "main" and line.ends[1] in chosen)
    ]
    edges = [*(_edges(box.rect) for box in boxes), *(_reach(line) for line in whole)]
    left, top = min(edge[0] for edge in edges) - _MARGIN, min(edge[1] for edge in edges) - _MARGIN
    right, bottom = max(edge[2] for edge in edges) + _MARGIN, max(edge[3] for edge in edges) + _MARGIN
    lines = tuple(line for line in picture.lines if chosen & set(line.ends) and (line.kind == "main" or line in whole))
    return within(replace(picture, boxes=boxes, lines=lines), (left, top, right - left, bottom - top))


def _edges(rect: Rect) -> tuple[float, float, float, float]:
    left, top, width, height = rect
    return left, top, left + width, top + height


def _reach(line: Line) -> tuple[float, float, float, float]:
    """What surely holds the line and its badge."""
    left, top, right, bottom = _edges(line.badge_rect)
    numbers = [step[1:] for step in line.path]
    across = [number for step in numbers for number in step[::2]] + ([left, right] if line.badge else [])
    down = [number for step in numbers for number in step[1::2]] + ([top, bottom] if line.badge else [])
    return min(across), min(down), max(across), max(down)


def _common(a: Rect, b: Rect) -> Rect:
    """Where two rectangles overlap; `b` where they don't."""
    left, top = max(a[0], b[0]), max(a[1], b[1])
    right, bottom = min(a[0] + a[2], b[0] + b[2]), min(a[1] + a[3], b[1] + b[3])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else b


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
