"""A small interpreter of the pure part of Python over `ast`: statements and functions of the text. Nothing is ever run.

An unknown (a flag, a placeholder's batch) passes through. Where a condition hangs on one, a run goes one way and puts
down that there is another (see `exploring`).
"""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Iterable, Mapping

from .faults import Exhausted, Fault
from .functions import Frame, Functions, Way
from .slicing import Slice
from .units import groups_of, has_blocks
from .values import (
    CALLS,
    Function,
    Items,
    Known,
    Table,
    Unknown,
    Value,
)  # fmt: skip

_CALL_STEPS = 20  # that a call of a function counts for
_PENDING = 200  # faults that are kept


class Interpreter(Functions):
    """One run through a text. decisions: which way conditions go that hang on an unknown, by their words."""

    def __init__(
        self, cut: Slice, known: Mapping[str, object], decisions: Mapping[str, bool], *, floors: bool, program: bool
    ) -> None:
        super().__init__(known, decisions, floors=floors)
        self._cut = cut
        self.module = Frame(ChainMap({}))
        self.pending: list[Fault] = []  # why blocks that there might be could not be read
        self._program = program  # stray expressions of a program do things; in a bare text they were meant as blocks

    def run(self, body: Iterable[ast.stmt], frame: Frame) -> Way | None:
        """Goes through statements in turn. What can't be read is put down and left behind."""
        for statement in body:
            if id(statement) not in self._cut.needed and not self._bare(statement, frame):
                continue
            self.budget.step(statement)
            try:
                way = self._statement(statement, frame)
            except Exhausted:
                raise
            except Fault as fault:
                self._put_down(fault, statement, frame)
                way = None
            except RecursionError:
                self._put_down(Fault(None, "the text is nested too deeply", CALLS), statement, frame)
                way = None
            if way is not None:
                return way
        return None

    def _bare(self, statement: ast.stmt, frame: Frame) -> bool:
        return not self._program and frame is self.module and isinstance(statement, ast.Expr | ast.Assign)

    def _put_down(self, fault: Fault, statement: ast.stmt, frame: Frame) -> None:
        if len(self.pending) < _PENDING:
            self.pending.append(fault)
        if isinstance(statement, ast.Expr) and _makes(statement):
            frame.faulty.append(fault)
        missing = Unknown(statement, (fault,))
        for node in ast.walk(statement):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                frame.names[node.id] = missing

    def _statement(self, node: ast.stmt, frame: Frame) -> Way | None:
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self._define(node, frame.names, None)
            case ast.ClassDef():
                self._class(node, frame)
            case ast.Import() | ast.ImportFrom():
                self._import(node, frame.names)
            case ast.Assign(targets=targets, value=value):
                self._simple(targets, value, frame)
            case ast.AnnAssign(target=target, value=ast.expr() as value):
                self._simple([target], value, frame)
            case ast.AugAssign():
                self._augment(node, frame)
            case ast.Expr(value=value):
                self._simple([], value, frame)
            case ast.Return():
                if node.value is not None:
                    frame.result = self._simple([], node.value, frame, returned=True)
                return Way.RETURN
            case ast.If():
                return self._if(node, frame)
            case ast.For() | ast.AsyncFor():
                return self._for(node, frame)
            case ast.While():
                return self._while(node, frame)
            case ast.With() | ast.AsyncWith():
                return self._with(node, frame)
            case ast.Try():
                way = self.run(node.body, frame)
                way = way if way in (Way.RETURN, Way.BREAK, Way.CONTINUE) else self.run(node.orelse, frame)
                return self.run(node.finalbody, frame) or way
            case ast.Break():
                return Way.BREAK
            case ast.Continue():
                return Way.CONTINUE
            case ast.Raise():
                return Way.RAISE
            case ast.Match():
                raise Fault(node, "blocks in a match statement are not read", "if and elif")
        return None

    def _simple(self, targets: list[ast.expr], value: ast.expr, frame: Frame, *, returned: bool = False) -> Known:
        """An assignment or an expression: keeps constants and blocks by name."""
        made = len(self.networks)
        found = self.attempt(value, frame.names)
        for target in targets:
            self.assign(target, found, frame.names)
        if len(self.networks) == made:
            self._keep_blocks(targets, found, frame, value, returned=returned)
        return found

    def _keep_blocks(
        self, targets: list[ast.expr], found: Known, frame: Frame, node: ast.expr, *, returned: bool
    ) -> None:
        names = [name for target in targets if (name := _title(target))]
        if has_blocks(found) or (names and names[0] in frame.lists):
            if names and not (isinstance(found, Value) and not isinstance(found.it, tuple | Items)):
                frame.lists[names[0]] = found
            elif isinstance(found, Value) and not returned:
                groups_of(found)
                frame.loose.append(found)
            elif returned and isinstance(found, Value) and not frame.lists:
                frame.loose.append(found)
        elif isinstance(found, Value) and isinstance(found.it, tuple | Items) and _makes(node):
            if names:
                frame.lists[names[0]] = found  # with blocks that hang on unknowns
            else:
                groups_of(found)
        elif isinstance(found, Unknown):
            if names and names[0] in ("blocks", "self.blocks"):
                frame.lists[names[0]] = found
            if _makes(node) or "blocks" in names or not (targets or self._program or returned):
                self.pending.append(found.fault)
                if _makes(node) and not targets and not returned:
                    frame.faulty.append(found.fault)
        elif names and isinstance(found.it, Items) and not found.it.items:
            frame.lists[names[0]] = found  # to be filled
        elif not (targets or self._program or returned) and not isinstance(node, ast.Call):
            self.pending.append(Fault(found.node, "there is no block in {}", "blocks"))
        elif isinstance(found.it, Function) and _makes(node):
            self.pending.append(Fault(node, "{} is not read here", f"constants and lists of them, {CALLS}"))

    def _augment(self, node: ast.AugAssign, frame: Frame) -> None:
        before: ast.expr = node.target
        if isinstance(before, ast.Name):
            before = ast.copy_location(ast.Name(before.id, ast.Load()), before)
        owner = self.attempt(before, frame.names)
        if isinstance(owner, Value) and isinstance(owner.it, Items) and isinstance(node.op, ast.Add):
            more = self.turns(self.evaluate(node.value, frame.names))  # the list itself changes, whoever else holds it
            if isinstance(more, Unknown):
                owner.it.open = more
            else:
                owner.it.items += more
                self.budget.charge(node, len(owner.it.items))
            if (name := _title(node.target)) and has_blocks(owner):
                frame.lists[name] = owner
            return
        self._simple([node.target], ast.copy_location(ast.BinOp(before, node.op, node.value), node), frame)

    def _if(self, node: ast.If, frame: Frame) -> Way | None:
        if (
            isinstance(node.test, ast.Compare)
            and isinstance(node.test.left, ast.Name)
            and node.test.left.id == "__name__"
        ):
            return self.run(node.body, frame)
        return self.run(node.body if self.decide(node.test, frame.names, node) else node.orelse, frame)

    def _for(self, node: ast.For | ast.AsyncFor, frame: Frame) -> Way | None:
        turns = self.turns(self.evaluate(node.iter, frame.names))
        if isinstance(turns, Unknown):
            _leave_open(self, node, turns, frame)
            return None
        for each in turns:
            self.budget.step(node)
            self.assign(node.target, each, frame.names)
            way = self.run(node.body, frame)
            if way is Way.BREAK:
                return None
            if way in (Way.RETURN, Way.RAISE):
                return way
        return self.run(node.orelse, frame)

    def _while(self, node: ast.While, frame: Frame) -> Way | None:
        while True:
            self.budget.step(node)
            test = self.attempt(node.test, frame.names)
            truth = self.truth(test)
            if truth is None:
                _leave_open(self, node, test if isinstance(test, Unknown) else Unknown(node, ()), frame)
                return None
            if not truth:
                return self.run(node.orelse, frame)
            way = self.run(node.body, frame)
            if way is Way.BREAK:
                return None
            if way in (Way.RETURN, Way.RAISE):
                return way

    def _with(self, node: ast.With | ast.AsyncWith, frame: Frame) -> Way | None:
        depth = len(self.scopes)
        for item in node.items:
            found = self.attempt(item.context_expr, frame.names)
            self.enter_scope(found)
            if item.optional_vars is not None:
                self.assign(item.optional_vars, found, frame.names)
        try:
            return self.run(node.body, frame)
        finally:
            del self.scopes[depth:]


