"""Statements of a source text -> the design that they describe. They are looked at one after the other, never run."""

from __future__ import annotations

import ast
from collections import ChainMap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, fields

from resnet_studio.design.bounds import BOUNDS
from resnet_studio.design.spec import Block, Design

from .calls import ArgScope, CallEvaluator, blocks_of, callee, channels_of, image_of
from .source import EXAMPLE, Fault, parameters_of
from .values import Names, Value

_BLOCK_CALLS = frozenset({"Block", "resnet_v2_block"})
_NETWORK = (
    "num_classes", "global_pool", "include_root_block", "output_stride", "root", "root_depth", "conv_biases", "stride_conv",
)  # fmt: skip
_ARG_SCOPE = ("weight_decay", "batch_norm_decay", "batch_norm_epsilon", "batch_norm_scale")
_CALLS = frozenset({"resnet_v1", "resnet_v2"})
_DEFAULTS = {each.name: each.default for each in fields(Design)}


@dataclass
class _Frame:
    """What is known in the module, or in the body of a function, as the reading goes on.

    arguments: the function's. called: the networks that are called here, in order; design: the first of them.
    lists: lists of blocks that have a name; loose: the other blocks. branching: whether this is below a condition.
    """

    names: Names
    function: str = ""
    arguments: Names = field(default_factory=dict)
    called: list[str] = field(default_factory=list)
    design: Design | None = None
    lists: dict[str, tuple[Block, ...]] = field(default_factory=dict)
    loose: list[Block] = field(default_factory=list)
    branching: bool = False


