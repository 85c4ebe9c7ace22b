"""A job: a design and a plan, one JSON line on its way to the engine program."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from typing import Any

from resnet_studio.arch.files import design_from_json, design_to_json
from resnet_studio.arch.spec import Design

from .plan import TimingPlan, validate_plan


@dataclass(frozen=True, slots=True)
class Job:
    """What an engine is given: time this design in this way.

    stepped: the engine waits for leave before each turn of timed steps, as many as it is given leave for, not the plan's
    (see engine.interleave).
    """

    design: Design
    plan: TimingPlan
    stepped: bool = False


def encode_job(job: Job) -> str:
    """`job` as one line of JSON, without its newline: {"design": ..., "plan": ..., "stepped": false}."""
    value = {"design": design_to_json(job.design), "plan": asdict(job.plan), "stepped": job.stepped}
    return json.dumps(value, separators=(",", ":"))


def decode_job(line: str) -> Job:
    """The job in a line of JSON. Raises ValueError, with what is wrong, for anything else and for a plan out of bounds.

    The design may still have problems: `expand` refuses it then.
    """
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {line[:80]!r}") from error
    if not isinstance(value, dict) or value.keys() - {"stepped"} != {"design", "plan"}:
        raise ValueError(f"not a job: {line[:80]!r}")
    if not isinstance(stepped := value.get("stepped", False), bool):
        raise ValueError(f"stepped is neither true nor false: {str(stepped)[:80]!r}")
    return Job(design_from_json(value["design"]), _plan(value["plan"]), stepped)


def _plan(value: Any) -> TimingPlan:
    names = {field.name for field in fields(TimingPlan)}
    if not isinstance(value, dict) or not value.keys() <= names or not isinstance(value.get("modes"), list):
        raise ValueError(f"not a plan: {str(value)[:80]!r}")
    plan = TimingPlan(**{**value, "modes": tuple(value["modes"])})
    if problems := validate_plan(plan):
        raise ValueError(str(problems[0]))
    return plan
