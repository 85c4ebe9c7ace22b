"""Methods of lists, tables and texts that a text may call: on known values, bounded, and no others."""

from __future__ import annotations

import ast

from .arithmetic import fill
from .builtins import dictionary, ordered
from .faults import Fault
from .scalars import known, listed, scalar, whole_of
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
    opened,
    plain,
    rests,
    text,
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
                it.items += listed(more)
        case "insert", (place, each):
            it.items.insert(whole_of(place), each)
        case "pop", ():
            return it.items.pop()
        case "pop", (place,):
            return it.items.pop(whole_of(place))
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
            it.items[:] = listed(ordered(node, Arguments((base,), given.named, (), given.keywords), budget))
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
            it.rows.update(_table(dictionary(node, given, budget)).rows)
            return Value(node, None)
    return None


def _of_text(name: str, node: ast.Call, base: Value, it: str, given: Arguments, budget: Budget) -> Known | None:
    found = rests(base, *given.all)
    match name, given.args:
        case "format", args:
            named = {key: known(each) for key, each in given.named.items()}
            return Value(node, fill(node, it, [known(each) for each in args], named), found)
        case "join", (items,):
            parts = [plain(each, budget) for each in listed(items)]
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
            words = it.split(str(scalar(args[0])) if args else None)
            budget.charge(node, len(words))
            return Value(node, Items([Value(node, each) for each in words]), found)
        case (("startswith" | "endswith"), (what,)):
            end = str(scalar(what))
            return Value(node, it.startswith(end) if name == "startswith" else it.endswith(end), found)
        case "replace", (old, new):
            if len(it) * (1 + len(str(scalar(new)))) <= 100_000:
                return Value(node, text(node, it.replace(str(scalar(old)), str(scalar(new)))), found)
    return None


def _table(value: Value) -> Table:
    if not isinstance(value.it, Table):
        raise TypeError
    return value.it