class Reader:
    """Reads one text. name: the design's, where the text gives none."""

    def __init__(self, tree: ast.Module, name: str) -> None:
        functions = {each.name: each for each in tree.body if isinstance(each, ast.FunctionDef)}
        self._tree, self._name, self._evaluator = tree, name, CallEvaluator(functions)
        self._networks = {
            each: function
            for each, function in functions.items()
            if each not in _BLOCK_CALLS | _CALLS and _calls(function, _BLOCK_CALLS | _CALLS)
        }
        self._module = _Frame({})
        self._pending: Fault | None = None
        # In a program stray expressions do things; in a text without imports and functions they were meant as blocks.
        self._is_program = any(not isinstance(each, ast.Expr | ast.Assign) for each in tree.body)

    def read(self) -> tuple[Design, tuple[str, ...]]:
        """The design, and notes on what was taken and what was left out. Raises Fault where there is no design.

        Taken is the network that the text calls, outside its functions or else in one of them; else the blocks that
        stand outside; else the first function with blocks.
        """
        design, taken, why = self._choose()
        if others := [name for name in self._networks if name != taken]:
            self._evaluator.notes.insert(0, f"{taken} was taken: {why}. There is also {', '.join(others)}.")
        if design.num_classes is None:
            self._evaluator.notes.append("num_classes is None, so the network has no logits, as in TF-Slim.")
        return design, tuple(dict.fromkeys(self._evaluator.notes))

    def _choose(self) -> tuple[Design, str, str]:
        """The design, what in the text it is, and why that was taken."""
        module = self._module
        self._run(self._tree.body, module, None)
        if module.design:
            return module.design, module.called[0], "the text calls it"
        functions = self._evaluator.functions.items()
        callers = [each for name, each in functions if name not in self._networks and _calls(each, self._networks)]
        for function in callers:
            frame = self._enter(function, {}, None)
            if frame.design:
                return frame.design, frame.called[0], f"{function.name} calls it"
        if design := self._outcome(module, None):
            return design, "What stands outside the functions", "it is read first"
        for function in self._networks.values():
            if design := self._outcome(self._enter(function, {}, None), None):
                return design, function.name, "it is the first, and the text calls none"
        raise self._pending or Fault(None, "there are no blocks in the text", EXAMPLE)

    def _run(self, body: Iterable[ast.stmt], frame: _Frame, scope: ArgScope | None) -> None:
        for statement in body:
            match statement:
                case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef() | ast.Import() | ast.ImportFrom():
                    pass
                case ast.With(items=items, body=inner):
                    self._run(inner, frame, self._arg_scope(items, frame.names) or scope)
                case ast.If(test=ast.Compare(left=ast.Name(id="__name__")), body=inner):
                    self._run(inner, frame, scope)
                case ast.Assign(targets=targets, value=value):
                    self._simple(targets, value, frame, scope)
                case ast.AnnAssign(target=target, value=ast.expr() as value):
                    self._simple([target], value, frame, scope)
                case ast.AugAssign(target=ast.Name(id=name) as target, op=op, value=value):
                    before = ast.copy_location(ast.Name(name, ast.Load()), target)
                    self._simple([target], ast.copy_location(ast.BinOp(before, op, value), statement), frame, scope)
                case ast.Expr(value=value) | ast.Return(value=ast.expr() as value):
                    self._simple([], value, frame, scope)
                case _:
                    self._compound(statement, frame, scope)

    def _compound(self, statement: ast.stmt, frame: _Frame, scope: ArgScope | None) -> None:
        """A condition, a loop and the like: calls of networks in it count; what it sets has no one value afterwards."""
        outermost, frame.branching = not frame.branching, True
        if outermost and _calls(statement, _BLOCK_CALLS):
            raise Fault(statement, "blocks in a condition or loop are not read", f"all of them written out: {EXAMPLE}")
        self._run(_below(statement), frame, scope)
        if outermost:
            frame.branching = False
            for node in ast.walk(statement):
                if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load):
                    frame.names[node.id] = Fault(node, "{} has no one value after this", "a constant")

    def _simple(self, targets: list[ast.expr], value: ast.expr, frame: _Frame, scope: ArgScope | None) -> None:
        """An assignment or an expression: looks for calls of networks and for blocks, and keeps constants by name."""
        calls = {callee(node): node for node in ast.walk(value) if isinstance(node, ast.Call)}
        if networks := [name for name in calls if name in _CALLS or name in self._networks]:
            frame.called += networks
            if not frame.design:
                frame.design = self._network(calls[networks[0]], frame, scope)
            found: Value | Fault = Fault(value, "{} is the output of a network", "a constant")
        else:
            found = self._evaluator.attempt(value, frame.names)
            if isinstance(found, Fault) and not _BLOCK_CALLS.isdisjoint(calls):
                raise found
            self._keep_blocks(targets, found, frame)
        for target in targets:
            self._set(target, found, frame)

    def _keep_blocks(self, targets: list[ast.expr], found: Value | Fault, frame: _Frame) -> None:
        names = [target.id for target in targets if isinstance(target, ast.Name)]
        if isinstance(found, Value) and _has_blocks(found):
            if names and isinstance(found.it, tuple):
                frame.lists[names[0]] = blocks_of(found)
            else:
                frame.loose.extend(blocks_of(found))
                if len(frame.loose) > BOUNDS["blocks"].high:
                    raise Fault(found.node, "the blocks are too many", BOUNDS["blocks"].text)
        elif "blocks" in names or not (targets or self._is_program):
            # Told only where nothing better comes: other statements of a program may hold what they like.
            if isinstance(found, Value):
                found = Fault(found.node, "there is no block in {}", EXAMPLE)
            self._pending = self._pending or found

    def _set(self, target: ast.expr, found: Value | Fault, frame: _Frame) -> None:
        """Keeps `found` under the name or names of `target`: height, width = 224, 224."""
        if isinstance(target, ast.Name):
            frame.names[target.id] = found
        elif isinstance(target, ast.Tuple | ast.List):
            items = found.it if isinstance(found, Value) and isinstance(found.it, tuple) else ()
            fault = Fault(target, "{} are not set to constants", "constants")
            for place, each in enumerate(target.elts):
                self._set(each, items[place] if len(items) == len(target.elts) else fault, frame)

    def _network(self, call: ast.Call, frame: _Frame, scope: ArgScope | None) -> Design:
        """The design of a call: resnet_v2(inputs, blocks, ...), or a function of the text that has the blocks."""
        arguments = self._evaluator.arguments(call, frame.names)
        if function := self._networks.get(callee(call)):
            design = self._outcome(self._enter(function, arguments, scope), scope)
            if design is None:
                raise Fault(call, f"{function.name} has no blocks", EXAMPLE)
            return design
        blocks = arguments.get("blocks") or Fault(call, "blocks is missing", EXAMPLE)
        if isinstance(blocks, Fault):
            raise blocks
        version = Value(call, callee(call).removeprefix("resnet_"))
        given = {"num_classes": Value(call, None), "version": version, **arguments}
        return self._design(blocks_of(blocks), given, frame, scope)

    def _enter(self, function: ast.FunctionDef, arguments: Names, scope: ArgScope | None) -> _Frame:
        """The body of `function`, read with its arguments."""
        unset = Fault(function, "this is not given to {}", "a constant")
        defaults = self._evaluator.defaults(function.name, self._module.names)
        given = {**dict.fromkeys(parameters_of(function), unset), **defaults, **arguments}
        frame = _Frame(ChainMap(dict(given), self._module.names), function.name, given)
        self._run(function.body, frame, scope)
        return frame

    def _outcome(self, frame: _Frame, scope: ArgScope | None) -> Design | None:
        """The design that a frame ends in: the network it calls, else its list of blocks, else its loose blocks."""
        if frame.design:
            return frame.design
        name = "blocks" if "blocks" in frame.lists else next(iter(frame.lists), "")
        if others := [each for each in frame.lists if each != name]:
            self._evaluator.notes.append(f"The blocks in {name} were taken. There are also {', '.join(others)}.")
        blocks = frame.lists[name] if name else tuple(frame.loose)
        return self._design(blocks, frame.arguments, frame, scope) if blocks else None

    def _design(self, blocks: tuple[Block, ...], arguments: Names, frame: _Frame, scope: ArgScope | None) -> Design:
        evaluator = self._evaluator
        given = scope.arguments if scope else evaluator.defaults("resnet_arg_scope", self._module.names)
        options = {each: evaluator.option(each, arguments, _DEFAULTS[each]) for each in _NETWORK}
        options |= {each: evaluator.option(each, given, _DEFAULTS[each]) for each in _ARG_SCOPE}
        options["num_classes"] = options["num_classes"] or None  # tf_slim: "If 0 or None"
        name = evaluator.option("scope", arguments, None) or frame.function or self._name
        image = image_of(arguments, frame.names) or _DEFAULTS["image"]
        options["version"] = evaluator.option("version", arguments, "v2")
        return Design(name, blocks, image, channels=channels_of(arguments), **options)  # type: ignore[arg-type]

    def _arg_scope(self, items: list[ast.withitem], names: Names) -> ArgScope | None:
        """The scope in `with slim.arg_scope(resnet_arg_scope(...)):`, also by a name that it was given above."""
        for item in items:
            for node in ast.walk(item.context_expr):
                if isinstance(node, ast.Name) or (isinstance(node, ast.Call) and callee(node) == "resnet_arg_scope"):
                    found = self._evaluator.attempt(node, names)
                    if isinstance(found, Value) and isinstance(found.it, ArgScope):
                        return found.it
        return None


def _calls(node: ast.AST, wanted: Iterable[str]) -> bool:
    names = frozenset(wanted)
    return any(isinstance(each, ast.Call) and callee(each) in names for each in ast.walk(node))


def _has_blocks(value: Value) -> bool:
    items = value.it if isinstance(value.it, tuple) else (value,)
    return any(isinstance(each.it, Block) for each in items)


def _below(statement: ast.stmt) -> Iterator[ast.stmt]:
    """The statements in all branches of a compound one."""
    for child in ast.iter_child_nodes(statement):
        if isinstance(child, ast.stmt):
            yield child
        elif isinstance(child, ast.ExceptHandler | ast.match_case):
            yield from child.body
