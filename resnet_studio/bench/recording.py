"""Events folded to a record, one by one as they come: a run of a million steps keeps their times, not a million events."""

from __future__ import annotations

from array import array
from collections.abc import Iterable
from typing import Any

from .events import Cancelled, Event, Failed, Finished, InForce, Memory, Phase, PhaseEnded, Profiled, Started, Step
from .job import Job
from .plan import EndedBy, Mode
from .record import Record, Run
from .shares import Shares


class Recording:
    """A job's record in the making. `take` each event; `record` is what came of it so far."""

    def __init__(self, job: Job) -> None:
        self._job = job
        self._machine: dict[str, Any] = {}
        self._shared: dict[Phase, int] = {}
        self._phases: dict[Mode, dict[Phase, int]] = {}
        self._steps: dict[tuple[Mode, bool], array[int]] = {}  # nanoseconds, by mode and whether they are burn-in
        self._ended_by: dict[Mode, EndedBy | None] = {}
        self._in_force: dict[Mode, dict[str, Any]] = {}
        self._memory: dict[Mode, int] = {}
        self._profile: list[Shares] = []
        self._faults: list[str] = []
        self._peak, self._end = 0, ""

    def take(self, event: Event) -> None:
        """Adds one event."""
        match event:
            case Step():
                self._steps.setdefault((event.mode, event.burn_in), array("q")).append(event.nanoseconds)
            case Started():
                self._machine = event.machine
            case PhaseEnded(phase, nanoseconds, None):
                self._shared[phase] = nanoseconds
            case PhaseEnded(phase, nanoseconds, mode) if mode is not None:
                self._phases.setdefault(mode, {})[phase] = nanoseconds
                if phase == "steps":
                    self._ended_by[mode] = event.ended_by
            case InForce(mode, settings):
                self._in_force[mode] = settings
            case Memory(mode, peak_bytes):
                self._memory[mode] = peak_bytes
            case Profiled(shares=Shares() as shares):
                self._profile.append(shares)
            case Profiled(fault=fault):
                self._faults.append(fault)
            case Finished():
                self._end, self._peak = "Finished", event.peak_bytes
                self._machine = self._machine | event.machine
            case Cancelled() | Failed():
                self._end = type(event).__name__

    @property
    def record(self) -> Record:
        """What came of the job so far. A run that was ended early keeps its steps until then."""
        runs = tuple(self._run(mode) for mode in self._job.plan.modes if mode in self._phases)
        profile, faults = tuple(self._profile), tuple(self._faults)
        return Record(self._job, self._machine, runs, self._peak, self._end, profile, faults)

    def _run(self, mode: Mode) -> Run:
        return Run(
            mode,
            self._job.plan.batch,
            {**self._shared, **self._phases[mode]},
            tuple(self._steps.get((mode, True), ())),
            tuple(self._steps.get((mode, False), ())),
            self._ended_by.get(mode),
            self._in_force.get(mode, {}),
            self._memory.get(mode, 0),
        )


def record(job: Job, events: Iterable[Event]) -> Record:
    """All `events` of a job, as `EngineProcess.run(job)` yields them, folded at once."""
    recording = Recording(job)
    for event in events:
        recording.take(event)
    return recording.record
