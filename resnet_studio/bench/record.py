"""What came of a job, as one value: events folded to the machine and the runs, and those to `bench --json`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields, replace
from functools import cached_property, lru_cache
from typing import Any, get_args

from resnet_studio.design.design_json import design_from_json, design_to_json
from resnet_studio.design.spec import Design
from resnet_studio.design.validate import validate
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand

from .cautions import Caution, cautions, conditions
from .events import Cancelled, Event, Failed, Finished, InForce, Memory, Phase, PhaseEnded, Profiled, Started, Step
from .forecast import Forecast, forecast
from .job import Job
from .plan import MODE_TITLES, EndedBy, Mode, TimingPlan
from .shares import Shares, shares_from_json, shares_to_json
from .stats import Summary, figures_to_json, summarise
from .throughput import gigaflops, share_of_ceiling

_LONGEST = 10**18  # nanoseconds: thirty years; and bytes
_MOST_GFLOPS = 10**12


@dataclass(frozen=True)  # no slots: its figures are computed once
class Run:
    """One mode's times, in nanoseconds.

    phase_nanoseconds: each phase's length, those that both modes share (start, build) too. ended_by: which condition ended
    the timed steps; None where something else did. in_force: how it was timed, read back from TensorFlow (batch_norm,
    devices, precision, compiler ...). memory_bytes: the engine's peak above what TensorFlow itself takes, 0 where unknown.
    """

    mode: Mode
    batch: int
    phase_nanoseconds: dict[Phase, int]
    burn_in_nanoseconds: tuple[int, ...]
    step_nanoseconds: tuple[int, ...]
    ended_by: EndedBy | None = None
    in_force: dict[str, Any] = field(default_factory=dict)
    memory_bytes: int = 0

    @property
    def phases(self) -> dict[Phase, float]:
        """Each phase's length in seconds."""
        return {phase: _seconds(length) for phase, length in self.phase_nanoseconds.items()}

    @property
    def burn_in_seconds(self) -> tuple[float, ...]:
        """The burn-in steps in seconds."""
        return tuple(map(_seconds, self.burn_in_nanoseconds))

    @property
    def step_seconds(self) -> tuple[float, ...]:
        """The timed steps in seconds."""
        return tuple(map(_seconds, self.step_nanoseconds))

    @cached_property
    def summary(self) -> Summary | None:
        """The figures of the timed steps; None before the first."""
        return summarise(self.step_nanoseconds, self.batch)


@dataclass(frozen=True, slots=True)
class Record:
    """A job and what came of it so far. runs: of the modes that were begun. end: Finished, Cancelled, Failed or ''.

    profile: where the time of each profiled mode goes. profile_faults: why that can't be told of the others, in sentences.
    """

    job: Job
    machine: dict[str, Any] = field(default_factory=dict)
    runs: tuple[Run, ...] = ()
    peak_bytes: int = 0
    end: str = ""
    profile: tuple[Shares, ...] = ()
    profile_faults: tuple[str, ...] = ()

    @property
    def macs(self) -> int:
        """Multiply-adds of one image's forward pass."""
        return _macs(self.job.design)

    @property
    def ceiling(self) -> float | None:
        """What a large matrix product reaches on this machine, in GFLOP/s; None where it was not measured."""
        ceiling = self.machine.get("ceiling_gflops")
        return float(ceiling) if isinstance(ceiling, (int, float)) and 0 < ceiling < _MOST_GFLOPS else None

    def gigaflops(self, run: Run) -> float | None:
        """GFLOP/s of one of `runs`, by its mean step; None without a step."""
        return gigaflops(run.mode, self.macs, run.batch, run.summary.mean) if run.summary else None

    def ceiling_share(self, run: Run) -> float | None:
        """`gigaflops` as a share of `ceiling`; None where either is not known."""
        achieved = self.gigaflops(run)
        return None if achieved is None else share_of_ceiling(achieved, self.ceiling)

    def forecast(self, run: Run) -> Forecast:
        """What one of `runs` was forecast to take of memory, to be set beside its memory_bytes."""
        return _forecast(self.job.design, replace(self.job.plan, modes=(run.mode,)))

    def cautions(self, run: Run) -> tuple[Caution, ...]:
        """What makes the figures of one of `runs` less sure than they look."""
        if run.summary is None:
            return ()
        return cautions(run.summary, run.step_nanoseconds, len(run.burn_in_nanoseconds), conditions(self.machine))


