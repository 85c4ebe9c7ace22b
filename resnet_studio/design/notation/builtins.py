"""The few functions and methods of Python's own that a text may call: on known values, bounded, and no others."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from .arithmetic import fill
from .faults import Fault
from .scalars import flag, known, listed, numeric, scalar, whole_of
from .signature import Arguments
from .values import (
    MAX_ITEMS,
    Budget,
    Items,
    Known,
    Table,
    Unknown,
    Value,
    items_of,
    number,
    opened,
    plain,
    rests,
    text,
    unknown,
)

_CALL = "{} can't be called here"


def builtin(name: str, node: ast.Call, given: Arguments, budget: Budget) -> Known | None:
    """What Python's function `name` makes of its arguments; None where it isn't one of the few. Raises Fault."""
    rule = _FUNCTIONS.get(name)
    if rule is None:
        return None
    if given.open is not None:
        return Unknown(node, (Fault(given.open, "{} is not read here", f"the arguments of {name}"),))
    if name not in _LAX and (found := unknown(node, [opened(each) or each for each in given.all])):
        return found
    try:
        made = rule(node, given, budget)
    except (TypeError, ValueError, IndexError, KeyError, ArithmeticError):
        raise Fault(node, "{} can't be worked out here", f"a use of {name} as Python has it") from None
    return made if made.rests else Value(made.node, made.it, rests(*given.all))


def _length(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, len(listed(given.args[0])))


def _range(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    numbers = range(*(whole_of(each) for each in given.args))
    budget.charge(node, min(len(numbers), MAX_ITEMS + 1) if numbers else 0)
    return Value(node, tuple(Value(node, each) for each in numbers))


def _enumerate(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    start = given.args[1] if len(given.args) > 1 else given.named.get("start")
    first = whole_of(start) if start is not None else 0
    items = listed(given.args[0])
    budget.charge(node, len(items))
    return Value(node, tuple(Value(node, (Value(node, i), each)) for i, each in enumerate(items, first)))


def _zip(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    columns = [listed(each) for each in given.args]
    rows = tuple(Value(node, tuple(row)) for row in zip(*columns, strict=False))
    budget.charge(node, len(rows) * len(columns))
    return Value(node, rows)


def _list_of(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = listed(given.args[0]) if given.args else []
    budget.charge(node, len(items))
    return Value(node, Items(items))


def _tuple(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = listed(given.args[0]) if given.args else []
    budget.charge(node, len(items))
    return Value(node, tuple(items))


def _reversed(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = listed(given.args[0])
    budget.charge(node, len(items))
    return Value(node, tuple(reversed(items)))


def ordered(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    """sorted(...) of constants."""
    items = listed(given.args[0])
    budget.charge(node, len(items))
    pairs = sorted(((plain(each, budget), i) for i, each in enumerate(items)), reverse=flag(given, "reverse"))
    return Value(node, Items([items[i] for _, i in pairs]))


def dictionary(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    """dict(...) of tables, pairs and named values."""
    rows: dict[object, tuple[ast.AST, Known]] = {}
    missing = None
    for each in given.args:
        if isinstance(each, Value) and isinstance(each.it, Table):
            rows.update(each.it.rows)
            missing = missing or each.it.open
        else:
            for pair in listed(each):
                key, value = listed(pair)
                rows[plain(key, budget)] = (key.node, value)
    rows |= {name: (given.keywords[name], each) for name, each in given.named.items()}
    budget.charge(node, len(rows))
    return Value(node, Table(rows, missing))


def _extreme(choose: Callable[..., object]) -> Callable[[ast.Call, Arguments, Budget], Value]:
    def rule(node: ast.Call, given: Arguments, budget: Budget) -> Value:
        values = listed(given.args[0]) if len(given.args) == 1 else list(given.args)
        return Value(node, choose(plain(each, budget) for each in values))

    return rule


def _sum(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = [plain(each, budget) for each in listed(given.args[0])]
    start = given.args[1] if len(given.args) > 1 else None
    if start is not None and (first := items_of(start)) is not None:  # sum(lists, [])
        merged = [*first, *(each for part in listed(given.args[0]) for each in listed(part))]
        budget.charge(node, len(merged))
        return Value(node, Items(merged))
    return Value(node, number(node, sum([*items, *([plain(start, budget)] if start else [])])))  # type: ignore[list-item]


def _int_of(node: ast.Call, given: Arguments, _: Budget) -> Value:
    value = scalar(given.args[0])
    if isinstance(value, str) and len(value) > 30:
        raise ValueError
    return Value(node, number(node, int(value)))


def _float_of(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, number(node, float(scalar(given.args[0]))))


def _round(node: ast.Call, given: Arguments, _: Budget) -> Value:
    places = whole_of(given.args[1]) if len(given.args) > 1 else None
    return Value(node, number(node, round(float(scalar(given.args[0])), places)))


def _absolute(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, abs(numeric(given.args[0])))


def _power(node: ast.Call, given: Arguments, _: Budget) -> Value:
    a, b = (numeric(each) for each in given.args)
    if abs(b) * math.log2(max(abs(a), 2)) > 64:
        raise ValueError
    return Value(node, number(node, a**b))


def _rounding(function: Callable[[float], float]) -> Callable[[ast.Call, Arguments, Budget], Value]:
    return lambda node, given, _: Value(node, number(node, function(numeric(given.args[0]))))


def _str(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, text(node, str(scalar(given.args[0]))))


def _bool(node: ast.Call, given: Arguments, _: Budget) -> Value:
    value = given.args[0]
    items = items_of(value)
    return Value(node, bool(items) if items is not None else bool(scalar(value)))


def _format(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, fill(node, "{:" + str(scalar(given.args[1])) + "}", [known(given.args[0])], {}))


def _any(every: bool) -> Callable[[ast.Call, Arguments, Budget], Value]:
    def rule(node: ast.Call, given: Arguments, budget: Budget) -> Value:
        truths = [bool(plain(each, budget)) for each in listed(given.args[0])]
        return Value(node, all(truths) if every else any(truths))

    return rule


_FUNCTIONS: dict[str, Callable[[ast.Call, Arguments, Budget], Value]] = {
    "len": _length, "range": _range, "xrange": _range, "enumerate": _enumerate, "zip": _zip, "list": _list_of,
    "tuple": _tuple, "reversed": _reversed, "sorted": ordered, "dict": dictionary, "OrderedDict": dictionary, "min": _extreme(min),
    "max": _extreme(max), "sum": _sum, "int": _int_of, "float": _float_of, "round": _round, "abs": _absolute, "pow": _power,
    "str": _str, "bool": _bool, "format": _format, "any": _any(False), "all": _any(True),
    "math.ceil": _rounding(math.ceil), "math.floor": _rounding(math.floor), "np.ceil": _rounding(math.ceil),
    "np.floor": _rounding(math.floor), "math.pow": _power, "collections.OrderedDict": dictionary,
}  # fmt: skip
_LAX = frozenset(
    {"len", "list", "tuple", "dict", "OrderedDict", "collections.OrderedDict", "enumerate", "zip", "reversed"}
)
