"""Calls and conditions: functions of the text come before the library's, and what is neither passes through unknown."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass

from .builtins import builtin, method
from .expressions import Expressions
from .faults import Fault, line_of
from .library import BLOCK, GENERATOR, PRESET, last_name, scope_arguments
from .making import Made, make_network
from .signature import Arguments, bind_own, defaults_of, gather
from .tensors import images_of, layer_of
from .units import make_block, make_slim_block
from .values import (
    CALLS,
    ArgScope,
    Class,
    Default,
    Function,
    Images,
    Instance,
    Items,
    Known,
    Names,
    Table,
    Unknown,
    Value,
    items_of,
    rests,
    unknown,
)  # fmt: skip

_TABLES = frozenset({
    "EasyDict", "edict", "AttrDict", "SimpleNamespace", "Namespace", "Munch", "ConfigDict", "HParams", "Bunch", "Struct", "dotdict",
})  # fmt: skip
Others = tuple[tuple[Mapping[str, object], Mapping[str, bool]], ...]
_WORDS = 80  # of a condition, in a choice's name


@dataclass(frozen=True, slots=True)
class Choice:
    """Where the text can go more than one way. words: the condition; others: what is known or decided the other ways."""

    words: str
    line: int
    others: Others
    asks: tuple[Fault, ...] = ()


class Caller(Expressions):
    """Evaluates calls. networks: those that calls have made so far. choices: where this run could have gone another way."""

    def __init__(self, known: Mapping[str, object], decisions: Mapping[str, bool], *, floors: bool) -> None:
        super().__init__(known, floors=floors)
        self.decisions = dict(decisions)
        self.networks: list[Made] = []
        self.choices: list[Choice] = []
        self.rested: dict[str, Default] = {}  # defaults that conditions went by
        self.scopes: list[ArgScope] = []
        self.own_scope: Function | None = None
        self.here: list[Function] = []
        self.failed: list[Fault] = []  # calls of networks that could not be read

    @abstractmethod
    def call_function(self, function: Function, given: Arguments, node: ast.AST, *, root: bool = False) -> Known:
        """What a function of the text gives back."""

    def read_property(self, method: Function, node: ast.AST) -> Known:
        """What a property of the text's own gives."""
        return self.call_function(method, Arguments((), {}, (), {}), node)

    def call(self, node: ast.Call, names: Names) -> Known:
        """What a call stands for: of a function of the text, of one of the library's, or of one of Python's few."""
        if isinstance(node.func, ast.Attribute):
            base = self.attempt(node.func.value, names)
            if isinstance(base, Value) and isinstance(base.it, Items | Table | str | Images):
                found = method(node.func.attr, node, base, self._arguments(node, names), self.budget)
                return found if found is not None else self._pass(node, self._arguments(node, names), "")
        function = self.attempt(node.func, names)
        given = self._arguments(node, names)
        if isinstance(function, Value):
            return self._call_own(node, function.it, given, names)
        return self._call_other(node, function, given, names)

    def _arguments(self, node: ast.Call, names: Names) -> Arguments:
        values = [self.attempt(each.value if isinstance(each, ast.Starred) else each, names) for each in node.args]
        return gather(node, values, {i: self.attempt(each.value, names) for i, each in enumerate(node.keywords)})

    def _call_own(self, node: ast.Call, it: object, given: Arguments, names: Names) -> Known:
        if isinstance(it, Function):
            if is_generator(it):
                return self._network(node, given, it.name, names, it)
            if it.name == "resnet_arg_scope":
                found = bind_own(given, it.name, it.node.args, bound=it.owner is not None)
                return Value(node, ArgScope({**self._defaults(it), **found}))
            return self.call_function(it, given, node)
        if isinstance(it, Class):
            if it.name == "Block" or "unit_fn" in it.fields:
                return make_block(node, given, self.budget, by_type=it.fields != ("scope", "unit_fn", "args"))
            return self._instance(node, it, given)
        return self._pass(node, given, "")

    def _network(self, node: ast.Call, given: Arguments, path: str, names: Names, own: Function | None = None) -> Known:
        try:
            return make_network(self, node, given, path, names, own)
        except Fault as fault:
            self.failed.append(fault.with_traceback(None))
            raise

    def _instance(self, node: ast.Call, cls: Class, given: Arguments) -> Known:
        made = Instance(cls)
        start = cls.find("__init__")
        if isinstance(start, Value) and isinstance(start.it, Function):
            function = start.it
            self.call_function(
                Function(function.node, function.name, function.names, function.owner, made), given, node
            )
        elif cls.fields:
            made.names.update(zip(cls.fields, given.args, strict=False))
            made.names.update({name: each for name, each in given.named.items() if name in cls.fields})
        return Value(node, made)

    def _defaults(self, function: Function) -> dict[str, Known]:
        return {name: self.attempt(each, function.names) for name, each in defaults_of(function.node.args).items()}

    def _call_other(self, node: ast.Call, function: Unknown, given: Arguments, names: Names) -> Known:
        path, name = function.path, last_name(function)
        found = builtin(path, node, given, self.budget) if path else None
        if found is not None:
            return found
        if name == "Block":
            return make_block(node, given, self.budget, by_type=False)
        if BLOCK.match(name):
            return make_slim_block(node, given, self.budget, name)
        if GENERATOR.match(name) or PRESET.match(name) or name == "stack_blocks_dense":
            return self._network(node, given, path, names)
        if name == "resnet_arg_scope":
            return Value(node, ArgScope(scope_arguments(given)))
        if name == "namedtuple" and given.args:
            return Value(node, Class(str(getattr(given.args[0], "it", "")), {}, (), _field_names(given)))
        if name in _TABLES:
            return builtin("dict", node, given, self.budget) or self._pass(node, given, path)
        last = path.rpartition(".")[2]
        if last.startswith("DEFINE_"):
            return self._flag(node, given)
        if last in ("add_argument", "set_defaults"):
            return self._option(node, given, last)
        if name == "arg_scope":
            return next(
                (each for each in given.all if isinstance(each, Value) and isinstance(each.it, ArgScope)),
                self._pass(node, given, path),
            )
        return self._layers(node, name, given, path)

    def _flag(self, node: ast.Call, given: Arguments) -> Known:
        """DEFINE_integer('size', 72, 'pixels'): the default of FLAGS.size."""
        name = given.args[0] if given.args else given.named.get("name")
        value = given.args[1] if len(given.args) > 1 else given.named.get("default") or given.named.get("default_value")
        if isinstance(name, Value) and isinstance(name.it, str):
            self._keep_flag(node, name.it, value, f"FLAGS.{name.it}")
        return Value(node, None)

    def _option(self, node: ast.Call, given: Arguments, name: str) -> Known:
        """add_argument('--depth', type=int, default=50): the default of args.depth."""
        if name == "set_defaults":
            for key, each in given.named.items():
                self._keep_flag(node, key, each, key)
            return Value(node, None)
        options = [each.it for each in given.args if isinstance(each, Value) and isinstance(each.it, str)]
        long = [each for each in options if each.startswith("--")] or options[:1]
        target = given.named.get("dest")
        option: object = long[0].lstrip("-").replace("-", "_") if long else ""
        if isinstance(target, Value):
            option = target.it
        if isinstance(option, str) and option:
            self._keep_flag(node, option, given.named.get("default"), f"args.{option}")
        return Value(node, None)

    def _keep_flag(self, node: ast.Call, name: str, value: Known | None, path: str) -> None:
        items = items_of(value) if value is not None else None
        if isinstance(value, Value) and (
            value.it is not None and (isinstance(value.it, int | float | str) or items is not None)
        ):
            shown = repr(value.it) if items is None else "a list"
            default = Default(path, f"{path} = {shown}", line_of(node), flag=True)
            self.flags[name] = Value(value.node, value.it, value.rests | {default})
        else:
            fault = Fault(node, f"the flag {path} has no default in the text", "its value", path)
            self.flags[name] = Unknown(node, (fault,), path)

    def _layers(self, node: ast.Call, name: str, given: Arguments, path: str) -> Known:
        """A function that is not known: of tensors it may still be told what they are."""
        first = given.args[0] if given.args else given.named.get("inputs")
        if layer := layer_of(name, given):
            before = first.layers if isinstance(first, Unknown) else ()
            base = self._pass(node, given, path)
            return Unknown(node, base.faults, base.path, base.feeds, (*before, layer)[-8:])
        images = images_of(name, given) if name else None
        if images is None:
            return self._pass(node, given, path)
        return Value(node, images, rests(*given.all, *(part for each in given.all for part in items_of(each) or ())))

    def _pass(self, node: ast.Call, given: Arguments, path: str) -> Unknown:
        inside = unknown(node, given.all)
        feeds = inside.feeds if inside else frozenset[int]()
        return Unknown(node, (Fault(node.func, "{} can't be called here", CALLS),), f"{path}()" if path else "", feeds)

    def enter_scope(self, found: Known) -> None:
        """Takes an arg scope into force, until the `with` that it is in is left."""
        if isinstance(found, Value) and isinstance(found.it, ArgScope):
            self.scopes.append(found.it)

    def scope(self) -> Mapping[str, Known]:
        """What the arg scope in force says, or the defaults of the text's own."""
        if self.scopes:
            return self.scopes[-1].arguments
        return self._defaults(self.own_scope) if self.own_scope else {}

    # ---- conditions -------------------------------------------------------------------------------------------------

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


