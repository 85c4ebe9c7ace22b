"""A job: a design and a plan, one JSON line on its way to the engine program."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any, Literal, get_args

from resnet_studio.design.design_json import design_from_json, design_to_json
from resnet_studio.design.spec import Design
from resnet_studio.network.lesion import UnitPlace

from .plan import TimingPlan, validate_plan

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


def encode_job(job: Job) -> str:
    """`job` as one line of JSON, without its newline: {"design": ..., "plan": ..., "stepped": false, ...}."""
    value = {field.name: getattr(job, field.name) for field in fields(Job)}
    value |= {"design": design_to_json(job.design), "plan": asdict(job.plan)}
    return json.dumps(value, separators=(",", ":"))


def decode_job(line: str) -> Job:
    """The job in a line of JSON. Raises ValueError, with what is wrong, for anything else and for a plan out of bounds.

    The design may still have problems: `expand` refuses it then. So may the lesions: see `without_residuals`.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {line[:80]!r}") from error
    names = {field.name for field in fields(Job)}
    if not isinstance(value, dict) or not {"design", "plan"} <= value.keys() <= names:
        raise ValueError(f"not a job: {line[:80]!r}")
    if not isinstance(stepped := value.get("stepped", False), bool):
        raise ValueError(f"stepped is neither true nor false: {str(stepped)[:80]!r}")
    if (task := value.get("task", "time")) not in get_args(Task):
        raise ValueError(f"not a task: {str(task)[:80]!r}")
    if not isinstance(weights := value.get("weights", ""), str):
        raise ValueError(f"not a checkpoint's path: {str(weights)[:80]!r}")
    lesions = _lesions(value.get("lesions", []))
    return Job(design_from_json(value["design"]), _plan(value["plan"]), stepped, lesions, task, weights)


def _lesions(value: Any) -> tuple[UnitPlace, ...]:
    def is_unit(each: Any) -> bool:
        return isinstance(each, list) and len(each) == 2 and isinstance(each[0], str) and type(each[1]) is int

    if not isinstance(value, list) or not all(map(is_unit, value)):
        raise ValueError(f"not units: {str(value)[:80]!r}")
    return tuple((block, number) for block, number in value)


def _plan(value: Any) -> TimingPlan:
    names = {field.name for field in fields(TimingPlan)}
    if not isinstance(value, dict) or not value.keys() <= names or not isinstance(value.get("modes"), list):
        raise ValueError(f"not a plan: {str(value)[:80]!r}")
    plan = TimingPlan(**{**value, "modes": tuple(value["modes"])})
    if problems := validate_plan(plan):
        raise ValueError(str(problems[0]))
    return plan
