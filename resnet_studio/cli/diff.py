"""`diff`: what differs between two networks, part by part, and what it costs."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from resnet_studio.design.words import bytes_text, change_text, count_text, macs_text
from resnet_studio.network.cost import Cost
from resnet_studio.network.diff import SIGNS, Diff, differences
from resnet_studio.network.diff import diff as compare
from resnet_studio.network.network import expand

from .inputs import network_for, sound_design
from .show import table

_NUMBERS = (("parameters", "parameters"), ("macs", "MACs"), ("activation_bytes", "memory"))


def diff(a: str, b: str, networks: Sequence[str] = (), *, as_json: bool) -> int:
    """Prints what differs from the design that `a` names to the one that `b` names. networks: `--network`, for each in turn."""
    before, after = (sound_design(name, network_for(networks, place)) for place, name in enumerate((a, b)))
    found = compare(expand(before), expand(after))
    print(json.dumps(to_json(found), indent=2) if as_json else to_text(found))
    return 0


def to_json(found: Diff) -> dict[str, Any]:
    """The shape of `diff --json`. Numbers are [a, b]; activation_bytes: for one image, kept for the backward pass."""
    before, after = found.costs
    return {
        "designs": [found.a.design.name, found.b.design.name],
        "options": {field: [one, other] for field, one, other in found.options},
        "counts": {status: found.count(status) for status in ("same", "changed", "added", "removed")},
        "totals": _numbers(before, after),
        "parts": [
            {"status": part.status, "a": part.a or None, "b": part.b or None, "changes": list(part.changes)}
            | _numbers(part.cost_a, part.cost_b)
            for part in found.parts
        ],
    }


def to_text(found: Diff) -> str:
    """The options that differ, a row for each run of parts that differ alike, and the totals."""
    names = [network.design.name for network in (found.a, found.b)]
    lines = [f"{names[0]} → {names[1]}", *(f"  {field}: {one} → {other}" for field, one, other in found.options), ""]
    counts = ", ".join(f"{found.count(status):,} {status}" for status in ("same", "changed", "added", "removed"))
    lines.append(f"Parts: {counts}")
    if found.different:
        rows: list[tuple[str, ...]] = [("", "part", "what differs", "parameters", "MACs", "memory an image")]
        rows += [
            (SIGNS[each.status], each.name, each.parts[0].text, *_changes(each.cost_a, each.cost_b))
            for each in differences(found)
        ]
        before, after = found.costs
        rows.append(("", "whole network", "", *_changes(before, after)))
        lines += ["", *table(rows, left=(0, 1, 2))]
    before, after = found.costs
    totals = (
        f"{count_text(before.parameters)} → {count_text(after.parameters)} parameters, "
        f"{macs_text(before.macs)} → {macs_text(after.macs)}, "
        f"{bytes_text(before.activation_bytes)} → {bytes_text(after.activation_bytes)} of activations an image"
    )
    return "\n".join([*lines, "", totals])


def _numbers(a: Cost, b: Cost) -> dict[str, list[int]]:
    return {name: [getattr(a, name), getattr(b, name)] for name, _ in _NUMBERS}


def _changes(a: Cost, b: Cost) -> tuple[str, str, str]:
    return (
        change_text(b.parameters - a.parameters, count_text),
        change_text(b.macs - a.macs, macs_text),
        change_text(b.activation_bytes - a.activation_bytes, bytes_text),
    )
