"""A job under other settings, from a text such as 'batch=8, precision=bfloat16'."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any, cast

from resnet_studio.design.bounds import BOUNDS, parse_whole, shorten
from resnet_studio.design.design_fields import DESIGN
from resnet_studio.design.presets import form_of, other_form
from resnet_studio.design.validate import validate

from .job import Job
from .plan import PLAN, validate_plan

# By the names of the terminal's options. What is the same for all sides of a comparison is not among them.
_FIELDS = {field.option_name: field for field in PLAN if field.varies}
_FORMS = ("tf-slim", "paper")
_DESIGN = {field.option_name: field for field in DESIGN if field.varies}
SETTINGS = (*_FIELDS, "image", "form", *_DESIGN)


def vary(job: Job, text: str) -> Job:
    """`job` with the settings in `text` in place of its own. Raises ValueError, a finished sentence, where they are none."""
    design, values = job.design, {}
    for name, value in _settings(text):
        if name == "image":
            design = replace(design, image=parse_image(value))
        elif name == "form":
            if value not in _FORMS:
                raise ValueError(f"form: '{shorten(value)}' is not one of its values. Use {' or '.join(_FORMS)}.")
            design = design if form_of(design) == value else other_form(design)
        elif name in _DESIGN:
            field = _DESIGN[name]
            design = replace(design, **cast(dict[str, Any], {field.name: field.parse(value)}))
            if problem := next((p for p in validate(design) if p.place.field == field.name), None):
                raise ValueError(str(problem))
        else:
            values[_FIELDS[name].name] = _FIELDS[name].parse(value)
    plan = replace(job.plan, **cast(dict[str, Any], values))
    if problems := validate_plan(plan):
        raise ValueError(str(problems[0]))
    return replace(job, design=design, plan=plan)


def parse_image(text: str) -> tuple[int, int]:
    """(height, width) in pixels, from 'HxW' or one number for both. Raises ValueError, a finished sentence."""
    sides = text.lower().replace("×", "x").split("x")
    values = [parse_whole(side) for side in (sides * 2 if len(sides) == 1 else sides)]
    faults = [BOUNDS["image"].fault(value) for value in values]
    if len(values) != 2:
        faults.insert(0, f"'{shorten(text)}' is not a size")
    if fault := next(filter(None, faults), None):
        raise ValueError(f"image: {fault}. Use HxW or one number for both, {BOUNDS['image'].text}.")
    return cast(tuple[int, int], tuple(values))


def _settings(text: str) -> Iterator[tuple[str, str]]:
    for part in text.split(","):
        name, equals, value = (piece.strip() for piece in part.partition("="))
        if not equals or name not in SETTINGS:
            raise ValueError(
                f"'{shorten(part.strip())}' sets nothing. Use NAME=VALUE with one of {', '.join(SETTINGS)}."
            )
        yield name, value
