"""What a row of step times says. Computed from whole nanoseconds, so that a saved run gives the same figures to the bit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any

import numpy as np

from .intervals import mean_interval, median_rank

SECOND = 10**9  # nanoseconds
PERCENTS = (5, 25, 75, 95, 99)
_FEWEST_FOR_OUTLIERS = 8
_FENCE = 3  # interquartile ranges from the quartiles: Tukey's outer fences, one of 700 steps of a lognormal run
_LEAST_FENCE = 0.01  # of the median: what is nearer to the quartiles is no outlier, however narrow the range

Interval = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of the timed steps of one run, in seconds a step. None: too few steps to give one.

    sd: the population standard deviation, sqrt(mean((t - mean)^2)): the classic listing's, by a form that can't go negative
    under the root. images_per_second: from totals, batch x count / sum, not a mean of rates. median_interval: 95 %, order
    statistics (six steps or more); steps are taken as independent. mean_interval: 95 %, allows for autocorrelation (ten or
    more). effective_steps: as many independent steps would tell the mean as well. percentiles: (percent, seconds) for those of
    `PERCENTS` beyond which at least one step lies. outliers: indexes of the steps beyond Tukey's outer fences, which are marked,
    never left out of any figure.
    """

    mean: float
    sd: float
    median: float
    images_per_second: float
    count: int
    median_interval: Interval | None = None
    mean_interval: Interval | None = None
    effective_steps: float | None = None
    percentiles: tuple[tuple[int, float], ...] = ()
    min: float = math.nan
    max: float = math.nan
    outliers: tuple[int, ...] = ()

    @property
    def median_half_width(self) -> float | None:
        """Half the width of the median's interval, in seconds."""
        return None if self.median_interval is None else (self.median_interval[1] - self.median_interval[0]) / 2

    @property
    def variation(self) -> float:
        """The coefficient of variation, sd / mean."""
        return self.sd / self.mean


def summarise(step_nanoseconds: Sequence[int], batch: int) -> Summary | None:
    """The figures of `step_nanoseconds` (burn-in not among them), for steps of `batch` images. None without a step."""
    times = list(step_nanoseconds)
    if not times:
        return None
    count, total, ordered = len(times), sum(times), sorted(times)
    mean, sd = mean_and_sd(count, total, sum(time * time for time in times))
    rank, about_mean = median_rank(count), mean_interval(times)
    return Summary(
        mean=mean,
        sd=sd,
        median=percentile(ordered, 50),
        images_per_second=batch * count * SECOND / total,
        count=count,
        median_interval=None if rank is None else (ordered[rank - 1] / SECOND, ordered[-rank] / SECOND),
        mean_interval=None if about_mean is None else (about_mean.low / SECOND, about_mean.high / SECOND),
        effective_steps=None if about_mean is None else about_mean.effective_count,
        percentiles=tuple((p, percentile(ordered, p)) for p in PERCENTS if count * min(p, 100 - p) >= 100),
        min=ordered[0] / SECOND,
        max=ordered[-1] / SECOND,
        outliers=outliers(times),
    )


def figures_to_json(summary: Summary | None) -> dict[str, Any]:
    """The figures under their names in `bench --json`: null where there are too few steps for one."""
    names = [field.name for field in fields(Summary) if field.name not in ("count", "percentiles", "outliers")]
    figures = dict.fromkeys(names) if summary is None else {name: getattr(summary, name) for name in names}
    return {
        **{name: list(value) if isinstance(value, tuple) else value for name, value in figures.items()},
        "percentiles": {f"p{percent}": value for percent, value in summary.percentiles} if summary else {},
        "outliers": list(summary.outliers) if summary else [],
    }


def mean_and_sd(count: int, total: int, squares: int) -> Interval:
    """Mean and population standard deviation, in seconds, from the number, the sum and the sum of squares of nanoseconds.

    In whole numbers E[x^2] - E[x]^2 is exact: the listing's form loses all its digits in floats only.
    """
    return total / (count * SECOND), math.sqrt((count * squares - total * total) / (count * count)) / SECOND


def percentile(ordered: Sequence[int], percent: int) -> float:
    """The percentile of sorted nanoseconds, in seconds, linear between neighbours (Hyndman and Fan's type 7, NumPy's)."""
    index, part = divmod((len(ordered) - 1) * percent, 100)
    above = ordered[min(index + 1, len(ordered) - 1)]
    return (ordered[index] * (100 - part) + above * part) / (100 * SECOND)


def outliers(step_nanoseconds: Sequence[int]) -> tuple[int, ...]:
    """Indexes of the steps that lie over three interquartile ranges (and 1 % of the median) outside the quartiles.

    Tukey's outer fences. None among fewer than eight steps, whose quartiles say too little.
    """
    if len(step_nanoseconds) < _FEWEST_FOR_OUTLIERS:
        return ()
    times = np.asarray(step_nanoseconds, dtype=np.float64)
    lower, median, upper = np.percentile(times, (25, 50, 75))
    reach = max(_FENCE * (upper - lower), _LEAST_FENCE * median)
    beyond = (times < lower - reach) | (times > upper + reach)
    return tuple(int(index) for index in np.flatnonzero(beyond))
