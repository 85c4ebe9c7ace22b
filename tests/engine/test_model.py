"""The model's variables, its options, and what is differentiated."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.design.presets import PRESETS
from resnet_studio.engine.initialise import initial_values
from resnet_studio.engine.model import ResNetV2, loss, objective
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow


def images(design, batch=2):
    return np.random.default_rng(0).random((batch, *design.image, design.channels), np.float32)


def test_every_option_runs_with_the_shapes_that_the_network_says(variant):
    network = expand(variant)
    model = ResNetV2(network)
    for training in (False, True):
        net, end_points = model(images(variant), training=training)
        assert net.shape == (2, *network.by_name[network.output].shape)
        for name, op in network.end_points:
            assert end_points[name].shape == (2, *network.by_name[op].shape), name
        assert np.isfinite(net.numpy()).all()


def test_every_option_updates_its_moving_statistics_by_the_batchs(variant):
    network = expand(variant)
    model = ResNetV2(network)
    # The first batch norm of a network without a root reads the images themselves.
    batch = images(variant)
    model(batch, training=True)
    op = next(op for op in network.ops if op.kind == "batch_norm")
    values = {v.name.split(":")[0]: v.numpy() for v in model.variables}
    if network.by_name[op.inputs[0]].kind == "input":
        mean = batch.mean((0, 1, 2)) * (1 - op.decay)
        np.testing.assert_allclose(values[f"{variant.name}/{op.name}/moving_mean"], mean, rtol=1e-4)
    kept = values[f"{variant.name}/{op.name}/moving_variance"]
    assert np.allclose(kept, 1) == (op.decay == 1)


def test_weights_are_drawn_as_tf_slim_draws_them():
    values = initial_values(expand(PRESETS["resnet_v2_50"]), 0)
    for name, value in values.items():
        kind = name.rsplit("/", 1)[1]
        if kind == "weights":
            fan_in = np.prod(value.shape[:-1])
            assert abs(value).max() <= 2 * np.sqrt(2.6 / fan_in) * (1 + 1e-6)
            if value.size > 10_000:  # a normal cut off at two deviations has 0.8796 of its deviation
                assert value.std() == pytest.approx(0.8796 * np.sqrt(2.6 / fan_in), rel=0.03)
                assert abs(value.mean()) < 4 * value.std() / np.sqrt(value.size)
                assert np.mean(abs(value) > np.sqrt(2.6 / fan_in)) == pytest.approx(
                    0.2848, rel=0.05
                )  # and 0.2848 beyond one
        else:
            assert (value == (kind in ("gamma", "moving_variance"))).all(), name


def test_variables_hold_what_was_drawn_and_the_seed_decides(tiny):
    network = expand(tiny)
    drawn = initial_values(network, 3)
    held = {v.name.split(":")[0]: v.numpy() for v in ResNetV2(network, seed=3).variables}
    assert held.keys() == {f"tiny/{name}" for name in drawn}
    assert all(np.array_equal(held[f"tiny/{name}"], value) for name, value in drawn.items())
    other = initial_values(network, 4)
    assert not np.array_equal(other["conv1/weights"], drawn["conv1/weights"])


def test_names_are_the_same_in_whatever_scope_the_model_is_made(tiny):
    with tf.name_scope("outer"):
        model = ResNetV2(expand(tiny))
    assert all(variable.name.startswith("tiny/") for variable in model.variables)


def test_assign_refuses_unknown_names_and_shapes(tiny):
    model = ResNetV2(expand(tiny))
    with pytest.raises(KeyError):
        model.assign({"tiny/conv1/nothing": np.zeros(3)})
    with pytest.raises(KeyError):
        model.assign({"miny/conv1/weights": np.zeros((7, 7, 3, 8))})
    with pytest.raises(ValueError, match="shape"):
        model.assign({"tiny/conv1/weights": np.zeros((1, 1, 3, 8), np.float32)})


def test_images_of_another_size_are_refused(tiny):
    with pytest.raises(ValueError, match="16, 20, 3"):
        ResNetV2(expand(tiny))(np.zeros((1, 20, 16, 3), np.float32))


def test_the_loss_is_the_mean_over_images_and_positions():
    logits = np.random.default_rng(0).normal(size=(2, 3, 4, 5)).astype(np.float32)
    labels = np.array([1, 4])
    logs = logits - np.log(np.exp(logits).sum(-1, keepdims=True))
    by_hand = -np.mean([logs[0, ..., 1].mean(), logs[1, ..., 4].mean()])
    assert float(loss(tf.constant(logits), tf.constant(labels))) == pytest.approx(by_hand, rel=1e-5)


def test_without_classes_half_the_mean_square_is_differentiated():
    net = tf.constant([[[[1.0, 3.0]]]])
    assert float(objective(net, tf.constant([0]), None)) == 2.5


def test_basic_units_and_odd_names_have_names_that_tensorflow_takes(tiny):
    design = replace(tiny, name="0.9-of_it", blocks=tuple(replace(b, name=f".{b.name}-x") for b in tiny.blocks))
    model = ResNetV2(expand(design))
    tf.function(model).get_concrete_function(tf.TensorSpec((1, 16, 20, 3)))
    assert "0.9-of_it/.block1-x/unit_1/bottleneck_v2/conv1/weights:0" in {v.name for v in model.variables}
