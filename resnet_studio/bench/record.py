"""What came of a job, as one value: events folded to the machine and the runs, and those to `bench --json`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from resnet_studio.arch.files import design_to_json

from .events import Cancelled, Event, Failed, Finished, Phase, PhaseEnded, Started, Step
from .job import Job
from .plan import Mode
from .stats import Summary, summarise


@dataclass(frozen=True, slots=True)
class Run:
    """One mode's times, in seconds. phases: each phase's length, those that both modes share (start, build) too."""

    mode: Mode
    batch: int
    phases: dict[Phase, float]
    burn_in_seconds: tuple[float, ...]
    step_seconds: tuple[float, ...]

    @property
    def summary(self) -> Summary | None:
        """The figures of the timed steps; None before the first."""
        return summarise(self.step_seconds, self.batch)


@dataclass(frozen=True, slots=True)
class Record:
    """A job and what came of it so far. runs: of the modes that were begun. end: Finished, Cancelled, Failed or ''."""

    job: Job
    machine: dict[str, Any] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    peak_bytes: int = 0
    end: str = ""


def record(job: Job, events: Iterable[Event]) -> Record:
    """`events`, as `EngineProcess.run(job)` yields them, folded. A run that was ended early keeps its steps so far."""
    machine: dict[str, Any] = {}
    shared: dict[Phase, float] = {}
    phases: dict[Mode, dict[Phase, float]] = {}
    steps: dict[tuple[Mode, bool], list[float]] = {}
    peak, end = 0, ""
    for event in events:
        match event:
            case Started():
                machine = event.machine
            case PhaseEnded(phase, seconds, None):
                shared[phase] = seconds
            case PhaseEnded(phase, seconds, mode) if mode is not None:
                phases.setdefault(mode, {})[phase] = seconds
            case Step():
                steps.setdefault((event.mode, event.burn_in), []).append(event.seconds)
            case Finished() | Cancelled() | Failed():
                end = type(event).__name__
                peak = event.peak_bytes if isinstance(event, Finished) else 0
    begun = [mode for mode in job.plan.modes if mode in phases]
    runs = tuple(
        Run(
            mode,
            job.plan.batch,
            {**shared, **phases[mode]},
            tuple(steps.get((mode, True), ())),
            tuple(steps.get((mode, False), ())),
        )
        for mode in begun
    )
    return Record(job, machine, runs, peak, end)


def record_to_json(value: Record) -> dict[str, Any]:
    """`value` in the shape of `bench --json`. Times in seconds, peak in bytes; figures are null without a step."""
    return {
        "design": design_to_json(value.job.design),
        "machine": value.machine,
        "runs": [_run_to_json(run) for run in value.runs],
        "peak_bytes": value.peak_bytes,
        "end": value.end,
    }


def _run_to_json(run: Run) -> dict[str, Any]:
    summary = run.summary
    return {
        "mode": run.mode,
        "batch": run.batch,
        "phases": dict(run.phases),
        "burn_in_seconds": list(run.burn_in_seconds),
        "step_seconds": list(run.step_seconds),
        "mean": summary.mean if summary else None,
        "sd": summary.sd if summary else None,
        "median": summary.median if summary else None,
        "images_per_second": summary.images_per_second if summary else None,
    }
