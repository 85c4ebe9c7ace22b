"""The few functions and methods of Python's own that a text may call: on known values, bounded, and no others."""

from __future__ import annotations

import ast
import math
from collections.abc import Callable

from .arithmetic import fill
from .faults import Fault
from .signature import Arguments
from .values import (
    MAX_ITEMS,
    Budget,
    Images,
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
    return Value(node, len(_list(given.args[0])))


def _range(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    numbers = range(*(_int(each) for each in given.args))
    budget.charge(node, min(len(numbers), MAX_ITEMS + 1) if numbers else 0)
    return Value(node, tuple(Value(node, each) for each in numbers))


def _enumerate(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    start = given.args[1] if len(given.args) > 1 else given.named.get("start")
    first = _int(start) if start is not None else 0
    items = _list(given.args[0])
    budget.charge(node, len(items))
    return Value(node, tuple(Value(node, (Value(node, i), each)) for i, each in enumerate(items, first)))


def _zip(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    columns = [_list(each) for each in given.args]
    rows = tuple(Value(node, tuple(row)) for row in zip(*columns, strict=False))
    budget.charge(node, len(rows) * len(columns))
    return Value(node, rows)


def _list_of(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = _list(given.args[0]) if given.args else []
    budget.charge(node, len(items))
    return Value(node, Items(items))


def _tuple(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = _list(given.args[0]) if given.args else []
    budget.charge(node, len(items))
    return Value(node, tuple(items))


def _reversed(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = _list(given.args[0])
    budget.charge(node, len(items))
    return Value(node, tuple(reversed(items)))


def _sorted(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = _list(given.args[0])
    budget.charge(node, len(items))
    pairs = sorted(((plain(each, budget), i) for i, each in enumerate(items)), reverse=_flag(given, "reverse"))
    return Value(node, Items([items[i] for _, i in pairs]))


def _dict(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    rows: dict[object, tuple[ast.AST, Known]] = {}
    missing = None
    for each in given.args:
        if isinstance(each, Value) and isinstance(each.it, Table):
            rows.update(each.it.rows)
            missing = missing or each.it.open
        else:
            for pair in _list(each):
                key, value = _list(pair)
                rows[plain(key, budget)] = (key.node, value)
    rows |= {name: (given.keywords[name], each) for name, each in given.named.items()}
    budget.charge(node, len(rows))
    return Value(node, Table(rows, missing))


def _extreme(choose: Callable[..., object]) -> Callable[[ast.Call, Arguments, Budget], Value]:
    def rule(node: ast.Call, given: Arguments, budget: Budget) -> Value:
        values = _list(given.args[0]) if len(given.args) == 1 else list(given.args)
        return Value(node, choose(plain(each, budget) for each in values))

    return rule


def _sum(node: ast.Call, given: Arguments, budget: Budget) -> Value:
    items = [plain(each, budget) for each in _list(given.args[0])]
    start = given.args[1] if len(given.args) > 1 else None
    if start is not None and (first := items_of(start)) is not None:  # sum(lists, [])
        merged = [*first, *(each for part in _list(given.args[0]) for each in _list(part))]
        budget.charge(node, len(merged))
        return Value(node, Items(merged))
    return Value(node, number(node, sum([*items, *([plain(start, budget)] if start else [])])))  # type: ignore[list-item]


def _int_of(node: ast.Call, given: Arguments, _: Budget) -> Value:
    value = _scalar(given.args[0])
    if isinstance(value, str) and len(value) > 30:
        raise ValueError
    return Value(node, number(node, int(value)))


def _float_of(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, number(node, float(_scalar(given.args[0]))))


def _round(node: ast.Call, given: Arguments, _: Budget) -> Value:
    places = _int(given.args[1]) if len(given.args) > 1 else None
    return Value(node, number(node, round(float(_scalar(given.args[0])), places)))


def _absolute(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, abs(_numeric(given.args[0])))


def _power(node: ast.Call, given: Arguments, _: Budget) -> Value:
    a, b = (_numeric(each) for each in given.args)
    if abs(b) * math.log2(max(abs(a), 2)) > 64:
        raise ValueError
    return Value(node, number(node, a**b))


def _rounding(function: Callable[[float], float]) -> Callable[[ast.Call, Arguments, Budget], Value]:
    return lambda node, given, _: Value(node, number(node, function(_numeric(given.args[0]))))


def _str(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, text(node, str(_scalar(given.args[0]))))


def _bool(node: ast.Call, given: Arguments, _: Budget) -> Value:
    value = given.args[0]
    items = items_of(value)
    return Value(node, bool(items) if items is not None else bool(_scalar(value)))


def _format(node: ast.Call, given: Arguments, _: Budget) -> Value:
    return Value(node, fill(node, "{:" + str(_scalar(given.args[1])) + "}", [_value(given.args[0])], {}))


def _any(every: bool) -> Callable[[ast.Call, Arguments, Budget], Value]:
    def rule(node: ast.Call, given: Arguments, budget: Budget) -> Value:
        truths = [bool(plain(each, budget)) for each in _list(given.args[0])]
        return Value(node, all(truths) if every else any(truths))

    return rule


_FUNCTIONS: dict[str, Callable[[ast.Call, Arguments, Budget], Value]] = {
    "len": _length, "range": _range, "xrange": _range, "enumerate": _enumerate, "zip": _zip, "list": _list_of,
    "tuple": _tuple, "reversed": _reversed, "sorted": _sorted, "dict": _dict, "OrderedDict": _dict, "min": _extreme(min),
    "max": _extreme(max), "sum": _sum, "int": _int_of, "float": _float_of, "round": _round, "abs": _absolute, "pow": _power,
    "str": _str, "bool": _bool, "format": _format, "any": _any(False), "all": _any(True),
    "math.ceil": _rounding(math.ceil), "math.floor": _rounding(math.floor), "np.ceil": _rounding(math.ceil),
    "np.floor": _rounding(math.floor), "math.pow": _power, "collections.OrderedDict": _dict,
}  # fmt: skip
_LAX = frozenset(
    {"len", "list", "tuple", "dict", "OrderedDict", "collections.OrderedDict", "enumerate", "zip", "reversed"}
)


def method(name: str, node: ast.Call, base: Value, given: Arguments, budget: Budget) -> Known | None:
    """What a method of a list, table or text makes; None where it isn't one of the few. Raises Fault."""
    if given.open is not None:
        return None
    it = base.it
    try:
        if isinstance(it, Items):
            return _of_list(name, node, base, it, given, budget)
        if isinstance(it, Table):
            return _of_table(name, node, it, given, budget)
        if isinstance(it, str) and not any(isinstance(each, Unknown) for each in given.all):
            return _of_text(name, node, base, it, given, budget)
        if isinstance(it, Images) and name in ("get_shape", "as_list"):
            return base
    except (TypeError, ValueError, IndexError, KeyError):
        raise Fault(node, "{} can't be worked out here", f"a use of {name} as Python has it") from None
    return None


def _of_list(name: str, node: ast.Call, base: Value, it: Items, given: Arguments, budget: Budget) -> Known | None:
    nothing = Value(node, None)
    match name, given.args:
        case "append", (each,):
            it.items.append(each)
        case "extend", (more,):
            if opened(more) is not None:
                it.open = opened(more)
            else:
                it.items += _list(more)
        case "insert", (place, each):
            it.items.insert(_int(place), each)
        case "pop", ():
            return it.items.pop()
        case "pop", (place,):
            return it.items.pop(_int(place))
        case "reverse", ():
            it.items.reverse()
        case "copy", ():
            budget.charge(node, len(it.items))
            return Value(node, Items(list(it.items), it.open))
        case "clear", ():
            it.items.clear()
        case "index" | "count", (each,):
            found = [plain(item, budget) for item in it.items]
            one = plain(each, budget)
            return Value(node, found.count(one) if name == "count" else found.index(one))
        case "sort", ():
            it.items[:] = _list(_sorted(node, Arguments((base,), given.named, (), given.keywords), budget))
        case _:
            return None
    budget.charge(node, 1)
    if len(it.items) > MAX_ITEMS:
        raise Fault(node, "the list is too long", f"at most {MAX_ITEMS:,} items")
    return nothing


def _of_table(name: str, node: ast.Call, it: Table, given: Arguments, budget: Budget) -> Known | None:
    budget.charge(node, len(it.rows))
    match name, given.args:
        case "items" | "iteritems", ():
            return Value(node, tuple(Value(node, (Value(at, key), each)) for key, (at, each) in it.rows.items()))
        case "keys" | "iterkeys", ():
            return Value(node, tuple(Value(at, key) for key, (at, _) in it.rows.items()))
        case "values" | "itervalues", ():
            return Value(node, tuple(each for _, each in it.rows.values()))
        case "get" | "pop" | "setdefault", (key, *rest):
            if opened(key) is not None:
                return opened(key)
            found = it.rows.get(plain(key, budget))
            return found[1] if found else rest[0] if rest else Value(node, None)
        case "copy", ():
            return Value(node, Table(dict(it.rows), it.open))
        case "update", _:
            it.rows.update(_table(_dict(node, given, budget)).rows)
            return Value(node, None)
    return None


def _of_text(name: str, node: ast.Call, base: Value, it: str, given: Arguments, budget: Budget) -> Known | None:
    found = rests(base, *given.all)
    match name, given.args:
        case "format", args:
            named = {key: _value(each) for key, each in given.named.items()}
            return Value(node, fill(node, it, [_value(each) for each in args], named), found)
        case "join", (items,):
            parts = [plain(each, budget) for each in _list(items)]
            if sum(len(str(each)) + len(it) for each in parts) <= 10_000:
                return Value(node, it.join(str(each) for each in parts), found)
        case (("lower" | "upper" | "strip" | "title" | "capitalize"), ()):
            return Value(
                node,
                {
                    "lower": it.lower,
                    "upper": it.upper,
                    "strip": it.strip,
                    "title": it.title,
                    "capitalize": it.capitalize,
                }[name](),
                found,
            )
        case "split", args if len(args) < 2:
            words = it.split(str(_scalar(args[0])) if args else None)
            budget.charge(node, len(words))
            return Value(node, Items([Value(node, each) for each in words]), found)
        case (("startswith" | "endswith"), (what,)):
            end = str(_scalar(what))
            return Value(node, it.startswith(end) if name == "startswith" else it.endswith(end), found)
        case "replace", (old, new):
            if len(it) * (1 + len(str(_scalar(new)))) <= 100_000:
                return Value(node, text(node, it.replace(str(_scalar(old)), str(_scalar(new)))), found)
    return None


def _list(value: Known) -> list[Known]:
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


def _table(value: Value) -> Table:
    if not isinstance(value.it, Table):
        raise TypeError
    return value.it


def _value(value: Known) -> Value:
    if isinstance(value, Unknown):
        raise value.fault
    return value


def _scalar(value: Known) -> float | str:
    it = _value(value).it
    if not isinstance(it, int | float | str | None) or it is None:
        raise TypeError
    return it


def _numeric(value: Known) -> float:
    it = _scalar(value)
    if isinstance(it, str):
        raise TypeError
    return it


def _int(value: Known) -> int:
    it = _scalar(value)
    if not isinstance(it, int):
        raise TypeError
    return it


def _flag(given: Arguments, name: str) -> bool:
    value = given.named.get(name)
    return bool(isinstance(value, Value) and value.it)
