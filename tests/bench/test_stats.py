"""Figures of step times."""

import math
import random
import statistics

import pytest

from resnet_studio.bench.stats import summarise


def test_figures_of_known_times():
    found = summarise([0.1, 0.2, 0.3, 0.6], batch=8)
    assert found.mean == pytest.approx(0.3)
    assert found.sd == pytest.approx(math.sqrt((0.04 + 0.01 + 0 + 0.09) / 4))  # the population's, as in the listing
    assert found.median == pytest.approx(0.25)
    assert found.images_per_second == pytest.approx(8 * 4 / 1.2)
    assert found.count == 4


def test_one_step_has_no_spread_and_none_has_no_figures():
    assert summarise([0.5], batch=2).sd == 0
    assert summarise([], batch=2) is None


@pytest.mark.parametrize("seconds", [0.1, 1e-6, 123456.789, 1e9 + 0.1])
def test_the_spread_of_equal_times_is_zero_however_large(seconds):
    """The listing's sqrt(E[x^2] - E[x]^2) is NaN or 0.1 here."""
    found = summarise([seconds] * 1000, batch=1)
    assert found.sd == 0
    assert found.mean == seconds


@pytest.mark.parametrize("seed", range(50))
def test_figures_agree_with_exact_arithmetic(seed):
    pick = random.Random(seed)
    scale, spread = 10 ** pick.uniform(-5, 5), 10 ** pick.uniform(-9, 0)
    seconds = [scale * (1 + spread * pick.random()) for _ in range(pick.randint(1, 500))]
    found = summarise(seconds, batch=4)
    assert found.mean == pytest.approx(statistics.fmean(seconds), rel=1e-12)
    assert found.median == pytest.approx(statistics.median(seconds), rel=1e-12)
    # What is lost is lost in the times themselves, which are floats.
    assert found.sd == pytest.approx(statistics.pstdev(seconds), rel=1e-6, abs=scale * 1e-15)
    assert min(seconds) <= found.median <= max(seconds)
