"""What came of a job, as one value: the machine, each mode's run with its figures, and where the time goes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from typing import Any

from resnet_studio.design.spec import Design
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand

from .cautions import Caution, cautions, conditions
from .events import Phase
from .forecast import Forecast, forecast
from .job import Job
from .plan import EndedBy, Mode, TimingPlan
from .shares import Shares
from .stats import Summary, summarise
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


@lru_cache(maxsize=64)
def _forecast(design: Design, plan: TimingPlan) -> Forecast:
    return forecast(expand(design), plan)


@lru_cache(maxsize=64)
def _macs(design: Design) -> int:
    return network_cost(expand(design)).macs


def _seconds(nanoseconds: int) -> float:
    return nanoseconds / 1e9
