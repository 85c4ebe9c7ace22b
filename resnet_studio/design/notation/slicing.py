"""Which statements of a program its blocks and networks hang on. The others are not looked at, so they can't be in the way."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from .library import PRESET

SEED = re.compile(r"(?:Block|stack_blocks_dense|resnet_arg_scope|resnet_v[12]\w*)$")
_MAKES = re.compile(r"(?:Block|stack_blocks_dense|resnet_v[12](?:_beta)?(?:_block)?)$")
_CHANGES = frozenset({"append", "extend", "insert", "update", "setdefault", "pop", "reverse", "sort", "clear"})
_FLAGS = re.compile(r"DEFINE_\w+$|add_argument$|set_defaults$")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOOPS = (ast.For, ast.While, ast.AsyncFor)
_ALWAYS = (ast.Return, ast.Raise, ast.Break, ast.Continue, ast.Global, ast.Nonlocal)


@dataclass(slots=True)
class _Record:
    """A statement: what it sets, what it reads, and the statements that it stands in."""

    node: ast.stmt
    parent: _Record | None
    sets: set[str] = field(default_factory=set)
    reads: set[str] = field(default_factory=set)
    seed: bool = False


@dataclass(frozen=True, slots=True)
class Slice:
    """needed: the statements (by id) to be looked at. makers: the functions (by id) whose own bodies make blocks."""

    needed: frozenset[int]
    makers: frozenset[int]


def slice_of(statements: Iterable[ast.stmt]) -> Slice:
    """The slice of a program. Time: linear in its nodes."""
    records: list[_Record] = []
    _collect(list(statements), None, records)
    setters: dict[str, list[_Record]] = {}
    # What another name is given for one of the library's functions makes blocks as well.
    aliases = {
        name
        for each in records
        if isinstance(each.node, ast.Import | ast.ImportFrom | ast.Assign)
        and any(SEED.match(word) for word in each.reads)
        for name in each.sets
        if isinstance(each.node, ast.Import | ast.ImportFrom) or isinstance(each.node.value, ast.Name | ast.Attribute)
    }
    for each in records:
        each.seed = each.seed or bool(each.reads & aliases)
        for name in each.sets:
            setters.setdefault(name, []).append(each)
    _spread(records)
    needed: dict[int, _Record] = {}
    waiting = [each for each in records if each.seed]
    known: set[str] = set()
    exits: dict[int, list[_Record]] = {}
    for each in records:
        if isinstance(each.node, _ALWAYS) and (above := _left(each)) is not None:
            exits.setdefault(id(above.node), []).append(each)
    while waiting:
        each = waiting.pop()
        if id(each.node) in needed:
            continue
        needed[id(each.node)] = each
        if each.parent is not None:
            waiting.append(each.parent)
        waiting += exits.get(id(each.node), ())
        fresh = each.reads - known
        known |= fresh
        for name in fresh:
            waiting += setters.get(name, ())
    return Slice(frozenset(needed), frozenset(_makers(records)))


def _spread(records: list[_Record]) -> None:
    """Who calls a function that makes blocks makes some, too."""
    readers: dict[str, list[_Record]] = {}
    for each in records:
        for name in each.reads:
            readers.setdefault(name, []).append(each)
    waiting, known = [each for each in records if each.seed], set[str]()
    while waiting:
        above: _Record | None = waiting.pop()
        while above is not None:
            if isinstance(above.node, (*_FUNCTIONS, ast.ClassDef)) and above.node.name not in known:
                known.add(above.node.name)
                fresh = [each for each in readers.get(above.node.name, ()) if not each.seed]
                for each in fresh:
                    each.seed = True
                waiting += fresh
            above = above.parent


def _left(record: _Record) -> _Record | None:
    """The function or loop that a return or break leaves: what comes of it hangs on them."""
    of = _LOOPS if isinstance(record.node, ast.Break | ast.Continue) else _FUNCTIONS
    above = record.parent
    while above is not None and not isinstance(above.node, of):
        above = above.parent
    return above


def _makers(records: list[_Record]) -> Iterator[int]:
    for each in records:
        if each.seed and any(_MAKES.match(word) or PRESET.match(word) for word in each.reads):
            above = each.parent
            while above is not None and not isinstance(above.node, _FUNCTIONS):
                above = above.parent
            if above is not None:
                yield id(above.node)


def _collect(statements: list[ast.stmt], parent: _Record | None, records: list[_Record]) -> None:
    waiting = [(each, parent) for each in reversed(statements)]
    while waiting:
        node, above = waiting.pop()
        record = _Record(node, above)
        records.append(record)
        inner: list[ast.stmt] = []
        _names(node, record, inner)
        waiting += [(each, record) for each in reversed(inner)]


def _names(node: ast.stmt, record: _Record, inner: list[ast.stmt]) -> None:
    """Fills a record from a statement's own expressions; statements within it go to `inner`."""
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        record.sets.add(node.name)
    waiting: list[ast.AST] = [node]
    while waiting:
        each = waiting.pop()
        for child in ast.iter_child_nodes(each):
            if isinstance(child, ast.stmt):
                inner.append(child)
            else:
                waiting.append(child)
                _name(child, record)


def _name(node: ast.AST, record: _Record) -> None:
    match node:
        case ast.Name(id=name, ctx=ast.Load()):
            record.reads.add(name)
            record.seed = record.seed or bool(SEED.match(name))
        case ast.Name(id=name) | ast.Attribute(attr=name, ctx=ast.Store()):
            record.sets.add(name)
            if isinstance(record.node, ast.AugAssign):
                record.reads.add(name)
        case ast.Call(func=ast.Attribute(attr=name, value=base)):
            if name in _CHANGES:
                record.sets.add(_last(base))
            record.reads.add(name)
            record.seed = record.seed or bool(SEED.match(name) or _FLAGS.match(name))
        case ast.Attribute(attr=name):
            record.reads.add(name)
            record.seed = record.seed or bool(SEED.match(name))
        case ast.Subscript(ctx=ast.Store(), value=base):
            record.sets.add(_last(base))
        case ast.alias(name=name, asname=other):
            last = name.rpartition(".")[2]
            record.sets.add(other or name.partition(".")[0])
            record.reads.add(last)
        case ast.arg(arg=name):
            pass
        case ast.Call(func=ast.Name(id=name)) if _FLAGS.match(name):
            record.seed = True


def _last(node: ast.AST) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""
