"""Intervals of 95 % for a median and for a mean, from plain numbers. None where there are too few to say."""

from __future__ import annotations

import math
from functools import lru_cache

CONFIDENCE = 0.95
FEWEST_FOR_MEDIAN = 6  # 1 - 2 / 2**5 is 0.94


@lru_cache(maxsize=4096)
def median_rank(count: int) -> int | None:
    """k such that the k-th smallest and the k-th largest of `count` values hold the median with at least 95 %.

    Exact, whatever the values' distribution: a value is below the median as a coin falls, so the chance that fewer than k
    are is binomial (the sign test, turned round). The narrowest such interval. None for fewer than six values: not even the
    smallest and the largest hold it with 95 %.
    """
    if count < FEWEST_FOR_MEDIAN:
        return None
    from scipy.special import (
        bdtr,
        bdtrik,
    )  # a tenth of a second to import, which the start of the window can do without

    tail = (1 - CONFIDENCE) / 2
    rank = max(math.floor(float(bdtrik(tail, count, 0.5))) + 1, 1)
    while bdtr(rank - 1, count, 0.5) > tail:  # bdtrik is the real-valued inverse: right but for a rounding
        rank -= 1
    while bdtr(rank, count, 0.5) <= tail:
        rank += 1
    return rank
