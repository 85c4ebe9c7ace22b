"""What is timed is the whole step: a pruned backward pass is found out."""

import random
from dataclasses import replace

import pytest
import tensorflow as tf

from resnet_studio.bench.events import Failed, Finished, Step
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.spec import Design, block
from resnet_studio.engine import measure as measure_module
from resnet_studio.engine.census import Census, count, expected_census, pruned
from resnet_studio.engine.measure import measure
from resnet_studio.engine.model import objective
from resnet_studio.engine.shared_units import SharedUnits
from resnet_studio.engine.steps import STEPS
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow
BACKWARD = TimingPlan(("forward-backward",), batch=2, burn_in=0, steps=1)


def random_design(seed):
    """A small design with anything in it."""
    pick = random.Random(seed)
    blocks = tuple(
        block(
            f"block{i}", pick.randint(1, 3), pick.choice((4, 8, 12)), pick.choice((2, 4, 6)), pick.choice((1, 2)),
            pick.choice(("first", "last")), pick.choice(("bottleneck", "basic")),
        )
        for i in range(pick.randint(1, 3))
    )  # fmt: skip
    return Design(
        f"random_{seed}", blocks, (pick.randint(16, 40), pick.randint(16, 40)), pick.choice((None, 1, 2, 10)),
        pick.choice((True, False)), pick.choice((True, True, False)), pick.choice(("imagenet", "cifar")),
        root_depth=8, conv_biases=pick.choice((True, False)), batch_norm_scale=pick.choice((True, True, False)),
    )  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_steps_of_random_designs_are_whole(seed):
    events = list(measure(expand(random_design(seed)), TimingPlan(batch=2, burn_in=0, steps=1)))
    assert isinstance(events[-1], Finished), events[-1]


def test_a_root_needs_no_input_gradient_and_a_network_without_one_needs_all(tiny):
    convolutions = sum(op.kind == "conv" for op in expand(tiny).ops)
    norms = sum(op.kind == "batch_norm" for op in expand(tiny).ops)
    expected = Census(convolutions, convolutions, convolutions - 1, norms)
    assert expected_census(expand(tiny), "forward-backward") == expected
    assert expected_census(expand(tiny), "forward") == Census(convolutions)
    whole = expected_census(expand(replace(tiny, include_root_block=False)), "forward-backward")
    assert whole.input_gradients == whole.filter_gradients == whole.convolutions


def loss_only(model, images, labels):
    return gradients(model, images, labels)[0]


def under_control_dependencies(model, images, labels):
    value, found = gradients(model, images, labels)
    with tf.control_dependencies(found):
        return tf.identity(value)


def one_gradient(model, images, labels):
    value, found = gradients(model, images, labels)
    return value + tf.reduce_sum(found[0])


def gradients(model, images, labels):
    with tf.GradientTape() as tape:
        value = objective(model(images, training=True)[0], labels, model.network.design.num_classes)
    return value, tape.gradient(value, model.trainable_variables)


@pytest.mark.parametrize("step", [loss_only, under_control_dependencies, one_gradient])
def test_a_step_that_drops_gradients_fails_before_it_is_timed(tiny, step):
    *before, end = measure(expand(tiny), BACKWARD, {"forward-backward": step})
    assert isinstance(end, Failed)
    assert "pruned" in end.summary
    assert "filter gradients" in end.summary
    assert not any(isinstance(event, Step) for event in before)


def test_a_forward_pass_that_drops_convolutions_fails(tiny):
    def half(model, images, labels):
        return tf.reduce_sum(model(images)[1]["tiny/block1"])

    *_, end = measure(expand(tiny), replace(BACKWARD, modes=("forward",)), {**STEPS, "forward": half})
    assert isinstance(end, Failed)
    assert end.summary.startswith("TensorFlow pruned the step: only 7 of 12 convolutions are left")


def test_every_name_that_a_convolution_goes_by_is_counted():
    names = ["Conv2D", "_FusedConv2D", "_MklNativeConv2D", "_MklNativePadWithFusedConv2D"]
    filters = ["Conv2DBackpropFilter", "_MklNativeConv2DBackpropFilterWithBias"]
    inputs = ["Conv2DBackpropInput", "_MklNativeConv2DBackpropInput", "Conv2DBackpropInput"]
    norms = ["FusedBatchNormGradV3", "_MklNativeFusedBatchNormGradV3", "FusedBatchNormV3", "Relu"]
    assert count(names + filters + inputs + norms) == Census(4, 2, 3, 2)
    assert not pruned(Census(5, 5, 5, 5), Census(5, 5, 4, 5))


@pytest.mark.parametrize("step", [loss_only, one_gradient])
def test_a_step_that_drops_gradients_fails_where_the_optimiser_is_left_out(tiny, step, monkeypatch):
    """As it is for steps that share the functions of equal units: TensorFlow prunes after what it tells of the graph."""
    real = measure_module.optimise
    monkeypatch.setattr(measure_module, "optimise", lambda whole: real(False))
    *before, end = measure(expand(tiny), BACKWARD, {"forward-backward": step})
    assert isinstance(end, Failed)
    assert "filter gradients" in end.summary
    assert not any(isinstance(event, Step) for event in before)


@pytest.mark.parametrize("seed", range(3))
def test_shared_functions_are_counted_at_every_call(seed, monkeypatch):
    monkeypatch.setattr("resnet_studio.bench.plan.SHARED_FROM", 0)
    design = random_design(seed)
    deep = replace(design, blocks=tuple(replace(b, units=(b.units[0],) * 5) for b in design.blocks))
    *_, end = measure(expand(deep), BACKWARD)
    assert isinstance(end, Finished), end


@pytest.mark.parametrize("lost", ["penultimate gradient", "all gradients of one call"])
def test_a_shared_step_that_drops_a_units_gradients_fails(tiny, lost, monkeypatch):
    monkeypatch.setattr("resnet_studio.bench.plan.SHARED_FROM", 0)
    whole = SharedUnits.first_values

    def some(self, gradients):
        found = list(whole(self, gradients))
        if lost == "penultimate gradient":
            return found[:-2] + found[-1:]
        return [value for value in found if "unit_1" not in value.name]

    deep = replace(tiny, blocks=(block("block1", 5, 8, 4, 1), block("block2", 1, 12, 4, 1)))
    assert isinstance(list(measure(expand(deep), BACKWARD))[-1], Finished)
    monkeypatch.setattr(SharedUnits, "first_values", some)
    *_, end = measure(expand(deep), BACKWARD)
    assert isinstance(end, Failed)
    assert "filter gradients" in end.summary
