"""A record as JSON values, the shape of `bench --json` and of the history, and back: msgspec checks what is read.

`docs/record.schema.json` is the JSON Schema of what is read. Figures are worked out again and not read.
"""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import msgspec

from resnet_studio.design.bounds import Bound
from resnet_studio.design.design_json import design_from_json, design_to_json
from resnet_studio.design.validate import validate

from .event_base import LONGEST, Count, Duration
from .events import Phase
from .job import Job
from .plan import PLAN, EndedBy, Mode, TimingPlan
from .plan_json import PlanInFile, plan_of, plan_to_json
from .record import Record, Run
from .shares import Shares, shares_to_json
from .stats import figures_to_json


class RunInFile(msgspec.Struct, frozen=True):
    """One mode's times in nanoseconds. What else stands there, its figures, is made of these and not read."""

    mode: Mode
    batch: Count
    phase_nanoseconds: dict[Phase, Count]
    burn_in_nanoseconds: list[Count]
    step_nanoseconds: list[Duration]
    ended_by: EndedBy | None
    in_force: dict[str, Any]
    memory_bytes: Count


class RecordInFile(msgspec.Struct, frozen=True):
    """What came of a job. Results of before profiles were told have none."""

    design: dict[str, Any]
    plan: PlanInFile  # type: ignore[valid-type]
    machine: dict[str, Any]
    runs: list[RunInFile]
    peak_bytes: Count
    end: str
    profile: list[Shares] = []
    profile_faults: list[str] = []


def record_to_json(value: Record) -> dict[str, Any]:
    """`value` in the shape of `bench --json`. Memory in bytes, figures in seconds a step; null where there is none."""
    return {
        "design": design_to_json(value.job.design),
        "plan": plan_to_json(value.job.plan),
        "machine": value.machine,
        "runs": [_run_to_json(value, run) for run in value.runs],
        "peak_bytes": value.peak_bytes,
        "end": value.end,
        "profile": [shares_to_json(shares) for shares in value.profile],
        "profile_faults": list(value.profile_faults),
    }


def record_from_json(value: Any) -> Record:
    """The record in `bench --json`; its figures are worked out again. Raises ValueError for anything else.

    Whether this machine could run the plan again is not asked.
    """
    try:
        read = msgspec.convert(value, RecordInFile)
    except (msgspec.MsgspecError, OverflowError) as error:
        raise ValueError(f"not a result of bench --json: {error}") from error
    plan = plan_of(read.plan)
    job = Job(design_from_json(read.design), plan)
    if validate(job.design) or not _in_bounds(plan):
        raise ValueError("not a result of bench --json: its design or its plan is none that can be timed")
    runs = tuple(_run_of(run) for run in read.runs)
    machine: dict[str, Any] = _known(read.machine)
    return Record(job, machine, runs, read.peak_bytes, read.end, tuple(read.profile), tuple(read.profile_faults))


def _in_bounds(plan: TimingPlan) -> bool:
    """Whether each number of a plan is within its bounds, but for those that another machine has otherwise."""
    fixed = [field for field in PLAN if isinstance(field.bound, Bound)]
    threads = (plan.intra_op_threads, plan.inter_op_threads)
    return all(0 <= count < 10**6 for count in threads) and not any(f.fault(getattr(plan, f.name)) for f in fixed)


def _known(value: Any) -> Any:
    """What is told of a machine, with null for each number that no machine has (NaN too): nobody could work with it."""
    if isinstance(value, dict):
        return {key: _known(each) for key, each in value.items()}
    if isinstance(value, list):
        return [_known(each) for each in value]
    if isinstance(value, (int, float)) and not (abs(value) < LONGEST):
        return None
    return value


def _run_of(read: RunInFile) -> Run:
    burn_in, steps = tuple(read.burn_in_nanoseconds), tuple(read.step_nanoseconds)
    return Run(
        read.mode,
        read.batch,
        read.phase_nanoseconds,
        burn_in,
        steps,
        read.ended_by,
        _known(read.in_force),
        read.memory_bytes,
    )


def _run_to_json(value: Record, run: Run) -> dict[str, Any]:
    return {
        "mode": run.mode,
        "batch": run.batch,
        "phases": run.phases,
        "burn_in_seconds": list(run.burn_in_seconds),
        "step_seconds": list(run.step_seconds),
        "phase_nanoseconds": dict(run.phase_nanoseconds),
        "burn_in_nanoseconds": list(run.burn_in_nanoseconds),
        "step_nanoseconds": list(run.step_nanoseconds),
        "ended_by": run.ended_by,
        "in_force": run.in_force,
        "memory_bytes": run.memory_bytes,
        "memory_forecast_bytes": value.forecast(run).total,
        **figures_to_json(run.summary),
        "gigaflops": value.gigaflops(run),
        "ceiling_share": value.ceiling_share(run),
        "warnings": [asdict(caution) for caution in value.cautions(run)],
    }
