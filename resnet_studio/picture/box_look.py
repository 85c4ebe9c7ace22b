"""The look of a box: its colours and its lines of text. The window and the SVG both use it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from .palette import Theme, mix, readable_on
from .path_marks import FADED, LESION, ON_PATH
from .shapes import Box

EMPTY_DASHES = (4.0, 3.0)  # points: the outline of a box without a value, for readers who don't see that it is grey
OPACITY = {FADED: 0.2}  # the opacity of boxes and lines with these marks
GAIN = {ON_PATH: 1.8}  # the thickness of lines with these marks is multiplied by this


@dataclass(frozen=True, slots=True)
class BoxInk:
    """The colours of a box's ground ('none' where it is hollow), outline, title and text, as #rrggbb.

    empty: whether the box has no value to be coloured by, or a lesion has left nothing in it.
    """

    fill: str
    edge: str
    title: str
    text: str
    empty: bool = False


def box_ink(box: Box, theme: Theme) -> BoxInk:
    """The colours of `box`: those of its kind, or that of its value with black or white text, whichever is more readable."""
    return _ink(box.kind, box.mark, box.fill, bool(box.value), theme)


@lru_cache(maxsize=4_096)
def _ink(kind: str, mark: str, fill: str, valued: bool, theme: Theme) -> BoxInk:
    if kind == "fault":
        return BoxInk(theme.error_fill, theme.error, theme.text, theme.text)
    if kind == "missing":
        return BoxInk(theme.surface, theme.muted, theme.muted, theme.muted, empty=True)
    edge = theme.shortcut(kind)
    if mark == LESION:
        return BoxInk("none", edge, theme.muted, theme.muted, empty=True)
    if colour := theme.difference(mark):
        return BoxInk(mix(theme.surface, colour, 0.16), colour, theme.text, theme.text)
    if fill:
        ink = readable_on(fill)
        return BoxInk(fill, edge, ink, ink)
    strong = valued or kind in ("conv", "projection", "unit", "block")
    return BoxInk(theme.chip_strong if strong else theme.chip, edge, theme.text, theme.muted, valued)


def box_rows(box: Box) -> list[tuple[str, float, bool]]:
    """The lines of a box, as (text, font size in points, bold), before they are fitted to its width."""
    title, small = (15.0, 12.0) if box.form == "card" else (12.5, 10.5)
    rows = [(box.title, title, True), *((text, small, False) for text in box.text.split("\n"))]
    return [row for row in rows if row[0]]
