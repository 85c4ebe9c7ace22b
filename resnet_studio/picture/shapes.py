"""What a picture is made of, as plain values in points: boxes, lines, bands and texts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Literal

from .colouring import ColourBar, Colouring, node_colours
from .graph import Detail
from .text_fit import widest

Point = tuple[float, float]
Rect = tuple[float, float, float, float]
# M x y: begin. L x y: straight on. Q cx cy x y: a quadratic curve on. As in SVG.
Path = tuple[tuple[str, float, float] | tuple[str, float, float, float, float], ...]
Ends = tuple[str, str]
Form = Literal["chip", "card", "add"]

LEGEND = (("main", "main line"), ("identity", "identity shortcut"),
          ("subsample", "subsample (1×1 max-pool)"), ("projection", "projection (1×1 convolution)"))  # fmt: skip
BADGE_SIZE, BADGE_HEIGHT = 10.0, 16.0


@dataclass(frozen=True, slots=True)
class Box:
    """A node. rect is (left, top, width, height); kind as the graph has it, or 'fault' and 'missing' where a design is
    drawn only in part; title and text are its lines.

    count: the units it stands for, 0 outside the blocks. run: the first unit of the run of equal units that it is of,
    folded or not, or ''. ops: its operations' names. mark: see `marked`. fill, value: see `coloured`.
    """

    name: str
    rect: Rect
    form: Form
    kind: str
    title: str
    text: str
    tooltip: str
    block: str
    unit: int
    count: int = 0
    run: str = ""
    ops: tuple[str, ...] = ()
    mark: str = ""
    fill: str = ""
    value: str = ""

    @property
    def hover(self) -> str:
        """All that is told where a pointer rests on it."""
        return f"{self.tooltip}\n{self.value}" if self.value else self.tooltip

    @property
    def folded(self) -> bool:
        """Whether it stands for a run of units: a click opens it."""
        return self.count > 1 and self.form == "chip"

    @property
    def stacked(self) -> bool:
        """Whether it is drawn as a stack of chips: a folded run that is one box."""
        return self.folded and self.kind == "unit"


@dataclass(frozen=True, slots=True)
class Line:
    """An edge. kind: 'main' or the shortcut's kind. count: the shortcuts it stands for. badge: a word on it, at
    badge_at. mark: see `marked`.
    """

    ends: Ends
    path: Path
    kind: str
    badge: str
    badge_at: Point
    tooltip: str
    count: int = 0
    mark: str = ""

    @property
    def badge_rect(self) -> Rect:
        """Where the badge is drawn: room for its text, whatever the font."""
        width = widest(self.badge, BADGE_SIZE, True) + 10.0
        return (self.badge_at[0] - width / 2, self.badge_at[1] - BADGE_HEIGHT / 2, width, BADGE_HEIGHT)


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text that stands free, in a rectangle that it surely fits; align: left, middle or right in it."""

    text: str
    rect: Rect
    size: float
    bold: bool = False
    align: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of the main line behind its boxes: a block's, or (outline) a run of units drawn as one.

    level: 0 the first block, 1 the last. texts: what it is called, its output's shape, its units.
    """

    block: str
    rect: Rect
    texts: tuple[Text, ...]
    level: float
    outline: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of a network. rect bounds everything in it. texts: those that stand free. note: what was done that was
    not asked for, or ''.

    folded: whether runs of equal units are folded. layouts: those offered for a graph of this size. bar: see `coloured`.
    """

    title: str
    detail: Detail
    layout: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    texts: tuple[Text, ...]
    rect: Rect
    folded: bool = False
    note: str = ""
    layouts: tuple[str, ...] = ()
    bar: ColourBar | None = None


def marked(picture: Picture, nodes: Mapping[str, str], edges: Mapping[Ends, str] | None = None) -> Picture:
    """`picture` with marks on nodes (by name) and edges (by their ends): a word each, for which the theme has a colour."""
    edges = edges or {}
    return replace(
        picture,
        boxes=tuple(replace(box, mark=nodes[box.name]) if box.name in nodes else box for box in picture.boxes),
        lines=tuple(replace(line, mark=edges[line.ends]) if line.ends in edges else line for line in picture.lines),
    )


def coloured(picture: Picture, colouring: Colouring | None) -> Picture:
    """`picture` with its boxes coloured by a number, and the bar that says how; None: by their kind.

    A box's value is told in words ('Parameters: 6.04 M parameters'); its fill is a colour as #rrggbb, '' where it has none.
    """
    if colouring is None and picture.bar is None:
        return picture
    colours, bar = node_colours(colouring, {box.name: box.ops for box in picture.boxes})
    boxes = []
    for box in picture.boxes:
        fill, value = colours.get(box.name, ("", ""))
        boxes.append(replace(box, fill=fill, value=f"{bar.title}: {value}" if bar else ""))
    return replace(picture, boxes=tuple(boxes), bar=bar)


def extent(
    boxes: Iterable[Box], lines: Iterable[Line], bands: Iterable[Band], texts: Iterable[Text], margin: float = 8.0
) -> Rect:
    """What bounds everything of a picture, and `margin` around it."""
    rects = [each.rect for group in (boxes, bands, texts) for each in group]
    xs: list[float] = []
    ys: list[float] = []
    for line in lines:
        if line.badge:
            rects.append(line.badge_rect)
        for step in line.path:
            xs.append(step[-2])
            ys.append(step[-1])
            if len(step) == 5:  # a curve, with what it is pulled to
                xs.append(step[1])
                ys.append(step[2])
    for left, top, width, height in rects:
        xs += (left, left + width)
        ys += (top, top + height)
    left, top = min(xs, default=0.0) - margin, min(ys, default=0.0) - margin
    return (left, top, max(xs, default=0.0) + margin - left, max(ys, default=0.0) + margin - top)
