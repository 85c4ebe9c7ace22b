"""The steps that are timed: functions of (model, images, labels) that return one scalar, which needs the whole step.

Forward is inference: batch norms use the moving statistics. Forward-backward is a training step without the optimiser's
update: batch norms use the batch's statistics and update the moving ones, and the objective with its weight decay is
differentiated with respect to all trainable variables. (The classic listing times both on a network made with
is_training=False; a plan may ask for that.) Neither step computes end points that it doesn't need. The network computes in
the type of the images; its output is cast to float32 first.
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
    """The sum of the network's output as a scalar. With `everything` it is a list of that sum and the output.

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
    """The objective plus the first value of each gradient, as a scalar. So TensorFlow can't prune any gradient.

    Gradients as mere control dependencies would be pruned silently, and returning all of them costs time in Python.

    training: as in ResNetV2.__call__.
    everything: return a list of the objective and all gradients. XLA needs that: of a sum it would compute only the first
        values.
    shared: trace equal units once (see SharedUnits). The computation is the same, but tracing takes less time.
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
    """The step of each mode under `plan`.

    by_name: give each operation its own name in the graph, as a profile needs it, so that units share no functions.
    """
    everything = plan.compiler == "xla"

    def backward(model: ResNetV2, images: Tensor, labels: Tensor, **options: bool) -> Tensor | list[Tensor]:
        shared = not by_name and shares_units(plan, "forward-backward", model.network.design)
        return forward_backward(model, images, labels, **options, shared=shared)

    steps: dict[Mode, Callable[..., Tensor | list[Tensor]]] = {**STEPS, "forward-backward": backward}
    return {mode: partial(step, training=plan.is_training(mode), everything=everything) for mode, step in steps.items()}
