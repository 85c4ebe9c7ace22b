"""The order of events, on real TensorFlow, and how runs fail."""

from dataclasses import replace
from itertools import accumulate, chain, cycle
from types import SimpleNamespace

import pytest
import tensorflow as tf

from resnet_studio.bench.events import (
    Failed,
    Finished,
    InForce,
    Memory,
    PhaseBegan,
    PhaseEnded,
    Started,
    Step,
    decode,
    encode,
)
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.presets import PRESETS
from resnet_studio.engine import measure as measure_module
from resnet_studio.engine.measure import measure
from resnet_studio.engine.memory import refusal
from resnet_studio.engine.steps import STEPS
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow
PLAN = TimingPlan(batch=2, burn_in=2, steps=3)
PARTS = ("trace", "first_step", "census", "burn_in", "steps")


def test_events_come_in_order_each_phase_is_closed_and_every_line_can_be_read(tiny):
    events = list(measure(expand(tiny), PLAN))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    assert events[-1].peak_bytes > 50e6
    began = [(event.phase, event.mode) for event in events if isinstance(event, PhaseBegan)]
    ended = [(event.phase, event.mode) for event in events if isinstance(event, PhaseEnded)]
    assert began == ended == [("build", None), *((part, mode) for mode in PLAN.modes for part in PARTS)]
    steps = [(event.mode, event.burn_in, event.index) for event in events if isinstance(event, Step)]
    assert steps == [
        (mode, burn_in, index)
        for mode in PLAN.modes
        for burn_in, number in ((True, 2), (False, 3))
        for index in range(number)
    ]
    assert all(event.nanoseconds > 0 for event in events if isinstance(event, Step))
    assert [decode(encode(event)) for event in events] == events


def test_what_was_in_force_is_told(tiny):
    events = list(measure(expand(tiny), PLAN))
    started = events[0]
    assert started.machine["tensorflow"] == tf.__version__
    assert started.machine["memory"] > 2**30
    assert started.machine["ceiling_gflops"] == 100
    assert started.machine["load"] >= 0
    assert events[-1].machine["load_end"] >= 0
    settings = {"precision": "float32", "devices": ["CPU"], "compiler": "graph"}
    assert [(event.mode, event.settings) for event in events if isinstance(event, InForce)] == [
        ("forward", {"batch_norm": "inference", **settings}),
        ("forward-backward", {"batch_norm": "training", **settings}),
    ]


@pytest.mark.parametrize(
    ("precision", "compiler", "batch_norm"),
    [
        ("float32", "graph", "inference"),
        ("float32", "graph", "training"),
        ("bfloat16", "graph", "training"),
        ("float32", "xla", "inference"),
        ("bfloat16", "xla", "training"),
    ],
)
def test_every_option_is_in_force_and_the_step_is_whole(tiny, precision, compiler, batch_norm):
    plan = replace(PLAN, precision=precision, compiler=compiler, batch_norm=batch_norm, input="step")
    events = list(measure(expand(tiny), plan))
    assert isinstance(events[-1], Finished), events[-1]
    settings = {"batch_norm": batch_norm, "precision": precision, "devices": ["CPU"], "compiler": compiler}
    assert [event.settings for event in events if isinstance(event, InForce)] == [settings] * 2


def test_under_xla_a_step_that_drops_gradients_fails_too(tiny):
    def loss_only(model, images, labels):
        return tf.reduce_mean(model(images, training=True)[0])

    plan = replace(PLAN, modes=("forward-backward",), compiler="xla")
    *before, end = measure(expand(tiny), plan, {"forward-backward": loss_only})
    assert isinstance(end, Failed)
    assert "0 of 12 filter gradients" in end.summary
    assert not any(isinstance(event, Step) for event in before)


def test_until_precise_ends_by_its_precision_or_its_time_limit_and_says_which(tiny, monkeypatch):
    def timed(milliseconds, plan):
        """The timed steps of a run whose clock goes on by these at each look, and how they ended."""
        looks = accumulate(chain([0], cycle(milliseconds)))
        clock = SimpleNamespace(perf_counter_ns=lambda: next(looks) * 1_000_000)
        monkeypatch.setattr(measure_module, "time", clock)
        events = list(measure(expand(tiny), replace(plan, modes=("forward",))))
        ended = events[-3]
        assert isinstance(ended, PhaseEnded)
        return sum(isinstance(event, Step) and not event.burn_in for event in events), ended.ended_by, ended.seconds

    precise = replace(PLAN, until_precise=2.0)
    assert timed([1], precise)[:2] == (30, "precise")
    steps, ended_by, seconds = timed([1, 2, 4, 8, 16], replace(precise, max_seconds=2))
    assert ended_by == "time limit"
    assert 60 < steps < 120  # beyond two looks, which found it too wide
    assert 2 <= seconds < 2.1
    assert timed([1], PLAN)[:2] == (3, "steps")


