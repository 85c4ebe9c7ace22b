"""The calls that the notation knows: Block, resnet_v2_block, resnet_arg_scope, resnet_v2, and those of the text's own."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import NoneType
from typing import cast

from resnet_studio.design.bounds import BOUNDS
from resnet_studio.design.spec import Block, Kind, Unit, block

from .source import EXAMPLE, Fault, parameters_of
from .values import CALLS, UNIT_FIELDS, UNITS, Evaluator, Names, Value

WHOLE = "a whole number"

_KINDS: dict[str, Kind] = {
    "bottleneck": "bottleneck",
    "bottleneck_v2": "bottleneck",
    "basic": "basic",
    "basic_v2": "basic",
    "basic_block": "basic",
}
# The parameters of TF-Slim's functions, as the classic listing has them; a text that defines one goes ahead of these.
_PARAMETERS: Mapping[str, tuple[str, ...]] = {
    "resnet_v2": ("inputs", "blocks", "num_classes", "global_pool", "include_root_block", "reuse", "scope"),
    "resnet_v1": ("inputs", "blocks", "num_classes", "global_pool", "include_root_block", "reuse", "scope"),
    "resnet_arg_scope": (
        "is_training", "weight_decay", "batch_norm_decay", "batch_norm_epsilon", "batch_norm_scale",
    ),
}  # fmt: skip
# As the tf-slim library has them.
_LIBRARY = (
    "inputs", "blocks", "num_classes", "is_training", "global_pool", "output_stride", "include_root_block",
    "spatial_squeeze", "reuse", "scope",
)  # fmt: skip
# What further versions of them, or our own `format`, give by keyword.
_OF_A_NETWORK = (
    "is_training", "output_stride", "spatial_squeeze", "root", "root_depth", "conv_biases", "stride_conv", "version",
)  # fmt: skip
_MORE = {
    "resnet_v2": _OF_A_NETWORK,
    "resnet_v1": _OF_A_NETWORK,
    "resnet_arg_scope": ("activation_fn", "use_batch_norm", "batch_norm_updates_collections"),
}  # fmt: skip
OPTIONS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "num_classes": ((int, NoneType), "a whole number or None"),
    "global_pool": ((bool,), "True or False"),
    "include_root_block": ((bool,), "True or False"),
    "output_stride": ((int, NoneType), "a whole number or None"),
    "version": ((str,), "'v2', 'v1' or 'plain'"),
    "scope": ((str, NoneType), "a name in quotes"),
    "root": ((str,), "'imagenet' or 'cifar'"),
    "root_depth": ((int,), WHOLE),
    "conv_biases": ((bool,), "True or False"),
    "stride_conv": ((str,), "'conv2' or 'conv1'"),
    "weight_decay": ((int, float), "a number"),
    "batch_norm_decay": ((int, float), "a number"),
    "batch_norm_epsilon": ((int, float), "a number"),
    "batch_norm_scale": ((bool,), "True or False"),
}
# What a design has no place for, and that changes nothing of the network it describes.
_WITHOUT_PLACE = {"inputs", "blocks", "reuse", "is_training", "spatial_squeeze", "outputs_collections"}


@dataclass(frozen=True, slots=True)
class Images:
    """Some tensor of images, of which only the size and the channels are known."""

    size: tuple[int, int]
    channels: int = 3


@dataclass(frozen=True, slots=True)
class ArgScope:
    """What `resnet_arg_scope(...)` was given."""

    arguments: Names


class CallEvaluator(Evaluator):
    """Expressions -> values. functions: those that the text defines. notes: what a person should know of the reading."""

    def __init__(self, functions: Mapping[str, ast.FunctionDef]) -> None:
        super().__init__()
        self.functions = functions
        self.notes: list[str] = []

    def arguments(self, call: ast.Call, names: Names) -> Names:
        """The arguments of a call of a function of the text or of TF-Slim: those given, else the function's defaults."""
        name = callee(call)
        parameters = self._parameters(call)
        more = [each for each in _MORE.get(name, ()) if each not in parameters]
        given = self.bind(call, (*parameters, *more), tolerant=True)
        found = {key: self.attempt(node, names) for key, node in given.items()}
        for key, value in found.items():
            left_out = key not in OPTIONS and key not in _WITHOUT_PLACE and name in _PARAMETERS
            if left_out and not (isinstance(value, Value) and value.it is None):
                self.notes.append(f"A design has no place for {key}, so it was left out.")
        return {**self.defaults(name, names), **found}

    def _parameters(self, call: ast.Call) -> tuple[str, ...]:
        name = callee(call)
        if name in self.functions:
            return parameters_of(self.functions[name])
        # A function of the library, pasted in alone, hands these on by their places, and they name themselves.
        if any(isinstance(each, ast.Name) and each.id in ("is_training", "output_stride") for each in call.args):
            return _LIBRARY
        return _PARAMETERS[name]

    def defaults(self, name: str, names: Names) -> Names:
        """The parameters of a function of the text, as far as it gives them defaults."""
        if name not in self.functions:
            return {}
        arguments = self.functions[name].args
        positional = [*arguments.posonlyargs, *arguments.args]
        pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
        pairs += [(key, node) for key, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if node]
        return {key.arg: self.attempt(node, names) for key, node in pairs}

    def option(self, field: str, arguments: Names, default: object) -> object:
        """An option of the network. One that the text leaves to something else than a constant is told in a note."""
        found = arguments.get(field)
        if found is None:
            return default
        types, expected = OPTIONS[field]
        if isinstance(found, Fault):
            if field != "scope":  # any name will do
                self.notes.append(f"{field} is no constant in the text, so {default!r} was taken.")
            return default
        if type(found.it) not in types:
            raise Fault(found.node, f"{{}} is no value of {field}", expected)
        return found.it

    def bind(self, call: ast.Call, parameters: Iterable[str], tolerant: bool = False) -> dict[str, ast.expr]:
        """The arguments of `call` by their parameters. Raises Fault for others; tolerant: passes over *these, **these."""
        parameters = tuple(parameters)
        signature = f"{callee(call)}({', '.join(parameters)})"
        found: dict[str, ast.expr] = {}
        for place, node in enumerate(call.args):
            if isinstance(node, ast.Starred):
                if not tolerant:
                    raise Fault(node, "{} is not read here", signature)
                break
            if place >= len(parameters):
                raise Fault(node, "{} is one argument too many", signature)
            found[parameters[place]] = node
        for keyword in call.keywords:
            if keyword.arg is None and tolerant:
                continue
            if keyword.arg not in parameters:
                raise Fault(keyword, f"there is no argument {keyword.arg or '**'}", signature)
            if keyword.arg in found:
                raise Fault(keyword, f"{keyword.arg} is given twice", signature)
            found[keyword.arg] = keyword.value
        return found

    def call(self, node: ast.Call, names: Names) -> Value:
        """A block, an arg scope, or a tensor of images. TF-Slim's functions, and no others."""
        name = callee(node)
        if name == "Block":
            return Value(node, self._block(node, names))
        if name == "resnet_v2_block":
            return Value(node, self._slim_block(node, names))
        if name == "resnet_arg_scope":
            return Value(node, ArgScope(self.arguments(node, names)))
        if name and (images := self._images(node, names)):
            return Value(node, images)
        raise Fault(node.func, "{} can't be called here", CALLS)

    def _block(self, node: ast.Call, names: Names) -> Block:
        """TF-Slim: `resnet_utils.Block`, whose args are tuples, or dictionaries in the tf-slim library."""
        parts = self._all(node, ("scope", "unit_fn", "args"))
        name = self._text(parts["scope"], names)
        kind = _KINDS.get(last_name(parts["unit_fn"]))
        if kind is None:
            raise Fault(parts["unit_fn"], "{} is not a kind of unit", "bottleneck or basic")
        units = self.evaluate(parts["args"], names)
        if not isinstance(units.it, tuple):
            raise Fault(units.node, "{} is not a list of units", UNITS)
        self.charge(node, len(units.it))
        made = {id(each): _unit(each, kind) for each in units.it}
        return Block(name, tuple(made[id(each)] for each in units.it), kind)

    def _slim_block(self, node: ast.Call, names: Names) -> Block:
        """tf_slim: `resnet_v2_block`. The last unit strides; the depth is four times the bottleneck's."""
        parts = self._all(node, ("scope", "base_depth", "num_units", "stride"))
        depth, count, stride = (self.evaluate(parts[each], names) for each in ("base_depth", "num_units", "stride"))
        if fault := BOUNDS["units"].fault(count.it):
            raise Fault(count.node, fault, BOUNDS["units"].text)
        self.charge(node, _whole(count))
        if "resnet_v2_block" in self.functions:
            self.notes.append("resnet_v2_block was read as the tf-slim library defines it: the last unit strides.")
        base = _whole(depth)
        return block(self._text(parts["scope"], names), _whole(count), base * 4, base, _whole(stride))

    def _all(self, node: ast.Call, parameters: tuple[str, ...]) -> dict[str, ast.expr]:
        parts = self.bind(node, parameters)
        for missing in parameters:
            if missing not in parts:
                raise Fault(node, f"{missing} is missing", f"{callee(node)}({', '.join(parameters)})")
        return parts

    def _text(self, node: ast.expr, names: Names) -> str:
        value = self.evaluate(node, names)
        if not isinstance(value.it, str):
            raise Fault(value.node, "{} is not a name", "the block's name in quotes")
        return value.it

    def _images(self, call: ast.Call, names: Names) -> Images | None:
        """What a call says that makes images: tf.random_uniform((batch_size, height, width, 3))."""
        for node in ast.walk(call):
            match node:
                case ast.Tuple(elts=elements) | ast.List(elts=elements) if len(elements) == 4:
                    _, high, wide, last = elements
                    channels = last.value if isinstance(last, ast.Constant) else None
                    if type(channels) is not int:
                        continue
                    size = _size(self.attempt(high, names), self.attempt(wide, names))
                    return Images(size, channels) if size else None
        return None


