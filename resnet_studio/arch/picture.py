"""What is to be drawn, as plain values: boxes, lines, bands and captions in points. The window and the SVG both read it.

Whatever the layout, the main line is straight where it can be and a shortcut never lies on it.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from .colouring import ColourBar, Colouring, node_colours
from .folding import MAX_ITEMS, decide_folding, runs, too_many
from .graph import Detail, Graph, build_graph
from .layout import Layout, layouts_for, make_layout
from .network import Network
from .routes import Path, Rect, Route, free_routes, row_routes
from .words import count_text, macs_text, shape_text

Form = Literal["chip", "card", "add"]


@dataclass(frozen=True, slots=True)
class Box:
    """A node. rect is (left, top, width, height); kind as the graph has it; title and text are its lines.

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


@dataclass(frozen=True, slots=True)
class Line:
    """An edge. kind: 'main' or the shortcut's kind. count: the shortcuts it stands for. badge: a word on it, at
    badge_at. mark: see `marked`.
    """

    ends: tuple[str, str]
    path: Path
    kind: str
    badge: str
    badge_at: tuple[float, float]
    tooltip: str
    count: int = 0
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Band:
    """A block's rows, with what it is called and its output's shape. level: 0 the first block, 1 the last."""

    block: str
    rect: Rect
    lines: tuple[str, ...]
    level: float


@dataclass(frozen=True, slots=True)
class Caption:
    """A text that stands free: bottom left corner, or middle where centred."""

    at: tuple[float, float]
    text: str
    centred: bool = False


@dataclass(frozen=True, slots=True)
class Picture:
    """A drawing of a network. rect bounds everything in it. note: what was done that was not asked for, or ''.

    folded: whether runs of equal units are folded. layouts: those offered for a graph of this size. bar: see `coloured`.
    """

    title: str
    detail: Detail
    layout: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    captions: tuple[Caption, ...]
    rect: Rect
    folded: bool = False
    note: str = ""
    layouts: tuple[str, ...] = ()
    bar: ColourBar | None = None


@dataclass(frozen=True, slots=True)
class Measure:
    """Sizes at one detail, in points: of a cell of the layout, a chip, an addition, a bow's rise; how far a row's
    band reaches above and below its middle.
    """

    cell: tuple[float, float]
    chip: tuple[float, float]
    add: float
    bow: float
    above: float
    below: float

    @property
    def gutter(self) -> float:
        """How far below a row's middle the line to the next row runs: midway between their bands."""
        return (self.below + self.cell[1] - self.above) / 2


MEASURES: dict[str, Measure] = {
    "blocks": Measure((150.0, 260.0), (112.0, 44.0), 20.0, 60.0, 150.0, 86.0),
    "units": Measure((58.0, 114.0), (66.0, 40.0), 18.0, 42.0, 61.0, 35.0),
    "layers": Measure((104.0, 146.0), (84.0, 38.0), 18.0, 62.0, 98.0, 30.0),
}
BAND_LABEL = 118.0
BAND_MARGIN = 14.0
LEGEND = (("main", "main line"), ("identity", "identity shortcut"),
          ("subsample", "subsample (1×1 max-pool)"), ("projection", "projection (1×1 convolution)"))  # fmt: skip


