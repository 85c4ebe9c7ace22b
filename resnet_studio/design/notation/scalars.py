"""Known values as Python has them, for the few functions of its own. Each raises TypeError or Fault for others."""

from __future__ import annotations

from .signature import Arguments
from .values import (
    Known,
    Table,
    Unknown,
    Value,
    items_of,
)


def listed(value: Known) -> list[Known]:
    """The items of a list, table or text."""
    items = items_of(value)
    if items is None and isinstance(value, Value):
        if isinstance(value.it, Table):
            return [Value(node, key) for key, (node, _) in value.it.rows.items()]
        if isinstance(value.it, str):
            return [Value(value.node, each) for each in value.it]
    if items is None:
        if isinstance(value, Unknown):
            raise value.fault
        raise TypeError
    return items


def known(value: Known) -> Value:
    """A value that is known."""
    if isinstance(value, Unknown):
        raise value.fault
    return value


def scalar(value: Known) -> float | str:
    """A number or text."""
    it = known(value).it
    if not isinstance(it, int | float | str | None) or it is None:
        raise TypeError
    return it


def numeric(value: Known) -> float:
    """A number."""
    it = scalar(value)
    if isinstance(it, str):
        raise TypeError
    return it


def whole_of(value: Known) -> int:
    """A whole number."""
    it = scalar(value)
    if not isinstance(it, int):
        raise TypeError
    return it


def flag(given: Arguments, name: str) -> bool:
    """Whether an argument is given and true."""
    value = given.named.get(name)
    return bool(isinstance(value, Value) and value.it)
