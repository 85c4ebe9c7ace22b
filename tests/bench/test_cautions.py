"""Cautions about a run: each fires on what it is for, and none on a quiet run."""

import numpy as np
import pytest

from resnet_studio.bench.cautions import Caution, Conditions, cautions, conditions
from resnet_studio.bench.stats import summarise
from resnet_studio.bench.trend import trend, unsteady_steps

MS = 1_000_000


def row(shape=1.0, count=200, *, seed=0, spread=0.03, correlation=0.0, base=50 * MS):
    """Step times about `base` x `shape`, lognormal, each like the one before."""
    random = np.random.default_rng(seed)
    noise = random.standard_normal(count)
    for i in range(1, count):
        noise[i] = correlation * noise[i - 1] + np.sqrt(1 - correlation**2) * noise[i]
    return np.rint(base * shape * np.exp(spread * noise)).astype(np.int64)


def found(times, machine=None, burn_in=10):
    return cautions(summarise(times.tolist(), 4), times.tolist(), burn_in, machine)


def kinds(*arguments, **options):
    return [caution.kind for caution in found(*arguments, **options)]


def test_a_quiet_run_on_a_quiet_machine_has_none():
    assert kinds(row(), Conditions(0.05, 1.0, 3000, 2900)) == []
    assert kinds(row(count=3)) == []


def test_a_slow_beginning_says_by_how_much_to_raise_burn_in():
    shape = np.where(np.arange(200) < 12, 1.4, 1.0)
    caution = found(row(shape))[0]
    assert caution.kind == "burn-in"
    steps = unsteady_steps(row(shape).astype(float))
    assert 12 <= steps <= 14
    assert caution.text == f"Not steady yet: the first {steps} timed steps took 40 % longer than the rest."
    assert caution.remedy == f"Raise burn-in from 10 to {10 + steps}."


def test_a_beginning_that_dies_away_is_cut_where_it_no_longer_matters():
    steps = [unsteady_steps(row(1 + 0.5 * np.exp(-np.arange(200) / 8), seed=seed).astype(float)) for seed in range(20)]
    assert min(steps) >= 8
    assert max(steps) <= 40


def test_a_fast_beginning_is_not_steady_either():
    assert "less than the rest" in found(row(np.where(np.arange(200) < 20, 0.8, 1.0)))[0].text


def test_a_run_that_gets_slower_and_slower_drifts():
    caution = found(row(np.linspace(1, 1.2, 200)))[0]
    assert caution.kind == "drift"
    assert "1" in caution.text
    assert caution.text.endswith("longer than the first.")
    assert kinds(row(np.linspace(1.2, 1, 200))) == ["drift"]


def test_a_drift_that_does_not_matter_is_not_told():
    assert kinds(row(np.linspace(1, 1.01, 200), spread=0.001)) == []
    assert kinds(row(np.where(np.arange(200) < 12, 1.01, 1.0), spread=0.001)) == []


@pytest.mark.parametrize("correlation", [0.0, 0.4])
@pytest.mark.parametrize("count", [30, 100])
def test_steady_runs_are_seldom_called_unsteady_or_drifting(correlation, count):
    rows = [row(count=count, seed=seed, spread=0.2, correlation=correlation).astype(float) for seed in range(300)]
    assert sum(unsteady_steps(times) > 0 for times in rows) <= 9
    assert sum(trend(times) != 0 for times in rows) <= 9


def test_spikes_are_neither_an_unsteady_beginning_nor_a_drift():
    shape = np.ones(200)
    shape[[0, 3, 90, 170]] = 20
    assert kinds(row(shape)) == ["spread"]


def test_a_wide_spread_counts_what_stands_out():
    assert kinds(row(spread=0.09)) == []
    assert kinds(row(spread=0.12)) == ["spread"]
    shape = np.ones(200)
    shape[[30, 120]] = 10
    assert found(row(shape))[0].text.endswith("of the mean, 2 of 200 stand out.")


def test_short_steps_want_a_larger_batch():
    caution = found(row(base=900_000))[0]
    assert caution == Caution("short steps", caution.text, "Use a larger batch or image.")
    assert "µs" in caution.text
    assert kinds(row(base=1_200_000)) == []


def test_a_busy_machine_is_told_by_its_load_before_or_after():
    assert "50 % of each core" in found(row(), Conditions(load_before=0.5))[0].text
    assert "1.8 threads wanted each core" in found(row(), Conditions(load_before=0.1, load_after=1.8))[0].text
    assert kinds(row(), Conditions(load_before=0.9, load_after=2.0)) == ["load"]
    assert kinds(row(), Conditions(load_before=0.3, load_after=1.2)) == []


def test_throttling_is_a_frequency_that_fell_by_a_tenth():
    caution = found(row(), Conditions(megahertz_before=3400, megahertz_after=2100))[0]
    assert caution.kind == "throttling"
    assert "from 3,400 to 2,100 MHz" in caution.text
    assert kinds(row(), Conditions(megahertz_before=3400, megahertz_after=3200)) == []
    assert kinds(row(), Conditions(megahertz_before=3400)) == []


def test_conditions_take_only_numbers_from_a_machine():
    machine = {"load": 0.5, "load_end": 2, "megahertz": None, "megahertz_end": "fast", "cores": 2}
    assert conditions(machine) == Conditions(0.5, 2.0)
    assert conditions({"load": True}) == Conditions()


def test_every_caution_is_two_sentences():
    for caution in (
        *found(row(np.where(np.arange(200) < 12, 1.4, 1.0)), Conditions(0.9, None, 3400, 2000)),
        *found(row(np.linspace(1, 1.9, 200), base=500_000), Conditions(None, 3.0)),
    ):
        assert caution.text.endswith(".")
        assert caution.remedy.endswith(".")
        assert str(caution) == f"{caution.text} {caution.remedy}"
