"""Figures of step times."""

import json
import math
import random
import statistics

import numpy as np
import pytest

from resnet_studio.bench.events import Finished, PhaseEnded, Started, Step
from resnet_studio.bench.intervals import mean_interval, median_interval
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record_json import record_to_json
from resnet_studio.bench.recording import record
from resnet_studio.bench.stats import figures_to_json, outliers, percentile, summarise
from resnet_studio.design.presets import PRESETS

MS = 1_000_000


def autoregressive(seed, count, correlation, trials=1):
    """Standard normal rows in which each value correlates so much with the next."""
    noise = np.random.default_rng(seed).standard_normal((trials, count))
    rows = noise.copy()
    for i in range(1, count):
        rows[:, i] = correlation * rows[:, i - 1] + math.sqrt(1 - correlation**2) * noise[:, i]
    return rows


def test_figures_of_known_times():
    found = summarise([100 * MS, 200 * MS, 300 * MS, 600 * MS], batch=8)
    assert found.mean == 0.3
    assert found.sd == pytest.approx(math.sqrt((0.04 + 0.01 + 0 + 0.09) / 4))  # the population's, as in the listing
    assert found.median == 0.25
    assert found.images_per_second == pytest.approx(8 * 4 / 1.2)
    assert (found.count, found.min, found.max) == (4, 0.1, 0.6)
    assert found.variation == pytest.approx(found.sd / 0.3)


def test_one_step_has_no_spread_and_none_has_no_figures():
    assert summarise([500], batch=2).sd == 0
    assert summarise([], batch=2) is None


@pytest.mark.parametrize("nanoseconds", [1, 100_000_001, 123_456_789_012_345, 10**18 - 1])
def test_the_spread_of_equal_times_is_zero_however_large(nanoseconds):
    """The listing's sqrt(E[x^2] - E[x]^2) is NaN or 0.1 here, in floats."""
    found = summarise([nanoseconds] * 1000, batch=1)
    assert found.sd == 0
    assert found.mean == found.median == nanoseconds / 10**9
    assert found.median_interval == (found.mean, found.mean)
    assert found.mean_interval == (found.mean, found.mean)
    assert found.outliers == ()


@pytest.mark.parametrize("seed", range(50))
def test_figures_agree_with_exact_arithmetic_and_with_numpy(seed):
    pick = random.Random(seed)
    scale, spread = 10 ** pick.uniform(3, 13), 10 ** pick.uniform(-6, 0)
    times = [int(scale * (1 + spread * pick.random())) for _ in range(pick.randint(1, 500))]
    found = summarise(times, batch=4)
    assert found.mean == pytest.approx(statistics.fmean(times) / 1e9, rel=1e-14)
    assert found.sd == pytest.approx(statistics.pstdev(times) / 1e9, rel=1e-12)
    assert found.median == statistics.median(times) / 1e9
    for percent, value in found.percentiles:
        assert value == pytest.approx(np.percentile(times, percent) / 1e9, rel=1e-12)


def test_percentiles_are_given_where_a_step_lies_beyond_them():
    def given(count):
        return [percent for percent, _ in summarise(range(1, count + 1), 1).percentiles]

    assert given(3) == []
    assert given(4) == [25, 75]
    assert given(20) == [5, 25, 75, 95]
    assert given(100) == [5, 25, 75, 95, 99]
    assert percentile([10, 20, 40], 75) == 30 / 1e9


def test_intervals_are_given_only_where_there_are_enough_steps():
    few, more, ten = (summarise(range(100, 100 + count), 1) for count in (5, 6, 10))
    assert few.median_interval is None
    assert few.mean_interval is few.effective_steps is few.median_half_width is None
    assert more.median_interval == (100 / 1e9, 105 / 1e9)
    assert more.mean_interval is None
    assert ten.mean_interval[0] < ten.mean < ten.mean_interval[1]


