"""Network -> networkx.DiGraph, at the detail of blocks, units or layers: the list of operations, contracted.

At blocks and units detail a unit is a node (its residual function) and an addition; the shortcut is an edge from
what enters the unit to the addition. A projection really reads preact, inside the unit: layers detail shows that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Literal, TypeAlias

import networkx as nx

from resnet_studio.network.cost import op_costs, total
from resnet_studio.network.folding import Run
from resnet_studio.network.network import Network, Op
from resnet_studio.network.partial import Missing

Graph: TypeAlias = "nx.DiGraph[str]"
Detail = Literal["blocks", "units", "layers"]
Place = tuple[str, int]
DETAILS: tuple[Detail, ...] = ("blocks", "units", "layers")

_STRENGTH = ("identity", "subsample", "projection")


def build_graph(network: Network, detail: Detail = "units", folded: Iterable[Run] = ()) -> Graph:
    """The graph of `network`, nodes in the order of the operations. Each run of `folded` is drawn as one unit.

    Nodes carry: label (short name), kind (input, conv, norm, pool, add, softmax, subsample, projection, unit, block),
    role (main, residual, shortcut, add), block, unit (0 outside units; a folded run's first), count (units it stands
    for; 0 outside blocks), shape (h, w, c) of its output, shape_in, stride, text (what it does), short (the same in
    few characters), rate (of its most dilated convolution), parameters, macs, ops (names of its operations, a folded run's all together).
    Edges carry: shortcut ("" on the main line, else identity, subsample or projection), counts, the number of
    shortcuts of each kind that the edge stands for, and stride, the shortcut's.
    Raises ValueError for an unknown detail.
    """
    if detail not in DETAILS:
        raise ValueError(f"detail: {detail!r} is not one of {', '.join(DETAILS)}")
    run_of = {(run.block, number): run for run in folded for number in range(run.first, run.last + 1)}
    groups = _groups(network, detail, run_of)
    graph: Graph = nx.DiGraph(name=network.design.name, detail=detail)
    costs = op_costs(network)
    group_of = {op.name: group for group, ops in groups.items() for op in ops}
    for group, ops in groups.items():
        cost = total(costs[op.name] for op in ops)
        graph.add_node(
            group,
            **_describe(network, ops, detail, run_of.get((ops[0].block, ops[0].unit))),
            parameters=cost.parameters,
            macs=cost.macs,
            ops=tuple(op.name for op in ops),
        )
    for op, position, entry in _inputs(network, run_of):
        source, target = group_of[entry], group_of[op.name]
        if source == target:
            continue
        shortcut = _shortcut_of(network, op, position)
        if detail == "layers" and shortcut:
            _add_shortcut(graph, source, target, shortcut, 1)
        elif not shortcut:
            graph.add_edge(source, target, shortcut="", counts={}, stride=1)
    if detail != "layers":
        _add_shortcuts(network, graph, group_of, detail, run_of)
    return graph


def add_missing(graph: Graph, missing: Sequence[Missing]) -> None:
    """Nodes for the parts of a faulty design that are not drawn, behind all others: kind 'fault' or 'missing'."""
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


def _groups(network: Network, detail: Detail, run_of: Mapping[Place, Run]) -> dict[str, list[Op]]:
    """The operations of each node. The addition that ends a unit (or block) is a node of its own."""
    ends = {block: unit for block, unit in network.shortcuts}  # noqa: C416 - of each block the last unit with an addition
    plain = {op.block for op in network.ops if op.kind == "conv" and op.role == "main"}
    groups: dict[str, list[Op]] = {}
    for op in network.ops:
        run = run_of.get((op.block, op.unit))
        unit = run.node if run else f"{op.block}/unit_{op.unit}"
        # The ReLU behind an addition goes with it, unless there is an addition no more.
        ending = op.role == "add" and (op.block, op.unit) in network.shortcuts
        if not op.block:
            key = op.layer
        elif detail == "layers":
            key = unit + op.layer[op.layer.index("/", len(op.block) + 1) :] if run else op.layer
        elif detail == "units":
            key = unit + ("/add" if ending else "")
        elif op.block in plain:
            key = op.block
        else:
            last = ends.get(op.block, 0)
            # What is left of a unit without its residual branch, behind the last addition, stands for itself.
            key = unit if op.unit > last else op.block + ("/add" if ending and op.unit == last else "")
        groups.setdefault(key, []).append(op)
    return groups


def _inputs(network: Network, run_of: Mapping[Place, Run]) -> Iterator[tuple[Op, int, str]]:
    """Each input of each operation, with its position. All units of a folded run read what enters the run."""
    entries: dict[Run, str] = {}
    by_name = network.by_name
    for op in network.ops:
        run = run_of.get((op.block, op.unit))
        for position, name in enumerate(op.inputs):
            if run and by_name[name].unit != op.unit:
                yield op, position, entries.setdefault(run, name)
            else:
                yield op, position, name


def _shortcut_of(network: Network, op: Op, position: int) -> str:
    """The kind of shortcut that this input of `op` is a part of, or ''."""
    if op.role == "shortcut" or (op.kind == "add" and position == 0):
        return network.shortcuts.get((op.block, op.unit), "")
    return ""


def _add_shortcut(graph: Graph, source: str, target: str, kind: str, stride: int) -> None:
    """One more shortcut of a kind on the edge; the edge is called after the strongest that it stands for."""
    if not graph.has_edge(source, target):
        graph.add_edge(source, target, shortcut=kind, counts={kind: 1}, stride=stride)
        return
    edge = graph.edges[source, target]
    edge["counts"][kind] = edge["counts"].get(kind, 0) + 1
    if len(edge["counts"]) > 1:
        edge["counts"] = {each: edge["counts"][each] for each in _STRENGTH if each in edge["counts"]}
        edge["shortcut"] = [*edge["counts"]][-1]
    edge["stride"] = max(edge["stride"], stride)


def _add_shortcuts(
    network: Network, graph: Graph, group_of: dict[str, str], detail: Detail, run_of: Mapping[Place, Run]
) -> None:
    """One edge a unit (a folded run, a block), from what enters it to its addition."""
    entries: dict[object, str] = {}
    exits = {op.block if detail == "blocks" else (op.block, op.unit): op.name for op in network.ops if op.kind == "add"}
    strides: dict[Place, int] = {}
    for op in network.ops:
        if not op.block:
            continue
        place = (op.block, op.unit)
        entries.setdefault(op.block if detail == "blocks" else run_of.get(place, place), op.inputs[0])
        if op.role == "shortcut":
            strides[place] = max(op.stride, strides.get(place, 1))
        if op.kind == "add":
            entry = entries[op.block if detail == "blocks" else run_of.get(place, place)]
            end = exits[op.block if detail == "blocks" else place]
            kind, stride = network.shortcuts[place], strides.get(place, 1)
            _add_shortcut(graph, group_of[entry], group_of[end], kind, stride)


def _describe(network: Network, ops: list[Op], detail: Detail, run: Run | None) -> dict[str, object]:
    first, last = ops[0], ops[-1]
    enters = network.by_name[first.inputs[0]].shape if first.inputs else first.shape
    place = {"block": first.block, "unit": first.unit if detail != "blocks" else 0}
    # A unit's operations come in the order preact, shortcut, conv1, ...: its output is the last residual one's.
    count = run.count if run else int(first.unit > 0)
    rate = max(op.rate for op in ops)
    common = {**place, "shape": last.shape, "shape_in": enters, "count": count, "stride": 1, "rate": rate}
    if first.kind == "add":
        relu = any(op.kind == "relu" for op in ops)
        return {**common, "label": "+", "kind": "add", "role": "add", "short": "ReLU" if relu else "",
                "text": "element-wise addition, then ReLU" if relu else "element-wise addition"}  # fmt: skip
    branch = [op for op in ops if op.kind == "conv" and op.block and op.role != "shortcut"]
    if detail == "blocks" and branch:
        count = sum(block == first.block for block, _ in network.shortcuts or network.units)
        stride = enters[0] / last.shape[0]
        return {**common, "label": first.block, "kind": "block", "role": branch[0].role, "count": count,
                "stride": round(stride), "text": f"{count} units" + (f", rate {rate}" if rate > 1 else ""),
                "short": f"×{count}"}  # fmt: skip
    if detail != "layers" and first.unit:
        # A folded run's operations begin with its first unit's: that one tells for all.
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
    if first.role == "shortcut" and (first.block, first.unit) not in network.shortcuts:
        described["role"] = "main"  # the residual branch is gone: nothing is short-cut here
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
