"""The lowered network against the original TF-Slim: names, values, gradients, moving statistics."""

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.engine.model import ResNetV2, loss
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow
LIMIT = 1e-4


def error(ours, theirs, least=0.0):
    """||a - b|| / ||b||, the divisor being at least `least`."""
    return float(np.linalg.norm(ours - theirs) / max(np.linalg.norm(theirs), least))


def names(variables):
    return [variable.name.split(":")[0] for variable in variables]


@pytest.fixture
def model(golden):
    model = ResNetV2(expand(golden.design))
    model.assign(golden.of("var"))
    return model


def test_variables_and_end_points_have_tf_slims_names_shapes_and_number(golden):
    model = ResNetV2(expand(golden.design))
    theirs = golden.of("var")
    assert sorted(names(model.variables)) == sorted(theirs)
    assert {v.name.split(":")[0]: tuple(v.shape) for v in model.variables} == {n: a.shape for n, a in theirs.items()}
    assert sorted(names(model.trainable_variables)) == sorted(golden.of("grad"))
    assert sum(int(tf.size(v)) for v in model.variables) == golden.case["total_params"]
    assert sum(int(tf.size(v)) for v in model.trainable_variables) == golden.case["trainable_params"]
    _, end_points = model(golden.arrays["input"])
    assert list(end_points) == golden.case["end_points"]


def test_inference_gives_tf_slims_output_and_every_end_point(golden, model):
    net, end_points = model(golden.arrays["input"], training=False)
    assert error(net.numpy(), golden.arrays["output"]) <= LIMIT
    errors = {name: error(end_points[name].numpy(), value) for name, value in golden.of("end_point").items()}
    assert len(errors) == len(golden.case["end_points"])
    assert max(errors.values()) <= LIMIT, max(errors, key=errors.get)


@pytest.mark.parametrize("as_function", [True, False], ids=["function", "eager"])
def test_a_training_step_gives_tf_slims_loss_gradients_and_moving_statistics(golden, model, as_function):
    def step(images, labels):
        with tf.GradientTape() as tape:
            net, _ = model(images, training=True)
            value = loss(net, labels)
        return value, tape.gradient(value, model.trainable_variables)

    step = tf.function(step) if as_function else step
    value, gradients = step(tf.constant(golden.arrays["input"]), tf.constant(golden.arrays["labels"]))
    assert error(value.numpy(), golden.arrays["train_loss"]) <= LIMIT

    theirs = golden.of("grad")
    largest = max(np.linalg.norm(gradient) for gradient in theirs.values())
    ours = dict(zip(names(model.trainable_variables), gradients, strict=True))
    # Biases that only batch norm reads have a gradient of zero but for rounding.
    errors = {
        name: error(ours[name].numpy(), value, largest / 100 if name.endswith("/biases") else 0)
        for name, value in theirs.items()
    }
    assert max(errors.values()) <= LIMIT, max(errors, key=errors.get)

    after = {v.name.split(":")[0]: v.numpy() for v in model.variables}
    moved = {name: error(after[name], value) for name, value in golden.of("moved").items()}
    assert len(moved) == len(model.variables) - len(model.trainable_variables)
    assert max(moved.values()) <= LIMIT, max(moved, key=moved.get)


def test_inference_moves_no_statistics(golden, model):
    model(golden.arrays["input"], training=False)
    before = golden.of("var")
    assert all(np.array_equal(v.numpy(), before[v.name.split(":")[0]]) for v in model.variables)
