"""The facts about an operation, a layer, a unit or several of them, as rows of label and text."""

from __future__ import annotations

from collections.abc import Collection
from itertools import groupby

from resnet_studio.design.words import bytes_text, count_text, macs_text, shape_text

from .cost import op_costs, total
from .names import unit_name
from .network import Network, Op, variables
from .receptive_field import receptive_fields

Row = tuple[str, str]
MOST_VARIABLES = 60


def node_title(network: Network, ops: Collection[str]) -> str:
    """A title for operations: 'block3/unit_4', 'block3', 'block3/unit_4/…/conv2' or '5 units'."""
    chosen = _in_order(network, ops)
    places = _places(chosen)
    if len(names := {op.name for op in chosen}) == 1:
        return names.pop()
    if len(layers := {op.layer for op in chosen}) == 1:
        return layers.pop()
    if len(places) == 1 and places[0][1]:
        return unit_name(places[0])
    blocks = {block for block, _ in places}
    if len(blocks) == 1 and "" not in blocks and len(places) == sum(b in blocks for b, _ in network.units):
        return blocks.pop()
    units = sum(unit > 0 for _, unit in places)
    outside = len({op.layer for op in chosen if not op.block})
    parts = [_counted(units, "unit")] * (units > 0) + [_counted(outside, "layer")] * (outside > 0)
    return " and ".join(parts)


def node_facts(network: Network, ops: Collection[str]) -> list[Row]:
    """Rows of (label, value) about operations of `network`.

    One unit or a part of it is told in full; several units are told by their sums.

    ops: the names of the operations.
    """
    chosen = _in_order(network, ops)
    if not chosen:
        return []
    places = _places(chosen)
    rows = _what(network, chosen, places)
    if len(places) == 1:
        rows += _shapes(network, chosen)
        rows += _layers(chosen)
    if len(places) == 1 and places[0] in network.shortcuts:
        rows += _shortcut(network, places[0])
    elif len(places) > 1:
        rows += _shortcut_counts(network, places)
    rows += _costs(network, chosen)
    names = [f"{each.name} {shape_text(each.shape)}" for op in chosen for each in variables(op)]
    if names:
        more = [f"and {len(names) - MOST_VARIABLES:,} more"] if len(names) > MOST_VARIABLES else []
        rows.append(("Variables", "\n".join([*names[:MOST_VARIABLES], *more])))
    return rows


def why_shortcut(network: Network, place: tuple[str, int]) -> str:
    """Why a unit's shortcut has its kind, with the numbers that decide it.   TF-Slim: `bottleneck`.

    place: (block, unit number from 1).
    """
    ops = [op for op in network.ops if (op.block, op.unit) == place]
    enters, leaves = network.by_name[ops[0].inputs[0]].shape, ops[-1].shape
    stride = max(op.stride for op in ops)
    match network.shortcuts[place]:
        case "identity":
            return f"the unit gives as many channels as it gets ({leaves[2]:,}), and its stride is 1: nothing is to be done"
        case "subsample":
            return f"the channels stay at {leaves[2]:,}, but its stride is {stride}: the input is thinned by a 1×1 max-pool"
    also = f", and its stride of {stride} is taken along" if stride > 1 else ""
    return f"{enters[2]:,} channels come in and {leaves[2]:,} go out: only a 1×1 convolution fits them{also}"


def _in_order(network: Network, ops: Collection[str]) -> list[Op]:
    wanted = frozenset(ops)
    return [op for op in network.ops if op.name in wanted]


def _places(ops: list[Op]) -> list[tuple[str, int]]:
    return list(dict.fromkeys((op.block, op.unit) for op in ops))


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' if count != 1 else ''}"


def _what(network: Network, ops: list[Op], places: list[tuple[str, int]]) -> list[Row]:
    layers = {op.layer for op in ops}
    if len(ops) == 1 or len(layers) == 1:
        kinds = [op.kind.replace("_", " ") for op in ops]
        return [("Kind", " + ".join(kinds)), ("Part", _PARTS[ops[0].role])]
    if len(places) == 1:
        plain = network.design.version == "plain" and places[0] in network.units
        kind = "residual unit" if places[0] in network.shortcuts else "unit without a shortcut" if plain else ""
        return [("Kind", kind or _counted(len(layers), "layer"))]
    return [("Together", f"{_counted(len(layers), 'layer')}, {_counted(len(ops), 'operation')}")]


