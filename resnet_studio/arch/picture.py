"""What is to be drawn, as plain values: boxes, lines, bands and captions in points. The window and the SVG both read it.

Whatever the layout, the main line is straight where it can be and a shortcut never lies on it.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

from .cost import Cost, network_cost
from .graph import Detail, Graph, build_graph
from .layout import Layout, make_layout
from .network import Network
from .routes import Path, Rect, Route, free_routes, row_routes
from .words import count_text, macs_text, shape_text

Form = Literal["chip", "card", "add"]


@dataclass(frozen=True, slots=True)
class Box:
    """A node. rect is (left, top, width, height); kind as the graph has it; title and text are its two lines."""

    name: str
    rect: Rect
    form: Form
    kind: str
    title: str
    text: str
    tooltip: str
    block: str
    unit: int


@dataclass(frozen=True, slots=True)
class Line:
    """An edge. kind: 'main' or the shortcut's kind. badge: a word on it, at badge_at."""

    ends: tuple[str, str]
    path: Path
    kind: str
    badge: str
    badge_at: tuple[float, float]
    tooltip: str


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
    """A drawing of a network. rect bounds everything in it."""

    title: str
    detail: Detail
    layout: str
    boxes: tuple[Box, ...]
    lines: tuple[Line, ...]
    bands: tuple[Band, ...]
    captions: tuple[Caption, ...]
    rect: Rect


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


def make_picture(network: Network, detail: Detail = "units", layout: str = "layered", aspect: float = 1.6) -> Picture:
    """`network`, drawn. aspect: width / height of the place it is to fill.

    Raises ValueError for a layout that does not exist or is not offered for so large a graph.
    """
    graph = build_graph(network, detail)
    measure = MEASURES[detail]
    placed = make_layout(graph, layout, aspect * measure.cell[1] / measure.cell[0])
    rects = {node: _rect(graph, placed, measure, node) for node in graph}
    routes = row_routes(graph, placed, rects, measure.bow, measure.gutter) if placed.rows else free_routes(graph, rects)
    boxes = tuple(_box(graph, node, rect) for node, rect in rects.items())
    lines = tuple(_line(graph, route) for route in routes)
    bands = _bands(network, graph, placed, rects, measure) if layout == "layered" and detail != "blocks" else ()
    captions = () if bands or detail == "blocks" else _captions(graph, placed, rects, measure)
    cost = network_cost(network)
    return Picture(
        f"{network.design.name}: {_total_text(network, cost)}",
        detail, layout, boxes, lines, bands, captions, _extent(boxes, lines, bands, captions),
    )  # fmt: skip


def _total_text(network: Network, cost: Cost) -> str:
    height, width = network.design.image
    return f"{height}×{width} image, {count_text(cost.parameters)} parameters, {macs_text(cost.macs)}"


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


def _box(graph: Graph, node: str, rect: Rect) -> Box:
    data = graph.nodes[node]
    form: Form = "add" if data["role"] == "add" else "card" if data["kind"] == "block" else "chip"
    text = f"{data['short']}\n{shape_text(data['shape'])}" if form == "card" else data["short"]
    return Box(
        node, rect, form, data["kind"], data["label"], text, _node_tooltip(node, data), data["block"], data["unit"]
    )


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
    if graph.graph["detail"] == "blocks":
        badge = f"{count} {route.kind}"
    elif graph.graph["detail"] == "layers" or route.kind == "identity":
        badge = ""
    else:
        badge = " ".join(
            word for word in ("1×1" if route.kind == "projection" else "", f"/{stride}") if word != "/1" and word
        )
    return Line(route.ends, route.path, route.kind, badge, route.badge_at, f"{what}\n{source} → {target}")


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
