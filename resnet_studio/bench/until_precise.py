"""Until precise: when a run has enough steps to end.

The interval is looked at after 30, 60, 120, ... steps only. A run that looks after every step stops at the first interval
that happens to be narrow, and such intervals hold the median too seldom; a look at each doubling costs little of that.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from .intervals import median_interval
from .plan import EndedBy

FEWEST_STEPS = 30
PERCENT = 2.0  # of the median: what `--until-precise` without a figure asks for


@dataclass(frozen=True, slots=True)
class Enough:
    """Which condition ended a run, and how precise it was by then.

    percent: the half-width of the median's 95 % interval, in percent of the median; None for too few steps to have one.
    """

    ended_by: EndedBy
    percent: float | None

    def __str__(self) -> str:
        """'precise to ± 1.6 %', 'ended by the time limit at ± 3.1 %'."""
        at = "with too few steps for an interval" if self.percent is None else f"at ± {self.percent:.2g} %"
        match self.ended_by:
            case "precise":
                return f"precise to ± {self.percent:.2g} %" if self.percent is not None else f"ended as precise {at}"
            case "time limit":
                return f"ended by the time limit {at}"
            case "steps":
                return f"ended by the number of steps {at}"


def enough(
    step_nanoseconds: Sequence[int],
    elapsed_seconds: float,
    *,
    most_steps: int,
    until_precise: float | None = None,
    max_seconds: float | None = None,
) -> Enough | None:
    """Which condition ends a run that has these timed steps (burn-in not among them); None while it has to go on.

    To be asked after every step, outside what is timed: nearly always it only compares two numbers. "precise": at least 30
    steps, as many as a look is due at, and the half-width of the median's 95 % interval at most `until_precise` percent of the
    median; None asks for no precision. "time limit": `elapsed_seconds`, of the timed steps, reached `max_seconds`, even before
    the 30th step, as one who waits has said how long. "steps": `most_steps` were made. Where two hold, the first named.
    """
    count = len(step_nanoseconds)
    if until_precise is not None and is_look(count):
        percent = half_width(step_nanoseconds)
        if percent is not None and percent <= until_precise:
            return Enough("precise", percent)
    if count and max_seconds is not None and elapsed_seconds >= max_seconds:
        return Enough("time limit", half_width(step_nanoseconds))
    return Enough("steps", half_width(step_nanoseconds)) if count >= most_steps else None


def half_width(step_nanoseconds: Sequence[int]) -> float | None:
    """Half the width of the median's 95 % interval, in percent of the median; None for under six steps."""
    found = median_interval(step_nanoseconds)
    return None if found is None else 50 * (found.high - found.low) / found.median


def is_look(count: int) -> bool:
    """Whether the interval is looked at after `count` steps: 30, 60, 120, ..."""
    doublings, rest = divmod(count, FEWEST_STEPS)
    return rest == 0 and doublings > 0 and doublings & (doublings - 1) == 0


def next_look(count: int) -> int:
    """The number of steps, above `count`, after which the interval is looked at next."""
    look = FEWEST_STEPS
    while look <= count:
        look *= 2
    return look
