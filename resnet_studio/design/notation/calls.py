"""Calls and conditions: functions of the text come before the library's, and what is neither passes through unknown."""

from __future__ import annotations

import ast
from collections.abc import Mapping

from .builtins import builtin
from .calling import CallState
from .faults import Fault, line_of
from .library import BLOCK, GENERATOR, PRESET, last_name, scope_arguments
from .making import make_network
from .methods import method
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


class Caller(CallState):
    """Evaluates calls."""

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


def _field_names(given: Arguments) -> tuple[str, ...]:
    fields = given.args[1] if len(given.args) > 1 else given.named.get("field_names")
    if isinstance(fields, Value) and isinstance(fields.it, str):
        return tuple(fields.it.replace(",", " ").split())
    items = items_of(fields) if fields is not None else None
    return tuple(each.it for each in items or () if isinstance(each, Value) and isinstance(each.it, str))
