"""`show`: what a network is and what it costs, as a table or as JSON."""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from resnet_studio.design.presets import form_of
from resnet_studio.design.spec import Design
from resnet_studio.design.validate import DesignError, Problem
from resnet_studio.design.words import bytes_text, count_text, macs_text, shape_text
from resnet_studio.network.cost import Cost, block_costs, network_cost, op_costs, total
from resnet_studio.network.derived import Derived
from resnet_studio.network.network import Network
from resnet_studio.network.receptive_field import last_field, weighted_layers

from .inputs import BadInput, read_design
from .streams import one_line

Row = tuple[str, ...]


def show(name: str, network_name: str | None = None, *, as_json: bool) -> int:
    """Prints the design that `name` names. One with problems is printed as far as it goes, and is bad input.

    network_name: which of the networks in a text is meant.
    """
    opened = read_design(name, network_name)
    design = opened.design
    derived = Derived(design)
    problems, network = derived.problems, derived.network
    if as_json:
        # ASCII only: the same bytes whatever the terminal's encoding.
        print(json.dumps(to_json(design, network, problems, opened.notes), indent=2))
    elif network is not None:
        print(to_text(network))
    else:
        print("\n".join(one_line(f"- {problem}") for problem in problems))
    if problems:
        sys.stdout.flush()  # the table first, then what is wrong, also where both go to one file
        raise BadInput(f"{name}: {DesignError(problems)}")
    return 0


def to_json(
    design: Design, network: Network | None, problems: Sequence[Problem], notes: Sequence[str] = ()
) -> dict[str, Any]:
    """The shape of `show --json`. network: None where the design has problems; numbers are null then.

    notes: what was assumed in reading it.
    """
    cost = network_cost(network) if network else None
    known = all(block.typed_count is None for block in design.blocks)
    return {
        "name": str(design.name),
        "input": _input(design.image, design.channels),
        "version": design.version,
        "output_stride": design.output_stride,
        "parameters": {
            "trainable": cost.parameters if cost else None,
            "total": cost.total_parameters if cost else None,
        },
        "macs": cost.macs if cost else None,
        "flops": 2 * cost.macs if cost else None,
        "weighted_layers": weighted_layers(network) if network else None,
        "receptive_field": last_field(network).size if network else None,
        "units": sum(len(block.units) for block in design.blocks) if known else None,
        "blocks": _blocks_to_json(network) if network else [],
        "notes": list(notes),
        "problems": [
            {"place": str(problem.place), "message": problem.message, "remedy": problem.remedy} for problem in problems
        ],
    }


def to_text(network: Network) -> str:
    """The design's form, a row for each block with the root and the tail around them, and the totals."""
    design, cost = network.design, network_cost(network)
    shapes = _block_shapes(network)
    costs, by_block = op_costs(network), block_costs(network)
    first = next(i for i, op in enumerate(network.ops) if op.block)
    root = [op for op in network.ops[1:first] if not op.block]
    rest = [op for op in network.ops[first:] if not op.block]
    rows: list[Row] = [("", "units", "output", "shortcuts", "parameters", "MACs")]
    if root:
        rows.append(_row("root block", "", root[-1].shape, "", total(costs[op.name] for op in root)))
    for block in design.blocks:
        kinds = Counter(kind for (name, _), kind in network.shortcuts.items() if name == block.name)
        words = ", ".join(f"{count:,} {kind}" for kind, count in kinds.items())
        rows.append(_row(block.name, f"{len(block.units):,}", shapes[block.name], words, by_block[block.name]))
    rows.append(_row("tail", "", network.by_name[network.output].shape, "", total(costs[op.name] for op in rest)))
    units = sum(len(block.units) for block in design.blocks)
    rows.append(_row("total", f"{units:,}", None, "", cost))
    return "\n".join(
        [
            design.name,
            *(f"  {line}" for line in _form(network)),
            "",
            *table(rows, left=(0, 3)),
            "",
            (
                f"Parameters          {count_text(cost.parameters)} trainable ({cost.parameters:,}); "
                f"{cost.total_parameters:,} with moving statistics"
            ),
            f"Multiply-adds       {macs_text(cost.macs)} an image ({2 * cost.macs / 1e9:,.3f} GFLOPs as 2 x MACs)",
            f"Activation memory   {bytes_text(cost.activation_bytes)} an image, kept for the backward pass",
        ]
    )


