"""`paths`: how many paths lead through a network, how long they are, and what a lesion leaves of them."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from resnet_studio.design.words import count_text, large_text, macs_text, percent_text
from resnet_studio.network.lesion import LesionError, parse_units
from resnet_studio.network.names import UnitPlace, unit_name
from resnet_studio.network.network import Network, expand
from resnet_studio.network.paths import (
    Lengths,
    Remains,
    count_paths,
    gradient_band,
    lengths_in_layers,
    lengths_in_units,
    paths_note,
    remains,
    share,
)

from .inputs import BadInput, sound_design

_ROWS = 20
_BAR = 40  # characters
_SOURCE = "Veit, Wilber & Belongie 2016: 5 to 17 of 54 units, carried over to other numbers of units"


def paths(name: str, lesion: str | None, network_name: str | None = None, *, as_json: bool) -> int:
    """Prints the paths of the design that `name` names, and of what `lesion` (block2/unit_3,...) leaves of it."""
    network = expand(sound_design(name, network_name))
    try:
        units = parse_units(lesion) if lesion is not None else ()
        left = remains(network, units) if units else None
    except LesionError as error:
        raise BadInput(f"--lesion: {error}") from error
    if as_json:
        print(json.dumps(to_json(network, units, left)))
    else:
        print(to_text(network, units, left))
    return 0


def to_json(network: Network, lesion: Sequence[UnitPlace], left: Remains | None) -> dict[str, Any]:
    """The shape of `paths --json`. Lengths are in units (residual branches taken) and in weighted layers on the way."""
    lengths, layers = lengths_in_units(network), lengths_in_layers(network)
    low, high = gradient_band(len(network.shortcuts))
    return {
        "name": network.design.name,
        "units": len(network.shortcuts),
        "paths": count_paths(network),
        "paths_text": f"2^{len(network.shortcuts)}",
        "length_distribution": [list(pair) for pair in lengths.items()],
        "layer_distribution": [list(pair) for pair in layers.items()],
        "note": paths_note(network),
        "gradient": {
            "lengths": [low, high],
            "paths": sum(lengths[length] for length in range(low, high + 1)),
            "share": share(lengths, low, high),
            "source": _SOURCE,
        },
        "lesion": None
        if left is None
        else {
            "without": [unit_name(unit) for unit in lesion],
            "units": left.units,
            "paths": left.paths,
            "parameters": left.cost.parameters,
            "macs": left.cost.macs,
            "removed": {
                "paths": left.whole_paths - left.paths,
                "parameters": left.whole_cost.parameters - left.cost.parameters,
                "macs": left.whole_cost.macs - left.cost.macs,
            },
        },
    }


def to_text(network: Network, lesion: Sequence[UnitPlace], left: Remains | None) -> str:
    """The same in sentences and a table of some twenty rows."""
    lengths, layers = lengths_in_units(network), lengths_in_layers(network)
    units = len(network.shortcuts)
    low, high = gradient_band(units)
    part = percent_text(share(lengths, low, high))
    lines = [
        f"{network.design.name}: {units:,} units, 2^{units} = {large_text(count_paths(network))} paths",
        f"shortest: no residual branch, {min(layers):,} weighted layers",
        f"longest: {units:,} residual branches, {max(layers):,} weighted layers",
        f"short ones that carry the gradient: {low:,} to {high:,} residual branches, {part} of all paths",
        f"  ({_SOURCE})",
        *filter(None, [paths_note(network)]),
        "",
        *_table(lengths, low, high),
    ]
    if left is not None:
        lines += ["", *_lesion_text(lesion, left)]
    return "\n".join(lines)


def _table(lengths: Lengths, low: int, high: int) -> list[str]:
    step = math.ceil(len(lengths) / _ROWS)
    rows = []
    for first in range(0, len(lengths), step):
        last = min(first + step, len(lengths)) - 1
        words = f"{first:,}" if first == last else f"{first:,}–{last:,}"
        count = sum(lengths[length] for length in range(first, last + 1))
        mark = "*" if first <= high and last >= low else " "
        rows.append((words, mark, large_text(count), share(lengths, first, last)))
    widths = [max(len("residual branches"), *(len(row[0]) for row in rows)), max(len(row[2]) for row in rows)]
    most = max(row[3] for row in rows)
    head = f"{'residual branches':>{widths[0]}}   {'paths':>{widths[1]}}   share (* carry the gradient)"
    return [
        head,
        *(
            f"{words:>{widths[0]}} {mark} {count:>{widths[1]}}   {percent_text(part):>12}  {'#' * round(_BAR * part / most)}".rstrip()
            for words, mark, count, part in rows
        ),
    ]


def _lesion_text(lesion: Sequence[UnitPlace], left: Remains) -> list[str]:
    cost, whole = left.cost, left.whole_cost
    return [
        f"without the residual {'branches' if len(lesion) > 1 else 'branch'} of {', '.join(map(unit_name, lesion))}:",
        f"  paths       2^{left.units} = {large_text(left.paths)}: one in {large_text(left.whole_paths // left.paths)}",
        f"  parameters  {count_text(cost.parameters)} ({cost.parameters - whole.parameters:+,})",
        f"  MACs        {macs_text(cost.macs)} ({cost.macs - whole.macs:+,})",
    ]
