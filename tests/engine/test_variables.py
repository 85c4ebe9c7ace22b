"""Variables made in bulk are what tf.Variable makes."""

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.engine.initialise import initial_values
from resnet_studio.engine.variables import make_variables
from resnet_studio.network.network import expand, variables

pytestmark = pytest.mark.tensorflow


def test_they_are_named_shaped_and_trained_as_the_network_says(tiny):
    network = expand(tiny)
    made = make_variables(network, seed=3)
    wanted = {v.name: (f"tiny/{v.name}:0", v.shape, v.trainable) for op in network.ops for v in variables(op)}
    assert {name: (v.name, tuple(v.shape), v.trainable) for name, v in made.items()} == wanted
    assert all(isinstance(v, tf.Variable) and v.dtype == tf.float32 for v in made.values())
    assert len({v.ref() for v in made.values()}) == len(made)


def test_each_holds_memory_of_its_own(tiny):
    made = make_variables(expand(tiny), seed=3)
    kept = initial_values(expand(tiny), seed=3)
    alike = [name for name in made if name.endswith("block1/unit_1/bottleneck_v2/conv1/BatchNorm/gamma")]
    for name in ("conv1/weights", *alike):
        made[name].assign_add(tf.ones_like(made[name]))
        kept[name] += 1
    assert alike
    for name, variable in made.items():
        np.testing.assert_array_equal(variable.numpy(), kept[name], err_msg=name)


def test_a_tape_watches_them_and_a_function_captures_them(tiny):
    made = make_variables(expand(tiny), seed=3)
    trained, kept = made["conv1/weights"], made["postnorm/moving_mean"]

    @tf.function
    def gradients():
        with tf.GradientTape() as tape:
            value = tf.reduce_sum(trained * 2) + tf.reduce_sum(kept * 3)
        kept.assign(kept + 1)
        return tape.gradient(value, [trained, kept])

    of_trained, of_kept = gradients()
    assert (of_trained.numpy() == 2).all()
    assert of_kept is None
    assert (kept.numpy() == 1).all()