_VERSIONS = {
    "v1": "version 1: batch norm and ReLU behind each convolution, ReLU behind each addition",
    "plain": "plain: version 1 without its shortcuts",
}


def _form(network: Network) -> list[str]:
    design = network.design
    height, width = design.image
    where = {block.stride_in for block in design.blocks if block.stride != 1}
    stride = f"stride in the {' or '.join(sorted(where)) or 'last'} unit of a block"
    biases = ", convolution biases" if design.conv_biases else ", no convolution biases"
    if design.version != "v2":
        biases = ""  # a batch norm follows every convolution
    form = {"tf-slim": "TF-Slim's form: ", "paper": "the paper's form: ", None: ""}[form_of(design)]
    roots = {"imagenet": "7x7/2 convolution and 3x3/2 max-pool", "cifar": "3x3 convolution"}
    root = f"root block {roots[design.root]}, depth {design.root_depth:,}"
    channels = "" if design.channels == 3 else f", {_counted(design.channels, 'channel')}"
    classes = "no classes" if design.num_classes is None else f"{design.num_classes:,} classes"
    dense = []
    if design.output_stride is not None or any(unit.rate > 1 for block in design.blocks for unit in block.units):
        dense = [_density(network)]
    return [
        *filter(None, [_VERSIONS.get(design.version)]),
        f"{form}{stride}{biases}",
        (
            f"{', '.join(sorted({block.kind for block in design.blocks}))} units; "
            f"{root if design.include_root_block else 'no root block'}"
        ),
        f"image {height} x {width}{channels}; {'global pool' if design.global_pool else 'no global pool'}; {classes}",
        *dense,
    ]


def _density(network: Network) -> str:
    """The output stride, and from which unit on which rates are in force."""
    stride = last_field(network).stride
    wanted = "" if network.design.output_stride is None else ", as asked for"
    rated = {f"{op.block}/unit_{op.unit}": op.rate for op in network.ops if op.rate > 1}
    rates = ", ".join(f"{rate:,}" for rate in sorted(set(rated.values())))
    atrous = f"; atrous from {next(iter(rated))} on, rates {rates}" if rated else ""
    return f"output stride {stride:,}{wanted}{atrous}"


def _input(image: object, channels: object) -> list[object] | None:
    """[height, width, channels], as they were typed; None where the image is no pair."""
    return [*image, channels] if isinstance(image, tuple) else None


def _counted(count: int, word: str) -> str:
    return f"{count:,} {word}{'s' if count != 1 else ''}"


def _row(name: str, units: str, shape: tuple[int, ...] | None, shortcuts: str, cost: Cost) -> Row:
    output = shape_text(shape) if shape else ""
    return (name, units, output, shortcuts, f"{cost.parameters:,}", macs_text(cost.macs))


def table(rows: Sequence[Row], left: Sequence[int]) -> Iterable[str]:
    """Columns two spaces apart, `left` ones to the left and numbers to the right; lines under the head and over the sum."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    rule = "  ".join("-" * width for width in widths)
    for number, row in enumerate(rows):
        if number in (1, len(rows) - 1):
            yield rule
        cells = (
            cell.ljust(w) if i in left else cell.rjust(w) for i, (cell, w) in enumerate(zip(row, widths, strict=True))
        )
        yield "  ".join(cells).rstrip()


def _blocks_to_json(network: Network) -> list[dict[str, Any]]:
    shapes, costs = _block_shapes(network), block_costs(network)
    return [
        {
            "name": block.name,
            "units": len(block.units),
            "output_shape": list(shapes[block.name]),
            "parameters": costs[block.name].parameters,
            "macs": costs[block.name].macs,
        }
        for block in network.design.blocks
    ]


def _block_shapes(network: Network) -> dict[str, tuple[int, int, int]]:
    """(height, width, channels) of each block's output: its last operation's."""
    return {op.block: op.shape for op in network.ops if op.block}