def test_a_step_with_input_in_it_draws_other_images_each_time(tiny):
    seen = []

    def step(model, images, labels):
        (drawn,) = tf.py_function(lambda x: seen.append(float(x)) or [x], [images[0, 0, 0, 0]], [tf.float32])
        return tf.reduce_sum(model(images)[0]) + drawn

    list(measure(expand(tiny), replace(PLAN, modes=("forward",), input="step"), {"forward": step}))
    assert len(seen) == len(set(seen)) == 6
    seen.clear()
    list(measure(expand(tiny), replace(PLAN, modes=("forward",)), {"forward": step}))
    assert len(set(seen)) == 1


def test_the_peak_is_told_for_each_mode_above_what_tensorflow_takes(tiny):
    network = expand(replace(tiny, image=(256, 256)))
    small, large = (
        [event for event in measure(network, replace(PLAN, batch=batch)) if isinstance(event, Memory)]
        for batch in (2, 32)
    )
    assert [event.mode for event in small] == ["forward", "forward-backward"]
    assert large[0].peak_bytes - small[0].peak_bytes > 4 * 30 * 128 * 128 * 8


def test_a_gpu_that_tensorflow_does_not_find_is_refused(tiny):
    (end,) = measure(expand(tiny), replace(PLAN, device="GPU:7"))
    assert isinstance(end, Failed)
    assert end.summary.startswith("GPU:7 is not there: TensorFlow finds ")


def test_no_burn_in_is_a_phase_without_steps(tiny):
    events = list(measure(expand(tiny), replace(PLAN, modes=("forward",), burn_in=0)))
    assert not any(isinstance(event, Step) and event.burn_in for event in events)
    assert isinstance(events[-1], Finished)


def test_forward_leaves_the_moving_statistics_and_backward_moves_them(tiny):
    kept = {}

    def watched(mode):
        def step(model, images, labels):
            kept[mode] = model
            return STEPS[mode](model, images, labels)

        return step

    def is_moved(mode):
        list(measure(expand(tiny), replace(PLAN, modes=(mode,)), {mode: watched(mode)}))
        return any("moving_mean" in v.name and v.numpy().any() for v in kept[mode].variables)

    assert not is_moved("forward")
    assert is_moved("forward-backward")


def test_the_same_seed_gives_the_same_images_and_labels(tiny):
    network = expand(tiny)
    one, two, other = (measure_module.build(network, replace(PLAN, seed=seed)) for seed in (5, 5, 6))
    assert bool(tf.reduce_all(one[1] == two[1]))
    assert bool(tf.reduce_all(one[2] == two[2]))
    assert not bool(tf.reduce_all(one[1] == other[1]))
    assert one[1].shape == (2, 16, 20, 3)


def test_what_can_never_fit_is_refused_before_anything_is_built(monkeypatch):
    monkeypatch.setattr(measure_module, "build", None)
    network = expand(replace(PRESETS["resnet_v2_152"], image=(2048, 2048)))
    for mode in ("forward", "forward-backward"):
        *_, end = measure(network, TimingPlan((mode,), batch=4096))
        assert isinstance(end, Failed)
        assert "A batch of 4,096 takes about" in end.summary
        assert end.remedy.startswith("Use ")


def test_the_batch_that_the_remedy_names_would_fit(tiny):
    network = expand(tiny)
    plan = replace(PLAN, batch=4000)
    refused = refusal(network, plan, 100_000_000)
    fits = int(refused.remedy.split("at most ")[1].split(",")[0])
    assert refusal(network, replace(plan, batch=fits), 100_000_000) is None
    assert refusal(network, plan, 1000).remedy == "Use a smaller image or network."


@pytest.mark.parametrize(
    ("error", "summary"),
    [
        (
            tf.errors.ResourceExhaustedError(None, None, "OOM when allocating"),
            "The run ran out of memory at a batch of 2.",
        ),
        (MemoryError(), "The run ran out of memory at a batch of 2."),
        (RuntimeError("no such kernel\nand more"), "TensorFlow could not run this: no such kernel"),
        (ZeroDivisionError(), "TensorFlow could not run this: ZeroDivisionError"),
    ],
)
def test_whatever_is_raised_ends_the_run_as_failed_with_one_sentence(tiny, error, summary):
    def step(model, images, labels):
        raise error

    *_, end = measure(expand(tiny), PLAN, {"forward": step})
    assert isinstance(end, Failed)
    assert end.summary == summary
    assert "Traceback" in end.detail
    assert "smaller batch" in end.remedy or "memory" not in summary
