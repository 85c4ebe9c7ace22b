"""The differences between two networks, by block and unit: what was added, removed or changed, and how the costs change.

It compares the two lists of operations and needs no knowledge of what a unit consists of.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import SequenceMatcher
from functools import cached_property
from itertools import groupby, zip_longest
from typing import Literal, TypeVar

from resnet_studio.design.words import shape_text

from .cost import Cost, network_cost, op_costs, total
from .diff_words import changes
from .folding import likeness
from .names import below_unit, unit_name
from .network import Network, Op

Status = Literal["same", "changed", "added", "removed"]
T = TypeVar("T")

_TOLD = 3  # so many changes of a part are put in words one by one
# Signs, for readers who can't tell the colours apart. The gravest comes first.
SIGNS: dict[Status, str] = {"added": "+", "removed": "−", "changed": "≠"}


@dataclass(frozen=True, slots=True)
class Part:
    """A unit, or a layer outside the blocks, and its counterpart in the other network.

    status: what became of it from a to b.
    a, b: its name in each network (block1/unit_2, conv1); '' where it has no counterpart.
    changes: what differs, in words.
    cost_a, cost_b: its cost in each network.
    ops_a, ops_b: the names of its operations in each network.
    """

    status: Status
    a: str
    b: str
    changes: tuple[str, ...]
    cost_a: Cost
    cost_b: Cost
    ops_a: tuple[str, ...]
    ops_b: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the part; both names where they differ."""
        return f"{self.a} → {self.b}" if self.a and self.b and self.a != self.b else self.a or self.b

    @property
    def text(self) -> str:
        """The changes in a few words."""
        if len(self.changes) <= _TOLD:
            return ", ".join(self.changes) or self.status
        return f"{', '.join(self.changes[:_TOLD])} and {len(self.changes) - _TOLD:,} more"


@dataclass(frozen=True)
class Diff:
    """Two networks side by side.

    options: (field, value in a, value in b) of each option of the designs that differs.
    parts: all units, and all layers outside the blocks, in order.
    """

    a: Network
    b: Network
    options: tuple[tuple[str, str, str], ...]
    parts: tuple[Part, ...]

    @cached_property
    def different(self) -> tuple[Part, ...]:
        """The parts that are not the same in both."""
        return tuple(part for part in self.parts if part.status != "same")

    @cached_property
    def costs(self) -> tuple[Cost, Cost]:
        """The cost of each network."""
        return network_cost(self.a), network_cost(self.b)

    def count(self, status: Status) -> int:
        """The number of parts with that status."""
        return sum(part.status == status for part in self.parts)


def diff(a: Network, b: Network) -> Diff:
    """The differences from `a` to `b`.

    Blocks are paired by name first, and the rest of them in order. The units of a block, and the layers outside the blocks,
    are paired so that as many equal ones as possible stand side by side. A unit whose input has another size counts as
    changed, because its cost has changed.
    """
    of_a, of_b = _units(a), _units(b)
    costs = op_costs(a), op_costs(b)
    parts: list[Part] = []
    blocks_a, blocks_b = [list(_blocks(of)) for of in (of_a, of_b)]
    for block_a, block_b in _pairs(blocks_a, blocks_b, [*blocks_a], [*blocks_b]):
        units_a, units_b = _of(of_a, block_a), _of(of_b, block_b)
        keys = [[_kernel(of[place]) for place in units] for of, units in ((of_a, units_a), (of_b, units_b))]
        for place_a, place_b in _pairs(units_a, units_b, *keys):
            parts.append(_part(place_a or _NOWHERE, place_b or _NOWHERE, (of_a, of_b), costs))
    return Diff(a, b, tuple(_options(a, b)), tuple(parts))


@dataclass(frozen=True, slots=True)
class Change:
    """Neighbouring parts that differ in the same way. cost_a, cost_b: the sum of their costs in each network."""

    parts: tuple[Part, ...]
    cost_a: Cost
    cost_b: Cost

    @property
    def status(self) -> Status:
        """The status that they share."""
        return self.parts[0].status

    @property
    def name(self) -> str:
        """The name of the part, or of the first and the last one: 'block3/unit_6 to unit_22'."""
        first, last = self.parts[0].name, self.parts[-1].name
        return first if len(self.parts) == 1 else f"{first} to {last.rpartition('/')[2]}"


def differences(found: Diff) -> tuple[Change, ...]:
    """All differences, in order. Neighbouring units that differ in the same way are put together."""
    runs: list[list[Part]] = []
    for part in found.different:
        last = runs[-1][-1] if runs else None
        if last and _block(last) and _likewise(last) == _likewise(part):
            runs[-1].append(part)
        else:
            runs.append([part])
    return tuple(
        Change(tuple(run), total(part.cost_a for part in run), total(part.cost_b for part in run)) for run in runs
    )


