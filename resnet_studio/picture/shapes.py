"""The parts of a picture as plain values, in points: boxes, lines, bands and texts."""

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
    """A node of the graph, drawn.

    name: the node's name in the graph.
    rect: (left, top, width, height).
    kind: as in the graph; 'fault' or 'missing' for a part that is not drawn.
    title, text: its lines of text.
    block, unit: its place; '' and 0 outside the blocks.
    count: the number of units that it stands for; 0 outside the blocks.
    run: the name of the run of equal units that it belongs to, folded or not; '' for none.
    ops: the names of its operations.
    mark: see `marked`.
    fill, value: see `coloured`.
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
        """The text that is shown when the pointer rests on it."""
        return f"{self.tooltip}\n{self.value}" if self.value else self.tooltip

    @property
    def folded(self) -> bool:
        """Whether it stands for a run of units. A click opens such a box."""
        return self.count > 1 and self.form == "chip"

    @property
    def stacked(self) -> bool:
        """Whether it is drawn as a stack of boxes: it is the only box of a folded run."""
        return self.folded and self.kind == "unit"


@dataclass(frozen=True, slots=True)
class Line:
    """An edge of the graph, drawn.

    ends: the names of the nodes at its ends.
    kind: 'main', or the kind of the shortcut.
    badge, badge_at: a word on it, and the middle of that word.
    count: the number of shortcuts that it stands for.
    mark: see `marked`.
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
        """The rectangle of the badge, wide enough for its text in every font."""
        width = widest(self.badge, BADGE_SIZE, True) + 10.0
        return (self.badge_at[0] - width / 2, self.badge_at[1] - BADGE_HEIGHT / 2, width, BADGE_HEIGHT)


@dataclass(frozen=True, slots=True)
class Text:
    """A line of text outside the boxes. It surely fits its rectangle. align: left, middle or right in it."""

    text: str
    rect: Rect
    size: float
    bold: bool = False
    align: Literal["start", "middle", "end"] = "start"


@dataclass(frozen=True, slots=True)
class Band:
    """A band behind the boxes of a block.

    block: the block's name.
    texts: the block's name, the shape of its output and its number of units.
    level: how dark the band is, from 0 (the first block) to 1 (the last).
    outline: it is a frame round a run of units that is drawn as one unit.
    """

    block: str
    rect: Rect
    texts: tuple[Text, ...]
    level: float
    outline: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of a network.

    texts: the texts outside boxes and bands.
    rect: the rectangle that holds everything in it.
    folded: whether runs of equal units are folded.
    note: a sentence about what was done against the user's choice; '' for nothing.
    layouts: the layouts that are offered for a graph of this size.
    bar: the colour bar, see `coloured`.
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
    """`picture` with a mark on each of some nodes (by name) and edges (by their ends). The theme has a colour for each mark."""
    edges = edges or {}
    return replace(
        picture,
        boxes=tuple(replace(box, mark=nodes[box.name]) if box.name in nodes else box for box in picture.boxes),
        lines=tuple(replace(line, mark=edges[line.ends]) if line.ends in edges else line for line in picture.lines),
    )


def coloured(picture: Picture, colouring: Colouring | None) -> Picture:
    """`picture` with its boxes coloured by a number, and with the colour bar. With None they are coloured by kind.

    The value of a box is a text ('Parameters: 6.04 M parameters'). Its fill is a colour as #rrggbb, or '' without a value.
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
    """The rectangle that holds everything of a picture, with `margin` points around it."""
    rects = [each.rect for group in (boxes, bands, texts) for each in group]
    xs: list[float] = []
    ys: list[float] = []
    for line in lines:
        if line.badge:
            rects.append(line.badge_rect)
        for step in line.path:
            xs.append(step[-2])
            ys.append(step[-1])
            if len(step) == 5:  # a curve, with its control point
                xs.append(step[1])
                ys.append(step[2])
    for left, top, width, height in rects:
        xs += (left, left + width)
        ys += (top, top + height)
    left, top = min(xs, default=0.0) - margin, min(ys, default=0.0) - margin
    return (left, top, max(xs, default=0.0) + margin - left, max(ys, default=0.0) + margin - top)