def last_name(node: ast.expr) -> str:
    """The last name of `slim.nets.resnet_utils.Block`; '' of what is not a row of names."""
    last = node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""
    while isinstance(node, ast.Attribute):
        node = node.value
    return last if isinstance(node, ast.Name) else ""


def callee(call: ast.Call) -> str:
    """The last name of what is called, or ''."""
    return last_name(call.func)


def blocks_of(value: Value) -> tuple[Block, ...]:
    """The blocks in a list of them, or in one that stands alone. Raises Fault."""
    if isinstance(value.it, Block):
        return (value.it,)
    if not isinstance(value.it, tuple):
        raise Fault(value.node, "{} is not a list of blocks", EXAMPLE)
    found = []
    for each in value.it:
        if not isinstance(each.it, Block):
            raise Fault(each.node, "{} is not a block", EXAMPLE)
        found.append(each.it)
    if len(found) > BOUNDS["blocks"].high:
        raise Fault(value.node, f"{len(found):,} blocks are too many", BOUNDS["blocks"].text)
    return tuple(found)


def channels_of(arguments: Names) -> int:
    """The channels of the images that a network is given; 3 where nothing is known of them."""
    inputs = arguments.get("inputs")
    return inputs.it.channels if isinstance(inputs, Value) and isinstance(inputs.it, Images) else 3


