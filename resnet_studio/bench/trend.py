"""Whether a row of step times is steady: whether its beginning, or its course, differs from the rest by more than chance.

By ranks, so that a spike of any height counts as one long step. Neighbouring steps resemble each other, which makes chance
differences larger: what is compared with the normal distribution is divided by sqrt((1 + r) / (1 - r)) for it.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

Values = np.ndarray[tuple[int, ...], np.dtype[np.float64]]

FEWEST = 20  # steps
MATTERS = 0.02  # of the median: a smaller change is told by no warning
_SURE = 3.0  # standard errors; told of 1 % of steady runs of 100 steps, of 3 % of 20, up to an autocorrelation of 0.7


def unsteady_steps(times: Values) -> int:
    """How many of the first steps don't belong with the rest and should have been burn-in; 0 where the row is steady.

    The cut is where the standard error of what is left is least (MSER, White 1997). Told only if the beginning's ranks differ
    from the rest's (Mann-Whitney), its median by 2 %, and the rest, which is at least half of the row, has no trend itself.
    """
    if times.size < FEWEST:
        return 0
    ranks = _ranks(times)
    left = times.size - np.arange(times.size // 2 + 1)  # how many steps a cut leaves
    sums, squares = (np.cumsum(part[::-1])[::-1][: left.size] for part in (ranks, ranks**2))
    cut = int(np.argmin((squares / left - (sums / left) ** 2) / left))
    if not 0 < cut < times.size // 2:
        return 0
    first, rest = ranks[:cut], ranks[cut:]
    expected = cut * (times.size + 1) / 2
    error = math.sqrt(cut * rest.size * (times.size + 1) / 12) * _inflation(rest)
    sure = abs(float(first.sum()) - expected) > _SURE * error
    change = abs(float(np.median(times[:cut]) / np.median(times[cut:])) - 1)
    return cut if sure and change >= MATTERS and not trend(times[cut:]) else 0


def trend(times: Values) -> float:
    """How much longer the last third of the steps took than the first, as a share of it; 0 where no trend is sure.

    Told if time and place rise or fall together (Spearman) and the thirds' medians differ by 2 %.
    """
    if times.size < FEWEST:
        return 0.0
    place = np.arange(times.size, dtype=np.float64)
    ranks = _ranks(times)
    if not ranks.std():
        return 0.0
    correlation = float(np.corrcoef(place, ranks)[0, 1])
    slope = correlation * ranks.std() / place.std()
    error = _inflation(ranks - slope * place) / math.sqrt(times.size - 1)
    third = times.size // 3
    change = float(np.median(times[-third:]) / np.median(times[:third])) - 1
    return change if abs(correlation) > _SURE * error and abs(change) >= MATTERS else 0.0


def _inflation(values: Values) -> float:
    """By how much the lag-1 autocorrelation of `values` widens the error of their mean: 1 for none."""
    apart = values - values.mean()
    squares = float(apart @ apart)
    found = float(apart[1:] @ apart[:-1]) / squares if squares else 0.0
    correlation = min(max(found + (1 + 4 * found) / values.size, 0.0), 0.9)
    return math.sqrt((1 + correlation) / (1 - correlation))


def _ranks(times: Values) -> Any:
    """1 for the shortest; equal times share the mean of their ranks."""
    _, place, counts = np.unique(times, return_inverse=True, return_counts=True)
    last = np.cumsum(counts)
    return (last - (counts - 1) / 2)[place]
