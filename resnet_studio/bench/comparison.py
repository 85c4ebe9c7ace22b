"""Is b slower than a? The ratio of their times, with an interval and a verdict.

Two runs made one after the other differ by more than their own spread tells (load, clock rate, placement in memory): of 28
pairs of identical runs, Welch's test called 15 different. So a and b are timed in turn, a round of one step of each, and what
is judged is the ratio within each round, in which all that both steps met has gone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from .intervals import median_rank

Verdict = Literal["faster", "slower", "no difference resolved"]

NOISE_FLOOR = 0.01  # a ratio nearer to 1 than this is no difference, however many rounds have narrowed its interval
BETWEEN_RUNS = 0.05  # how far medians of identical runs lie apart, measured over processes on one quiet machine
NOT_INTERLEAVED = "not interleaved"
NOT_INTERLEAVED_REMEDY = (
    "These runs were made at different times, so the machine may have changed between them: "
    f"the interval is widened by {100 * BETWEEN_RUNS:.0f} % for each run. Time the two in turn to tell smaller differences."
)


@dataclass(frozen=True, slots=True)
class Comparison:
    """How long b takes for each second of a.

    ratio: the median over the rounds of b / a, on the log scale. low, high: its 95 % interval; 0 and infinity where there are
    too few rounds (under six) to give one. verdict: of b against a. rounds: how many ratios. interleaved: False for two runs
    made apart, whose interval is widened by what machines change between runs; say so (`NOT_INTERLEAVED`) beside them.
    """

    ratio: float
    low: float
    high: float
    verdict: Verdict
    rounds: int
    interleaved: bool = True


def compare(pairs: Sequence[tuple[int, int]]) -> Comparison:
    """b against a, from rounds (nanoseconds of a, nanoseconds of b) that were timed in turn.

    The interval is the sign test's: order statistics of the ratios, exact for any distribution of theirs, and at least 95 % for
    a number of rounds that was fixed ahead; stopping at the first verdict that pleases voids it. Which of a and b goes first
    has to alternate (ABBA), so that what the first step of a round suffers falls on both. A difference is told where the
    interval is clear of 1 and the ratio 1 % away from it. Cheap enough to be asked again at every round. Raises ValueError
    without a round, and for a time that is not positive.
    """
    times = _positive(pairs)
    if times.ndim != 2 or times.shape[1] != 2:
        raise ValueError(f"rounds are pairs of nanoseconds, not of shape {times.shape}")
    ratios = np.sort(times[:, 1] / times[:, 0])
    low, high = _median_interval(ratios)
    return _judged(_log_median(ratios), low, high, ratios.size, interleaved=True)


def compare_unpaired(a_nanoseconds: Sequence[int], b_nanoseconds: Sequence[int]) -> Comparison:
    """b against a, from the steps of two saved runs that were made at different times.

    The ratio of the medians. Its interval reaches from corner to corner of both medians' 95 % intervals, and is then widened by
    5 % for each run: identical runs lie that far apart, and nothing within a run tells it. rounds: steps of the shorter run.
    Raises ValueError as `compare` does.
    """
    a, b = np.sort(_positive(a_nanoseconds)), np.sort(_positive(b_nanoseconds))
    (a_low, a_high), (b_low, b_high) = _median_interval(a), _median_interval(b)
    apart = (1 + BETWEEN_RUNS) ** 2
    low = b_low / a_high / apart
    high = b_high / a_low * apart if a_low else math.inf
    return _judged(_log_median(b) / _log_median(a), low, high, min(a.size, b.size), interleaved=False)


def _judged(ratio: float, low: float, high: float, rounds: int, *, interleaved: bool) -> Comparison:
    verdict: Verdict = "no difference resolved"
    if abs(math.log(ratio)) >= math.log1p(NOISE_FLOOR):
        verdict = "slower" if low > 1 else "faster" if high < 1 else verdict
    return Comparison(ratio, low, high, verdict, rounds, interleaved)


def _positive(values: Sequence[int] | Sequence[tuple[int, int]]) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    times = np.asarray(values, dtype=np.float64)
    if not times.size:
        raise ValueError("there is nothing to compare: give at least one step of each")
    if not (np.isfinite(times).all() and (times > 0).all()):
        raise ValueError("durations must be positive nanoseconds")
    return times


def _log_median(ordered: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> float:
    """The median on the log scale: of an even number of values the geometric mean of the middle two."""
    below, above = float(ordered[(ordered.size - 1) // 2]), float(ordered[ordered.size // 2])
    return below if below == above else math.sqrt(below) * math.sqrt(above)


def _median_interval(ordered: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, float]:
    rank = median_rank(ordered.size)
    return (0.0, math.inf) if rank is None else (float(ordered[rank - 1]), float(ordered[-rank]))
