"""The options of a timing, as typed, read to a TimingPlan. Whatever is wrong is a BadInput."""

from __future__ import annotations

import argparse
from typing import Any, cast

from resnet_studio.bench.plan import MODE_CHOICES, TimingPlan, validate_plan
from resnet_studio.design.bounds import parse_number, parse_whole, shorten

from .inputs import BadInput, check_choice

_CHANNELS_LAST = "channels-last"


def read_plan(arguments: argparse.Namespace) -> TimingPlan:
    """The plan that `bench` or `compare` was asked for. What a command doesn't take is left at its default."""
    typed = vars(arguments)
    check_choice("--mode", arguments.mode, MODE_CHOICES)
    if arguments.data_format != _CHANNELS_LAST:
        raise BadInput(
            f"--data-format: {shorten(repr(arguments.data_format))} can't be timed. TensorFlow's convolutions on a CPU take "
            f"{_CHANNELS_LAST} only, and so does this program on every device. Leave the option out."
        )
    until_precise, max_seconds = (_number(typed.get(name)) for name in ("until_precise", "max_seconds"))
    if until_precise is not None and typed["steps"] is not None:
        raise BadInput("--steps: with --until-precise steps are not counted. Leave one of the two out.")
    # A text that is no number stays a text, for the message.
    values: dict[str, Any] = {
        "batch": parse_whole(arguments.batch),
        "burn_in": parse_whole(arguments.burn_in),
        "seed": parse_whole(arguments.seed),
        "intra_op_threads": parse_whole(arguments.threads),
        "inter_op_threads": parse_whole(arguments.inter_op_threads),
        "device": arguments.device.upper(),
        "precision": arguments.precision,
        "compiler": arguments.compile,
        "batch_norm": arguments.batch_norm,
        "input": arguments.input,
        "until_precise": until_precise,
        "max_seconds": max_seconds,
        "profile": typed.get("profile", False),
    }
    if typed["steps"] is not None:
        values["steps"] = parse_whole(arguments.steps)
    plan = TimingPlan(MODE_CHOICES[arguments.mode], **values)
    if problems := validate_plan(plan):
        raise BadInput(f"--{problems[0]}")
    return plan


def _number(text: str | None) -> float | None:
    return None if text is None else cast(float, parse_number(text))
