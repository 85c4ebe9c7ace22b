"""A plan as JSON values, and back: the form that jobs and records have it in, as a typed structure that msgspec checks."""

from __future__ import annotations

from dataclasses import MISSING, asdict, fields
from typing import Any, get_type_hints

import msgspec

from .plan import TimingPlan

_TYPES = get_type_hints(TimingPlan)
# Of records of earlier programs some fields may be missing: then they stand for what they are by default.
PlanInFile = msgspec.defstruct(
    "Plan",
    [
        (f.name, _TYPES[f.name]) if f.default is MISSING else (f.name, _TYPES[f.name], f.default)
        for f in fields(TimingPlan)
    ],
    forbid_unknown_fields=True,
    frozen=True,
    namespace={"__doc__": "How a network is timed: the fields of a timing plan."},
)


def plan_to_json(plan: TimingPlan) -> dict[str, Any]:
    """`plan` as plain JSON values."""
    return {**asdict(plan), "modes": list(plan.modes)}


def plan_of(read: Any) -> TimingPlan:
    """The plan in a `PlanInFile`. Its values are of their types; whether they are in bounds, `validate_plan` says."""
    return TimingPlan(**msgspec.structs.asdict(read))
