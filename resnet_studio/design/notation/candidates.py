"""What one run through a text finds: networks that it calls or that its functions make, and blocks that stand alone."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from .calls import is_generator
from .chaining import Made
from .faults import Exhausted, Fault
from .functions import Frame
from .interpreter import Interpreter
from .making import assemble
from .signature import Arguments
from .slicing import Slice
from .units import groups_of, unit_kind, version_of
from .values import Default, Function, Group, Instance, Items, Known, Value, items_of, rests

CALLED, BY_CALLER, OUTSIDE, FIRST = range(4)  # what is taken before what
_NOTHING = Arguments((), {}, (), {})
_SAID = ("num_classes", "global_pool", "include_root_block", "output_stride", "scope")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A network that a run found. rank: what it comes before; why: why it would be taken; label: which way the run went.

    unsure: whether the run's way was not the text's to tell. rested: the defaults that its conditions went by; asked: the
    unknowns that they hang on.
    """

    made: Made
    rank: int
    why: str
    label: str
    unsure: bool
    rested: tuple[Default, ...] = ()
    asked: tuple[Fault, ...] = ()


class Run:
    """One run's candidates, in the order in which they would be taken."""

    def __init__(self, run: Interpreter, cut: Slice, label: str, facts: dict[int, tuple[bool, frozenset[str]]]) -> None:
        self._run, self._cut, self._label, self._facts = run, cut, label, facts
        self._objects: dict[int, Instance] = {}

    def candidates(self, statements: list[ast.stmt]) -> Iterator[Candidate]:
        """Goes through the text, then through its functions that nobody calls."""
        run = self._run
        run.run(statements, run.module)
        called = [each for each in run.networks if not each.used]
        if run.failed and not called:
            raise run.failed[0]  # what the text calls could not be read: nothing else is taken for it
        yield from (self._of(each, CALLED, "the text calls it") for each in called)
        makers = [each for each in run.functions if id(each.node) in self._cut.makers and not self._helps(each)]
        callers = self._callers(makers)
        for function in callers:
            if id(function.node) not in run.called:
                made, _ = self._enter(function)
                yield from (self._of(each, BY_CALLER, f"{function.title} calls it") for each in made)
        if not called and not run.failed:
            yield from self._blocks(run.module, None, OUTSIDE, "it is read first")
        named = {name for each in callers for name in self._calls(each)}
        for function in makers:
            if id(function.node) in run.called:
                continue
            failed = len(run.failed)
            made, frame = self._enter(function)
            why = "it is the first, and the text calls none"
            yield from (self._of(each, FIRST, why) for each in made)
            if not made and frame is not None and len(run.failed) == failed and function.name not in named:
                yield from self._blocks(frame, function, FIRST, why)

    def _calls(self, function: Function) -> frozenset[str]:
        return self._fact(function)[1]

    def _fact(self, function: Function) -> tuple[bool, frozenset[str]]:
        """Whether a function is one that networks are made with, and what it calls: found once for all runs."""
        found = self._facts.get(id(function.node))
        if found is None:
            found = self._facts[id(function.node)] = (self._is_help(function), _calls(function.node))
        return found

    def _helps(self, function: Function) -> bool:
        return self._fact(function)[0]

    def _is_help(self, function: Function) -> bool:
        """Whether a function is one that networks are made with, and not one that makes a network."""
        if is_generator(function) or function.name == "resnet_arg_scope":
            return True
        try:
            unit_kind(Value(function.node, function))
        except Fault:
            return False
        return True

    def _callers(self, makers: list[Function]) -> list[Function]:
        names = {each.name for each in makers} - {"__init__"}
        ids = {id(each.node) for each in makers}
        found: list[Function] = []
        for _ in range(3):
            for function in self._run.functions:
                if id(function.node) not in ids and not self._helps(function) and names & self._calls(function):
                    ids.add(id(function.node))
                    found.append(function)
            names |= {each.name for each in found} - {"__init__"}
        return [
            each for each in found if not any(each.name in self._calls(other) for other in found if other is not each)
        ]

    def _enter(self, function: Function) -> tuple[list[Made], Frame | None]:
        """A function that nobody calls, read with its defaults: the networks that it makes, and what is known at its end."""
        run = self._run
        before = len(run.networks)
        if function.owner is not None and function.bound is None:
            function = replace(function, bound=self._object(function))
        frame = None
        try:
            _, frame = run.enter(function, _NOTHING, function.node, root=True)
        except Exhausted:
            raise
        except Fault as fault:
            run.pending.append(fault)
        except RecursionError:
            run.pending.append(Fault(None, "the text is nested too deeply", "blocks"))
        return [each for each in run.networks[before:] if not each.used], frame

    def _object(self, method: Function) -> Instance:
        """An object of the class that a method is of, as its __init__ makes it; the same for all its methods."""
        cls = method.owner
        assert cls is not None
        if id(cls) not in self._objects:
            made = self._objects[id(cls)] = Instance(cls)
            start = cls.find("__init__")
            if method.name != "__init__" and isinstance(start, Value) and isinstance(start.it, Function):
                self._enter(replace(start.it, bound=made))
        return self._objects[id(cls)]

    def _blocks(self, frame: Frame, function: Function | None, rank: int, why: str) -> Iterator[Candidate]:
        """The lists of blocks that a frame ends with: the one called blocks first; else the blocks that stand alone."""
        run = self._run
        lists: dict[str, tuple[Known, list[Group]]] = {}
        for name, value in {**frame.lists, **{k: v for k, v in frame.names.items() if k in frame.lists}}.items():
            if isinstance(value, Value) and isinstance(value.it, Items) and not value.it.items and not value.it.open:
                continue  # was never filled
            try:
                lists[name] = (value, groups_of(value)[0])
            except Fault as fault:
                run.pending.append(fault)
        lists = {name: each for name, each in lists.items() if each[1]}
        if not lists and frame.faulty:
            run.pending.insert(0, frame.faulty[0])
        elif not lists and frame.loose:
            groups = [group for each in frame.loose for group in groups_of(each)[0]]
            value = Value(frame.loose[0].node, tuple(frame.loose))
            try:
                lists[""] = (
                    value,
                    groups_of(
                        Value(
                            value.node, tuple(Value(each.node, g) for each, g in zip(frame.loose, groups, strict=False))
                        )
                    )[0]
                    if len(frame.loose) > 1
                    else groups,
                )
            except Fault as fault:
                run.pending.append(fault)
        for name in sorted(lists, key=lambda each: each not in ("blocks", "self.blocks")):
            if not _inside(name, lists):
                made = self._assembled(name, *lists[name], frame, function)
                if made is not None:
                    yield self._of(made, rank, why)

    def _assembled(
        self, name: str, value: Known, groups: list[Group], frame: Frame, function: Function | None
    ) -> Made | None:
        run = self._run
        blocks = tuple(each.block for each in groups)
        notes = [
            "The text has blocks alone: a root block, pooling and no classes were taken.",
            *(n for each in groups for n in each.notes),
        ]
        given = frame.names.maps[0] if function is not None and hasattr(frame.names, "maps") else {}
        given = {k: v for k, v in given.items() if k in _SAID}
        if "num_classes" in given:
            notes = notes[1:]
        run.here = [function] if function is not None else []
        node = value.node
        try:
            made = assemble(
                run,
                node,
                name,
                blocks,
                version_of(groups, node) or "v2",
                given,
                frame.names,
                notes,
                rests(value, *(items_of(value) or [])),
            )
        except Fault as fault:
            run.pending.append(fault)
            return None
        finally:
            run.here = []
        title = (function.title if function is not None else "") or name
        alone = function is None or not name or name in ("blocks", "self.blocks")
        return replace(
            made,
            title=title if alone else name if function is None else f"{title}, {name}",
            caller="",
            listed=not made.title or bool(name),
        )

    def _of(self, made: Made, rank: int, why: str) -> Candidate:
        return candidate(self._run, made, rank, why, self._label)


