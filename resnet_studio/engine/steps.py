"""The steps that are timed: functions of (model, images, labels) to one scalar that the whole step feeds.

What is timed is what the two modes are for. Forward is inference: batch norms use the moving statistics. Forward-
backward is a training step less the optimiser's update: batch norms use the batch's statistics and update the moving
ones, and the objective with its weight decay is differentiated with regard to every trainable variable. (The classic
listing times both on a network made with is_training=False.) Neither computes the end points it doesn't need.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

import tensorflow as tf

from resnet_studio.bench.plan import Mode

from .lower import Tensor
from .model import ResNetV2, objective, regularisation

StepFunction = Callable[[ResNetV2, Tensor, Tensor], Tensor]


def forward(model: ResNetV2, images: Tensor, labels: Tensor) -> Tensor:
    """The sum of the network's output."""
    net, _ = model(images, training=False)
    return tf.reduce_sum(net)


def forward_backward(model: ResNetV2, images: Tensor, labels: Tensor) -> Tensor:
    """The objective plus the first value of every gradient: the least that keeps TensorFlow from pruning any of them.

    Gradients that are only control dependencies are pruned without a word; to return them all costs time in Python.
    """
    with tf.GradientTape() as tape:
        net, _ = model(images, training=True)
        value = objective(net, labels, model.network.design.num_classes) + regularisation(model)
    return tf.add_n([value, *_firsts(tape.gradient(value, model.trainable_variables))])


def _firsts(gradients: list[Tensor]) -> Iterator[Tensor]:
    """The first value of each gradient, by one operation each: x[0, 0, ...] would trace five, half a second's worth."""
    corners = {rank: (tf.zeros([rank], tf.int32), tf.ones([rank], tf.int32)) for rank in (1, 4)}
    for gradient in gradients:
        rank = gradient.shape.rank
        begin, end = corners[rank]
        yield tf.raw_ops.StridedSlice(input=gradient, begin=begin, end=end, strides=end, shrink_axis_mask=2**rank - 1)


STEPS: dict[Mode, StepFunction] = {"forward": forward, "forward-backward": forward_backward}
BATCH_NORM: dict[Mode, str] = {"forward": "inference", "forward-backward": "training"}
