"""The steps that are timed: functions of (model, images, labels) to one scalar that the whole step feeds.

What is timed is what the two modes are for. Forward is inference: batch norms use the moving statistics. Forward-
backward is a training step less the optimiser's update: batch norms use the batch's statistics and update the moving
ones, and the objective with its weight decay is differentiated with regard to every trainable variable. (The classic
listing times both on a network made with is_training=False: a plan may ask for that.) Neither computes the end points it
doesn't need. Images may be of another type than float32: the network computes in theirs; its output is made float32 ahead of
whatever is computed of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import tensorflow as tf

from resnet_studio.bench.plan import Mode, TimingPlan

from .lower import Tensor
from .model import ResNetV2, objective, regularisation

StepFunction = Callable[[ResNetV2, Tensor, Tensor], Tensor | list[Tensor]]


def forward(
    model: ResNetV2, images: Tensor, labels: Tensor, training: bool = False, everything: bool = False
) -> Tensor | list[Tensor]:
    """The sum of the network's output, a scalar; with `everything` a list of it and that output.

    training: as in ResNetV2.__call__.
    """
    net, _ = model(images, training)
    net = tf.cast(net, tf.float32)
    return [tf.reduce_sum(net), net] if everything else tf.reduce_sum(net)


def forward_backward(
    model: ResNetV2, images: Tensor, labels: Tensor, training: bool = True, everything: bool = False
) -> Tensor | list[Tensor]:
    """The objective plus the first value of every gradient: the least that keeps TensorFlow from pruning any of them.

    Gradients that are only control dependencies are pruned without a word; to return them all costs time in Python. With
    `everything` it is a list of the objective and every gradient: XLA would see through the sum, and compute the first
    values alone.
    """
    with tf.GradientTape() as tape:
        net, _ = model(images, training)
        net = tf.cast(net, tf.float32)
        value = objective(net, labels, model.network.design.num_classes) + regularisation(model)
    gradients = tape.gradient(value, model.trainable_variables)
    return [value, *gradients] if everything else tf.add_n([value, *_firsts(gradients)])


STEPS: dict[Mode, Callable[..., Tensor | list[Tensor]]] = {"forward": forward, "forward-backward": forward_backward}


def step_functions(plan: TimingPlan) -> dict[Mode, StepFunction]:
    """What a step of each mode is under `plan`: its batch norms, and what has to be returned to its compiler."""
    everything = plan.compiler == "xla"
    return {mode: partial(step, training=plan.is_training(mode), everything=everything) for mode, step in STEPS.items()}


def _firsts(gradients: list[Tensor]) -> Iterator[Tensor]:
    """The first value of each gradient, by one operation each: x[0, 0, ...] would trace five, half a second's worth."""
    corners = {rank: (tf.zeros([rank], tf.int32), tf.ones([rank], tf.int32)) for rank in (1, 4)}
    for gradient in gradients:
        rank = gradient.shape.rank
        begin, end = corners[rank]
        yield tf.raw_ops.StridedSlice(input=gradient, begin=begin, end=end, strides=end, shrink_axis_mask=2**rank - 1)