def make_picture(
    network: Network,
    detail: Detail = "units",
    layout: str = "layered",
    aspect: float = 1.6,
    *,
    fold: bool | None = None,
    unfolded: frozenset[str] = frozenset(),
    colouring: Colouring | None = None,
) -> Picture:
    """`network`, drawn. aspect: width / height of the place it is to fill.

    fold: whether runs of equal units are drawn as one; None: where the picture has many nodes. unfolded: runs
    (`Box.run`) that are drawn unit by unit all the same. colouring: what boxes are coloured by, see `coloured`.
    Raises ValueError for a layout that does not exist or is not offered for so large a graph.
    """
    fold, note = decide_folding(network, detail, fold)
    found = () if detail == "blocks" else runs(network)
    graph = build_graph(network, detail, [run for run in found if run.name not in unfolded] if fold else ())
    items = len(graph) + graph.number_of_edges()
    if fold and unfolded and items > MAX_ITEMS:
        graph, note = build_graph(network, detail, found), too_many(items)
    measure = MEASURES[detail]
    placed = make_layout(graph, layout, aspect * measure.cell[1] / measure.cell[0])
    rects = {node: _rect(graph, placed, measure, node) for node in graph}
    routes = row_routes(graph, placed, rects, measure.bow, measure.gutter) if placed.rows else free_routes(graph, rects)
    run_of = {(run.block, unit): run.name for run in found for unit in range(run.first, run.last + 1)}
    boxes = tuple(_box(graph, node, rect, run_of) for node, rect in rects.items())
    lines = tuple(_line(graph, route) for route in routes)
    bands = _bands(network, graph, placed, rects, measure) if layout == "layered" and detail != "blocks" else ()
    captions = () if bands or detail == "blocks" else _captions(graph, placed, rects, measure)
    drawn = Picture(
        f"{network.design.name}: {_total_text(network, graph)}",
        detail, layout, boxes, lines, bands, captions, _extent(boxes, lines, bands, captions), fold, note,
        layouts_for(graph),
    )  # fmt: skip
    return coloured(drawn, colouring)


def marked(picture: Picture, nodes: Mapping[str, str], edges: Mapping[tuple[str, str], str] | None = None) -> Picture:
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


def _total_text(network: Network, graph: Graph) -> str:
    height, width = network.design.image
    nodes = graph.nodes.values()
    parameters, macs = sum(node["parameters"] for node in nodes), sum(node["macs"] for node in nodes)
    return f"{height}×{width} image, {count_text(parameters)} parameters, {macs_text(macs)}"


def _rect(graph: Graph, layout: Layout, measure: Measure, node: str) -> Rect:
    (column, row), data = layout.positions[node], graph.nodes[node]
    width, height = measure.chip
    if data["role"] == "add":
        width = height = measure.add
    elif data["kind"] == "block":
        # As in the papers' figures: the height of a card follows the spatial size, its width the depth.
        width = 76.0 + 5.0 * min(math.log2(max(data["shape"][2], 2)), 12.0)
        height = 62.0 + 9.0 * min(math.log2(max(*data["shape"][:2], 1)), 9.0)
    elif graph.graph["detail"] == "units" and data["kind"] != "unit":
        width = 92.0
    elif data["role"] == "shortcut":
        height = 32.0
    # Where there are no rows nothing keeps neighbours on one line: a cell must hold a chip whichever way they lie.
    across, down = measure.cell if layout.rows else (measure.chip[0] + 34.0, measure.chip[0] + 34.0)
    x, y = column * across, row * down
    return (x - width / 2, y - height / 2, width, height)


def _box(graph: Graph, node: str, rect: Rect, run_of: Mapping[tuple[str, int], str]) -> Box:
    data = graph.nodes[node]
    form: Form = "add" if data["role"] == "add" else "card" if data["kind"] == "block" else "chip"
    title, text = data["label"], data["short"]
    if form == "card":
        text += f"\n{shape_text(data['shape'])}"
    elif form == "chip" and data["count"] > 1:
        title += f" ×{data['count']}"
    place = (data["block"], data["unit"])
    return Box(
        node, rect, form, data["kind"], title, text, _node_tooltip(node, data), *place,
        data["count"], run_of.get(place, ""), data["ops"],
    )  # fmt: skip


def _node_tooltip(node: str, data: dict[str, Any]) -> str:
    lines = [node, data["text"], f"{shape_text(data['shape_in'])} → {shape_text(data['shape'])}"]
    if data["parameters"]:
        lines.append(f"{data['parameters']:,} parameters")
    if data["macs"]:
        lines.append(f"{macs_text(data['macs'])} an image")
    return "\n".join(lines)


