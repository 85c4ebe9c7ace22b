"""Expressions -> what they stand for. Nothing of a real object is reached: there are only the values of `values`."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from .arithmetic import combine, compare, shown
from .faults import Exhausted, Fault
from .values import (
    CALLS,
    NONE,
    Budget,
    Class,
    Default,
    Function,
    Instance,
    Items,
    Known,
    Names,
    Table,
    Unknown,
    Value,
    items_of,
    number,
    opened,
    rests,
    text,
    unknown,
    unset,
)  # fmt: skip

_SCALARS = (int, float, str, bool, type(None))


class Expressions(ABC):
    """Evaluates expressions. known: values that a person gave for what the text doesn't tell.

    attributes: what the text set on objects that it doesn't tell, by dotted name; flags: the defaults of its flags.
    """

    def __init__(self, known: Mapping[str, object], *, floors: bool) -> None:
        self.budget = Budget()
        self.known, self.floors = dict(known), floors
        self.attributes: dict[str, Known] = {}
        self.flags: dict[str, Known] = {}
        self._rules: dict[type[ast.expr], Callable[..., Known]] = {
            ast.Constant: self._constant,
            ast.Name: self._name,
            ast.Attribute: self._attribute,
            ast.Subscript: self._subscript,
            ast.Tuple: self._tuple,
            ast.List: self._list,
            ast.Set: self._tuple,
            ast.Dict: self._dict,
            ast.BinOp: self._binary,
            ast.UnaryOp: self._unary,
            ast.BoolOp: self._bool,
            ast.Compare: self._compare,
            ast.IfExp: self._either,
            ast.JoinedStr: self._joined,
            ast.ListComp: self._comprehension,
            ast.GeneratorExp: self._comprehension,
            ast.SetComp: self._comprehension,
            ast.DictComp: self._table,
            ast.Call: self.call,
            ast.Lambda: self._lambda,
        }

    def evaluate(self, node: ast.expr, names: Names) -> Known:
        """What `node` stands for, which may be unknown. Raises Fault where it can't be worked out at all."""
        self.budget.step(node)
        rule = self._rules.get(type(node))
        if rule is None:
            raise Fault(node, "{} is not read here", f"constants and lists of them, {CALLS}")
        return rule(node, names)

    def attempt(self, node: ast.expr, names: Names) -> Known:
        """As `evaluate`, with a fault as an unknown: most expressions of a program are no concern of the notation."""
        try:
            return self.evaluate(node, names)
        except Exhausted:
            raise
        except Fault as fault:
            return Unknown(node, (fault.with_traceback(None),))
        except RecursionError:
            return Unknown(node, (Fault(None, "the text is nested too deeply", CALLS),))

    @abstractmethod
    def call(self, node: ast.Call, names: Names) -> Known:
        """What a call stands for."""

    @abstractmethod
    def decide(self, test: ast.expr, names: Names) -> bool:
        """Which way a condition goes. Raises Fault where it can't be told."""

    @abstractmethod
    def choose(self, node: ast.AST, key: Known, options: list[object]) -> object:
        """Which of `options` an unknown, or a default, stands for. Raises Fault where that is not to be told."""

    @abstractmethod
    def read_property(self, method: Function, node: ast.AST) -> Known:
        """What a property of the text's own gives."""

    def settle(self, found: Known, node: ast.AST) -> Known:
        """`found`, or what was said of it where it is unknown."""
        if isinstance(found, Unknown) and self.known and len(found.faults) == 1:
            return self.given(found.faults[0].name, node) or found
        return found

    def given(self, name: str, node: ast.AST) -> Value | None:
        """What a person said that `name` stands for."""
        return Value(node, self.known[name]) if name in self.known else None

    def truth(self, value: Known) -> bool | None:
        """Whether a value counts as true; None where that is unknown."""
        if opened(value) is not None or isinstance(value, Unknown):
            return None
        it = value.it
        if isinstance(it, Items):
            return bool(it.items)
        return bool(it.rows) if isinstance(it, Table) else bool(it) if isinstance(it, (*_SCALARS, tuple)) else True

    def _constant(self, node: ast.Constant, _: Names) -> Known:
        if isinstance(node.value, str):
            return Value(node, text(node, node.value) if len(node.value) > 100 else node.value)
        if node.value is None or isinstance(node.value, bool):
            return Value(node, node.value)
        if isinstance(node.value, int | float):
            return Value(node, number(node, node.value))
        raise Fault(node, "{} is not read here", f"constants and lists of them, {CALLS}")

    def _name(self, node: ast.Name, names: Names) -> Known:
        found = names.get(node.id)
        if found is None:
            return self.given(node.id, node) or unset(node, node.id)
        return self.settle(found, node)

    def _attribute(self, node: ast.Attribute, names: Names) -> Known:
        base = self.evaluate(node.value, names)
        if isinstance(base, Value):
            return self._member(node, base)
        path = f"{base.path}.{node.attr}" if base.path else ""
        if (
            base.path.rpartition(".")[2]
            in ("FLAGS", "flags", "args", "opt", "opts", "parse_args()", "parse_known_args()[0]")
            and node.attr in self.flags
        ):
            return self.given(path, node) or self.settle(self.flags[node.attr], node)
        return self._below(node, base, path)

    def _member(self, node: ast.Attribute, base: Value) -> Known:
        it = base.it
        if isinstance(it, Instance):
            found = it.names.get(node.attr) or it.cls.find(node.attr)
            if isinstance(found, Value) and isinstance(found.it, Function) and found.it.bound is None:
                fun = found.it
                method = Function(fun.node, fun.name, fun.names, fun.owner, it)
                return self.read_property(method, node) if _is_property(fun.node) else Value(found.node, method)
            path = f"self.{node.attr}"
        elif isinstance(it, Class):
            found, path = it.find(node.attr), f"{it.name}.{node.attr}"
        else:
            name = it.name if isinstance(it, Function) else ""
            found, path = None, f"{name}.{node.attr}" if name else ""
        if found is not None:
            return self.settle(found, node)
        if found := self.given(path, node) or self.attributes.get(path):
            return found
        if isinstance(it, Table) and node.attr in it.rows:  # an EasyDict and the like
            return it.rows[node.attr][1]
        fault = Fault(node, "{} is not set to a constant above", "a constant", path)
        return Unknown(node, (fault,), path, layers=())

    def _below(self, node: ast.expr, base: Unknown, path: str) -> Known:
        """A part of what the text doesn't tell."""
        if found := self.given(path, node) or self.attributes.get(path):
            return found
        if not path:
            return Unknown(node, base.faults, "", base.feeds, base.layers)
        fault = Fault(node, "{} is not set to a constant above", "a constant", path)
        return Unknown(node, (fault,), path, base.feeds, base.layers)

    def _subscript(self, node: ast.Subscript, names: Names) -> Known:
        base = self.evaluate(node.value, names)
        if isinstance(node.slice, ast.Slice):
            return self._slice(node, node.slice, base, names)
        key = self.evaluate(node.slice, names)
        if isinstance(base, Unknown):
            inside = f"[{key.it!r}]" if isinstance(key, Value) and isinstance(key.it, _SCALARS) else "[]"
            return self._below(node, base, f"{base.path}{inside}" if base.path and len(inside) < 60 else "")
        if isinstance(base.it, Table):
            return self._row(node, base, base.it, key)
        items = items_of(base) if not isinstance(base.it, str) else [Value(node, each) for each in base.it]
        if items is None:
            raise Fault(node, "{} is not read here", "an item of a list")
        if isinstance(key, Unknown):
            key = Value(node, self.choose(node, key, list(range(len(items)))))
        if type(key.it) is not int or not -len(items) <= key.it < len(items):
            raise Fault(node, "there is no {}", f"one of {len(items):,} items")
        return _resting(items[key.it], base.rests | key.rests)

    def _row(self, node: ast.Subscript, base: Value, table: Table, key: Known) -> Known:
        """TABLE[key]. A key that is unknown, or a default, makes a choice of networks of it."""
        told = isinstance(key, Value) and not key.rests
        chosen = key.it if told and isinstance(key, Value) else self.choose(node, key, list(table.rows))
        try:
            found = table.rows.get(chosen)
        except TypeError:
            found = None
        if found is None:
            if table.open:
                return Unknown(node, table.open.faults)
            raise Fault(node, "there is no {}", "one of " + ", ".join(map(repr, list(table.rows)[:8])))
        return _resting(found[1], base.rests | rests(key))

    def _slice(self, node: ast.Subscript, part: ast.Slice, base: Known, names: Names) -> Known:
        ends = [
            self.evaluate(each, names) if each else Value(node, None) for each in (part.lower, part.upper, part.step)
        ]
        if found := unknown(node, (base, *ends)):
            return found
        bounds: list[Any] = [each.it if isinstance(each, Value) else None for each in ends]
        items = items_of(base)
        if not all(each is None or type(each) is int for each in bounds) or bounds[2] == 0:
            raise Fault(node, "{} is not read here", "whole numbers")
        if isinstance(base, Value) and isinstance(base.it, str):
            return Value(node, base.it[slice(*bounds)], base.rests)
        if items is None or not isinstance(base, Value):
            raise Fault(node, "{} is not read here", "a part of a list")
        taken = items[slice(*bounds)]
        self.budget.charge(node, len(taken))
        return Value(node, tuple(taken) if isinstance(base.it, tuple) else Items(taken), rests(base, *ends))

    def _tuple(self, node: ast.Tuple | ast.Set, names: Names) -> Known:
        items = self._elements(node, node.elts, names)
        return items if isinstance(items, Unknown) else Value(node, tuple(items))

    def _list(self, node: ast.List, names: Names) -> Known:
        items = self._elements(node, node.elts, names)
        return items if isinstance(items, Unknown) else Value(node, Items(items))

    def _elements(self, node: ast.expr, elements: list[ast.expr], names: Names) -> list[Known] | Unknown:
        found: list[Known] = []
        for each in elements:
            if isinstance(each, ast.Starred):
                inner = self.evaluate(each.value, names)
                more = items_of(inner)
                if more is None:
                    return opened(inner) or Unknown(node, (Fault(each, "{} is not read here", "a list"),))
                found += more
            else:
                found.append(self.attempt(each, names))
        self.budget.charge(node, len(found))
        return found

    def _dict(self, node: ast.Dict, names: Names) -> Known:
        table = Table({})
        for key, each in zip(node.keys, node.values, strict=True):
            value = self.attempt(each, names)
            if key is None:
                if isinstance(value, Value) and isinstance(value.it, Table):
                    table.rows.update(value.it.rows)
                    table.open = table.open or value.it.open
                else:
                    table.open = Unknown(each, value.faults if isinstance(value, Unknown) else ())
                continue
            name = self.evaluate(key, names)
            if isinstance(name, Unknown):
                table.open = name
            else:
                self.put(table, name, key, value)
        self.budget.charge(node, len(table.rows))
        return Value(node, table)

    def put(self, table: Table, key: Value, node: ast.AST, value: Known) -> None:
        """table[key] = value. Raises Fault for what is no key."""
        it = (
            tuple(each.it if isinstance(each, Value) else None for each in key.it)
            if isinstance(key.it, tuple)
            else key.it
        )
        try:
            table.rows[it] = (node, value)
        except TypeError:
            raise Fault(node, "{} is no key", "a constant") from None

    def _binary(self, node: ast.BinOp, names: Names) -> Known:
        """Sums may be thousands of terms long, and lean to the left, so they are not taken apart by recursion."""
        chain: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            chain.append(left)
            left = left.left
        value = self.evaluate(left, names)
        for each in reversed(chain):
            right = self.evaluate(each.right, names)
            self.budget.step(each)
            if found := unknown(each, [opened(part) or part for part in (value, right)]):
                value = found
            elif isinstance(value, Value) and isinstance(right, Value):
                value = combine(each, value, right, self.budget, floors=self.floors)
        return value

    def _unary(self, node: ast.UnaryOp, names: Names) -> Known:
        value = self.evaluate(node.operand, names)
        if isinstance(node.op, ast.Not):
            truth = self.truth(value)
            return Value(node, not truth, rests(value)) if truth is not None else Unknown(node, _faults(value))
        if isinstance(value, Unknown):
            return value
        if isinstance(value.it, int | float) and not isinstance(node.op, ast.Invert):
            return Value(node, -value.it if isinstance(node.op, ast.USub) else +value.it, value.rests)
        raise Fault(node, "{} is not read here", f"constants and lists of them, {CALLS}")

    def _bool(self, node: ast.BoolOp, names: Names) -> Known:
        stops = isinstance(node.op, ast.Or)
        missing: list[Known] = []
        value: Known = Value(node, None)
        base = NONE
        for each in node.values:
            value = self.attempt(each, names)
            truth = self.truth(value)
            base |= rests(value)
            if truth is None:
                missing.append(value)
            elif truth == stops:
                return _resting(value, base)
        return Unknown(node, tuple(f for each in missing for f in _faults(each))) if missing else _resting(value, base)

    def _compare(self, node: ast.Compare, names: Names) -> Known:
        left = self.evaluate(node.left, names)
        found = rests(left)
        for op, each in zip(node.ops, node.comparators, strict=True):
            right = self.evaluate(each, names)
            found |= rests(right)
            missing = unknown(node, [opened(part) or part for part in (left, right)])
            if missing:
                return missing
            holds = (
                compare(op, left, right, self.budget) if isinstance(left, Value) and isinstance(right, Value) else None
            )
            if holds is None:
                raise Fault(node, "{} can't be worked out here", "numbers to compare")
            if not holds:
                return Value(node, False, found)
            left = right
        return Value(node, True, found)

    def _either(self, node: ast.IfExp, names: Names) -> Known:
        return self.evaluate(node.body if self.decide(node.test, names) else node.orelse, names)

    def _joined(self, node: ast.JoinedStr, names: Names) -> Known:
        pieces, found = [], NONE
        for each in node.values:
            inner = (
                self.evaluate(each.value, names) if isinstance(each, ast.FormattedValue) else self.evaluate(each, names)
            )
            if isinstance(inner, Unknown):
                return inner
            spec = ""
            if isinstance(each, ast.FormattedValue) and each.format_spec:
                told = self.evaluate(each.format_spec, names)
                if isinstance(told, Unknown):
                    return told
                spec = str(told.it)
            pieces.append(shown(node, inner, spec, each.conversion if isinstance(each, ast.FormattedValue) else -1))
            found |= inner.rests
        return Value(node, text(node, "".join(pieces)), found)

    def _comprehension(self, node: ast.ListComp | ast.GeneratorExp | ast.SetComp, names: Names) -> Known:
        found: list[Known] = []
        for inner in self._each(node.generators, names):
            if isinstance(inner, Unknown):
                return inner
            found.append(self.evaluate(node.elt, inner))
            self.budget.charge(node, 1)
        return Value(node, Items(found))

    def _table(self, node: ast.DictComp, names: Names) -> Known:
        table = Table({})
        for inner in self._each(node.generators, names):
            if isinstance(inner, Unknown):
                return inner
            key = self.evaluate(node.key, inner)
            if isinstance(key, Unknown):
                return key
            self.put(table, key, node.key, self.evaluate(node.value, inner))
            self.budget.charge(node, 1)
        return Value(node, table)

    def _each(self, generators: list[ast.comprehension], names: Names) -> Iterator[Names | Unknown]:
        """The names of each turn of a comprehension; an unknown where the turns can't be known."""
        if not generators:
            yield names
            return
        head, *rest = generators
        turns = self.turns(self.evaluate(head.iter, names))
        if isinstance(turns, Unknown):
            yield turns
            return
        for each in turns:
            self.budget.step(head.target)
            inner = names.new_child() if hasattr(names, "new_child") else dict(names)
            self.assign(head.target, each, inner)
            if all(self.decide(test, inner) for test in head.ifs):
                yield from self._each(rest, inner)

    def turns(self, value: Known) -> list[Known] | Unknown:
        """What a loop over a value goes through."""
        if missing := opened(value):
            return missing
        items = items_of(value)
        if items is not None:
            return list(items)
        if isinstance(value, Value) and isinstance(value.it, Table):
            return [Value(node, key) for key, (node, _) in value.it.rows.items()]
        if isinstance(value, Value) and isinstance(value.it, str):
            return [Value(value.node, each) for each in value.it]
        return Unknown(value.node, (Fault(value.node, "{} is not a list", "a list"),))

    @abstractmethod
    def assign(self, target: ast.expr, value: Known, names: Names) -> None:
        """Keeps `value` under the name or names of `target`."""

    def _lambda(self, node: ast.Lambda, names: Names) -> Known:
        return Value(node, Function(node, "lambda", names))


def _faults(value: Known) -> tuple[Fault, ...]:
    missing = opened(value)
    return missing.faults if missing else ()


def _resting(value: Known, more: frozenset[Default]) -> Known:
    """`value`, which rests on `more` defaults too."""
    if isinstance(value, Value) and not more <= value.rests:
        return Value(value.node, value.it, value.rests | more)
    return value


def _is_property(node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any(isinstance(each, ast.Name) and each.id == "property" for each in decorators)