_PARTS = {
    "main": "main line", "residual": "residual branch", "shortcut": "shortcut", "add": "where branch and shortcut meet",
}  # fmt: skip


def _shapes(network: Network, ops: list[Op]) -> list[Row]:
    first = ops[0]
    if not first.inputs:
        return [("Output", shape_text(first.shape))]
    return [("Input", shape_text(network.by_name[first.inputs[0]].shape)), ("Output", shape_text(ops[-1].shape))]


def _layers(ops: list[Op]) -> list[Row]:
    """One layer: a row for each of its numbers. Several layers: a row for each layer."""
    windows = [op for op in ops if op.kernel]
    if len({op.layer for op in ops}) == 1:
        rows: list[Row] = []
        for op in windows:
            rows += [("Kernel", f"{op.kernel}×{op.kernel}"), ("Stride", str(op.stride)), ("Padding", _padding(op))]
            if op.rate > 1:
                rows.append(
                    (
                        "Rate",
                        f"{op.rate}: taps {op.rate} pixels apart, over {op.effective_kernel}×{op.effective_kernel}",
                    )
                )
        for op in ops:
            if op.kind == "conv":
                rows += [("Channels", f"{op.depth_in:,} → {op.depth:,}"), ("Biases", "yes" if op.bias else "none")]
            if op.kind == "batch_norm":
                scale = "with" if op.scale else "without"
                rows.append(("Batch norm", f"{scale} scale, epsilon {op.epsilon:g}, decay {op.decay:g}"))
        return rows
    return [(op.layer.rsplit("/", 1)[-1], _window_text(op)) for op in windows]


def _window_text(op: Op) -> str:
    channels = f", {op.depth_in:,} → {op.depth:,}" if op.kind == "conv" else ""
    rate = f", rate {op.rate}" if op.rate > 1 else ""
    return f"{op.kernel}×{op.kernel}, stride {op.stride}{rate}, padding {_padding(op)}{channels}"


def _padding(op: Op) -> str:
    top, bottom, left, right = op.pads
    if not any(op.pads):
        return "none"
    if len({*op.pads}) == 1:
        return str(top)
    return f"top {top}, bottom {bottom}, left {left}, right {right}"


def _shortcut(network: Network, place: tuple[str, int]) -> list[Row]:
    return [("Shortcut", network.shortcuts[place]), ("Why", why_shortcut(network, place))]


def _shortcut_counts(network: Network, places: list[tuple[str, int]]) -> list[Row]:
    kinds = sorted(network.shortcuts[place] for place in places if place in network.shortcuts)
    texts = [f"{len(list(group)):,} {kind}" for kind, group in groupby(kinds)]
    return [("Shortcuts", ", ".join(texts))] if texts else []


def _costs(network: Network, ops: list[Op]) -> list[Row]:
    costs = op_costs(network)
    cost = total(costs[op.name] for op in ops)
    whole = total(costs.values())
    field = receptive_fields(network)[ops[-1].name]
    return [
        ("Parameters", _with_share(f"{cost.parameters:,}", cost.parameters, whole.parameters)),
        ("Moving statistics", f"{cost.state:,}"),
        ("MACs", _with_share(macs_text(cost.macs), cost.macs, whole.macs)),
        ("FLOPs", f"{count_text(2 * cost.macs)}FLOPs"),
        ("Memory", f"{bytes_text(cost.activation_bytes)} of activations an image"),
        ("Weights", bytes_text(4 * cost.total_parameters)),
        ("Receptive field", f"{field.size:,} pixels"),
        ("Effective stride", f"{field.stride:,}" + (" pixel" if field.stride == 1 else " pixels")),
    ]


def _with_share(text: str, part: int, whole: int) -> str:
    return f"{text} ({100 * part / whole:.3g} % of all)" if part and whole else text
