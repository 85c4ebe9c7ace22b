"""The values that expressions of the notation stand for: constants, lists, units. All else is a Fault."""

from __future__ import annotations

import ast
import math
import operator
from abc import ABC, abstractmethod
from collections.abc import Callable, MutableMapping
from dataclasses import dataclass

from resnet_studio.design.bounds import BOUNDS

from .source import Fault

MAX_ITEMS = int(BOUNDS["units"].high)
MAX_COPIED = 4_000_000  # items in all lists that a text makes, intermediate ones too: a tenth of a second
CALLS = "Block(...) or resnet_v2_block(...)"
UNITS = "a list of (depth, depth_bottleneck, stride)"
UNIT_FIELDS = ("depth", "depth_bottleneck", "stride", "unit_rate")

_NUMBERS: dict[type[ast.operator], Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
}


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression stands for: a number, text, bool, None, a tuple of Values, a dict of Values (a unit), or what
    a call makes (see notation_calls); and the expression, so that a fault found later is told at its place.
    """

    node: ast.expr
    it: object


Names = MutableMapping[str, Value | Fault]


class Evaluator(ABC):
    """Expressions -> values; calls are left to a subclass."""

    def __init__(self) -> None:
        self._copied = 0

    def attempt(self, node: ast.expr, names: Names) -> Value | Fault:
        """The value of `node`, or why it has none: most expressions of a program are no concern of the notation."""
        try:
            return self.evaluate(node, names)
        except Fault as fault:
            return fault.with_traceback(None)

    def evaluate(self, node: ast.expr, names: Names) -> Value:
        """The value of `node`. Raises Fault."""
        match node:
            case ast.Constant(value=str() | bool() | None):
                return Value(node, node.value)
            case ast.Constant(value=int() | float() as number):
                return Value(node, _number(node, number))
            case ast.Name(id=name):
                found = names.get(name) or Fault(node, "{} is not set to a constant above", "a constant")
                if isinstance(found, Fault):
                    raise found
                return found
            case ast.Tuple(elts=items) | ast.List(elts=items):
                return self._sequence(node, tuple(self.evaluate(item, names) for item in items))
            case ast.Dict():
                return Value(node, self._dictionary(node, names))
            case ast.UnaryOp(op=ast.USub() | ast.UAdd(), operand=operand):
                signed = self.evaluate(operand, names).it
                if isinstance(signed, int | float):
                    return Value(node, -signed if isinstance(node.op, ast.USub) else +signed)
            case ast.BinOp():
                return self._binary(node, names)
            case ast.Call():
                return self.call(node, names)
        raise Fault(node, "{} is not read here", f"constants and lists of them, {CALLS}")

    @abstractmethod
    def call(self, node: ast.Call, names: Names) -> Value:
        """What a call stands for. Raises Fault for what can't be called."""

    def _dictionary(self, node: ast.Dict, names: Names) -> dict[str, Value]:
        found: dict[str, Value] = {}
        for key, each in zip(node.keys, node.values, strict=True):
            if not isinstance(key, ast.Constant) or key.value not in UNIT_FIELDS or key.value in found:
                raise Fault(
                    key or each, "{} is no key of a unit here", "'depth', 'depth_bottleneck', 'stride' and 'unit_rate'"
                )
            found[str(key.value)] = self.evaluate(each, names)
        return found

    def _binary(self, node: ast.BinOp, names: Names) -> Value:
        """Sums may be thousands of terms long, and lean to the left, so they are not taken apart by recursion."""
        chain: list[ast.BinOp] = []
        left: ast.expr = node
        while isinstance(left, ast.BinOp):
            chain.append(left)
            left = left.left
        value = self.evaluate(left, names)
        for each in reversed(chain):
            value = self._combine(each, value, self.evaluate(each.right, names))
        return value

    def _combine(self, node: ast.BinOp, left: Value, right: Value) -> Value:
        match node.op, left.it, right.it:
            case ast.Add(), tuple() as a, tuple() as b:
                return self._sequence(node, a + b)
            case ast.Mult(), tuple() as items, int() as count:
                return self._repeat(node, items, count, right)
            case ast.Mult(), int() as count, tuple() as items:
                return self._repeat(node, items, count, left)
            case op, (int() | float()) as x, (int() | float()) as y if type(op) in _NUMBERS:
                try:
                    return Value(node, _number(node, _NUMBERS[type(op)](x, y)))
                except ArithmeticError:
                    raise Fault(node, "{} has no value", "a number") from None
        raise Fault(node, "{} can't be worked out here", f"{UNITS}, joined by + and repeated by *")

    def _repeat(self, node: ast.BinOp, items: tuple[Value, ...], count: int, counted: Value) -> Value:
        # Checked ahead of the multiplication: a list of a billion units is refused, not built.
        if isinstance(count, bool) or not 0 <= count <= MAX_ITEMS or len(items) * count > MAX_ITEMS:
            raise Fault(counted.node, "repeated {} times, the list would be out of range", BOUNDS["units"].text)
        return self._sequence(node, items * count)

    def _sequence(self, node: ast.expr, items: tuple[Value, ...]) -> Value:
        self.charge(node, len(items))
        return Value(node, items)

    def charge(self, node: ast.expr, count: int) -> None:
        """Raises Fault for a list of more items than any may have, or one list too many of them."""
        self._copied += count
        if count > MAX_ITEMS or self._copied > MAX_COPIED:
            raise Fault(node, "the list is too long", BOUNDS["units"].text)


def _number(node: ast.expr, number: float) -> float:
    """`number`, if it is of a size that arithmetic and messages can deal with."""
    large = number.bit_length() > 64 if isinstance(number, int) else not math.isfinite(number)
    if large:
        raise Fault(node, "{} is too large a number", "a number of at most 64 bits")
    return number