def is_generator(function: Function) -> bool:
    """Whether a function of the text is one that makes a network of blocks that it is given, as `resnet_v2` does."""
    node = function.node
    if isinstance(node, ast.Lambda):
        return False
    parameters = {each.arg for each in (*node.args.posonlyargs, *node.args.args, *node.args.kwonlyargs)}
    if GENERATOR.match(node.name) and parameters:
        return True
    for each in ast.walk(node):
        if isinstance(each, ast.Call) and _called(each) == "stack_blocks_dense":
            given = [*each.args, *(keyword.value for keyword in each.keywords)]
            if any(
                isinstance(part, ast.Name) and part.id in parameters and part.id != _first(node)
                for part in given[1:] or given
            ):
                return True
    return False


def _first(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    names = [each.arg for each in node.args.args if each.arg not in ("self", "cls")]
    return names[0] if names else ""


def _called(node: ast.Call) -> str:
    return (
        node.func.id
        if isinstance(node.func, ast.Name)
        else node.func.attr
        if isinstance(node.func, ast.Attribute)
        else ""
    )


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


def _field_names(given: Arguments) -> tuple[str, ...]:
    fields = given.args[1] if len(given.args) > 1 else given.named.get("field_names")
    if isinstance(fields, Value) and isinstance(fields.it, str):
        return tuple(fields.it.replace(",", " ").split())
    items = items_of(fields) if fields is not None else None
    return tuple(each.it for each in items or () if isinstance(each, Value) and isinstance(each.it, str))


def _shorten(words: str) -> str:
    return words if len(words) <= _WORDS else words[: _WORDS - 1] + "…"
