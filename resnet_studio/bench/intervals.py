"""Intervals of 95 % for a median and for a mean, from whole numbers. None where there are too few to say.

Sums are taken in whole numbers and divided once, so that figures are the same to the bit whatever computes them.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import mul

import numpy as np

CONFIDENCE = 0.95
FEWEST = 6  # of values for an interval: of five, not even the smallest and the largest hold the median with 95 %
FEWEST_FOR_MEAN = 10  # below, an autocorrelation of 0.4 goes unseen too often: 90 % and less are covered
_MOST_AUTOCORRELATION = 0.9


@dataclass(frozen=True, slots=True)
class MedianInterval:
    """A median and the ends of its 95 % interval, in the unit of the values."""

    median: float
    low: int
    high: int


def median_interval(values: Sequence[int]) -> MedianInterval | None:
    """The median and its interval of order statistics: exact for independent values of any distribution.

    None for fewer than six.
    """
    rank = median_rank(len(values))
    if rank is None:
        return None
    ordered = np.sort(np.asarray(values, dtype=np.int64))
    return MedianInterval(middle(ordered), int(ordered[rank - 1]), int(ordered[-rank]))


def middle(ordered: np.ndarray[tuple[int, ...], np.dtype[np.int64]]) -> float:
    """The median of sorted values; of an even number of them, the mean of the middle two."""
    return (int(ordered[(ordered.size - 1) // 2]) + int(ordered[ordered.size // 2])) / 2


@lru_cache(maxsize=4096)
def median_rank(count: int) -> int | None:
    """k such that the k-th smallest and the k-th largest of `count` values hold the median with at least 95 %.

    Exact, whatever the values' distribution: a value is below the median as a coin falls, so the chance that fewer than k
    are is binomial (the sign test, turned round). The narrowest such interval. None for fewer than six values.
    """
    if count < FEWEST:
        return None
    # A tenth of a second to import, which the start of the window can do without.
    from scipy.special import bdtr, bdtrik

    tail = (1 - CONFIDENCE) / 2
    rank = max(math.floor(float(bdtrik(tail, count, 0.5))) + 1, 1)
    while bdtr(rank - 1, count, 0.5) > tail:  # bdtrik is the real-valued inverse: right but for a rounding
        rank -= 1
    while bdtr(rank, count, 0.5) <= tail:
        rank += 1
    return rank


@dataclass(frozen=True, slots=True)
class MeanInterval:
    """The ends of a mean's 95 % interval, in the unit of the values, and what it allows for.

    autocorrelation: of a value with the next, 0 to 0.9. effective_count: as many independent values would tell as much.
    """

    low: float
    high: float
    autocorrelation: float
    effective_count: float


def mean_interval(values: Sequence[int]) -> MeanInterval | None:
    """The t interval of the mean with n (1 - r) / (1 + r) for the number of values n; None for fewer than ten.

    Steps that follow each other resemble each other (a burst of load lasts several), so n of them tell less than n
    independent ones. r is their lag-1 autocorrelation, clipped to [0, 0.9], as of a first-order autoregression. A sample's own
    is too small by (1 + 4 r) / n (Kendall 1954), which is put back: on 30 steps with r = 0.4 that covers 94 % in place of 92.
    """
    count = len(values)
    if count < FEWEST_FOR_MEAN:
        return None
    from scipy.special import stdtrit

    total = sum(values)
    apart = [count * value - total for value in values]  # count times the distance from the mean: whole
    squares = sum(distance * distance for distance in apart)
    found = sum(map(mul, apart, apart[1:])) / squares if squares else 0.0
    correlation = min(max(found + (1 + 4 * found) / count, 0.0), _MOST_AUTOCORRELATION)
    effective = count * (1 - correlation) / (1 + correlation)
    error = math.sqrt(squares / (count**2 * (count - 1)) / effective)
    half = float(stdtrit(max(effective - 1, 1.0), (1 + CONFIDENCE) / 2)) * error
    return MeanInterval(total / count - half, total / count + half, correlation, effective)