def _likewise(part: Part) -> tuple[object, ...]:
    return _block(part), part.status, part.changes


def _block(part: Part) -> str:
    return (part.a or part.b).rpartition("/")[0]


Place = tuple[str, str]  # block and unit, as in ('block1', 'block1/unit_2'); outside the blocks ('', layer)
_NOWHERE: Place = ("", "")


def _units(network: Network) -> dict[Place, list[Op]]:
    """The operations of each unit, and of each layer outside the blocks, in order."""
    found: dict[Place, list[Op]] = {}
    for op in network.ops:
        place = (op.block, unit_name((op.block, op.unit))) if op.block else ("", op.layer)
        found.setdefault(place, []).append(op)
    return found


def _blocks(units: Mapping[Place, list[Op]]) -> Iterator[str]:
    """The names of the blocks in order, with '<' for the layers ahead of them and '>' for the layers behind them."""
    seen = False
    for block, _ in groupby(place[0] for place in units):
        yield block or (">" if seen else "<")
        seen = seen or bool(block)


def _of(units: Mapping[Place, list[Op]], block: str | None) -> list[Place]:
    if block is None:
        return []
    if block not in ("<", ">"):
        return [place for place in units if place[0] == block]
    places = list(units)
    first = next((i for i, place in enumerate(places) if place[0]), len(places))
    return [p for p in (places[:first] if block == "<" else places[first:]) if not p[0]]


def _pairs(
    a: Sequence[T], b: Sequence[T], keys_a: Sequence[object], keys_b: Sequence[object]
) -> Iterator[tuple[T | None, T | None]]:
    """Pairs each item of `a` with an item of `b` of an equal key. The others are paired in order, with None at the shorter side."""
    begin = 0
    while begin < min(len(a), len(b)) and keys_a[begin] == keys_b[begin]:
        begin += 1
    end = 0
    while end < min(len(a), len(b)) - begin and keys_a[-1 - end] == keys_b[-1 - end]:
        end += 1
    yield from zip(a[:begin], b[:begin], strict=True)
    # Equal items at both ends are paired first: thousands of equal units would take the matcher seconds.
    until_a, until_b = len(a) - end, len(b) - end
    # The matcher hashes its items often. So each key is replaced by a number: only equality counts.
    ids: dict[object, int] = {}
    numbers = [
        [ids.setdefault(key, len(ids)) for key in keys] for keys in (keys_a[begin:until_a], keys_b[begin:until_b])
    ]
    for _, i, i_end, j, j_end in SequenceMatcher(None, numbers[0], numbers[1], autojunk=False).get_opcodes():
        yield from zip_longest(a[begin + i : begin + i_end], b[begin + j : begin + j_end])
    yield from zip(a[until_a:], b[until_b:], strict=True)


def _kernel(ops: Sequence[Op]) -> tuple[object, ...]:
    """A unit without the size of its image: its layers with their kernels, strides, rates and depths."""
    return tuple((below_unit(op), op.kind, op.kernel, op.stride, op.rate, op.depth) for op in ops)


def _part(
    a: Place,
    b: Place,
    ops: tuple[Mapping[Place, list[Op]], Mapping[Place, list[Op]]],
    costs: tuple[Mapping[str, Cost], Mapping[str, Cost]],
) -> Part:
    (block_a, name_a), (block_b, name_b) = a, b
    ops_a, ops_b = ops[0].get(a, []), ops[1].get(b, [])
    words: tuple[str, ...] = ()
    if not ops_a or not ops_b:
        status: Status = "removed" if ops_a else "added"
    else:
        alike = likeness(f"{name_a}/" if block_a else "", ops_a) == likeness(f"{name_b}/" if block_b else "", ops_b)
        words = () if alike else tuple(dict.fromkeys(changes(ops_a, ops_b))) or ("what it reads",)
        status = "same" if alike else "changed"
    cost_a, cost_b = (total(of[op.name] for op in part) for of, part in zip(costs, (ops_a, ops_b), strict=True))
    names_a, names_b = (tuple(op.name for op in part) for part in (ops_a, ops_b))
    return Part(status, name_a, name_b, words, cost_a, cost_b, names_a, names_b)


def _options(a: Network, b: Network) -> Iterator[tuple[str, str, str]]:
    for field in fields(a.design):
        before, after = getattr(a.design, field.name), getattr(b.design, field.name)
        if field.name not in ("name", "blocks") and before != after:
            yield field.name, _option(before), _option(after)


def _option(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return shape_text(value)
    return "none" if value is None else f"{value:,}" if isinstance(value, int) else str(value)