def _line(graph: Graph, route: Route) -> Line:
    edge, (source, target) = graph.edges[route.ends], route.ends
    if route.kind == "main":
        return Line(route.ends, route.path, route.kind, "", route.badge_at, "")
    count, stride = edge["counts"][route.kind], edge["stride"]
    what = f"{count} {route.kind} shortcuts" if count > 1 else f"{route.kind} shortcut"
    if graph.graph["detail"] == "blocks" or count > 1:
        # A folded run's shortcut that has a node of its own is counted there.
        badge = (
            "" if "shortcut" in (graph.nodes[source]["role"], graph.nodes[target]["role"]) else f"{count} {route.kind}"
        )
    elif graph.graph["detail"] == "layers" or route.kind == "identity":
        badge = ""
    else:
        words = ("1×1" if route.kind == "projection" else "", f"/{stride}" if stride > 1 else "")
        badge = " ".join(word for word in words if word)
    tooltip = f"{what}\n{source} → {target}"
    return Line(route.ends, route.path, route.kind, badge, route.badge_at, tooltip, count)


def _bands(
    network: Network, graph: Graph, layout: Layout, rects: dict[str, Rect], measure: Measure
) -> tuple[Band, ...]:
    right = max(left + width for left, _, width, _ in rects.values()) + 3 * BAND_MARGIN
    left = min(left for left, *_ in rects.values()) - 3 * BAND_MARGIN - BAND_LABEL
    found = []
    blocks = network.design.blocks
    for level, block in enumerate(blocks):
        rows = [number for number, row in enumerate(layout.rows) if graph.nodes[row[0]]["block"] == block.name]
        top = rows[0] * measure.cell[1] - measure.above
        bottom = rows[-1] * measure.cell[1] + measure.below
        shape = graph.nodes[layout.rows[rows[-1]][-1]]["shape"]
        words = (block.name, shape_text(shape), f"{len(block.units):,} {'unit' if len(block.units) == 1 else 'units'}")
        share = level / max(len(blocks) - 1, 1)
        found.append(Band(block.name, (left, top, right - left, bottom - top), words, share))
    return tuple(found)


def _captions(graph: Graph, layout: Layout, rects: dict[str, Rect], measure: Measure) -> tuple[Caption, ...]:
    """The blocks' names where there are no bands: over their first unit, or outside it on a circle."""
    found: list[Caption] = []
    seen = {""}
    centres = [(left + width / 2, top + height / 2) for left, top, width, height in rects.values()]
    middle = [sum(axis) / len(centres) for axis in zip(*centres, strict=True)]
    for node, (left, top, width, height) in rects.items():
        block = graph.nodes[node]["block"]
        if block in seen:
            continue
        seen.add(block)
        if layout.rows:
            found.append(Caption((left, top - measure.bow + height / 2 - 12), block))
        else:
            x, y = left + width / 2 - middle[0], top + height / 2 - middle[1]
            away = 1 + (0.9 * max(width, height) + 8.0) / max(math.hypot(x, y), 1.0)
            found.append(Caption((middle[0] + x * away, middle[1] + y * away + 5), block, centred=True))
    return tuple(found)


def _extent(
    boxes: tuple[Box, ...], lines: tuple[Line, ...], bands: tuple[Band, ...], captions: tuple[Caption, ...]
) -> Rect:
    points = [
        (x, y) for line in lines for _, *numbers in line.path for x, y in zip(numbers[::2], numbers[1::2], strict=True)
    ]
    for left, top, width, height in [box.rect for box in boxes] + [band.rect for band in bands]:
        points += [(left, top), (left + width, top + height)]
    for caption in captions:
        x, y = caption.at
        reach = 8.0 * len(caption.text)
        points += [(x - (reach / 2 if caption.centred else 0), y - 14), (x + reach, y + 4)]
    left, top = min(x for x, _ in points) - 8, min(y for _, y in points) - 14
    return (left, top, max(x for x, _ in points) + 8 - left, max(y for _, y in points) + 8 - top)
