"""A job: a design and a plan, one JSON line on its way to the engine program."""

from __future__ import annotations

import json
from dataclasses import dataclass, fields
from typing import Any, Literal

import msgspec

from resnet_studio.design.design_json import design_from_json, design_to_json
from resnet_studio.design.spec import Design
from resnet_studio.network.names import UnitPlace

from .plan import TimingPlan, validate_plan
from .plan_json import PlanInFile, plan_of, plan_to_json

Task = Literal["time", "lesion", "path-gradient"]


@dataclass(frozen=True, slots=True)
class Job:
    """What an engine is given: time this design in this way.

    lesions: (block, number from 1) of units without their residual branch; no file of a design holds them.
    task: "time"; "lesion" compares the whole network with what its lesions leave, in `plan.steps` rounds a mode;
    "path-gradient" draws `plan.steps` paths of each length and measures the gradient at the input along each.
    weights: a checkpoint's path for the latter two; '' draws fresh ones.
    stepped: the engine waits for leave before each turn of timed steps, as many as it is given leave for, not the plan's
    (see engine.interleave).
    """

    design: Design
    plan: TimingPlan
    stepped: bool = False
    lesions: tuple[UnitPlace, ...] = ()
    task: Task = "time"
    weights: str = ""


class _JobLine(msgspec.Struct, forbid_unknown_fields=True):
    design: dict[str, Any]
    plan: PlanInFile  # type: ignore[valid-type]
    stepped: bool = False
    lesions: list[tuple[str, int]] = []
    task: Task = "time"
    weights: str = ""


def encode_job(job: Job) -> str:
    """`job` as one line of JSON, without its newline: {"design": ..., "plan": ..., "stepped": false, ...}."""
    value = {field.name: getattr(job, field.name) for field in fields(Job)}
    value |= {"design": design_to_json(job.design), "plan": plan_to_json(job.plan)}
    return json.dumps(value, separators=(",", ":"))


def decode_job(line: str) -> Job:
    """The job in a line of JSON. Raises ValueError, with what is wrong, for anything else and for a plan out of bounds.

    The design may still have problems: `expand` refuses it then. So may the lesions: see `without_residuals`.
    """
    try:
        read = msgspec.json.decode(line, type=_JobLine)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ValueError(f"not a job ({error}): {line[:80]!r}") from error
    except msgspec.DecodeError as error:
        raise ValueError(f"not JSON: {line[:80]!r}") from error
    plan = plan_of(read.plan)
    if problems := validate_plan(plan):
        raise ValueError(str(problems[0]))
    return Job(design_from_json(read.design), plan, read.stepped, tuple(read.lesions), read.task, read.weights)
