"""Constants, names, attributes and items: what a text has set, and what it doesn't tell."""

from __future__ import annotations

import ast
from typing import Any

from .basis import Basis, resting
from .faults import Fault
from .values import (
    CALLS,
    Class,
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
    rests,
    text,
    unknown,
    unset,
)  # fmt: skip

_SCALARS = (int, float, str, bool, type(None))


class Lookups(Basis):
    """Looks up what names, attributes and subscripts stand for."""

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
        return resting(items[key.it], base.rests | key.rests)

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
        return resting(found[1], base.rests | rests(key))

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


def _is_property(node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef) else []
    return any(isinstance(each, ast.Name) and each.id == "property" for each in decorators)
