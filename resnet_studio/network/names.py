"""The names of units, of runs of equal units and of operations below a unit; each is written and read back here only."""

from __future__ import annotations

from .operations import Op

UnitPlace = tuple[str, int]  # a block's name and the unit's number in it, from 1

_UNIT = "/unit_"
_DIGITS = 6  # no unit's number has more; Python refuses to read a number of five thousand


def unit_name(unit: UnitPlace) -> str:
    """The name of a unit: 'block3/unit_5' for ('block3', 5)."""
    block, number = unit
    return f"{block}{_UNIT}{number}"


def parse_unit_name(text: str) -> UnitPlace | None:
    """The unit whose name `text` is, or None where it is no unit's name. The block's name may contain '/' itself."""
    block, _, number = text.rpartition(_UNIT)
    if not block or not (number.isascii() and number.isdigit() and len(number) <= _DIGITS):
        return None
    return block, int(number)


def run_node_name(block: str, first: int, last: int) -> str:
    """The name of the node that units `first` to `last` of a block are folded to: 'block3/units_2-5'."""
    return f"{block}/units_{first}-{last}"


def unit_prefix(unit: UnitPlace) -> str:
    """The beginning of the names of a unit's operations: 'block3/unit_5/'; '' outside the units (number 0)."""
    return f"{unit_name(unit)}/" if unit[1] else ""


def below_unit(op: Op) -> str:
    """An operation's name without its unit's: 'bottleneck_v2/conv1'. Outside the units the name stays as it is."""
    return op.name.removeprefix(unit_prefix((op.block, op.unit)))
