"""Equal units traced once compute what they compute one by one, and every one of them."""

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.bench.plan import TimingPlan, may_share_units
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import block
from resnet_studio.engine.model import ResNetV2, loss
from resnet_studio.engine.shared_units import SharedUnits, parts
from resnet_studio.engine.steps import forward_backward, step_functions
from resnet_studio.network.network import expand, variables

pytestmark = pytest.mark.tensorflow


def with_equal_units(design):
    return replace(design, blocks=(block("block1", 5, 8, 4, 2), block("block2", 4, 12, 4, 1)))


def traced(work, *arguments):
    return tf.function(work, autograph=False).get_concrete_function(*arguments)


def test_the_parts_are_the_network_and_equal_ones_are_the_blocks_inner_units():
    network = expand(PRESETS["resnet_v2_152"])
    found = parts(network)
    assert [op for part in found for op in part.ops] == list(network.ops[1:])
    assert [name for part in found for name in part.held] == [v.name for op in network.ops for v in variables(op)]
    assert sorted(Counter(part.pattern for part in found).values()) == [1] * 10 + [2, 6, 34]
    # Blocks 1 to 4 of 3, 8, 36 and 3 units: the first has a projection, the last of 1 to 3 a stride.


def test_units_that_differ_in_anything_but_names_share_nothing(tiny):
    kinds = [part.pattern for part in parts(expand(with_equal_units(tiny))) if part.ops[0].unit]
    assert (
        len(set(kinds[1:4])) == 1
    )  # the block's first unit reads no unit of its depth, or the root; its last has a stride
    assert len({kinds[1], kinds[4], kinds[5], kinds[6]}) == 4
    assert kinds[6] == kinds[7] == kinds[8]


def test_gradients_and_moving_statistics_are_tf_slims(golden):
    """With the inner units of the golden cases made equal."""
    model = ResNetV2(expand(golden.design))
    model.assign(golden.of("var"))

    def step(images, labels):
        with tf.GradientTape() as tape:
            net, _ = SharedUnits(model.network).lower(model.by_name, images, training=True)
            value = loss(net, labels)
        return value, tape.gradient(value, model.trainable_variables)

    function = traced(step, tf.constant(golden.arrays["input"]), tf.constant(golden.arrays["labels"]))
    value, gradients = function(tf.constant(golden.arrays["input"]), tf.constant(golden.arrays["labels"]))
    np.testing.assert_allclose(value, golden.arrays["train_loss"], rtol=1e-4)
    theirs = golden.of("grad")
    largest = max(np.linalg.norm(gradient) for gradient in theirs.values())
    for variable, gradient in zip(model.trainable_variables, gradients, strict=True):
        wanted = theirs[variable.name.split(":")[0]]
        assert np.linalg.norm(gradient - wanted) <= 1e-4 * max(np.linalg.norm(wanted), largest / 100), variable.name
    for name, wanted in golden.of("moved").items():
        found = model.by_name[name.removeprefix(f"{golden.design.name}/")].numpy()
        assert np.linalg.norm(found - wanted) <= 1e-4 * np.linalg.norm(wanted), name


def test_the_step_is_the_same_with_and_without(variant):
    """The objective with its weight decay and first values of all gradients; the moving statistics after it."""
    network = expand(with_equal_units(variant))
    images = tf.random.stateless_uniform((2, *network.by_name["input"].shape), (0, 0))
    found = []
    for shared in (False, True):
        model = ResNetV2(network, seed=3)
        step = traced(lambda x, y, m=model, s=shared: forward_backward(m, x, y, shared=s), images, tf.constant([0, 0]))
        found.append((step(images, tf.constant([0, 0])), [v.numpy() for v in model.variables], step))
    (alone, kept_alone, _), (shared, kept_shared, step) = found
    np.testing.assert_allclose(shared, alone, rtol=1e-4)
    for one, other in zip(kept_alone, kept_shared, strict=True):
        np.testing.assert_allclose(other, one, rtol=1e-4, atol=1e-6)
    calls = Counter(node.attr["f"].func.name for node in step.graph.as_graph_def().node if "f" in node.attr)
    assert max(calls.values()) >= 3, "no unit shared anything"


def test_what_is_compiled_shares_nothing_and_a_profile_changes_nothing():
    assert may_share_units(TimingPlan(), "forward-backward")
    assert not may_share_units(TimingPlan(compiler="xla"), "forward-backward")
    assert may_share_units(TimingPlan(profile=True), "forward-backward")
    assert not may_share_units(TimingPlan(), "forward")


@pytest.mark.parametrize(("units", "is_deep"), [(39, False), (40, True)])
def test_only_deep_networks_are_shared_as_calls_cost_a_step(tiny, units, is_deep):
    network = expand(replace(tiny, blocks=(block("block1", units, 8, 4, 1),)))
    step = step_functions(TimingPlan())["forward-backward"]
    images, labels = tf.zeros((1, *network.by_name["input"].shape)), tf.constant([0])
    model = ResNetV2(network)
    graph = traced(lambda x, y: step(model, x, y), images, labels).graph
    calls = [node for node in graph.as_graph_def().node if "f" in node.attr]
    assert len(calls) == (3 * units if is_deep else 0)