def record(job: Job, events: Iterable[Event]) -> Record:
    """`events`, as `EngineProcess.run(job)` yields them, folded. A run that was ended early keeps its steps so far."""
    machine: dict[str, Any] = {}
    shared: dict[Phase, int] = {}
    phases: dict[Mode, dict[Phase, int]] = {}
    steps: dict[tuple[Mode, bool], list[int]] = {}
    ended_by: dict[Mode, EndedBy | None] = {}
    in_force: dict[Mode, dict[str, Any]] = {}
    memory: dict[Mode, int] = {}
    profile: list[Shares] = []
    faults: list[str] = []
    peak, end = 0, ""
    for event in events:
        match event:
            case Started():
                machine = event.machine
            case PhaseEnded(phase, nanoseconds, None):
                shared[phase] = nanoseconds
            case PhaseEnded(phase, nanoseconds, mode) if mode is not None:
                phases.setdefault(mode, {})[phase] = nanoseconds
                if phase == "steps":
                    ended_by[mode] = event.ended_by
            case InForce(mode, settings):
                in_force[mode] = settings
            case Step():
                steps.setdefault((event.mode, event.burn_in), []).append(event.nanoseconds)
            case Memory(mode, peak_bytes):
                memory[mode] = peak_bytes
            case Profiled(shares=Shares() as shares):
                profile.append(shares)
            case Profiled(fault=fault):
                faults.append(fault)
            case Finished():
                end, peak = "Finished", event.peak_bytes
                machine = machine | event.machine
            case Cancelled() | Failed():
                end = type(event).__name__
    begun = [mode for mode in job.plan.modes if mode in phases]
    runs = tuple(
        Run(
            mode,
            job.plan.batch,
            {**shared, **phases[mode]},
            tuple(steps.get((mode, True), ())),
            tuple(steps.get((mode, False), ())),
            ended_by.get(mode),
            in_force.get(mode, {}),
            memory.get(mode, 0),
        )
        for mode in begun
    )
    return Record(job, machine, runs, peak, end, tuple(profile), tuple(faults))


def record_to_json(value: Record) -> dict[str, Any]:
    """`value` in the shape of `bench --json`. Memory in bytes, figures in seconds a step; null where there is none."""
    return {
        "design": design_to_json(value.job.design),
        "plan": {**asdict(value.job.plan), "modes": list(value.job.plan.modes)},
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
        plan = TimingPlan(**{**value["plan"], "modes": tuple(value["plan"]["modes"])})
        job = Job(design_from_json(value["design"]), plan)
        runs = tuple(_run_from_json(run) for run in value["runs"])
        profile = tuple(map(shares_from_json, value.get("profile", ())))  # results of before it was told have none
        faults = tuple(map(str, value.get("profile_faults", ())))
        found = Record(job, value["machine"], runs, value["peak_bytes"], value["end"], profile, faults)
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"not a result of bench --json: {error}") from error
    expected = ((found.machine, dict), (found.peak_bytes, int), (found.end, str))
    typed = _plan_is_typed(plan) and all(isinstance(part, kind) for part, kind in expected)
    if validate(job.design) or not typed:
        raise ValueError("not a result of bench --json: a value has another type than it is written with")
    return found


def _plan_is_typed(plan: TimingPlan) -> bool:
    """Whether each value of a plan is of the type that it has by default; a limit, which has none, None or a number."""
    limits = (plan.until_precise, plan.max_seconds)
    return (
        all(type(getattr(plan, f.name)) is type(f.default) for f in fields(TimingPlan) if f.default is not None)
        and all(limit is None or type(limit) in (int, float) for limit in limits)
        and 0 < plan.batch < _LONGEST
        and all(type(mode) is str and mode in MODE_TITLES for mode in plan.modes)
    )


def _run_from_json(value: Any) -> Run:
    rows = [value["burn_in_nanoseconds"], value["step_nanoseconds"]]
    lengths = dict(value["phase_nanoseconds"])
    times = [time for row in (*rows, lengths.values()) for time in row]
    known = value["mode"] in MODE_TITLES and value["ended_by"] in (None, *get_args(EndedBy))
    counts = [value["batch"], value["memory_bytes"], *times]
    if not known or not all(type(count) is int and 0 <= count < _LONGEST for count in counts) or 0 in rows[1]:
        raise ValueError("not a result of bench --json: a run's mode, end or times")
    burn_in, steps = map(tuple, rows)
    in_force = dict(value["in_force"])
    return Run(
        value["mode"], value["batch"], lengths, burn_in, steps, value["ended_by"], in_force, value["memory_bytes"]
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


@lru_cache(maxsize=64)
def _forecast(design: Design, plan: TimingPlan) -> Forecast:
    return forecast(expand(design), plan)


@lru_cache(maxsize=64)
def _macs(design: Design) -> int:
    return network_cost(expand(design)).macs


def _seconds(nanoseconds: int) -> float:
    return nanoseconds / 1e9
