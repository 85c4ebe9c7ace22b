"""Sums, products, comparisons and texts of known values. Every result is bounded before it is made."""

from __future__ import annotations

import ast
import operator
import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from resnet_studio.design.bounds import BOUNDS

from .faults import Fault
from .values import (
    MAX_ITEMS,
    MAX_LETTERS,
    UNITS,
    Budget,
    Items,
    Known,
    Table,
    Value,
    items_of,
    number,
    plain,
    rests,
    text,
)

_NUMBERS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
}
_WHOLE: dict[type[ast.operator], Callable[[int, int], int]] = {
    ast.BitAnd: operator.and_,
    ast.BitOr: operator.or_,
    ast.BitXor: operator.xor,
    ast.RShift: operator.rshift,
}
_ORDERS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
_WIDE = re.compile(r"\d{4,}|\*")  # a width of thousands of characters, or one that is given from outside


def combine(node: ast.BinOp, left: Value, right: Value, budget: Budget, *, floors: bool) -> Value:
    """left + right, and so on. floors: whole numbers divide to whole ones, as in Python 2. Raises Fault."""
    found = rests(left, right)
    a, b = left.it, right.it
    if isinstance(node.op, ast.Mod) and isinstance(a, str):
        return Value(node, percent(node, a, right, budget), found)
    if isinstance(a, str) and isinstance(b, str) and isinstance(node.op, ast.Add):
        return Value(node, text(node, a + b), found)
    if isinstance(node.op, ast.Mult) and (isinstance(a, str) or isinstance(b, str)):
        words, count = (a, b) if isinstance(a, str) else (b, a)
        if isinstance(words, str) and type(count) is int:
            if len(words) * count > MAX_LETTERS:
                raise Fault(node, "{} is too long a text", f"at most {MAX_LETTERS:,} characters")
            return Value(node, words * count, found)
    if isinstance(node.op, ast.Mult):
        for items, count, counted in ((items_of(left), b, right), (items_of(right), a, left)):
            if items is not None and isinstance(count, int):
                return Value(node, _repeat(items, count, counted, node, budget), found)
    if isinstance(node.op, ast.Add):
        first, second = items_of(left), items_of(right)
        if first is not None and second is not None:
            budget.charge(node, len(first) + len(second))
            both = isinstance(a, tuple) and isinstance(b, tuple)
            return Value(node, (*first, *second) if both else Items([*first, *second]), found)
    if isinstance(node.op, ast.BitOr) and isinstance(a, Table) and isinstance(b, Table):
        return Value(node, Table({**a.rows, **b.rows}, a.open or b.open), found)
    if isinstance(a, int | float) and isinstance(b, int | float):
        return Value(node, _calculate(node, a, b, floors=floors), found)
    raise Fault(node, "{} can't be worked out here", f"{UNITS}, joined by + and repeated by *")


def _repeat(items: list[Known], count: int, counted: Value, node: ast.AST, budget: Budget) -> object:
    # Checked ahead of the multiplication: a list of a billion units is refused, not built.
    if isinstance(count, bool) or not 0 <= count <= MAX_ITEMS or len(items) * count > MAX_ITEMS:
        raise Fault(counted.node, "repeated {} times, the list would be out of range", BOUNDS["all_units"].text)
    budget.charge(node, len(items) * count)
    return Items(items * count)


def _calculate(node: ast.BinOp, a: float, b: float, *, floors: bool) -> float:
    whole = isinstance(a, int) and isinstance(b, int)
    try:
        if isinstance(node.op, ast.Pow):
            return number(node, _power(node, a, b))
        if isinstance(node.op, ast.LShift) and whole and 0 <= b <= 64:
            return number(node, int(a) << int(b))
        if whole and type(node.op) in _WHOLE:
            return number(node, _WHOLE[type(node.op)](int(a), int(b)))
        if isinstance(node.op, ast.Div) and whole and floors:
            return number(node, a // b)
        if type(node.op) in _NUMBERS:
            return number(node, _NUMBERS[type(node.op)](a, b))
    except (ArithmeticError, ValueError):
        raise Fault(node, "{} has no value", "a number") from None
    raise Fault(node, "{} can't be worked out here", f"{UNITS}, joined by + and repeated by *")


def _power(node: ast.AST, a: float, b: float) -> float:
    if isinstance(a, int) and isinstance(b, int) and b > 0 and max(a.bit_length() - 1, 0) * b > 64:
        raise Fault(node, "{} is too large a number", "a number of at most 64 bits")
    return a**b  # type: ignore[no-any-return]


def compare(op: ast.cmpop, left: Value, right: Value, budget: Budget) -> bool | None:
    """left < right, and so on; None where the two can't be compared."""
    if isinstance(op, ast.Is | ast.IsNot):
        same = left.it is right.it if left.it is None or right.it is None else left.it == right.it
        return same == isinstance(op, ast.Is)
    a, b = plain(left, budget), plain(right, budget)
    if isinstance(op, ast.Eq | ast.NotEq):
        return (a == b) == isinstance(op, ast.Eq)
    try:
        if isinstance(op, ast.In | ast.NotIn):
            if not isinstance(b, str | tuple | list | dict):
                return None
            return (a in b) == isinstance(op, ast.In)
        return bool(_ORDERS[type(op)](a, b))
    except TypeError:
        return None


def percent(node: ast.AST, pattern: str, right: Value, budget: Budget) -> str:
    """'block%d' % 3. Raises Fault."""
    if _WIDE.search(pattern):
        raise Fault(node, "{} is too long a text", f"at most {MAX_LETTERS:,} characters")
    values = plain(right, budget)
    try:
        return text(node, pattern % values)
    except (TypeError, ValueError, KeyError, OverflowError, ArithmeticError):
        raise Fault(node, "{} can't be worked out here", "a text") from None


def fill(node: ast.AST, pattern: str, args: Sequence[Value], named: Mapping[str, Value]) -> str:
    """'block{}'.format(3): only values by place or name, so that nothing of an object is reached. Raises Fault."""
    pieces: list[str] = []
    nth = 0
    try:
        for literal, name, spec, conversion in string.Formatter().parse(pattern):
            pieces.append(literal)
            if name is None:
                continue
            key = name or str(nth)
            nth += not name
            value = args[int(key)] if key.isdecimal() else named[key]
            pieces.append(shown(node, value, spec or "", ord(conversion) if conversion else -1))
    except (ValueError, IndexError, KeyError):
        raise Fault(node, "{} can't be worked out here", "a text") from None
    return text(node, "".join(pieces))


def shown(node: ast.AST, value: Value, spec: str = "", conversion: int = -1) -> str:
    """A constant as an f-string shows it. Raises Fault."""
    it = value.it
    if not isinstance(it, int | float | str | None) or _WIDE.search(spec) or "{" in spec:
        raise Fault(node, "{} can't be worked out here", "a text")
    if conversion in (ord("r"), ord("a")):
        it = repr(it)
    try:
        return format(it, spec) if spec else str(it)
    except (ValueError, TypeError, OverflowError):
        raise Fault(node, "{} can't be worked out here", "a text") from None
