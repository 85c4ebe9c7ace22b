"""What can be wrong with a text, told with its place, and what a text leaves open."""

from __future__ import annotations

import ast
from collections.abc import Iterable
from dataclasses import dataclass

EXAMPLE = "blocks, such as Block('block1', bottleneck, [(256, 64, 1)] * 2 + [(256, 64, 2)])"
_NAMED = 8  # unknowns that one message names


@dataclass(frozen=True, slots=True)
class Ask:
    """A value that a text leaves open. name: what stands for it, as `read(..., known={name: value})` takes it."""

    name: str
    line: int


class NotationError(ValueError):
    """A text that is no notation. Its own text is a finished sentence; line and column count from 1.

    asks: the values that would help. choices: the names of the networks, where there are several and none is the one.
    """

    def __init__(
        self,
        line: int,
        column: int,
        fault: str,
        expected: str,
        *,
        place: str = "",
        asks: tuple[Ask, ...] = (),
        choices: tuple[str, ...] = (),
    ) -> None:
        self.line, self.column, self.expected = line, column, expected
        self.asks, self.choices = asks, choices
        super().__init__(f"{place or f'line {line}, column {column}'}: {fault}. Expected {expected}.")


class Fault(Exception):  # noqa: N818 - it becomes a NotationError where it reaches a person
    """What is wrong with a node of the tree (None: with all of it). `{}` in `message` stands for the node's text.

    name: what stands there for a value that only a person can know; empty where that is not the trouble.
    others: further faults of that kind, which hold up the same network.
    """

    def __init__(
        self, node: ast.AST | None, message: str, expected: str, name: str = "", others: tuple[Fault, ...] = ()
    ) -> None:
        super().__init__(message)
        self.node, self.message, self.expected, self.name, self.others = node, message, expected, name, others

    @property
    def asks(self) -> tuple[Ask, ...]:
        """The values that a person would have to give."""
        found = {each.name: Ask(each.name, line_of(each.node)) for each in (self, *self.others) if each.name}
        return tuple(found.values())


class Exhausted(Fault):
    """The text takes more steps, or more room, than a reading may take: nothing more of it is looked at."""


def joined(faults: Iterable[Fault]) -> Fault:
    """One fault that tells of all `faults`: of the first, or, where several values are unknown, of them all."""
    distinct = list({(each.name or id(each)): each for each in faults}.values())
    named = [each for each in distinct if each.name]
    if len(named) < 2:
        return distinct[0]
    first, line = named[0], line_of(named[0].node)
    words = [
        f"'{each.name}'" + (f" (line {line_of(each.node)})" if line_of(each.node) != line else "")
        for each in named[:_NAMED]
    ]
    more = f" and {len(named) - _NAMED} more" if len(named) > _NAMED else ""
    text = f"{', '.join(words[:-1])}{',' if more else ' and'} {words[-1]}{more} are not set to constants above"
    return Fault(first.node, text.replace("{}", ""), "constants", first.name, tuple(named[1:]))


def line_of(node: ast.AST | None) -> int:
    """The line that a node stands in; the first for none."""
    return getattr(node, "lineno", 1)