def _title(target: ast.expr) -> str:
    """A name, or an attribute of an object: 'blocks', 'self.blocks'."""
    if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name):
        return f"{target.value.id}.{target.attr}"
    return target.id if isinstance(target, ast.Name) else ""


def _makes(node: ast.AST) -> bool:
    """Whether an expression has a call that makes a block or a network."""
    for each in ast.walk(node):
        if isinstance(each, ast.Call):
            name = (
                each.func.id
                if isinstance(each.func, ast.Name)
                else each.func.attr
                if isinstance(each.func, ast.Attribute)
                else ""
            )
            if name in ("Block", "stack_blocks_dense") or name.startswith(("resnet_v1", "resnet_v2")):
                return True
    return False


def _leave_open(run: Interpreter, loop: ast.For | ast.AsyncFor | ast.While, why: Unknown, frame: Frame) -> None:
    """A loop whose turns can't be known: what it sets or fills is unknown afterwards."""
    for node in ast.walk(loop):
        if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            before = frame.names.get(node.id)
            if isinstance(before, Value) and isinstance(before.it, Items):
                before.it.open = why
            frame.names[node.id] = Unknown(node, why.faults)
            if node.id in frame.lists:
                frame.lists[node.id] = frame.names[node.id]
        elif (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and isinstance(node.func.value, ast.Name | ast.Attribute)
        ):
            owner = run.attempt(node.func.value, frame.names)
            if isinstance(owner, Value) and isinstance(owner.it, Items | Table):
                owner.it.open = why
        if isinstance(node, ast.Call) and _makes(node):
            run.pending.append(why.fault)
