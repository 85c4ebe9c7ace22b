"""The steps that are timed: functions of (model, images, labels) to one scalar that the whole step feeds.

What is timed is what the two modes are for. Forward is inference: batch norms use the moving statistics. Forward-
backward is a training step less the optimiser's update: batch norms use the batch's statistics and update the moving
ones, and the objective with its weight decay is differentiated with regard to every trainable variable. (The classic
listing times both on a network made with is_training=False: a plan may ask for that.) Neither computes the end points it
doesn't need. Images may be of another type than float32: the network computes in theirs; its output is made float32 ahead of
whatever is computed of it.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import tensorflow as tf

from resnet_studio.bench.plan import Mode, TimingPlan, shares_units

from .lower import Tensor
from .model import ResNetV2, objective, regularisation
from .shared_units import SharedUnits, first_values

StepFunction = Callable[[ResNetV2, Tensor, Tensor], Tensor | list[Tensor]]


def forward(
    model: ResNetV2, images: Tensor, labels: Tensor, training: bool = False, everything: bool = False
) -> Tensor | list[Tensor]:
    """The sum of the network's output, a scalar; with `everything` a list of it and that output.

    training: as in ResNetV2.__call__.
    """
    net, _ = model(images, training)
    net = tf.cast(net, tf.float32)
    with tf.name_scope("result/"):
        total = tf.reduce_sum(net)
    return [total, net] if everything else total


def forward_backward(
    model: ResNetV2,
    images: Tensor,
    labels: Tensor,
    training: bool = True,
    everything: bool = False,
    shared: bool = False,
) -> Tensor | list[Tensor]:
    """The objective plus the first value of every gradient: the least that keeps TensorFlow from pruning any of them.

    Gradients that are only control dependencies are pruned without a word; to return them all costs time in Python. With
    `everything` it is a list of the objective and every gradient: XLA would see through the sum, and compute the first
    values alone. With `shared` equal units are traced once (see SharedUnits): the same computation, sooner begun.
    """
    if shared:
        return _shared_forward_backward(model, images, labels, training)
    with tf.GradientTape() as tape:
        net, _ = model(images, training)
        net = tf.cast(net, tf.float32)
        value = objective(net, labels, model.network.design.num_classes) + regularisation(model)
    gradients = tape.gradient(value, model.trainable_variables)
    if everything:
        return [value, *gradients]
    with tf.name_scope("result/"):
        return tf.add_n([value, *first_values(gradients)])


def _shared_forward_backward(model: ResNetV2, images: Tensor, labels: Tensor, training: bool) -> Tensor:
    design, units = model.network.design, SharedUnits(model.network)
    with tf.GradientTape() as tape:
        net, squares = units.lower(model.by_name, images, training)
        value = objective(tf.cast(net, tf.float32), labels, design.num_classes)
        if design.weight_decay and squares:
            value += design.weight_decay * tf.add_n(squares)
    trained = {name: variable for name, variable in model.by_name.items() if variable.trainable}
    gradients = tape.gradient(value, trained)
    return tf.add_n([value, *units.first_values(gradients)])


STEPS: dict[Mode, Callable[..., Tensor | list[Tensor]]] = {"forward": forward, "forward-backward": forward_backward}


def step_functions(plan: TimingPlan, by_name: bool = False) -> dict[Mode, StepFunction]:
    """What a step of each mode is under `plan`: its batch norms, and what has to be returned to its compiler.

    by_name: each operation stands in the graph by its own name, as a profile needs it, and none in a shared function.
    """
    everything = plan.compiler == "xla"

    def backward(model: ResNetV2, images: Tensor, labels: Tensor, **options: bool) -> Tensor | list[Tensor]:
        shared = not by_name and shares_units(plan, "forward-backward", model.network.design)
        return forward_backward(model, images, labels, **options, shared=shared)

    steps: dict[Mode, Callable[..., Tensor | list[Tensor]]] = {**STEPS, "forward-backward": backward}
    return {mode: partial(step, training=plan.is_training(mode), everything=everything) for mode, step in steps.items()}
