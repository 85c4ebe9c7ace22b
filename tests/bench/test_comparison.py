"""Ratios of interleaved rounds: figures, verdicts, and seeded simulations of how often the interval and the verdict are right."""

import math

import numpy as np
import pytest
from scipy.stats import binom

from resnet_studio.bench.comparison import NOISE_FLOOR, compare, compare_unpaired
from resnet_studio.bench.intervals import median_rank

MS = 1_000_000


def rounds(ratio, count=200, *, seed=0, spread=0.05, base=50 * MS):
    """Rounds in which b takes `ratio` times a's time: lognormal steps of a spread (CV) of their own each."""
    random = np.random.default_rng(seed)
    sigma = math.sqrt(math.log1p(spread**2))
    times = base * np.exp(sigma * random.standard_normal((count, 2))) * [1, ratio]
    return [(int(a), int(b)) for a, b in times]


def test_ratio_and_interval_are_order_statistics_of_the_ratios_of_the_rounds():
    found = compare([(100, ratio) for ratio in (104, 101, 109, 102, 103, 106, 108, 105, 107)])
    assert median_rank(9) == 2
    assert (found.ratio, found.low, found.high) == (1.05, 1.02, 1.08)
    assert (found.verdict, found.rounds, found.interleaved) == ("slower", 9, True)


def test_the_median_of_an_even_number_is_taken_on_the_log_scale():
    assert compare([(1, 1), (1, 4)]).ratio == 2.0


def test_swapping_both_inverts_everything():
    pairs = rounds(0.9)
    found, swapped = compare(pairs), compare([(b, a) for a, b in pairs])
    assert found.verdict == "faster"
    assert swapped.verdict == "slower"
    assert swapped.ratio == pytest.approx(1 / found.ratio)
    assert (swapped.low, swapped.high) == pytest.approx((1 / found.high, 1 / found.low))


def test_too_few_rounds_have_an_infinite_interval_and_no_verdict():
    found = compare([(100, 300)] * 5)
    assert (found.ratio, found.low, found.high, found.verdict) == (3.0, 0.0, math.inf, "no difference resolved")
    assert compare([(100, 300)] * 6).verdict == "slower"


def test_a_difference_under_the_noise_floor_is_none_however_sure():
    assert compare([(1000, 1009)] * 500).verdict == "no difference resolved"
    assert compare([(1000, 1011)] * 500).verdict == "slower"
    assert compare([(1000, 989)] * 500).verdict == "faster"
    assert NOISE_FLOOR == 0.01


@pytest.mark.parametrize("pairs", [[], [(1, 0)], [(-1, 1)], [(1, 2, 3)], [1, 2]])
def test_what_cannot_be_compared_is_refused(pairs):
    with pytest.raises(ValueError, match=r"nothing to compare|positive|pairs"):
        compare(pairs)


def test_runs_made_apart_say_so_and_claim_less_than_the_same_steps_interleaved():
    pairs = rounds(1.05, 300)
    paired, apart = compare(pairs), compare_unpaired(*zip(*pairs, strict=True))
    assert paired.verdict == "slower"
    assert (apart.interleaved, apart.verdict, apart.rounds) == (False, "no difference resolved", 300)
    assert apart.low < paired.low / 1.05
    assert apart.high > paired.high * 1.05
    assert compare_unpaired(*zip(*rounds(1.5, 300), strict=True)).verdict == "slower"


def test_runs_made_apart_of_too_few_steps_have_an_infinite_interval():
    found = compare_unpaired([100] * 5, [300] * 50)
    assert (found.low, found.high, found.verdict) == (0.0, math.inf, "no difference resolved")
    found = compare_unpaired([100] * 50, [300] * 5)
    assert (found.low, found.high) == (0.0, math.inf)


@pytest.mark.parametrize("count", [6, 7, 8, 30, 59, 100, 999, 10_000])
def test_the_rank_is_the_largest_that_holds_95_percent(count):
    rank = median_rank(count)
    assert 1 - 2 * binom.cdf(rank - 1, count, 0.5) >= 0.95
    assert 1 - 2 * binom.cdf(rank, count, 0.5) < 0.95


def shared_drift(random, count):
    """Both slow down by half over the run, and waver together."""
    shared = np.linspace(1, 1.5, count) * np.exp(0.2 * np.sin(np.arange(count) / 7))
    return shared[:, None] * random.lognormal(0, 0.1, (count, 2))


def spikes(random, count):
    """One step in ten takes three times as long."""
    return random.lognormal(0, 0.05, (count, 2)) * np.where(random.random((count, 2)) < 0.1, 3, 1)


def lognormal(random, count):
    return random.lognormal(0, 0.3, (count, 2))


@pytest.mark.parametrize("count", [30, 60, 200])
@pytest.mark.parametrize("world", [lognormal, shared_drift, spikes])
def test_intervals_of_the_paired_median_cover_the_true_ratio(world, count):
    random, truth, trials, covered = np.random.default_rng(count), 1.07, 1000, 0
    for _ in range(trials):
        pairs = np.rint(world(random, count) * [1, truth] * 50 * MS).astype(np.int64)
        found = compare(pairs)
        covered += found.low <= truth <= found.high
    assert 0.93 <= covered / trials <= 0.99


@pytest.mark.parametrize("world", [lognormal, shared_drift, spikes])
def test_identical_designs_are_called_different_in_at_most_5_percent_of_400(world):
    random = np.random.default_rng(11)
    different = sum(
        compare(np.rint(world(random, 60) * 50 * MS).astype(np.int64)).verdict != "no difference resolved"
        for _ in range(400)
    )
    assert different <= 20


def test_a_slow_down_of_5_percent_at_a_spread_of_10_is_found_in_200_rounds():
    found = sum(compare(rounds(1.05, 200, seed=seed, spread=0.10)).verdict == "slower" for seed in range(400))
    assert found >= 360
