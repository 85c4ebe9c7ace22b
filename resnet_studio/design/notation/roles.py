"""What the arguments of a call of a network are for, where the function is the text's own or one of the published."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Version

from .faults import Fault
from .library import OPTIONS
from .signature import Arguments, bind_own, defaults_of, parameters_of
from .units import has_blocks
from .values import Default, Function, Known, Value

if TYPE_CHECKING:
    from .calling import CallState

_ROLES = {
    "num_classes": ("num_classes", "classes", "n_classes", "class_num", "num_class", "nb_classes", "n_class", "num_labels", "num_outputs", "num_output"),
    "global_pool": ("global_pool", "use_global_pool", "pool"),
    "include_root_block": ("include_root_block", "include_root", "root_block", "use_root_block"),
    "output_stride": ("output_stride",),
    "scope": ("scope", "name"),
}  # fmt: skip


def own_arguments(run: CallState, given: Arguments, own: Function) -> dict[str, Known]:
    """The arguments of the text's own generator by what they are for: its parameters' names, or what was given, tell."""
    found = bind_own(given, own.title, own.node.args, bound=own.owner is not None)
    defaults = defaults_of(own.node.args)
    for each, node in defaults.items():
        found.setdefault(each, run.attempt(node, own.names))
    arguments: dict[str, Known] = {}
    for role, names in _ROLES.items():
        here = next((each for each in names if each in found), None)
        if here is not None:
            arguments[role] = found[here]
    for value in found.values():
        if "blocks" not in arguments and has_blocks(value):
            arguments["blocks"] = value
    if "blocks" not in arguments and "blocks" in found:
        arguments["blocks"] = found["blocks"]
    parameters = [each.arg for each in parameters_of(own.node.args)][1 if own.owner is not None else 0 :]
    if parameters and parameters[0] in found and not has_blocks(found[parameters[0]]):
        arguments["inputs"] = found[parameters[0]]
    for name in (*OPTIONS, "inputs"):
        if name in found and name != "scope":
            arguments.setdefault(name, found[name])
    return arguments


def stacked(given: Arguments) -> dict[str, Known]:
    """The arguments of `stack_blocks_dense`, which makes nothing but the blocks."""
    node = given.nodes[0] if given.nodes else ast.Constant(None)
    order = ("inputs", "blocks", "output_stride")
    found = {
        **dict(zip(order, given.args, strict=False)),
        **{k: v for k, v in given.named.items() if k in (*order, "net")},
    }
    if "net" in found:
        found["inputs"] = found.pop("net")
    return {**found, "global_pool": Value(node, False), "include_root_block": Value(node, False)}


def published(
    title: str, arguments: Mapping[str, Known], notes: list[str]
) -> tuple[tuple[Block, ...], frozenset[Default], Version]:
    """Blocks and version of a published network, with its depths multiplied where the call says so."""
    design = PRESETS[title]
    multiplier, least = arguments.get("depth_multiplier"), arguments.get("min_base_depth")
    blocks = design.blocks
    if isinstance(multiplier, Value) and isinstance(multiplier.it, int | float) and multiplier.it != 1:
        low = least.it if isinstance(least, Value) and isinstance(least.it, int) else 8
        share = float(multiplier.it)
        if not 0 < share <= 16:
            raise Fault(multiplier.node, "{} is no depth_multiplier", "a number of at most 16")
        blocks = tuple(
            replace(
                each,
                units=tuple(
                    replace(
                        u,
                        depth=4 * max(int(u.depth_bottleneck * share), low),
                        depth_bottleneck=max(int(u.depth_bottleneck * share), low),
                    )
                    for u in each.units
                ),
            )
            for each in blocks
        )
        notes.append(f"depth_multiplier={multiplier.it} was worked into the depths of the units.")
    return blocks, frozenset(), design.version


def root_depth(own: Function) -> int | None:
    """The depth of the root's convolution in the text's own generator; None where it isn't written there as a number."""
    for node in ast.walk(own.node):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        scope = next((each.value for each in node.keywords if each.arg == "scope"), None)
        if (
            name in ("conv2d_same", "conv2d")
            and isinstance(scope, ast.Constant)
            and scope.value == "conv1"
            and len(node.args) > 1
        ):
            depth = node.args[1]
            return depth.value if isinstance(depth, ast.Constant) and type(depth.value) is int else None
    return None
