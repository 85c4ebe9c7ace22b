"""What expressions of a text stand for: values, and unknowns that pass through without deciding. And how much of them."""

from __future__ import annotations

import ast
import math
from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field

from resnet_studio.design.bounds import BOUNDS
from resnet_studio.design.spec import Block, Version

from .faults import Exhausted, Fault, joined, line_of

MAX_STEPS = 100_000
MAX_ITEMS = int(BOUNDS["all_units"].high)
MAX_COPIED = 2_000_000  # items in all lists that a text makes, intermediate ones too: a tenth of a second
MAX_LETTERS = 10_000  # of one text
MAX_CALLS = 20  # of functions within functions
CALLS = "Block(...) or resnet_v2_block(...)"
UNITS = "a list of (depth, depth_bottleneck, stride)"


@dataclass(frozen=True, slots=True)
class Default:
    """A default that a value rests on: of a parameter or of a flag. name: as `read(..., known=...)` takes it."""

    name: str
    words: str
    line: int
    flag: bool = False


NONE: frozenset[Default] = frozenset()


@dataclass(frozen=True, slots=True)
class Value:
    """What an expression stands for, and the expression, so that a fault found later is told at its place.

    it: a number, text, bool, None, a tuple of Values, or one of the classes below. rests: the defaults that it rests on.
    """

    node: ast.AST
    it: object
    rests: frozenset[Default] = NONE


@dataclass(frozen=True, slots=True)
class Unknown:
    """A value that the text doesn't tell. faults: why; path: its dotted name, so that `nets.resnet_v1.bottleneck` is known.

    feeds: the networks whose output may be in it. layers: what is known of a tensor (see `tensors`).
    """

    node: ast.AST
    faults: tuple[Fault, ...]
    path: str = ""
    feeds: frozenset[int] = frozenset()
    layers: tuple[tuple[str, int], ...] = ()

    @property
    def fault(self) -> Fault:
        """All of why, as one."""
        return joined(self.faults)


Known = Value | Unknown
Names = MutableMapping[str, Known]


@dataclass(slots=True)
class Items:
    """A list, which may change. open: why its items can't be known."""

    items: list[Known]
    open: Unknown | None = None


@dataclass(slots=True)
class Table:
    """A dictionary: key -> (the key's expression, its value). open: why there may be others in it."""

    rows: dict[object, tuple[ast.AST, Known]]
    open: Unknown | None = None


@dataclass(frozen=True, slots=True)
class Group:
    """A block, and the version of its units where its function tells it."""

    block: Block
    version: Version | None = None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Images:
    """A tensor of images, or of what a network makes of them. None: not known."""

    size: tuple[int, int] | None
    channels: int | None
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ArgScope:
    """What `resnet_arg_scope(...)` was given."""

    arguments: Mapping[str, Known]


@dataclass(frozen=True, slots=True)
class Function:
    """A function of the text. names: what is known where it was defined; owner: the class that it is a method of."""

    node: ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda
    name: str
    names: Names
    owner: Class | None = None
    bound: Instance | None = None

    @property
    def title(self) -> str:
        """Its name for people: 'Net.build' for a method."""
        return f"{self.owner.name}.{self.name}" if self.owner else self.name


@dataclass(frozen=True, slots=True, eq=False)
class Class:
    """A class of the text: what its body sets, and the classes of the text that it builds on."""

    name: str
    names: Names
    bases: tuple[Class, ...] = ()
    fields: tuple[str, ...] = ()  # of a named tuple

    def find(self, name: str) -> Known | None:
        """What it or a class below it sets."""
        if name in self.names:
            return self.names[name]
        return next((found for base in self.bases if (found := base.find(name)) is not None), None)


@dataclass(slots=True, eq=False)
class Instance:
    """An object of a class of the text."""

    cls: Class
    names: Names = field(default_factory=dict)


class Budget:
    """How many steps and items a reading may still take."""

    def __init__(self) -> None:
        self.steps = self._copied = 0

    def step(self, node: ast.AST, count: int = 1) -> None:
        """Raises Exhausted where the text takes too long."""
        self.steps += count
        if self.steps > MAX_STEPS:
            raise Exhausted(node, f"by here the text takes more than {MAX_STEPS:,} steps", "blocks written out")

    def charge(self, node: ast.AST, count: int) -> None:
        """Raises Fault for a list of more items than any may have, Exhausted for one list too many of them."""
        if count > MAX_ITEMS:
            raise Fault(node, "the list is too long", BOUNDS["all_units"].text)
        self._copied += count
        if self._copied > MAX_COPIED:
            raise Exhausted(node, "the list is too long", BOUNDS["all_units"].text)


def number(node: ast.AST, value: float) -> float:
    """`value`, if it is of a size that arithmetic and messages can deal with. Raises Fault."""
    if isinstance(value, complex):
        raise Fault(node, "{} can't be worked out here", "a number")
    large = value.bit_length() > 64 if isinstance(value, int) else not math.isfinite(value)
    if large:
        raise Fault(node, "{} is too large a number", "a number of at most 64 bits")
    return value


def text(node: ast.AST, value: str) -> str:
    """`value`, if it is of a length that names have. Raises Fault."""
    if len(value) > MAX_LETTERS:
        raise Fault(node, f"a text of {len(value):,} characters is too long", f"at most {MAX_LETTERS:,}")
    return value


def unknown(node: ast.AST, parts: Iterable[Known], path: str = "") -> Unknown | None:
    """What is unknown because some of `parts` are; None where all are known."""
    found = [each for each in parts if isinstance(each, Unknown)]
    if not found:
        return None
    faults = {id(fault): fault for each in found for fault in each.faults}
    feeds = frozenset[int]().union(*(each.feeds for each in found))
    return Unknown(node, tuple(faults.values())[:16], path, feeds)


def unset(node: ast.AST, name: str) -> Unknown:
    """A name that nothing sets."""
    return Unknown(node, (Fault(node, "{} is not set to a constant above", "a constant", name),), name)


def rests(*parts: Known) -> frozenset[Default]:
    """The defaults that a value made of `parts` rests on."""
    found = NONE
    for each in parts:
        if isinstance(each, Value) and each.rests:
            found |= each.rests
    return found


def items_of(value: Known) -> list[Known] | None:
    """The items of a list or tuple; None for anything else."""
    if isinstance(value, Value):
        if isinstance(value.it, tuple):
            return list(value.it)
        if isinstance(value.it, Items) and value.it.open is None:
            return value.it.items
    return None


def opened(value: Known) -> Unknown | None:
    """Why a value, or a list or table, can't be known; None where it can."""
    if isinstance(value, Unknown):
        return value
    return value.it.open if isinstance(value.it, Items | Table) else None


def plain(value: Known, budget: Budget) -> object:
    """A constant as Python has it, lists and tables taken apart. Raises Fault where a part is unknown."""
    budget.step(value.node)
    if isinstance(value, Unknown):
        raise value.fault
    it = value.it
    if isinstance(it, tuple):
        return tuple(plain(each, budget) for each in it)
    if isinstance(it, Items | Table):
        if it.open is not None:
            raise it.open.fault
        if isinstance(it, Items):
            return [plain(each, budget) for each in it.items]
        return {key: plain(each, budget) for key, (_, each) in it.rows.items()}
    return it


def where(value: Known) -> int:
    """The line of a value."""
    return line_of(value.node)
