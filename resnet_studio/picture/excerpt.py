"""Parts of a picture, as pictures: the part in a rectangle, or some nodes with their shortcuts."""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import replace

from .shapes import Box, Line, Picture, Rect

_MARGIN = 12.0  # points around a selection
_STUB = 22.0  # points of a line that leads out of a selection
_NEAR = 20.0  # points: a text at most so far from a box belongs to it
_NAMES = 4  # at most so many nodes are named in the title


def within(picture: Picture, rect: Rect) -> Picture:
    """The part of `picture` in `rect`. What crosses the border is painted up to the border."""
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
    """The nodes called `names`, each unit with its addition and its shortcuts.

    Raises ValueError where the picture has none of them.
    """
    chosen = {box.name for box in picture.boxes if box.name in names}
    if not chosen:
        raise ValueError("no node is selected")
    additions = {box.name for box in picture.boxes if box.form == "add"}
    main = [line for line in picture.lines if line.kind == "main"]
    chosen |= {b for a, b in (line.ends for line in main) if a in chosen and b in additions}
    boxes = tuple(box for box in picture.boxes if box.name in chosen)
    # A shortcut belongs to the addition at its end. Where the main line enters or leaves, a stub of it is left.
    owned = [
        line for line in picture.lines if set(line.ends) <= chosen or (line.kind != "main" and line.ends[1] in chosen)
    ]
    ways = [line for line in main if len(chosen & set(line.ends)) == 1]
    lines = (*owned, *(_stub(line, line.ends[0] in chosen) for line in ways))
    texts = tuple(text for text in picture.texts if any(_is_at(text.rect, box.rect) for box in boxes))
    edges = [
        *(_edges(box.rect) for box in boxes),
        *(_edges(text.rect) for text in texts),
        *(_reach(line) for line in lines),
    ]
    left, top = min(edge[0] for edge in edges) - _MARGIN, min(edge[1] for edge in edges) - _MARGIN
    right, bottom = max(edge[2] for edge in edges) + _MARGIN, max(edge[3] for edge in edges) + _MARGIN
    part = within(replace(picture, boxes=boxes, lines=lines, texts=texts), (left, top, right - left, bottom - top))
    # Bands are cut at the border and lose their names: the title says what is shown.
    bands = tuple(replace(band, texts=()) for band in part.bands)
    return replace(part, title=_title(picture, [box for box in boxes if box.form != "add"] or list(boxes)), bands=bands)


def _title(picture: Picture, boxes: Sequence[Box]) -> str:
    network = picture.title.partition(":")[0]
    names = [box.name for box in boxes[:_NAMES]]
    more = f" and {len(boxes) - _NAMES:,} more" if len(boxes) > _NAMES else ""
    return f"{network}: {', '.join(names)}{more}"


def _stub(line: Line, out: bool) -> Line:
    """The straight beginning of a line (`out`), or its straight end with the arrow head, at most _STUB points long."""
    bends = next((i for i, step in enumerate(line.path) if i and step[0] == "M"), len(line.path))
    points = [step[-2:] for step in line.path[:bends]]
    (x, y), (to_x, to_y) = points[:2] if out else points[:-3:-1]
    share = min(_STUB / (math.dist((x, y), (to_x, to_y)) or _STUB), 1.0)
    end = (x + (to_x - x) * share, y + (to_y - y) * share)
    if out:
        return replace(line, path=(("M", x, y), ("L", *end)), badge="")
    return replace(line, path=(("M", *end), ("L", x, y), *line.path[bends:]), badge="")


def _is_at(text: Rect, box: Rect) -> bool:
    """Whether a text belongs to a box, such as its shape: its middle is near the box."""
    x, y = text[0] + text[2] / 2, text[1] + text[3] / 2
    return box[0] <= x <= box[0] + box[2] and box[1] - _NEAR <= y <= box[1] + box[3] + _NEAR


def _edges(rect: Rect) -> tuple[float, float, float, float]:
    left, top, width, height = rect
    return left, top, left + width, top + height


def _reach(line: Line) -> tuple[float, float, float, float]:
    """A rectangle (left, top, right, bottom) that surely holds the line and its badge."""
    left, top, right, bottom = _edges(line.badge_rect)
    numbers = [step[1:] for step in line.path]
    across = [number for step in numbers for number in step[::2]] + ([left, right] if line.badge else [])
    down = [number for step in numbers for number in step[1::2]] + ([top, bottom] if line.badge else [])
    return min(across), min(down), max(across), max(down)


def _common(a: Rect, b: Rect) -> Rect:
    """The overlap of two rectangles; `b` where they don't overlap."""
    left, top = max(a[0], b[0]), max(a[1], b[1])
    right, bottom = min(a[0] + a[2], b[0] + b[2]), min(a[1] + a[3], b[1] + b[3])
    return (left, top, right - left, bottom - top) if right > left and bottom > top else b


def _meet(a: tuple[float, float, float, float], b: tuple[float, float, float, float]) -> bool:
    return a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3]
