"""Expressions -> what they stand for. Nothing of a real object is reached: there are only the values of `values`."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping

from .arithmetic import combine, compare
from .basis import faults_of, resting
from .displays import Displays
from .faults import Fault
from .values import (
    CALLS,
    NONE,
    Function,
    Known,
    Names,
    Unknown,
    Value,
    opened,
    rests,
    unknown,
)  # fmt: skip


class Expressions(Displays):
    """Evaluates all kinds of expressions."""

    def __init__(self, known: Mapping[str, object], *, floors: bool) -> None:
        super().__init__(known, floors=floors)
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
            return Value(node, not truth, rests(value)) if truth is not None else Unknown(node, faults_of(value))
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
                return resting(value, base)
        return Unknown(node, tuple(f for each in missing for f in faults_of(each))) if missing else resting(value, base)

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

    def _lambda(self, node: ast.Lambda, names: Names) -> Known:
        return Value(node, Function(node, "lambda", names))
