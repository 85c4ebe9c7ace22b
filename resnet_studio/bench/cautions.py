"""What makes a run's figures less sure than they look, as data: what was seen, and what to do about it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from .stats import Summary
from .trend import trend, unsteady_steps

Kind = Literal["burn-in", "spread", "drift", "load", "throttling", "short steps"]

WIDE_SPREAD = 0.10  # sd / mean
SHORT_STEP = 1e-3  # seconds
BUSY_BEFORE = 0.35  # of a core, each: an idle desktop stays under it
BUSY_AFTER = 1.5  # threads that want to run for each core: a run by itself brings about one
SLOWED = 0.9  # of the frequency at the start
_IMPOSSIBLE = 1e9  # of any load or frequency in MHz


@dataclass(frozen=True, slots=True)
class Caution:
    """Something that makes figures less sure. text: a sentence with what was seen. remedy: a sentence with what to do."""

    kind: Kind
    text: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.text} {self.remedy}"


@dataclass(frozen=True, slots=True)
class Conditions:
    """The machine about a run; None for what is not known.

    load_before, load_after: the system's load average over a minute, for each core. megahertz_before, megahertz_after: the
    processor's frequency, the mean of its cores.
    """

    load_before: float | None = None
    load_after: float | None = None
    megahertz_before: float | None = None
    megahertz_after: float | None = None


def conditions(machine: Mapping[str, Any]) -> Conditions:
    """The conditions in a run's machine (see Started), which may be of a file: what is no number is not known."""

    def known(name: str) -> float | None:
        value = machine.get(name)
        if not isinstance(value, (int, float)) or isinstance(value, bool):
            return None
        return float(value) if 0 <= value < _IMPOSSIBLE else None

    return Conditions(known("load"), known("load_end"), known("megahertz"), known("megahertz_end"))


def cautions(
    summary: Summary, step_nanoseconds: Sequence[int], burn_in: int, conditions: Conditions | None = None
) -> tuple[Caution, ...]:
    """Every caution about a run, the gravest first. summary: of `step_nanoseconds`. burn_in: how many steps it had."""
    return (
        *_of_the_row(step_nanoseconds, burn_in),
        *_of_the_spread(summary),
        *_of_the_length(summary),
        *_of_the_machine(conditions or Conditions()),
    )


def _of_the_row(steps: Sequence[int], burn_in: int) -> Iterator[Caution]:
    times = np.asarray(steps, dtype=np.float64)
    if first := unsteady_steps(times):
        change = float(np.median(times[:first]) / np.median(times[first:]) - 1)
        yield Caution(
            "burn-in",
            f"Not steady yet: the first {first:,} timed steps took {_percent(change)} than the rest.",
            f"Raise burn-in from {burn_in:,} to {burn_in + first:,}.",
        )
    elif change := trend(times):
        yield Caution(
            "drift",
            f"Drift: the last third of the steps took {_percent(change)} than the first.",
            "Let the machine cool down and settle, and time again; compare designs only turn by turn.",
        )


def _of_the_spread(summary: Summary) -> Iterator[Caution]:
    if summary.variation >= WIDE_SPREAD:
        stand_out = f", {len(summary.outliers):,} of {summary.count:,} stand out" if summary.outliers else ""
        yield Caution(
            "spread",
            f"Wide spread: the standard deviation is {100 * summary.variation:.0f} % of the mean{stand_out}.",
            "Close other programs, go by the median, and time until precise.",
        )


def _of_the_length(summary: Summary) -> Iterator[Caution]:
    if summary.median < SHORT_STEP:
        yield Caution(
            "short steps",
            f"Short steps: {summary.median * 1e6:,.0f} µs, of which starting a step is a good part.",
            "Use a larger batch or image.",
        )


def _of_the_machine(machine: Conditions) -> Iterator[Caution]:
    before, after = machine.load_before, machine.load_after
    if before is not None and before >= BUSY_BEFORE:
        yield Caution(
            "load",
            f"Load: {100 * before:.0f} % of each core was in use in the minute before the run.",
            "Close other programs, or wait a minute after a run before the next.",
        )
    elif after is not None and after >= BUSY_AFTER:
        yield Caution(
            "load",
            f"Load: {after:.1f} threads wanted each core by the end of the run.",
            "Close other programs, or use no more threads than cores.",
        )
    start, end = machine.megahertz_before, machine.megahertz_after
    if start and end and end < SLOWED * start:
        yield Caution(
            "throttling",
            f"Throttling: the processor went from {start:,.0f} to {end:,.0f} MHz during the run.",
            "Let it cool, plug in the power supply, or fix its frequency.",
        )


def _percent(change: float) -> str:
    """'12 % longer', '3.1 % less'."""
    return f"{abs(change) * 100:.2g} % {'longer' if change > 0 else 'less'}"
