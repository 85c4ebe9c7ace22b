"""Makes a networkx.DiGraph from a network: the list of operations, contracted to blocks, units or layers.

At units detail a unit is two nodes, its residual branch and its addition; so is a block at blocks detail. The shortcut is an
edge from the node ahead of them to the addition. A projection really reads preact; layers detail shows that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal, NamedTuple, TypeAlias

import networkx as nx

from resnet_studio.network.cost import Cost, stretch_costs
from resnet_studio.network.folding import Run
from resnet_studio.network.names import unit_name
from resnet_studio.network.network import Network, Op, Shape, Stretch
from resnet_studio.network.once import once
from resnet_studio.network.partial import Missing

Graph: TypeAlias = "nx.DiGraph[str]"
Detail = Literal["blocks", "units", "layers"]
DETAILS: tuple[Detail, ...] = ("blocks", "units", "layers")

_STRENGTH = ("identity", "subsample", "projection")


def build_graph(network: Network, detail: Detail = "units", folded: Iterable[Run] = ()) -> Graph:
    """The graph of `network`. Its nodes are in the order of the operations. Each run of `folded` becomes one unit.

    Nodes carry: label (short name), kind (input, conv, norm, pool, add, softmax, subsample, projection, unit, block),
    role (main, residual, shortcut, add), block, unit (0 outside units; a folded run's first), count (units it stands
    for; 0 outside blocks), shape (h, w, c) of its output, shape_in, stride, text (what it does), short (the same in
    few characters), rate (of its most dilated convolution), parameters, macs, ops (names of its operations, a folded run's all together).
    Edges carry: shortcut ("" on the main line, else identity, subsample or projection), counts, the number of
    shortcuts of each kind that the edge stands for, and stride, the shortcut's. Raises ValueError for an unknown detail.
    """
    if detail not in DETAILS:
        raise ValueError(f"detail: {detail!r} is not one of {', '.join(DETAILS)}")
    graph: Graph = nx.DiGraph(name=network.design.name, detail=detail)
    node_of: dict[str, str] = {}
    pieces = [
        piece_of(parts[0], detail) if run is None and detail != "blocks" else _piece(parts, detail, run)
        for parts, run in _cut(network, detail, folded)
    ]
    for piece in pieces:
        graph.add_nodes_from(piece.nodes)
        node_of.update(piece.node_of)
    for kind in ("edges", "shortcuts"):
        for piece in pieces:
            entry = node_of.get(piece.entry, "")
            for edge in getattr(piece, kind):
                _add_edge(graph, edge.source or entry, edge)
    return graph


def nodes_of(graph: Graph) -> dict[str, dict[str, Any]]:
    """The attributes of each node, as a dictionary, which is five times as quick as networkx's own view."""
    return dict(iter(graph.nodes(data=True)))


def add_missing(graph: Graph, missing: Sequence[Missing]) -> None:
    """Appends nodes of kind 'fault' or 'missing' for the parts of a faulty design that can't be drawn."""
    before = next(iter(list(graph)[-1:]), "")
    shape = graph.nodes[before]["shape"] if before else (1, 1, 1)
    for number, part in enumerate(missing, start=1):
        node = f"missing/{number}"
        graph.add_node(
            node, label=part.title, kind="fault" if part.fault else "missing", role="main", block=part.block,
            unit=part.unit, count=0, shape=shape, shape_in=shape, stride=1, rate=1, text=part.fault or "not drawn",
            short=part.fault or "not drawn", parameters=0, macs=0, ops=(),
        )  # fmt: skip
        if before:
            graph.add_edge(before, node, shortcut="", counts={}, stride=1)
        before = node


def _cut(network: Network, detail: Detail, folded: Iterable[Run]) -> Iterator[tuple[list[Stretch], Run | None]]:
    """The stretches in groups that are drawn together: a unit, a folded run, at blocks detail a block, or what lies outside."""
    run_of = {(run.block, number): run for run in folded for number in range(run.first, run.last + 1)}

    def together(part: Stretch) -> object:
        block = part.place[0]
        return block if block and detail == "blocks" else run_of.get(part.place, part.place)

    for key, parts in groupby(network.stretches, key=together):
        yield list(parts), key if isinstance(key, Run) else None


class _Edge(NamedTuple):
    """An edge. source: '' for the node ahead of the piece. shortcut: its kind; '' for the main line."""

    source: str
    target: str
    shortcut: str = ""
    stride: int = 1


@dataclass(frozen=True, slots=True)
class _Piece:
    """The part of the graph for some stretches of operations.

    entry: the operation whose output enters them. node_of: the node of each operation.
    edges: they are added in order. shortcuts: they are added after the edges of all pieces.
    """

    entry: str
    nodes: tuple[tuple[str, dict[str, Any]], ...]
    node_of: dict[str, str]
    edges: tuple[_Edge, ...]
    shortcuts: tuple[_Edge, ...]


@once
def piece_of(part: Stretch, detail: Detail) -> _Piece:
    """The part of the graph for one stretch that is not folded. It is the same in every network with this stretch."""
    return _piece([part], detail, None)


def _piece(parts: Sequence[Stretch], detail: Detail, run: Run | None) -> _Piece:
    groups = _groups(parts, detail, run)
    node_of = {op.name: node for node, ops in groups.items() for op in ops}
    whole = _Whole(parts, detail, run)
    costs = {name: cost for part in parts for name, cost in stretch_costs(part).items()}
    nodes = tuple(
        (node, {**_describe(whole, ops), **_cost(costs, ops), "ops": tuple(op.name for op in ops)})
        for node, ops in groups.items()
    )
    entry = parts[0].entry
    edges = tuple(_edges(parts, detail, node_of, run))
    shortcuts = () if detail == "layers" else tuple(_shortcuts(parts, detail, node_of))
    return _Piece(entry.name if entry else "", nodes, node_of, edges, shortcuts)


def _groups(parts: Sequence[Stretch], detail: Detail, run: Run | None) -> dict[str, list[Op]]:
    """The operations of each node. The addition that ends a unit (or block) is a node of its own."""
    last = max((part.place[1] for part in parts if part.shortcut), default=0)  # the last unit with an addition
    plain = any(op.kind == "conv" and op.role == "main" for part in parts for op in part.ops)
    groups: dict[str, list[Op]] = {}
    for part in parts:
        block, number = part.place
        unit = run.node if run else unit_name(part.place)
        for op in part.ops:
            # The ReLU behind an addition goes with it, unless a lesion has removed the addition.
            ending = op.role == "add" and part.shortcut is not None
            if not block:
                key = op.layer
            elif detail == "layers":
                key = unit + op.layer[op.layer.index("/", len(block) + 1) :] if run else op.layer
            elif detail == "units":
                key = unit + ("/add" if ending else "")
            elif plain:
                key = block
            else:
                # Behind the last addition, what a lesion has left of a unit is a node of its own.
                key = unit if number > last else block + ("/add" if ending and number == last else "")
            groups.setdefault(key, []).append(op)
    return groups


def _edges(parts: Sequence[Stretch], detail: Detail, node_of: Mapping[str, str], run: Run | None) -> Iterator[_Edge]:
    """The main line; at layers detail also the shortcuts. All units of a folded run read the input of the run."""
    for part in parts:
        inside = {op.name for op in part.ops} if run else node_of.keys()
        for op in part.ops:
            for position, name in enumerate(op.inputs):
                source, target = node_of[name] if name in inside else "", node_of[op.name]
                part_of_it = op.role == "shortcut" or (op.kind == "add" and position == 0)
                shortcut = (part.shortcut or "") if part_of_it else ""
                if source != target and (detail == "layers" or not shortcut):
                    yield _Edge(source, target, shortcut)


def _shortcuts(parts: Sequence[Stretch], detail: Detail, node_of: Mapping[str, str]) -> Iterator[_Edge]:
    """An edge for each shortcut, from the node ahead of the unit, folded run or block to its addition."""
    ends = [op for part in parts for op in part.ops if op.kind == "add"]
    for part in parts:
        if part.place[0] and part.shortcut:
            addition = next(op for op in part.ops if op.kind == "add")
            stride = max((op.stride for op in part.ops if op.role == "shortcut"), default=1)
            yield _Edge("", node_of[(ends[-1] if detail == "blocks" else addition).name], part.shortcut, stride)


def _add_edge(graph: Graph, source: str, edge: _Edge) -> None:
    if edge.shortcut:
        _add_shortcut(graph, source, edge.target, edge.shortcut, edge.stride)
    else:
        graph.add_edge(source, edge.target, shortcut="", counts={}, stride=1)


def _cost(costs: Mapping[str, Cost], ops: Sequence[Op]) -> dict[str, int]:
    found = [costs[op.name] for op in ops]
    return {"parameters": sum(cost.parameters for cost in found), "macs": sum(cost.macs for cost in found)}


def _add_shortcut(graph: Graph, source: str, target: str, kind: str, stride: int) -> None:
    """Adds a shortcut of a kind to an edge. The edge takes the strongest kind among its shortcuts (see _STRENGTH)."""
    if not graph.has_edge(source, target):
        graph.add_edge(source, target, shortcut=kind, counts={kind: 1}, stride=stride)
        return
    edge = graph.edges[source, target]
    edge["counts"][kind] = edge["counts"].get(kind, 0) + 1
    if len(edge["counts"]) > 1:
        edge["counts"] = {each: edge["counts"][each] for each in _STRENGTH if each in edge["counts"]}
        edge["shortcut"] = [*edge["counts"]][-1]
    edge["stride"] = max(edge["stride"], stride)


class _Whole:
    """The stretches that are drawn together, as the context for describing one of their nodes."""

    def __init__(self, parts: Sequence[Stretch], detail: Detail, run: Run | None) -> None:
        self.detail, self.run = detail, run
        self.units = sum(part.shortcut is not None for part in parts) or len(parts)
        self._short_cut = {part.place for part in parts if part.shortcut}
        entry = parts[0].entry
        self._shapes = {
            op.name: op.shape for op in (*([entry] if entry else []), *(op for part in parts for op in part.ops))
        }

    def enters(self, op: Op) -> Shape:
        """The shape of an operation's first input; its own shape where it has no input."""
        return self._shapes[op.inputs[0]] if op.inputs else op.shape

    def is_short_cut(self, op: Op) -> bool:
        """Whether the unit of an operation has a shortcut."""
        return (op.block, op.unit) in self._short_cut


def _describe(whole: _Whole, ops: list[Op]) -> dict[str, Any]:
    first, last, detail, run = ops[0], ops[-1], whole.detail, whole.run
    enters = whole.enters(first)
    place = {"block": first.block, "unit": first.unit if detail != "blocks" else 0}
    # A unit's operations come in the order preact, shortcut, conv1, ...: so the last one gives the branch's output.
    count = run.count if run else int(first.unit > 0)
    rate = max(op.rate for op in ops)
    common = {**place, "shape": last.shape, "shape_in": enters, "count": count, "stride": 1, "rate": rate}
    if first.kind == "add":
        relu = any(op.kind == "relu" for op in ops)
        return {**common, "label": "+", "kind": "add", "role": "add", "short": "ReLU" if relu else "",
                "text": "element-wise addition, then ReLU" if relu else "element-wise addition"}  # fmt: skip
    branch = [op for op in ops if op.kind == "conv" and op.block and op.role != "shortcut"]
    if detail == "blocks" and branch:
        count = whole.units
        stride = enters[0] / last.shape[0]
        return {**common, "label": first.block, "kind": "block", "role": branch[0].role, "count": count,
                "stride": round(stride), "text": f"{count} units" + (f", rate {rate}" if rate > 1 else ""),
                "short": f"×{count}"}  # fmt: skip
    if detail != "layers" and first.unit:
        # All units of a folded run are equal, so the first one is described.
        convs = [op for op in branch if op.unit == first.unit]
        if not convs:
            label = f"unit {first.unit}"
            return {**common, "label": label, "kind": "unit", "role": "main", "text": "residual branch removed",
                    "short": "removed"}  # fmt: skip
        stride = max(op.stride for op in convs)
        text = ", ".join(_conv_text(op) for op in convs)
        label = f"units {run.first}-{run.last}" if run else f"unit {first.unit}"
        return {**common, "label": label, "kind": "unit", "role": convs[0].role,
                "stride": stride, "text": f"{run.count} equal units, each {text}" if run else text,
                "short": f"{convs[0].depth} → {last.depth}"}  # fmt: skip
    described = {**common, **_layer(first, ops)}
    if first.role == "shortcut" and not whole.is_short_cut(first):
        described["role"] = "main"  # a lesion has removed the residual branch, so this is the main line
    return described


def _layer(first: Op, ops: list[Op]) -> dict[str, object]:
    more = "".join(
        f", {word}"
        for op in ops[1:]
        if op.unit == first.unit and (word := {"batch_norm": "BN", "relu": "ReLU"}.get(op.kind))
    )
    label, kind, text, short = first.layer.rsplit("/", 1)[-1], str(first.kind), str(first.kind), str(first.kind)
    match first.kind:
        case "input":
            text, short = "image", "×".join(map(str, first.shape))
        case "conv":
            kind = "projection" if first.role == "shortcut" else "conv"
            text, short = _conv_text(first) + more, _conv_text(first)
        case "batch_norm":
            kind, text, short = "norm", f"BN{more}", f"BN{more}"
        case "max_pool" | "subsample":
            kind = "pool" if first.kind == "max_pool" else first.kind
            text = f"{first.kernel}×{first.kernel} max-pool /{first.stride}"
            short = f"{first.kernel}×{first.kernel} max /{first.stride}"
        case "relu":
            return {"label": "ReLU", "role": "main", "stride": 1, "kind": "norm", "text": "ReLU behind the addition",
                    "short": ""}  # fmt: skip
        case "global_pool":
            kind, text, short = "pool", "mean over height and width", "mean"
    return {"label": label, "role": first.role, "stride": first.stride, "kind": kind, "text": text, "short": short}


def _conv_text(op: Op) -> str:
    stride = f" /{op.stride}" if op.stride != 1 else ""
    rate = f" rate {op.rate}" if op.rate != 1 else ""
    return f"{op.kernel}×{op.kernel}{stride}{rate}, {op.depth}"
