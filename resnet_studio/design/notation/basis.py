"""What all of the interpreter rests on: how an expression is tried, and what is said of unknowns."""

from __future__ import annotations

import ast
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping

from .faults import Exhausted, Fault
from .values import (
    CALLS,
    Budget,
    Default,
    Function,
    Items,
    Known,
    Names,
    Table,
    Unknown,
    Value,
    items_of,
    opened,
)  # fmt: skip

_SCALARS = (int, float, str, bool, type(None))


class Basis(ABC):
    """Evaluates expressions. known: values that a person gave for what the text doesn't tell.

    attributes: what the text set on objects that it doesn't tell, by dotted name; flags: the defaults of its flags.
    """

    def __init__(self, known: Mapping[str, object], *, floors: bool) -> None:
        self.budget = Budget()
        self.known, self.floors = dict(known), floors
        self.attributes: dict[str, Known] = {}
        self.flags: dict[str, Known] = {}
        self._rules: dict[type[ast.expr], Callable[..., Known]] = {}

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


def faults_of(value: Known) -> tuple[Fault, ...]:
    """Why a value can't be known."""
    missing = opened(value)
    return missing.faults if missing else ()


def resting(value: Known, more: frozenset[Default]) -> Known:
    """`value`, which rests on `more` defaults too."""
    if isinstance(value, Value) and not more <= value.rests:
        return Value(value.node, value.it, value.rests | more)
    return value
