"""A design in the notation, as a person would write it below TF-Slim's functions."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from dataclasses import fields

from resnet_studio.arch.spec import Block, Design, Unit
from resnet_studio.arch.validate import DesignError, validate

from .units import UNIT_FIELDS

# Options that TF-Slim's functions have no argument for, or have but seldom change: written where they differ.
_OWN = ("output_stride", "root", "root_depth", "conv_biases", "stride_conv")
_ARG_SCOPE = ("weight_decay", "batch_norm_decay", "batch_norm_epsilon", "batch_norm_scale")
_DEFAULTS = {each.name: each.default for each in fields(Design)}
_RUNS = 6  # as many runs of equal units can be written as a sum and still be taken in


def format(design: Design) -> str:  # noqa: A001 - with `parse`, the pair of names that the notation is known by
    """`design` in the notation, as a person would write it below TF-Slim's functions. Raises DesignError for problems."""
    if problems := validate(design):
        raise DesignError(problems)
    height, width = design.image
    options = {
        "num_classes": design.num_classes,
        "global_pool": design.global_pool,
        "include_root_block": design.include_root_block,
        "scope": design.name,
    }
    own = _changed(design, _OWN) | ({"version": design.version} if design.version == "plain" else {})
    calls = [f"inputs, blocks, {_arguments(options)}", _arguments(own)]
    lines = [
        f"height, width = {height}, {width}",
        f"inputs = tf.placeholder(tf.float32, (None, height, width, {design.channels}))",
        "",
        "blocks = [",
        *(f"    {_block(block)}," for block in design.blocks),
        "]",
        "",
        f"with slim.arg_scope(resnet_arg_scope({_arguments(_changed(design, _ARG_SCOPE))})):",
        f"    net, end_points = resnet_{'v2' if design.version == 'v2' else 'v1'}(",
        ",\n".join(f"        {call}" for call in calls if call) + ")",
    ]
    return "\n".join(lines) + "\n"


def _changed(design: Design, names: tuple[str, ...]) -> dict[str, object]:
    return {name: value for name in names if (value := getattr(design, name)) != _DEFAULTS[name]}


def _arguments(values: Mapping[str, object]) -> str:
    return ", ".join(f"{name}={value!r}" for name, value in values.items())


def _block(block: Block) -> str:
    return f"Block({block.name!r}, {block.kind}, {_units(block.units)})"


def _units(units: tuple[Unit, ...]) -> str:
    """[(256, 64, 1)] * 2 + [(256, 64, 2)], or all units line by line where they change too often for that."""
    terms = list(_terms(units))
    if len(terms) <= _RUNS:
        return " + ".join(terms)
    rows = [", ".join(_unit(unit) for unit in units[i : i + 4]) for i in range(0, len(units), 4)]
    return "[\n" + "".join(f"        {row},\n" for row in rows) + "    ]"


def _terms(units: tuple[Unit, ...]) -> Iterator[str]:
    runs = [(unit, len(list(run))) for unit, run in itertools.groupby(units)]
    for single, group in itertools.groupby(runs, lambda run: run[1] == 1):
        if single:
            yield f"[{', '.join(_unit(unit) for unit, _ in group)}]"
        else:
            yield from (f"[{_unit(unit)}] * {count}" for unit, count in group)


def _unit(unit: Unit) -> str:
    """A tuple as TF-Slim has it; with a rate a dictionary as DeepLab has it, whose units have a `unit_rate`."""
    if unit.rate != 1:
        named = dict(zip(UNIT_FIELDS, (unit.depth, unit.depth_bottleneck, unit.stride, unit.rate), strict=True))
        return repr(named)
    return f"({unit.depth!r}, {unit.depth_bottleneck!r}, {unit.stride!r})"
