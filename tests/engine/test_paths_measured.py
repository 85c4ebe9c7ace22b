"""Lesions and gradients by path on real TensorFlow, judged by doing the same another way."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest

from resnet_studio.bench.events import Failed, Finished, Started
from resnet_studio.bench.job import Job
from resnet_studio.bench.path_events import LesionEffect, LesionRound, PathGradient
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.spec import Design, block
from resnet_studio.network.lesion import without_residuals
from resnet_studio.network.network import expand
from resnet_studio.network.paths import units_of

pytestmark = pytest.mark.tensorflow
tf = pytest.importorskip("tensorflow")

from resnet_studio.engine.checkpoint import save_checkpoint  # noqa: E402
from resnet_studio.engine.lesion_effect import output_change  # noqa: E402
from resnet_studio.engine.model import ResNetV2, objective  # noqa: E402
from resnet_studio.engine.path_gradient import PathSampler, lengths_to_sample  # noqa: E402
from resnet_studio.engine.study import study  # noqa: E402

PLAN = TimingPlan(batch=2, burn_in=1, steps=3, seed=1)
# A projection, an identity, a subsample; then a projection and an identity.
DESIGN = Design(
    "tiny", (block("block1", 3, 8, 4, 2), block("block2", 2, 12, 4, 1)), (16, 20), num_classes=5, root_depth=6
)


def images_of(design, batch=2):
    return tf.random.stateless_uniform((batch, *design.image, design.channels), (1, 0))


def without(network, unit):
    return without_residuals(network, [unit])


@pytest.mark.parametrize("unit", [("block1", 2), ("block1", 3), ("block2", 1)])
def test_a_lesion_is_a_residual_branch_that_adds_nothing(unit):
    """conv3's weights and biases are zero: what its unit adds to the shortcut is zero then, whatever the shortcut."""
    network = expand(DESIGN)
    model = ResNetV2(network, seed=3)
    images = images_of(DESIGN)
    left = ResNetV2(without(network, unit), like=model)
    before = left(images)[0].numpy()
    whole = model(images)[0].numpy()
    scope = f"{unit[0]}/unit_{unit[1]}/bottleneck_v2/conv3"
    for name in ("weights", "biases"):
        variable = model.by_name[f"{scope}/{name}"]
        variable.assign(tf.zeros_like(variable))
    np.testing.assert_array_equal(before, model(images)[0].numpy())
    assert np.abs(before - whole).max() > 1e-3


def test_a_lesioned_model_has_the_variables_of_what_is_left():
    network = expand(DESIGN)
    model = ResNetV2(network, seed=3)
    left = ResNetV2(without(network, ("block1", 2)), like=model)
    assert set(model.by_name) - set(left.by_name) == {
        name for name in model.by_name if name.startswith("block1/unit_2/")
    }
    assert all(left.by_name[name] is model.by_name[name] for name in left.by_name)
    assert len(left.trainable_variables) < len(model.trainable_variables)


def test_the_change_of_the_output_is_what_numpy_says():
    network = expand(DESIGN)
    model = ResNetV2(network, seed=3)
    left = ResNetV2(without(network, ("block1", 2)), like=model)
    images = images_of(DESIGN, 8)
    told = output_change(model, left, images, training=False)
    a, b = (np.float64(net(images)[0].numpy().reshape(8, 5)) for net in (model, left))
    p, q = (np.exp(x - x.max(1, keepdims=True)) for x in (a, b))
    p, q = p / p.sum(1, keepdims=True), q / q.sum(1, keepdims=True)
    assert told.relative_l2 == pytest.approx(np.linalg.norm(b - a) / np.linalg.norm(a), rel=1e-4)
    assert told.kl == pytest.approx((p * np.log(p / q)).sum(1).mean(), rel=1e-3)
    assert told.agreement == pytest.approx((a.argmax(1) == b.argmax(1)).mean())
    assert output_change(model, model, images, training=False) == LesionEffect(0.0, 0.0, 1.0)


@pytest.fixture(scope="module")
def sampler():
    model = ResNetV2(expand(DESIGN), seed=3)
    images = images_of(DESIGN)
    return model, images, PathSampler(model, images, tf.constant([1, 4]), training=False)


def all_paths(places):
    for bits in range(2 ** len(places)):
        yield frozenset(place for i, place in enumerate(places) if bits >> i & 1)


def test_the_gradient_is_the_sum_of_all_paths(sampler):
    """The gradients of the 2^5 paths add up to the network's own: linear backward, so no path is lost or counted twice."""
    model, images, paths = sampler
    labels = tf.constant([1, 4])
    with tf.GradientTape() as tape:
        tape.watch(images)
        value = objective(model(images)[0], labels, 5)
    whole = tape.gradient(value, images).numpy()
    total = np.zeros_like(whole)
    for path in all_paths(units_of(model.network)):
        gradient = single_path_gradient(model, images, labels, path)
        assert paths.norm(path) == pytest.approx(np.linalg.norm(gradient), rel=1e-4)
        total += gradient
    np.testing.assert_allclose(total, whole, rtol=1e-3, atol=1e-6)


