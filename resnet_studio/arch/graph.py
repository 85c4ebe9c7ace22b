"""Network -> networkx.DiGraph, at the detail of blocks, units or layers: the list of operations, contracted.

At blocks and units detail a unit is a node (its residual function) and an addition; the shortcut is an edge from
what enters the unit to the addition. A projection really reads preact, inside the unit: layers detail shows that.
"""

from __future__ import annotations

from collections import Counter
from typing import Literal, TypeAlias

import networkx as nx

from .cost import op_costs, total
from .network import Network, Op

Graph: TypeAlias = "nx.DiGraph[str]"
Detail = Literal["blocks", "units", "layers"]
DETAILS: tuple[Detail, ...] = ("blocks", "units", "layers")

_STRENGTH = ("identity", "subsample", "projection")


def build_graph(network: Network, detail: Detail = "units") -> Graph:
    """The graph of `network`, nodes in the order of the operations.

    Nodes carry: label (short name), kind (input, conv, norm, pool, add, softmax, subsample, projection, unit, block),
    role (main, residual, shortcut, add), block, unit (0 outside units), count (units in it), shape (h, w, c) of its
    output, shape_in, stride, text (what it does), short (the same in few
    characters), parameters, macs, ops (names of its operations).
    Edges carry: shortcut ("" on the main line, else identity, subsample or projection), counts, the number of
    shortcuts of each kind that the edge stands for, and stride, the shortcut's.
    Raises ValueError for an unknown detail.
    """
    if detail not in DETAILS:
        raise ValueError(f"detail: {detail!r} is not one of {', '.join(DETAILS)}")
    groups = _groups(network, detail)
    graph: Graph = nx.DiGraph(name=network.design.name, detail=detail)
    costs = op_costs(network)
    group_of = {op.name: group for group, ops in groups.items() for op in ops}
    for group, ops in groups.items():
        cost = total(costs[op.name] for op in ops)
        graph.add_node(
            group,
            **_describe(network, ops, detail),
            parameters=cost.parameters,
            macs=cost.macs,
            ops=tuple(op.name for op in ops),
        )
    for op in network.ops:
        for position, name in enumerate(op.inputs):
            source, target = group_of[name], group_of[op.name]
            if source == target:
                continue
            shortcut = _shortcut_of(network, op, position)
            if detail != "layers" and shortcut:
                continue
            graph.add_edge(source, target, shortcut=shortcut, counts={shortcut: 1} if shortcut else {}, stride=1)
    if detail != "layers":
        _add_shortcuts(network, graph, group_of, detail)
    return graph


def _groups(network: Network, detail: Detail) -> dict[str, list[Op]]:
    """The operations of each node. The addition that ends a unit (or block) is a node of its own."""
    last_of_block = {op.block: op.name for op in network.ops if op.kind == "add"}
    groups: dict[str, list[Op]] = {}
    for op in network.ops:
        if detail == "layers" or not op.block:
            key = op.layer
        elif detail == "units":
            key = f"{op.block}/unit_{op.unit}" + ("/add" if op.kind == "add" else "")
        else:
            key = op.block + ("/add" if op.name == last_of_block[op.block] else "")
        groups.setdefault(key, []).append(op)
    return groups


def _shortcut_of(network: Network, op: Op, position: int) -> str:
    """The kind of shortcut that this input of `op` is a part of, or ''."""
    if op.role == "shortcut" or (op.kind == "add" and position == 0):
        return network.shortcuts[op.block, op.unit]
    return ""


def _add_shortcuts(network: Network, graph: Graph, group_of: dict[str, str], detail: Detail) -> None:
    """One edge a unit (a block), from what enters it to its addition."""
    entries: dict[tuple[str, int], str] = {}
    exits: dict[tuple[str, int], str] = {}
    counts: dict[tuple[str, int], Counter[str]] = {}
    strides: Counter[tuple[str, int]] = Counter()
    for op in network.ops:
        if not op.block:
            continue
        key = (op.block, op.unit if detail == "units" else 0)
        entries.setdefault(key, op.inputs[0])
        if op.role == "shortcut":
            strides[key] = max(strides[key], op.stride)
        if op.kind == "add":
            exits[key] = op.name
            counts.setdefault(key, Counter())[network.shortcuts[op.block, op.unit]] += 1
    for key, entry in entries.items():
        kinds = {kind: counts[key][kind] for kind in _STRENGTH if counts[key][kind]}
        strongest = max(kinds, key=_STRENGTH.index)
        graph.add_edge(
            group_of[entry], group_of[exits[key]], shortcut=strongest, counts=kinds, stride=max(strides[key], 1)
        )


def _describe(network: Network, ops: list[Op], detail: Detail) -> dict[str, object]:
    first, last = ops[0], ops[-1]
    enters = network.by_name[first.inputs[0]].shape if first.inputs else first.shape
    place = {"block": first.block, "unit": first.unit if detail != "blocks" else 0}
    # A unit's operations come in the order preact, shortcut, conv1, ...: its output is the last residual one's.
    common = {**place, "shape": last.shape, "shape_in": enters, "count": 0, "stride": 1}
    if first.kind == "add" and len(ops) == 1:
        return {**common, "label": "+", "kind": "add", "role": "add", "text": "element-wise addition",
                "short": ""}  # fmt: skip
    if detail == "blocks" and first.block:
        count = sum(block.name == first.block and len(block.units) for block in network.design.blocks)
        stride = enters[0] / last.shape[0]
        return {**common, "label": first.block, "kind": "block", "role": "residual", "count": count,
                "stride": round(stride), "text": f"{count} units", "short": f"×{count}"}  # fmt: skip
    if detail == "units" and first.unit:
        convs = [op for op in ops if op.kind == "conv" and op.role == "residual"]
        stride = max(op.stride for op in convs)
        text = ", ".join(_conv_text(op) for op in convs)
        return {**common, "label": f"unit {first.unit}", "kind": "unit", "role": "residual", "count": 1,
                "stride": stride, "text": text, "short": f"{convs[0].depth} → {last.depth}"}  # fmt: skip
    return {**common, **_layer(first, ops)}


def _layer(first: Op, ops: list[Op]) -> dict[str, object]:
    more = "".join(f", {word}" for op in ops[1:] if (word := {"batch_norm": "BN", "relu": "ReLU"}.get(op.kind)))
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
        case "global_pool":
            kind, text, short = "pool", "mean over height and width", "mean"
    return {"label": label, "role": first.role, "stride": first.stride, "kind": kind, "text": text, "short": short}


def _conv_text(op: Op) -> str:
    stride = f" /{op.stride}" if op.stride != 1 else ""
    return f"{op.kernel}×{op.kernel}{stride}, {op.depth}"