def test_the_interval_of_the_mean_of_independent_steps_is_students():
    times = [97, 104, 99, 103, 96, 103, 100, 105, 94, 102, 98, 101]  # each is followed by one unlike it
    found = mean_interval(times)
    half = 2.2009851601 * statistics.stdev(times) / math.sqrt(12)
    assert (found.autocorrelation, found.effective_count) == (0.0, 12.0)
    assert (found.low, found.high) == pytest.approx((statistics.fmean(times) - half, statistics.fmean(times) + half))


def test_steps_that_resemble_their_neighbours_count_for_less():
    times = (5e7 * np.exp(0.1 * autoregressive(1, 4000, 0.5)[0])).astype(np.int64).tolist()
    found = mean_interval(times)
    assert found.autocorrelation == pytest.approx(0.5, abs=0.05)
    assert found.effective_count == pytest.approx(4000 / 3, rel=0.15)
    assert mean_interval(list(range(1, 1000))).autocorrelation == 0.9  # the most


def test_outliers_are_marked_and_counted_in():
    times = [100 * MS, 101 * MS, 99 * MS] * 20
    times[7], times[31] = 500 * MS, 20 * MS
    found = summarise(times, 1)
    assert found.outliers == (7, 31)
    assert found.mean == sum(times) / 60e9
    assert (found.min, found.max) == (0.02, 0.5)


def test_no_outliers_among_seven_nor_within_1_percent():
    assert outliers([100] * 6 + [900]) == ()
    assert outliers([100] * 7 + [900]) == (7,)
    assert outliers([100_000] * 50 + [100_900]) == ()
    assert outliers([100_000] * 50 + [101_100]) == (50,)


def test_a_saved_result_read_again_gives_the_same_figures_to_the_bit(tmp_path):
    times = np.random.default_rng(5).lognormal(18, 0.2, 137).astype(np.int64).tolist()
    events = [
        Started({}),
        *(Step("forward", index, time, False) for index, time in enumerate(times)),
        PhaseEnded("steps", sum(times), "forward", "steps"),
        Finished(),
    ]
    path = tmp_path / "result.json"
    path.write_text(json.dumps(record_to_json(record(Job(PRESETS["resnet_v2_50"], TimingPlan(batch=4)), events))))
    saved = json.loads(path.read_text())["runs"][0]
    again = figures_to_json(summarise(saved["step_nanoseconds"], saved["batch"]))
    assert {name: saved[name] for name in again} == again
    assert {
        "mean",
        "sd",
        "median",
        "median_interval",
        "mean_interval",
        "effective_steps",
        "percentiles",
        "outliers",
    } <= (again.keys())
    assert None not in again.values()
    assert saved["step_nanoseconds"] == times


def test_figures_do_not_depend_on_what_numbers_are_kept_in():
    times = np.random.default_rng(6).lognormal(18, 0.2, 100).astype(np.int64)
    assert summarise(times.tolist(), 3) == summarise(tuple(map(int, times)), 3)


# Seeded simulations of how often the intervals hold the truth.


@pytest.mark.parametrize("count", [30, 60, 200])
def test_intervals_of_the_median_cover_93_to_99_percent(count):
    random, held, trials = np.random.default_rng(count), 0, 1000
    for _ in range(trials):
        times = (50 * MS * random.lognormal(0, 0.3, count)).astype(np.int64)
        found = median_interval(times)
        held += found.low <= 50 * MS <= found.high
    assert 0.93 <= held / trials <= 0.99


@pytest.mark.parametrize("count", [30, 100, 200])
def test_intervals_of_the_mean_cover_91_percent_of_autoregressive_steps(count):
    rows, held = autoregressive(count, count, 0.4, trials=1500), 0
    for row in np.rint(50 * MS * (1 + 0.1 * rows)).astype(np.int64).tolist():
        found = mean_interval(row)
        held += found.low <= 50 * MS <= found.high
    assert held / len(rows) >= 0.91
