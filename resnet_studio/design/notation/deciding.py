"""Conditions: an unknown passes through, and may not decide. Where one would, a run goes one way and puts the others down."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from .expressions import Expressions
from .faults import Fault, line_of
from .values import (
    Default,
    Known,
    Names,
    Unknown,
    Value,
)  # fmt: skip

Others = tuple[tuple[Mapping[str, object], Mapping[str, bool]], ...]
_WORDS = 80  # of a condition, in a choice's name


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the text can go more than one way. words: the condition; others: what is known or decided the other ways."""

    words: str
    line: int
    others: Others
    asks: tuple[Fault, ...] = ()


class Decider(Expressions):
    """Decides conditions. choices: where this run could have gone another way; rested: defaults that conditions went by."""

    def __init__(self, known: Mapping[str, object], decisions: Mapping[str, bool], *, floors: bool) -> None:
        super().__init__(known, floors=floors)
        self.decisions = dict(decisions)
        self.choices: list[Choice] = []
        self.rested: dict[str, Default] = {}

    def decide(self, test: ast.expr, names: Names, branches: ast.If | None = None) -> bool:
        """Which way a condition goes. One that hangs on an unknown goes one way now, and the other in a run of its own."""
        value = self.attempt(test, names)
        truth = self.truth(value)
        if truth is not None and isinstance(value, Value):
            if value.rests:
                self._rest_on(value, test, branches)
            return truth
        if branches is not None and (_ends(branches.body) or _ends(branches.orelse)):
            return not _ends(branches.body)  # the way that raises an error is none
        words = (
            _shorten(ast.unparse(test))
            if sum(1 for _ in zip(ast.walk(test), range(60), strict=False)) < 60
            else f"line {test.lineno}"
        )
        if words in self.decisions:
            return self.decisions[words]
        faults = value.faults if isinstance(value, Unknown) else ()
        name, equal = _equal(test, faults)
        self.choices.append(Choice(words, test.lineno, (({}, {words: False}),), faults))
        self.decisions[words] = True
        if name:
            self.known[name] = equal
        return True

    def _rest_on(self, value: Value, test: ast.expr, branches: ast.If | None) -> None:
        """A condition that a default decides is told, and its other values are tried in runs of their own."""
        for default in value.rests:
            self.rested.setdefault(default.name, default)
            if default.name in self.known or any(each.words == default.words for each in self.choices):
                continue
            options = [each for each in _compared(test, branches) if repr(each) != default.words.partition(" = ")[2]]
            others: Others = tuple(({default.name: each}, {}) for each in options[:16])
            if len(value.rests) == 1 and others:
                self.choices.append(Choice(default.words, default.line, others))

    def choose(self, node: ast.AST, key: Known, options: list[object]) -> object:
        """Which row of a table or item of a list an unknown stands for; others are tried in runs of their own."""
        others: Others
        options = [each for each in options if isinstance(each, int | float | str)][:16]  # type: ignore[assignment]
        if isinstance(key, Value):
            for default in key.rests:
                self.rested.setdefault(default.name, default)
                if default.name not in self.known and not any(each.words == default.words for each in self.choices):
                    others = tuple(({default.name: each}, {}) for each in options if each != key.it)
                    self.choices.append(Choice(default.words, default.line, others))
            return key.it
        fault = key.fault
        if not fault.name or fault.others or not options:
            raise fault
        others = tuple(({fault.name: each}, {}) for each in options[1:])
        self.choices.append(Choice(f"{fault.name} = {options[0]!r}", line_of(node), others, (fault,)))
        self.known[fault.name] = options[0]
        return options[0]


def _ends(body: list[ast.stmt]) -> bool:
    return bool(body) and isinstance(body[-1], ast.Raise)


def _equal(test: ast.expr, faults: tuple[Fault, ...]) -> tuple[str, object]:
    """The unknown that a condition compares with a constant, and that constant; '' for another condition."""
    if isinstance(test, ast.Compare) and len(test.ops) == 1 and isinstance(test.ops[0], ast.Eq) and len(faults) == 1:
        for part in (test.comparators[0], test.left):
            if isinstance(part, ast.Constant) and isinstance(part.value, int | float | str):
                return faults[0].name, part.value
    return "", None


def _compared(test: ast.expr, branches: ast.If | None) -> list[object]:
    """The constants that a chain of conditions compares with: what else a default could have been."""
    tests = [test]
    while branches is not None and len(branches.orelse) == 1 and isinstance(branches.orelse[0], ast.If):
        branches = branches.orelse[0]
        tests.append(branches.test)
    found: dict[str, object] = {}
    for each in tests:
        for node in ast.walk(each):
            if isinstance(node, ast.Compare):
                for part in (node.left, *node.comparators):
                    for constant in ast.walk(part):
                        if isinstance(constant, ast.Constant) and isinstance(constant.value, int | float | str):
                            found[repr(constant.value)] = constant.value
        if isinstance(each, ast.Name | ast.Attribute) or (
            isinstance(each, ast.UnaryOp) and isinstance(each.op, ast.Not)
        ):
            found |= {"True": True, "False": False}
    return list(found.values())


def _shorten(words: str) -> str:
    return words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
