"""The order of events, on real TensorFlow, and how runs fail."""

from dataclasses import replace

import pytest
import tensorflow as tf

from resnet_studio.arch.network import expand
from resnet_studio.arch.presets import PRESETS
from resnet_studio.bench.events import Failed, Finished, PhaseBegan, PhaseEnded, Started, Step, decode, encode
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.engine import measure as measure_module
from resnet_studio.engine.measure import measure
from resnet_studio.engine.steps import STEPS

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
    started = next(measure(expand(tiny), PLAN))
    assert started.machine["tensorflow"] == tf.__version__
    assert started.machine["batch_norm"] == {"forward": "inference", "forward-backward": "training"}
    assert started.machine["memory"] > 2**30


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
    one, two, other = (measure_module._build(network, replace(PLAN, seed=seed)) for seed in (5, 5, 6))
    assert bool(tf.reduce_all(one[1] == two[1]))
    assert bool(tf.reduce_all(one[2] == two[2]))
    assert not bool(tf.reduce_all(one[1] == other[1]))
    assert one[1].shape == (2, 16, 20, 3)


def test_what_can_never_fit_is_refused_before_anything_is_built(monkeypatch):
    monkeypatch.setattr(measure_module, "_build", None)
    network = expand(replace(PRESETS["resnet_v2_152"], image=(2048, 2048)))
    for mode in ("forward", "forward-backward"):
        *_, end = measure(network, TimingPlan((mode,), batch=4096))
        assert isinstance(end, Failed)
        assert "A batch of 4,096 takes at least" in end.summary
        assert end.remedy.startswith("Use ")


def test_the_batch_that_the_remedy_names_would_fit(tiny):
    network = expand(tiny)
    plan = replace(PLAN, batch=4000)
    refusal = measure_module._refusal(network, plan, 10_000_000)
    fits = int(refusal.remedy.split("at most ")[1].split(",")[0])
    assert measure_module._refusal(network, replace(plan, batch=fits), 10_000_000) is None
    assert measure_module._refusal(network, replace(plan, batch=fits + 1), 10_000_000) is not None
    assert measure_module._refusal(network, plan, 1000).remedy == "Use a smaller image or network."


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
