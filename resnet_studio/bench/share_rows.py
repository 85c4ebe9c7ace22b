"""Shares of time as rows of a table: by unit, by layer or by kind of operation, each with what belongs to none of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from resnet_studio.network.names import unit_name
from resnet_studio.network.network import Network, Op

from .shares import Pair, Shares, total

Level = Literal["unit", "layer", "kind"]
LEVELS: tuple[Level, ...] = get_args(Level)
_MOST_LINES = 40  # of units in the terminal: of deeper networks the largest


@dataclass(frozen=True, slots=True)
class ShareRow:
    """name: of a unit ('block1/unit_1'), of a layer, inside units or not, of a kind, or of a part of the remainder.

    pair: (% of the forward time, % of the backward time). ops: its operations' names, () for a kind and in the remainder.
    block: '' outside blocks. in_network: whether the time is the network's, not the remainder's.
    """

    name: str
    pair: Pair
    ops: tuple[str, ...] = ()
    block: str = ""
    in_network: bool = True


def share_rows(network: Network, shares: Shares, level: Level) -> tuple[ShareRow, ...]:
    """The rows, which sum to 100 % in each part: units and layers in the network's order, kinds the largest first."""
    rest = (ShareRow(name, pair, in_network=False) for name, pair in shares.remainder.items())
    if level == "kind":
        return (*(ShareRow(name, pair) for name, pair in shares.kinds.items()), *rest)
    groups: dict[tuple[str, str], list[str]] = {}
    for op in network.ops:
        if op.kind != "input":
            groups.setdefault((_group(op, level), op.block), []).append(op.name)
    rows = (
        ShareRow(name, total(shares.ops.get(op, (0.0, 0.0)) for op in ops), tuple(ops), block)
        for (name, block), ops in groups.items()
    )
    return (*(row for row in rows if row.block or any(row.pair)), *rest)


def profile_lines(network: Network, profile: Sequence[Shares]) -> Iterator[str]:
    """Tables for the terminal, of units and of kinds of operation, with a column for each part of each mode."""
    if not profile:
        return
    steps = " and ".join(f"{shares.steps:,} {shares.mode}" for shares in profile)
    yield f"Where the time goes, in % of its column ({steps} steps, profiled apart from the timed ones)"
    columns = [(shares, part) for shares in profile for part in (0, 1) if not part or shares.backward]
    for shares in profile:
        if shares.backward:
            yield f"  Of a {shares.mode} step {100 - shares.backward:.1f} % is forward and {shares.backward:.1f} % backward."
    titles: dict[Level, str] = {"unit": "unit", "kind": "kind of operation"}
    tables = {level: dict(_largest(_table(network, columns, level))) for level in titles}
    width = max(len(name) for table in tables.values() for name in (*table, *titles.values()))
    yield "  " + " " * width + "".join(f"{shares.mode:>18}" for shares, _ in columns)
    parts = "".join(f"{('forward', 'backward')[part] + ' part':>18}" for _, part in columns)
    for level, title in titles.items():
        yield f"  {title:<{width}}{parts}"
        for name, row in tables[level].items():
            yield f"  {name:<{width}}" + "".join(f"{value:>18.2f}" for value in row)


def _group(op: Op, level: Level) -> str:
    return unit_name((op.block, op.unit)) if op.block and level == "unit" else op.layer


def _table(network: Network, columns: Sequence[tuple[Shares, int]], level: Level) -> dict[str, list[float]]:
    """The values of each row, one a column: rows that only some columns have are 0 in the others."""
    found: dict[str, list[float]] = {}
    for number, (shares, part) in enumerate(columns):
        for row in share_rows(network, shares, level):
            found.setdefault(row.name, [0.0] * len(columns))[number] = row.pair[part]
    return found


def _largest(table: dict[str, list[float]]) -> Iterator[tuple[str, list[float]]]:
    """The rows in order; of many only the largest, and all others in one."""
    kept = set(sorted(table, key=lambda name: -max(table[name]))[:_MOST_LINES])
    yield from ((name, row) for name, row in table.items() if name in kept and any(row))
    if others := [row for name, row in table.items() if name not in kept]:
        yield f"{len(others):,} others", [sum(values) for values in zip(*others, strict=True)]
