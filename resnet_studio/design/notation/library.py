"""TF-Slim's own functions as texts call them: the orders that their parameters have had, and its published networks."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import NoneType

from .faults import Fault
from .signature import Arguments, bind
from .values import Known, Unknown, Value

_TAIL = ("reuse", "scope")
# The classic listing; TF-Slim in TensorFlow 0.12 to 1.1; tf_slim today; and its version 1 in tensorflow/models.
_ORDERS: Mapping[str, tuple[str, ...]] = {
    "listing": ("global_pool", "include_root_block", *_TAIL),
    "older": ("global_pool", "output_stride", "include_root_block", *_TAIL),
    "library": ("is_training", "global_pool", "output_stride", "include_root_block", *_TAIL),
    "squeezing": ("is_training", "global_pool", "output_stride", "include_root_block", "spatial_squeeze", *_TAIL),
    "storing": (
        "is_training", "global_pool", "output_stride", "include_root_block", "spatial_squeeze",
        "store_non_strided_activations", *_TAIL,
    ),
}  # fmt: skip
_KINDS: Mapping[str, tuple[type, ...]] = {
    "global_pool": (bool, int, NoneType),
    "is_training": (bool, int, NoneType),
    "include_root_block": (bool, int),
    "spatial_squeeze": (bool, int),
    "store_non_strided_activations": (bool, int),
    "output_stride": (int, NoneType),
    "reuse": (bool, NoneType),
    "scope": (str, NoneType),
}
# What further versions of them, or our own `format`, give by keyword.
_MORE = (
    "is_training", "output_stride", "spatial_squeeze", "store_non_strided_activations", "min_base_depth", "depth_multiplier",
    "root", "root_depth", "conv_biases", "stride_conv", "version", "multi_grid", "include_root_block",
    "root_block_fn_for_beta_variant", "global_pool", "reuse", "scope", "num_classes", "nonlinear",
)  # fmt: skip
PRESET = re.compile(r"resnet_(v[12])_(50|101|152|200)$")
GENERATOR = re.compile(r"resnet_(v[12])(?:_beta)?$")
BLOCK = re.compile(r"resnet_(v[12])(?:_beta)?_block$")
ARG_SCOPE = ("is_training", "weight_decay", "batch_norm_decay", "batch_norm_epsilon", "batch_norm_scale")
_LIBRARY_SCOPE = ARG_SCOPE[1:]
_MORE_SCOPE = ("activation_fn", "use_batch_norm", "batch_norm_updates_collections", "is_training")


@dataclass(frozen=True, slots=True)
class Reading:
    """The arguments of one of TF-Slim's functions by their parameters, and what was not certain about them."""

    arguments: dict[str, Known]
    notes: tuple[str, ...] = ()


def network_arguments(given: Arguments, path: str) -> Reading:
    """The arguments of `resnet_v2(inputs, blocks, ...)` or of a published network, by whichever order fits. Raises Fault.

    The same places have meant different things: what is given there (its type, the name of a variable) tells the order.
    """
    title = path.rpartition(".")[2]
    head = ("inputs", "num_classes") if PRESET.search(title) else ("inputs", "blocks", "num_classes")
    gone = ("include_root_block",) if PRESET.search(title) else ()
    orders = {name: (*head, *(each for each in order if each not in gone)) for name, order in _ORDERS.items()}
    fitting = {name: score for name, order in orders.items() if (score := _score(given, order, path, name)) is not None}
    if not fitting:
        return Reading(bind(given, title, orders["listing"], more=_MORE, tolerant=True))
    best = max(fitting, key=lambda name: fitting[name])
    found = bind(given, title, orders[best], more=_MORE, tolerant=True)
    return Reading(found, _doubts(given, {name: orders[name] for name in fitting}, best, title))


def _score(given: Arguments, order: tuple[str, ...], path: str, name: str) -> int | None:
    """How well an order fits what a call is given; None where it can't be the one."""
    if len(given.args) > len(order) or any(each in order[: len(given.args)] for each in given.named):
        return None
    score = 0
    for parameter, value, node in zip(order, given.args, given.nodes, strict=False):
        if getattr(node, "id", getattr(node, "attr", "")).lower() in (parameter, f"_{parameter}"):
            score += 10
        kinds = _KINDS.get(parameter)
        if kinds and isinstance(value, Value) and not isinstance(value.it, kinds):
            return None
        if kinds and isinstance(value, Value) and isinstance(value.it, bool) and parameter == "output_stride":
            return None
        if kinds and isinstance(value, Value) and type(value.it) in kinds[:1]:
            score += 1
    # Called by its module, it is the library's; by its own name alone, the listing's, which has it in the same file.
    return score * 10 + (("." in path) == (name in ("library", "squeezing", "storing"))) * 3 - len(order) // 8


def _doubts(given: Arguments, orders: Mapping[str, tuple[str, ...]], best: str, title: str) -> tuple[str, ...]:
    """A sentence on arguments that another order would take for others, where that would make another network."""
    for place, value in enumerate(given.args):
        names = {order[place] for order in orders.values() if place < len(order)}
        if (
            len(names) > 1
            and isinstance(value, Value)
            and value.it is False
            and names & {"global_pool", "include_root_block"}
        ):
            taken = orders[best][place]
            others = " or ".join(sorted(names - {taken}))
            return (
                f"Argument {place + 1} of {title}, False, was taken for {taken}; in other versions it is {others}.",
            )
    return ()


def scope_arguments(given: Arguments, own: bool = False) -> dict[str, Known]:
    """The arguments of `resnet_arg_scope(...)`: the listing's begin with is_training, the library's lack it. Raises Fault."""
    first = given.args[0] if given.args else None
    lacks = isinstance(first, Value) and type(first.it) is float
    return bind(given, "resnet_arg_scope", _LIBRARY_SCOPE if lacks else ARG_SCOPE, more=_MORE_SCOPE, tolerant=True)


def last_name(value: Known) -> str:
    """What a function that the text doesn't define is called, as far as its last dot; '' for what calls have made."""
    if isinstance(value, Unknown) and "()" not in value.path.replace("super()", ""):
        return value.path.rpartition(".")[2]
    return ""


def check_option(field: str, value: Value) -> object:
    """The value of an option of a network. Raises Fault for one of another kind."""
    types, expected = OPTIONS[field]
    it = value.it
    if type(it) is float and it.is_integer() and int in types and float not in types:
        it = int(it)
    if type(it) not in types:
        raise Fault(value.node, f"{{}} is no value of {field}", expected)
    return it


OPTIONS: Mapping[str, tuple[tuple[type, ...], str]] = {
    "num_classes": ((int, NoneType), "a whole number or None"),
    "global_pool": ((bool,), "True or False"),
    "include_root_block": ((bool,), "True or False"),
    "output_stride": ((int, NoneType), "a whole number or None"),
    "version": ((str,), "'v2', 'v1' or 'plain'"),
    "scope": ((str, NoneType), "a name in quotes"),
    "root": ((str,), "'imagenet' or 'cifar'"),
    "root_depth": ((int,), "a whole number"),
    "conv_biases": ((bool,), "True or False"),
    "stride_conv": ((str,), "'conv2' or 'conv1'"),
    "weight_decay": ((int, float), "a number"),
    "batch_norm_decay": ((int, float), "a number"),
    "batch_norm_epsilon": ((int, float), "a number"),
    "batch_norm_scale": ((bool,), "True or False"),
}
