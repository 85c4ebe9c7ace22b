"""Events folded to `bench --json`."""

import json
from dataclasses import replace

import pytest

from resnet_studio.bench.events import (
    Cancelled,
    Failed,
    Finished,
    InForce,
    Memory,
    PhaseBegan,
    PhaseEnded,
    Ready,
    Started,
    Step,
)
from resnet_studio.bench.forecast import forecast
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import record, record_to_json
from resnet_studio.bench.stats import summarise
from resnet_studio.design.design_json import design_from_json
from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand

JOB = Job(PRESETS["resnet_v2_50"], TimingPlan(batch=4, burn_in=1, steps=2))
START = [Ready(3.0), Started({"cores": 2}), PhaseEnded("build", 1_500_000_000)]


def of_mode(mode, seconds=(0.5, 0.25)):
    return [
        PhaseEnded("trace", 100_000_000, mode),
        PhaseEnded("first_step", 200_000_000, mode),
        InForce(mode, {"precision": "float32"}),
        PhaseBegan("burn_in", mode),
        Step(mode, 0, 900_000_000, True),
        *(Step(mode, i, round(s * 1e9), False) for i, s in enumerate(seconds)),
        PhaseEnded("steps", 750_000_000, mode, "steps"),
        Memory(mode, 2_000_000),
    ]


def test_a_whole_run_in_the_shape_of_bench_json():
    events = [*START, *of_mode("forward"), *of_mode("forward-backward", (1.0, 2.0)), Finished(10**9, {"load_end": 0.5})]
    value = record_to_json(record(JOB, events))
    assert json.loads(json.dumps(value, allow_nan=False)) == value
    assert design_from_json(value["design"]) == JOB.design
    assert value["machine"] == {"cores": 2, "load_end": 0.5}
    assert value["plan"]["batch"] == 4
    assert value["end"] == "Finished"
    assert value["peak_bytes"] == 10**9
    assert [run["mode"] for run in value["runs"]] == ["forward", "forward-backward"]
    run = value["runs"][0]
    assert run["warnings"][0].keys() == {"kind", "text", "remedy"}
    assert run["warnings"][0]["kind"] == "spread"
    assert run == {
        "mode": "forward",
        "batch": 4,
        "phases": {"build": 1.5, "trace": 0.1, "first_step": 0.2, "steps": 0.75},
        "burn_in_seconds": [0.9],
        "step_seconds": [0.5, 0.25],
        "phase_nanoseconds": {
            "build": 1_500_000_000,
            "trace": 100_000_000,
            "first_step": 200_000_000,
            "steps": 750_000_000,
        },
        "burn_in_nanoseconds": [900_000_000],
        "step_nanoseconds": [500_000_000, 250_000_000],
        "ended_by": "steps",
        "in_force": {"precision": "float32"},
        "memory_bytes": 2_000_000,
        "memory_forecast_bytes": forecast(expand(JOB.design), replace(JOB.plan, modes=("forward",))).total,
        "mean": 0.375,
        "sd": 0.125,
        "median": 0.375,
        "images_per_second": pytest.approx(8 / 0.75),
        "median_interval": None,
        "mean_interval": None,
        "effective_steps": None,
        "percentiles": {},
        "min": 0.25,
        "max": 0.5,
        "outliers": [],
        "gigaflops": pytest.approx(2 * 3.482 * 4 / 0.375, rel=1e-3),
        "ceiling_share": None,
        "warnings": [run["warnings"][0]],
    }


def test_figures_recomputed_from_a_saved_run_are_the_same_to_the_bit():
    ugly = (0.1234567891, 0.3333333333, 0.2718281828, 0.0000010001)
    saved = json.loads(json.dumps(record_to_json(record(JOB, [*START, *of_mode("forward", ugly), Finished()]))))[
        "runs"
    ][0]
    again = summarise(saved["step_nanoseconds"], saved["batch"])
    assert (again.mean, again.sd, again.median) == (saved["mean"], saved["sd"], saved["median"])
    assert again.images_per_second == saved["images_per_second"]


@pytest.mark.parametrize("end", [Cancelled(), Failed("It died.")])
def test_a_run_that_was_ended_early_keeps_what_it_has(end):
    value = record_to_json(
        record(JOB, [*START, *of_mode("forward"), PhaseEnded("trace", 1_000_000_000, "forward-backward"), end])
    )
    assert value["end"] == type(end).__name__
    assert value["runs"][0]["mean"] == 0.375
    assert value["runs"][1]["step_seconds"] == []
    assert value["runs"][1]["mean"] is None


def test_a_run_that_never_began_has_no_runs():
    assert record(JOB, [Failed("It died.")]).runs == ()