def image_of(arguments: Names, names: Names) -> tuple[int, int] | None:
    """The size of the images that a network is given, or that `height` and `width` say."""
    inputs = arguments.get("inputs")
    if isinstance(inputs, Value) and isinstance(inputs.it, Images):
        return inputs.it.size
    return _size(names.get("height"), names.get("width"))


def _unit(value: Value, kind: Kind) -> Unit:
    """A unit from its tuple or dictionary. A basic unit has no bottleneck, so its two other numbers are enough."""
    parts = value.it
    if isinstance(parts, tuple):
        short = kind == "basic" and len(parts) == 2
        names = ("depth", "stride") if short else UNIT_FIELDS[:3]
        parts = dict(zip(names, parts, strict=True)) if len(parts) == len(names) else None
    if not isinstance(parts, dict) or not {"depth", "stride"} <= parts.keys():
        raise Fault(value.node, "{} is not a unit", "(depth, depth_bottleneck, stride)")
    depth, stride = _whole(parts["depth"]), _whole(parts["stride"])
    inner, rate = parts.get("depth_bottleneck"), _whole(parts["unit_rate"]) if "unit_rate" in parts else 1
    if kind == "basic":
        # No use is made of it, and so it may be anything; it is kept for the day the unit becomes a bottleneck.
        return Unit(depth, cast(int, inner.it) if inner else depth, stride, rate)
    if inner is None:
        raise Fault(value.node, "{} lacks its depth_bottleneck", "(depth, depth_bottleneck, stride)")
    return Unit(depth, _whole(inner), stride, rate)


def _whole(value: Value) -> int:
    """A whole number, which may be out of range: `validate` tells that, at the field's place."""
    if type(value.it) is not int:
        raise Fault(value.node, "{} is not a whole number", WHOLE)
    return value.it


def _size(height: Value | Fault | None, width: Value | Fault | None) -> tuple[int, int] | None:
    if isinstance(height, Value) and isinstance(width, Value):
        high, wide = height.it, width.it
        if type(high) is int and type(wide) is int:
            return high, wide
    return None
