"""What a row of step times says: mean, sd, median, images per second."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class Summary:
    """Figures of the timed steps of one run, in seconds a step.

    sd: the population standard deviation, sqrt(mean((t - mean)^2)): the classic listing's, by a form that can't go
    negative under the root. images_per_second: from totals, batch x count / sum, not a mean of rates.
    """

    mean: float
    sd: float
    median: float
    images_per_second: float
    count: int


def summarise(step_seconds: Sequence[float], batch: int) -> Summary | None:
    """The figures of `step_seconds` (burn-in not among them), for steps of `batch` images. None without a step."""
    if not step_seconds:
        return None
    seconds = np.asarray(step_seconds, dtype=np.float64)
    # Deviations from the first step: times that are all equal then give an sd of 0, not one of rounding errors.
    offsets = seconds - seconds[0]
    return Summary(
        mean=float(seconds[0] + offsets.mean()),
        sd=float(offsets.std()),
        median=float(np.median(seconds)),
        images_per_second=float(batch * seconds.size / seconds.sum()),
        count=int(seconds.size),
    )
