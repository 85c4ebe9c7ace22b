"""The words beside the boxes, and the bands behind them: the blocks, their shapes, and where a shape changes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from itertools import chain, groupby
from typing import Any

from resnet_studio.design.words import shape_text

from .flow import Flow, Zone
from .graph import Graph, nodes_of
from .layout import LAYOUTS
from .shapes import Band, Text
from .sizes import Size
from .text_fit import elide, fit, widest

MARGIN = 14.0
LABEL_WIDTH, LABEL_HEIGHT = 112.0, 62.0  # the room for a band's words: beside its rows, or over its columns
INLINE = 20.0  # the height of a band's words where they stand over its part of a row
SMALL, PLAIN = 10.5, 12.0
BRACKET = 20.0
LEAST = 0.7  # a text is shrunk to this part of its size at most; if it still does not fit, it is cut


def wanted_beneath(graph: Graph) -> dict[str, Size]:
    """The room (width, height), by node, for words on the side away from shortcuts: a new shape, or the units of a run."""
    found = {}
    for node, data in nodes_of(graph).items():
        if words := _beneath(graph, data):
            found[node] = (widest(words, SMALL) + 12.0, 17.0)
        elif graph.graph["detail"] == "layers" and data["count"] > 1:
            found[node] = (widest(f"×{data['count']}", PLAIN, True) + 12.0, BRACKET)
    return found


def label_room(graph: Graph, layout: str) -> float:
    """The height of the room over each row for the words of its bands."""
    return 0.0 if LAYOUTS[layout].banded or graph.graph["detail"] == "blocks" else INLINE


def row_bands(flow: Flow) -> list[Band]:
    """The bands behind the boxes: one for each row, or part of a row, of a block, and a frame for each folded run.

    The bands get darker from block to block.
    """
    graph = flow.graph
    if graph.graph["detail"] == "blocks":
        return []
    blocks = list(dict.fromkeys(data["block"] for data in flow.nodes.values() if data["block"]))
    level = {block: i / max(len(blocks) - 1, 1) for i, block in enumerate(blocks)}
    whole = _whole_rows if LAYOUTS[flow.layout.name].banded else _stretches
    return [*whole(flow, level), *_brackets(flow)]


def shape_texts(flow: Flow) -> list[Text]:
    """The words beneath nodes (beside them, where rows are columns).

    A node that changes the shape has the new shape. An addition has the ReLU behind it.
    """
    found = []
    for node in chain.from_iterable(flow.layout.rows):
        words = _beneath(flow.graph, flow.nodes[node])
        if not words:
            continue
        x, y, width, height = flow.rect(node)
        if flow.down:
            room = widest(words, SMALL)
            found.append(Text(words, (x + width + 6.0, y + height / 2 - 8.0, room, 16.0), SMALL))
        else:
            room = max(width, min(widest(words, SMALL), width + 24.0))
            place = (x + width / 2 - room / 2, y + height + 2.0, room, 15.0)
            found.append(Text(words, place, fit(words, SMALL, room), align="middle"))
    return found


def _beneath(graph: Graph, data: Mapping[str, Any]) -> str:
    if data["role"] == "add":
        return str(data["short"])
    drawn = graph.graph["detail"] == "units" and data["kind"] not in ("fault", "missing")
    return shape_text(data["shape"]) if drawn and data["shape"] != data["shape_in"] else ""


def _whole_rows(flow: Flow, level: Mapping[str, float]) -> Iterable[Band]:
    nodes, rows = flow.nodes, flow.layout.rows
    begin = min(flow.edge(node, -1) - flow.before[node] for row in rows for node in row) - 2 * MARGIN
    end = max(flow.edge(node, 1) for row in rows for node in row) + 2 * MARGIN + 10.0
    label = LABEL_HEIGHT if flow.down else LABEL_WIDTH
    last = {data["block"]: data for data in nodes.values()}
    zones_of: dict[str, list[Zone]] = {}
    for zone, row in zip(flow.zones, rows, strict=True):
        zones_of.setdefault(nodes[row[0]]["block"], []).append(zone)
    units = _units_of(flow)
    for block, share in level.items():
        zones = zones_of.get(block)
        if not zones:
            continue
        top, bottom = zones[0].middle - zones[0].above, zones[-1].middle + zones[-1].below
        rect = flow.page_rect((begin - label, top), (end, bottom))
        room = rect[2] - 20.0 if flow.down else LABEL_WIDTH - 8.0
        words = [elide(block, 13.0, room / LEAST, True), shape_text(last[block]["shape"]), _units(units[block])]
        left, middle = rect[0] + 12.0, rect[1] + (8.0 if flow.down else rect[3] / 2 - 26.0)
        texts = tuple(
            Text(text, (left, middle + 17.5 * i, room, 17.0), fit(text, 12.0 if i else 13.0, room, not i), not i)
            for i, text in enumerate(words)
        )
        yield Band(block, rect, texts, share)


def _stretches(flow: Flow, level: Mapping[str, float]) -> Iterable[Band]:
    nodes = flow.nodes
    last = {data["block"]: data for data in nodes.values()}
    seen = set()
    for row, zone in zip(flow.layout.rows, flow.zones, strict=True):
        for block, run in groupby(row, key=lambda node: str(nodes[node]["block"])):
            members = list(run)
            if not block:
                continue
            ahead = flow.ahead(members[0])
            begin = flow.edge(members[0], -1) - ahead * (flow.before[members[0]] - 5.0)
            end = flow.edge(members[-1], 1) + ahead * 5.0
            rect = flow.page_rect((begin, zone.middle - zone.above), (end, zone.middle + zone.below))
            first = block not in seen
            words = f"{block}: {shape_text(last[block]['shape'])}" if first else f"{block}, continued"
            seen.add(block)
            room = rect[2] - 16.0
            words = elide(words, PLAIN, room / LEAST, first)
            place = (rect[0] + 8.0, rect[1] + 3.0, room, 16.0)
            text = Text(words, place, fit(words, PLAIN, room, first), first)
            yield Band(block, rect, (text,), level[block])


def _brackets(flow: Flow) -> Iterable[Band]:
    """A frame round the layers of each run that is drawn as one unit, with the number of its units."""
    nodes = flow.nodes
    if flow.graph.graph["detail"] != "layers":
        return
    for row, zone in zip(flow.layout.rows, flow.zones, strict=True):
        for (block, _), run in groupby(row, key=lambda node: (nodes[node]["block"], nodes[node]["unit"])):
            members = list(run)
            count = nodes[members[0]]["count"]
            if count < 2:
                continue
            ahead = flow.ahead(members[0])
            begin = flow.edge(members[0], -1) - ahead * (flow.before[members[0]] - 7.0)
            end = flow.edge(members[-1], 1) + ahead * 4.0
            top = zone.middle - zone.above + (INLINE if not LAYOUTS[flow.layout.name].banded else 2.0)
            rect = flow.page_rect((begin, top), (end, zone.middle + zone.below - 4.0))
            words = f"×{count}"
            room = widest(words, PLAIN, True)
            place = (rect[0] + rect[2] - room - 8.0, rect[1] + rect[3] - 18.0, room, 16.0)
            yield Band(block, rect, (Text(words, place, PLAIN, True, "end"),), 0.0, outline=True)


def _units_of(flow: Flow) -> Counter[str]:
    """The number of units in each block, counted by additions where the block has any."""
    nodes = flow.nodes.values()
    counted = {(data["block"], data["unit"]): data["count"] for data in nodes if data["role"] == "add"}
    counted = counted or {(data["block"], data["unit"]): data["count"] for data in nodes if data["block"]}
    units: Counter[str] = Counter()
    for (block, _), count in counted.items():
        units[block] += count
    return units


def _units(count: int) -> str:
    return f"{count:,} {'unit' if count == 1 else 'units'}"
