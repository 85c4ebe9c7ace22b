"""Lists, tables, comprehensions and f-strings."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from .arithmetic import shown
from .faults import Fault
from .lookups import Lookups
from .values import (
    NONE,
    Items,
    Known,
    Names,
    Table,
    Unknown,
    Value,
    items_of,
    opened,
    text,
)  # fmt: skip


class Displays(Lookups):
    """Makes lists, tables and texts of their parts."""

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
