"""Functions and classes of the text: how they are defined, and what they give back."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections import ChainMap
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum

from .assigning import Assigner
from .faults import Exhausted, Fault, line_of
from .signature import Arguments, bind_own, defaults_of, parameters_of
from .values import (
    CALLS,
    MAX_CALLS,
    Class,
    Default,
    Function,
    Instance,
    Known,
    Names,
    Unknown,
    Value,
)  # fmt: skip

_CALL_STEPS = 20  # that a call of a function counts for
_PENDING = 200  # faults that are kept


class Way(Enum):
    """How a row of statements ended, other than at its end."""

    RETURN = "return"
    BREAK = "break"
    CONTINUE = "continue"
    RAISE = "raise"


@dataclass(slots=True)
class Frame:
    """What is known in the module, or in the body of a function, as the reading goes on.

    lists: names of lists of blocks, in the order of their making; loose: blocks that stand alone.
    """

    names: Names
    function: Function | None = None
    result: Known | None = None
    lists: dict[str, Known] = field(default_factory=dict)
    loose: list[Value] = field(default_factory=list)
    faulty: list[Fault] = field(default_factory=list)  # blocks that should stand among the loose ones


class Functions(Assigner):
    """Calls functions of the text, each with names of its own.

    functions: those of the text, in order; called: by other functions or the module, by their nodes.
    """

    def __init__(self, known: Mapping[str, object], decisions: Mapping[str, bool], *, floors: bool) -> None:
        super().__init__(known, decisions, floors=floors)
        self.functions: list[Function] = []
        self.called: set[int] = set()
        self._depth = 0

    @abstractmethod
    def run(self, body: Iterable[ast.stmt], frame: Frame) -> Way | None:
        """Goes through statements in turn."""

    def _define(self, node: ast.FunctionDef | ast.AsyncFunctionDef, names: Names, owner: Class | None) -> None:
        found = Function(node, node.name, names, owner)
        if node.name == "resnet_arg_scope":
            self.own_scope = found
        (owner.names if owner else names)[node.name] = Value(node, found)
        self.functions.append(found)

    def _class(self, node: ast.ClassDef, frame: Frame) -> None:
        bases = [self.attempt(each, frame.names) for each in node.bases]
        own = tuple(each.it for each in bases if isinstance(each, Value) and isinstance(each.it, Class))
        made = Class(node.name, {}, own, next((each.fields for each in own if each.fields), ()))
        frame.names[node.name] = Value(node, made)
        inner = Frame(ChainMap(made.names, *frame.names.maps) if isinstance(frame.names, ChainMap) else made.names)
        for each in node.body:
            if isinstance(each, ast.FunctionDef | ast.AsyncFunctionDef):
                self._define(each, frame.names, made)
            else:
                self.run([each], inner)
        frame.lists |= {f"{node.name}.{name}": value for name, value in inner.lists.items()}

    def _import(self, node: ast.Import | ast.ImportFrom, names: Names) -> None:
        for each in node.names:
            whole = f"{node.module}.{each.name}" if isinstance(node, ast.ImportFrom) and node.module else each.name
            name = each.asname or (each.name if isinstance(node, ast.ImportFrom) else each.name.partition(".")[0])
            if isinstance(node, ast.Import) and each.asname is None:
                whole = name
            fault = Fault(node, f"'{name}' is not set to a constant above", "a constant", name)
            names[name] = Unknown(node, (fault,), whole)

    def call_function(self, function: Function, given: Arguments, node: ast.AST, *, root: bool = False) -> Known:
        """What a function of the text gives back. root: nobody calls it; it is read with its own defaults."""
        found, _ = self.enter(function, given, node, root=root)
        return found

    def enter(self, function: Function, given: Arguments, node: ast.AST, *, root: bool = False) -> tuple[Known, Frame]:
        """As `call_function`, with what was known at its end."""
        if not root:
            self.called.add(id(function.node))
        self.budget.step(node, _CALL_STEPS)
        if self._depth >= MAX_CALLS:
            raise Exhausted(None, "the text is nested too deeply", CALLS)
        names = self._parameters(function, given, root=root)
        frame = Frame(
            ChainMap(names, *function.names.maps) if isinstance(function.names, ChainMap) else names, function
        )
        self._depth += 1
        outer, self.here = self.here, [*self.here, function]
        try:
            if isinstance(function.node, ast.Lambda):
                return self.evaluate(function.node.body, frame.names), frame
            self.run(function.node.body, frame)
        finally:
            self._depth -= 1
            self.here = outer
        return frame.result or Value(node, None), frame

    def _parameters(self, function: Function, given: Arguments, *, root: bool) -> dict[str, Known]:
        arguments = function.node.args
        bound = function.owner is not None and not _static(function.node)
        found = bind_own(given, function.title, arguments, bound=bound)
        defaults = defaults_of(arguments)
        names: dict[str, Known] = {}
        for place, each in enumerate(parameters_of(arguments)):
            if bound and place == 0:
                this = function.bound or Instance(function.owner) if function.owner else None
                names[each.arg] = Value(each, this)
                continue
            name = f"{function.title}({each.arg})"
            if each.arg in found:
                names[each.arg] = found[each.arg]
            elif name in self.known:
                names[each.arg] = Value(each, self.known[name])
            elif each.arg in defaults:
                names[each.arg] = self._default(name, each, self.attempt(defaults[each.arg], function.names), root=root)
            else:
                fault = Fault(each, f"'{each.arg}' is not given to {function.title}", "a constant", name)
                names[each.arg] = Unknown(each, (fault,), each.arg)
        return {**{k: v for k, v in found.items() if k not in names}, **names}

    def _default(self, name: str, parameter: ast.arg, value: Known, *, root: bool) -> Known:
        if root and isinstance(value, Value) and isinstance(value.it, int | float | str):
            words = f"{parameter.arg} = {value.it!r}"
            return Value(value.node, value.it, value.rests | {Default(name, words, line_of(parameter))})
        return value


def _static(node: ast.AST) -> bool:
    decorators = node.decorator_list if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) else []
    return any(isinstance(each, ast.Name) and each.id == "staticmethod" for each in decorators)