def candidate(run: Interpreter, made: Made, rank: int, why: str, label: str) -> Candidate:
    """A network that a run made, with the choices that it hangs on."""
    active = run.choices[: made.choices]
    unsure = any(each.asks or not each.others[0][0] for each in active) or bool(
        run.decisions.keys() - {each.words for each in run.choices}
    )
    words = ", ".join([*([label] if label else []), *(each.words for each in active if label == "" or each.asks)])
    asked = tuple(fault for each in active for fault in each.asks if fault.name)
    return Candidate(made, rank, why, words, unsure, tuple(run.rested.values()), asked)


def _inside(name: str, lists: Mapping[str, tuple[Known, list[Group]]]) -> bool:
    """Whether the blocks of a list are all in another one, of which it was made."""
    own = {id(each.block) for each in lists[name][1]}
    order = sorted(lists, key=lambda each: each not in ("blocks", "self.blocks"))
    for other, (_, groups) in lists.items():
        theirs = {id(each.block) for each in groups}
        if own < theirs or (own == theirs and order.index(other) < order.index(name)):
            return True
    return False


def _calls(node: ast.AST) -> frozenset[str]:
    """The last names of what a function calls."""
    found = set()
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            if isinstance(each.func, ast.Name):
                found.add(each.func.id)
            elif isinstance(each.func, ast.Attribute):
                found.add(each.func.attr)
    return frozenset(found)
