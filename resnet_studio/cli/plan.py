"""The options of a timing: what the terminal offers of a TimingPlan's fields, and what was typed read to a plan."""

from __future__ import annotations

import argparse
from typing import Any

from resnet_studio.bench.plan import MODE_CHOICES, PLAN, PLAN_FIELDS, TimingPlan, validate_plan
from resnet_studio.design.bounds import shorten
from resnet_studio.design.fields import Field

from .inputs import BadInput, check_choice

_CHANNELS_LAST = "channels-last"
_DEFAULTS = TimingPlan()
_WHEN_NAMED = {"until_precise": "2"}  # what an option stands for that is named without a value


def add_plan_options(command: argparse.ArgumentParser, *, one_design: bool) -> None:
    """The options of `bench` (one_design) or `compare`, read off the table of a plan's fields.

    Values stay the texts that were typed. An option that only a run of one design has is known to `compare` too, so that
    it can be told why not.
    """
    for field in PLAN:
        told = argparse.SUPPRESS if field.single and not one_design else _help(field)
        name = f"--{field.option_name}"
        if field.is_flag:
            command.add_argument(name, dest=field.name, action="store_true", help=told)
        elif one_design and field.name not in _WHEN_NAMED:
            command.add_argument(name, dest=field.name, metavar=field.metavar, help=told)
        elif not (field.name == "steps" and not one_design):  # there it is another word for --rounds
            more: dict[str, Any] = {"nargs": "?", "const": _WHEN_NAMED.get(field.name, "")} if field.single else {}
            command.add_argument(name, dest=field.name, metavar=field.metavar, help=told, **more)
    command.add_argument("--data-format", default=_CHANNELS_LAST, metavar="FORMAT",
                         help="channels-last, the only one: TensorFlow's convolutions on a CPU take no other")  # fmt: skip


def _help(field: Field) -> str:
    """What the field is, its choices, and what it is where nothing is typed."""
    default = getattr(_DEFAULTS, field.name)
    parts = [field.help]
    if field.words and field.name != "device":
        parts.append(f"({', '.join(field.words)}; default {default})")
    elif field.name == "modes":
        parts.append("(default both)")
    elif default is not None and not field.is_flag:
        parts.append(f"(default {default})")
    return " ".join(parts).replace("%", "%%")


def read_plan(arguments: argparse.Namespace) -> TimingPlan:
    """The plan that `bench` or `compare` was asked for. What was not typed is left at its default. Raises BadInput."""
    given = vars(arguments)
    typed = {field.name: text for field in PLAN if (text := given.get(field.name)) not in (None, False)}
    check_choice("--mode", mode := typed.get("modes", "both"), MODE_CHOICES)
    if arguments.data_format != _CHANNELS_LAST:
        raise BadInput(
            f"--data-format: {shorten(repr(arguments.data_format))} can't be timed. TensorFlow's convolutions on a CPU take "
            f"{_CHANNELS_LAST} only, and so does this program on every device. Leave the option out."
        )
    if "until_precise" in typed and "steps" in typed:
        raise BadInput("--steps: with --until-precise steps are not counted. Leave one of the two out.")
    # A text that is no number stays a text, for the message.
    values: dict[str, Any] = {name: _value(PLAN_FIELDS[name], text) for name, text in typed.items()}
    plan = TimingPlan(**{**values, "modes": MODE_CHOICES[mode]})
    if problems := validate_plan(plan):
        raise BadInput(f"--{problems[0]}")
    return plan


def _value(field: Field, typed: str | bool) -> object:
    if isinstance(typed, bool):
        return typed
    return field.parse(typed.upper() if field.name == "device" else typed)
