"""When a run until precise has enough steps."""

import numpy as np
import pytest

from resnet_studio.bench.intervals import median_interval
from resnet_studio.bench.until_precise import Enough, enough, half_width, is_look, next_look

MS = 1_000_000


def steps(count, spread, seed=0):
    return [int(t) for t in np.random.default_rng(seed).lognormal(np.log(50 * MS), spread, count)]


def ended(times, seconds=0.0, most=10**6, percent=2.0, limit=None):
    return enough(times, seconds, most_steps=most, until_precise=percent, max_seconds=limit)


def test_looks_are_due_at_the_doublings_of_30():
    assert [count for count in range(1000) if is_look(count)] == [30, 60, 120, 240, 480, 960]
    assert [next_look(count) for count in (0, 29, 30, 59, 60, 119, 500)] == [30, 30, 60, 60, 120, 120, 960]


def test_half_width_in_percent_of_the_median():
    assert half_width([96, 98, 100, 100, 102, 104]) == 4.0  # of six, the smallest and the largest are the interval
    assert half_width([100] * 5) is None


def test_a_quiet_run_ends_at_30_and_never_before():
    times = [50 * MS] * 40
    assert all(ended(times[:count]) is None for count in range(30))
    assert ended(times[:30]) == Enough("precise", 0.0)


def test_a_noisy_run_goes_on_to_the_look_that_is_precise():
    times = steps(4000, 0.15)
    first = next(count for count in range(1, 4000) if ended(times[:count]))
    assert is_look(first)
    assert first > 60
    assert half_width(times[:first]) <= 2
    assert half_width(times[: first // 2]) > 2
    assert ended(times[: first + 1]) is None  # no look is due here, however precise


def test_nothing_is_precise_between_the_looks():
    assert ended([50 * MS] * 31) is None
    assert ended([50 * MS] * 59) is None


def test_the_time_limit_ends_a_run_even_before_30_steps_and_even_before_it_has_an_interval():
    times = steps(100, 0.5)
    assert ended(times[:20], 9.9, limit=10.0) is None
    found = ended(times[:20], 10.0, limit=10.0)
    assert found == Enough("time limit", half_width(times[:20]))
    assert ended(times[:3], 10.0, limit=10.0) == Enough("time limit", None)
    assert ended([], 10.0, limit=10.0) is None
    assert ended([50 * MS] * 30, 10.0, limit=10.0).ended_by == "precise"


def test_the_number_of_steps_ends_a_run_with_and_without_a_precision():
    times = steps(100, 0.5)
    assert ended(times[:99], most=100) is None
    assert ended(times, most=100).ended_by == "steps"
    assert ended(times, most=100, percent=None).ended_by == "steps"
    assert ended([50 * MS] * 30, most=100, percent=None) is None


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Enough("precise", 1.63), "precise to ± 1.6 %"),
        (Enough("time limit", 3.14), "ended by the time limit at ± 3.1 %"),
        (Enough("time limit", None), "ended by the time limit with too few steps for an interval"),
        (Enough("steps", 12.3), "ended by the number of steps at ± 12 %"),
    ],
)
def test_words(value, text):
    assert str(value) == text


def test_the_interval_at_the_end_still_holds_the_median():
    """Looking at the doublings only: at least 91 % of runs that ended as precise hold the true median."""
    held = 0
    for seed in range(400):
        times = steps(4000, 0.12, seed)
        count = next(look for look in (30, 60, 120, 240, 480, 960, 1920, 3840) if ended(times[:look]))
        found = median_interval(times[:count])
        held += found.low <= 50 * MS <= found.high
    assert held / 400 >= 0.91
