"""Draws a network: from its graph and a layout it makes a Picture, which the window and the SVG both read.

In every layout the main line is straight where possible, and no shortcut lies on it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import lru_cache
from textwrap import wrap
from typing import Any

from resnet_studio.design.words import count_text, macs_text, shape_text
from resnet_studio.network.folding import MAX_ITEMS, decide_folding, runs, too_many, too_much_detail
from resnet_studio.network.network import Network, Shape
from resnet_studio.network.partial import Missing

from .captions import LEAST, label_room, row_bands, shape_texts, wanted_beneath
from .colouring import Colouring
from .flow import make_flow
from .free_captions import settle_words
from .free_routes import place_freely
from .graph import Detail, Graph, add_missing, build_graph, nodes_of
from .layout import LAYOUTS, in_rows, layouts_for, make_layout
from .routes import Route, row_routes
from .shapes import Band, Box, Form, Line, Picture, Rect, Text, coloured, extent, marked
from .sizes import FAULT_COLUMNS, scale_of
from .text_fit import elide

_BLANK: Rect = (0.0, 0.0, 120.0, 80.0)  # the page of a picture without a node

__all__ = ["Band", "Box", "Line", "Picture", "Text", "coloured", "make_picture", "marked"]


def make_picture(
    network: Network,
    detail: Detail = "units",
    layout: str = "layered",
    aspect: float = 1.6,
    *,
    fold: bool | None = None,
    unfolded: frozenset[str] = frozenset(),
    colouring: Colouring | None = None,
    missing: Sequence[Missing] = (),
) -> Picture:
    """Draws `network`.

    detail: 'blocks', 'units' or 'layers'.
    layout: the name of a layout, see `make_layout`.
    aspect: width / height of the place that the picture is to fill.
    fold: whether each run of equal units is drawn as one; None folds where the picture has many nodes.
    unfolded: the names of runs (`Box.run`) that are drawn unit by unit all the same.
    colouring: what the boxes are coloured by, see `coloured`.
    missing: the parts behind the network, where it is only the sound part of a design (see `sound_part`).

    Raises ValueError for a layout that does not exist or is not offered for so large a graph.
    """
    fold, note = decide_folding(network, detail, fold)
    found = () if detail == "blocks" else runs(network)
    graph = build_graph(network, detail, [run for run in found if run.name not in unfolded] if fold else ())
    if _items(graph) > MAX_ITEMS and unfolded:
        note, graph = too_many(_items(graph)), build_graph(network, detail, found)
    while _items(graph) > MAX_ITEMS:
        # Units that differ can't be folded. What is left to do is to draw less detail.
        note, detail = too_much_detail(_items(graph), detail), "units" if detail == "layers" else "blocks"
        graph = build_graph(network, detail, found if fold and detail == "units" else ())
    scale = scale_of(graph)
    add_missing(graph, missing)
    if not graph:
        return _blank(network, detail, layout, fold)
    nodes = nodes_of(graph)
    sizes = {node: scale.size(data) for node, data in nodes.items()}
    flow = None
    if in_rows(layout):
        flow = make_flow(graph, layout, sizes, aspect, wanted_beneath(graph), label_room(graph, layout))
        rects, routes = {node: flow.rect(node) for node in graph}, row_routes(flow)
    else:
        rects, routes = place_freely(graph, make_layout(graph, layout), sizes)
    run_of = {(run.block, unit): run.name for run in found for unit in range(run.first, run.last + 1)}
    bracketed = detail == "layers" and flow is not None
    boxes = [_box(detail, node, nodes[node], rect, run_of, bracketed) for node, rect in rects.items()]
    edges = {(a, b): edge for a, b, edge in graph.edges(data=True)}
    brief, aside = (
        not LAYOUTS[layout].wide,
        {n for n, data in nodes.items() if data["role"] == "shortcut"},
    )
    lines = [_line(detail, edges[route.ends], route, brief, not aside.isdisjoint(route.ends)) for route in routes]
    if flow:
        bands, texts = row_bands(flow), shape_texts(flow)
    else:
        lines, texts = settle_words(graph, boxes, lines)
        bands = []
    drawn_to = "drawn as far as it is sound" if missing else _total_text(network, graph)
    title = f"{network.design.name}: {drawn_to}"
    drawn = Picture(
        title, detail, layout, tuple(boxes), tuple(lines), tuple(bands), tuple(texts), extent(boxes, lines, bands, texts),
        fold, note, layouts_for(graph),
    )  # fmt: skip
    return coloured(drawn, colouring)


def _blank(network: Network, detail: Detail, layout: str, fold: bool) -> Picture:
    """A picture without a node."""
    return Picture(
        f"{network.design.name}: nothing to draw", detail, layout, (), (), (), (), _BLANK, fold, "", ("layered",)
    )


def _items(graph: Graph) -> int:
    return len(graph) + graph.number_of_edges()


def _total_text(network: Network, graph: Graph) -> str:
    size = shape_text(network.design.image + (network.design.channels,) * (network.design.channels != 3))
    nodes = nodes_of(graph).values()
    parameters, macs = sum(node["parameters"] for node in nodes), sum(node["macs"] for node in nodes)
    return f"{size} image, {count_text(parameters)} parameters, {macs_text(macs)}"


def _box(
    detail: Detail, node: str, data: dict[str, Any], rect: Rect, run_of: Mapping[tuple[str, int], str], bracketed: bool
) -> Box:
    form: Form = "add" if data["role"] == "add" else "card" if detail == "blocks" and data["ops"] else "chip"
    lines, shape = [data["label"], *filter(None, [data["short"]])], shape_text(data["shape"])
    apart = data["kind"] in ("fault", "missing")
    if apart:
        lines = [data["label"], *wrap(data["text"], FAULT_COLUMNS, max_lines=4, placeholder=" …")]
    if form == "chip" and data["count"] > 1:
        if detail == "units":
            lines = [f"×{data['count']}", *lines]
        elif not bracketed:
            lines[0] += f" ×{data['count']}"
    if data["rate"] > 1 and detail != "layers":
        lines.append(f"rate {data['rate']}")
    if detail != "units" and form != "add" and shape not in lines and not apart:
        lines.append(shape)
    lines[0] = elide(lines[0], 15.0 if form == "card" else 12.5, (rect[2] - 8.0) / LEAST, True)
    place = (data["block"], data["unit"])
    return Box(
        node, rect, form, data["kind"], lines[0], "\n".join(lines[1:]), _tooltip(node, data), *place,
        data["count"], run_of.get(place, ""), data["ops"],
    )  # fmt: skip


def _tooltip(node: str, data: dict[str, Any]) -> str:
    if data["kind"] in ("fault", "missing"):
        return f"{data['label']}\n{data['text']}"
    return _node_tooltip(node, data["text"], data["shape_in"], data["shape"], data["parameters"], data["macs"])


@lru_cache(maxsize=8_192)
def _node_tooltip(node: str, text: str, shape_in: Shape, shape: Shape, parameters: int, macs: int) -> str:
    lines = [node, text, f"{shape_text(shape_in)} → {shape_text(shape)}"]
    if parameters:
        lines.append(f"{parameters:,} parameters")
    if macs:
        lines.append(f"{macs_text(macs)} an image")
    return "\n".join(lines)


def _line(detail: Detail, edge: dict[str, Any], route: Route, brief: bool, told: bool) -> Line:
    """A drawn edge. brief: its words must be short. told: the shortcut's own box tells about it already."""
    source, target = route.ends
    if route.kind == "main":
        return Line(route.ends, route.path, route.kind, "", route.badge_at, "")
    count, stride = edge["counts"][route.kind], edge["stride"]
    words: list[str] = []
    if told:
        pass
    elif detail == "blocks" or count > 1:
        # Words across shortcuts must be short: rows are columns, or arcs lie close to each other.
        words = [f"×{count}"] if brief else [f"{count} {route.kind}"]
    elif route.kind != "identity" and detail == "units":
        words = ["1×1"] * (route.kind == "projection") + [f"/{stride}"] * (stride > 1)
    what = f"{count} {route.kind} shortcuts" if count > 1 else f"{route.kind} shortcut"
    tooltip = f"{what}\n{source} → {target}"
    return Line(route.ends, route.path, route.kind, " ".join(words), route.badge_at, tooltip, count)