def single_path_gradient(model, images, labels, path):
    """One path's gradient by stop_gradient on the branches that it does not take."""
    from resnet_studio.engine.lower import lower

    def add(op, shortcut, residual):
        if (op.block, op.unit) in path:
            return tf.stop_gradient(shortcut) + residual
        return shortcut + tf.stop_gradient(residual)

    with tf.GradientTape() as tape:
        tape.watch(images)
        values = lower(model.network, model.by_name, images, False, add)
        value = objective(values[model.network.output], labels, 5)
    return tape.gradient(value, images).numpy()


def test_samples_are_of_their_length_and_the_seeds(sampler):
    _, _, paths = sampler
    assert len(paths.sample(0, 10, seed=1).norms) == len(paths.sample(5, 10, seed=1).norms) == 1
    some = paths.sample(2, 4, seed=1)
    assert (some.length, len(some.norms)) == (2, 4)
    assert some == paths.sample(2, 4, seed=1) != paths.sample(2, 4, seed=2)
    one = {round(paths.norm(frozenset([place])), 6) for place in units_of(expand(DESIGN))}
    assert {round(norm, 6) for norm in paths.sample(1, 20, seed=0).norms} <= one


def test_one_trace_does_for_all_paths(sampler):
    _, _, paths = sampler
    concrete = paths._norm
    paths.sample(3, 2, seed=0)
    assert paths._norm is concrete


def test_a_lesion_study():
    job = Job(DESIGN, PLAN, lesions=(("block1", 2),), task="lesion")
    whole = expand(DESIGN)
    events = list(study(job, whole, without_residuals(whole, job.lesions)))
    assert isinstance(events[0], Started)
    assert isinstance(events[-1], Finished)
    effects = [event for event in events if isinstance(event, LesionEffect)]
    assert len(effects) == 1
    assert effects[0].relative_l2 > 0.01
    rounds = [event for event in events if isinstance(event, LesionRound)]
    assert [(each.mode, each.index) for each in rounds] == [
        (mode, index) for mode in ("forward", "forward-backward") for index in range(3)
    ]


def test_a_gradient_study_of_what_a_lesion_leaves():
    job = Job(DESIGN, PLAN, lesions=(("block1", 2),), task="path-gradient")
    whole = expand(DESIGN)
    events = list(study(job, whole, without_residuals(whole, job.lesions)))
    assert isinstance(events[-1], Finished)
    found = [event for event in events if isinstance(event, PathGradient)]
    assert [each.length for each in found] == [0, 1, 2, 3, 4]
    assert [len(each.norms) for each in found] == [1, 3, 3, 3, 1]
    assert all(norm > 0 for each in found for norm in each.norms)


def test_weights_come_from_a_checkpoint(tmp_path):
    network = expand(DESIGN)
    model = ResNetV2(network, seed=7)
    save_checkpoint(model, tmp_path / "weights")
    labels = tf.random.stateless_uniform((2,), (1, 1), 0, 5, tf.int32)
    wanted = PathSampler(model, images_of(DESIGN), labels, training=True).sample(0, 1, 0)
    job = Job(DESIGN, PLAN, task="path-gradient", weights=str(tmp_path / "weights"))
    events = list(study(job, network, network))
    first = next(event for event in events if isinstance(event, PathGradient))
    assert first.norms == pytest.approx(wanted.norms, rel=1e-5)
    missing = list(study(replace(job, weights=str(tmp_path / "none")), network, network))[-1]
    assert isinstance(missing, Failed)
    assert "can't be read as a TensorFlow checkpoint" in missing.summary


def test_what_is_not_finite_is_said(tmp_path):
    network = expand(DESIGN)
    model = ResNetV2(network, seed=7)
    model.by_name["logits/biases"].assign([np.inf] * 5)
    save_checkpoint(model, tmp_path / "weights")
    job = Job(DESIGN, PLAN, lesions=(("block1", 2),), task="lesion", weights=str(tmp_path / "weights"))
    for task, words in (("lesion", "The output is no finite"), ("path-gradient", "paths of 0 units is no finite")):
        end = list(study(replace(job, task=task), network, without_residuals(network, job.lesions)))[-1]
        assert isinstance(end, Failed)
        assert words in end.summary


@pytest.mark.parametrize("units", [0, 1, 54, 63, 64, 333, 4000])
def test_lengths_reach_from_end_to_end(units):
    lengths = lengths_to_sample(units)
    assert (lengths[0], lengths[-1]) == (0, units)
    assert len(lengths) == min(units + 1, 64)
    assert lengths == sorted(set(lengths))


def test_the_engine_program_takes_lesions_and_tasks(capfd, monkeypatch):
    """Timed as any network, its census counted too."""
    from resnet_studio.bench.job import encode_job
    from resnet_studio.engine import measure as measure_module
    from resnet_studio.engine import serve

    del capfd
    monkeypatch.setattr(measure_module, "known_ceiling", lambda plan, threads: 100.0)
    told = io.StringIO()
    monkeypatch.setattr(serve, "_claim_stdout", lambda: told)
    job = Job(DESIGN, PLAN, lesions=(("block1", 2), ("block2", 1)))
    monkeypatch.setattr("sys.stdin", io.StringIO(encode_job(job) + "\n"))
    assert serve.main() == 0
    events = [json.loads(line) for line in told.getvalue().splitlines()]
    assert events[-1]["event"] == "Finished", events[-1]
    assert sum(event["event"] == "Step" for event in events) == 8
