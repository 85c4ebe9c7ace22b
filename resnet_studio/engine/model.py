"""ResNetV2: a network with its variables, which bear TF-Slim's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from resnet_studio.network.network import Network, variables

from .lower import Tensor, lower
from .variables import make_variables


class ResNetV2(tf.Module):
    """A pre-activation residual network.   TF-Slim: `resnet_v2`; He et al. 2016b.

    Variables are named as TF-Slim names them, `resnet_v2/block1/unit_1/bottleneck_v2/conv1/weights`, below the
    design's name, and are drawn from `seed` (see `initialise`), or are those of the model `like`, whose network has them.
    """

    def __init__(self, network: Network, seed: int = 0, like: ResNetV2 | None = None) -> None:
        super().__init__(name="resnet_v2")
        self.network = network
        self._variables: dict[str, Any]
        if like is not None:
            self._variables = {each.name: like.by_name[each.name] for op in network.ops for each in variables(op)}
            return
        self._variables = make_variables(network, seed)

    def __call__(self, images: Tensor, training: bool = False) -> tuple[Tensor, dict[str, Tensor]]:
        """(net, end_points) for `images` of shape (batch, height, width, channels), float32.

        net: the logits, (batch, 1, 1, classes) after a global pool, else (batch, h, w, classes); without classes what
        is ahead of them. end_points: the activations under TF-Slim's names. training: batch norms use the batch's
        statistics and update the moving ones; otherwise they use the moving ones.
        """
        values = lower(self.network, self._variables, images, training)
        return values[self.network.output], {name: values[op] for name, op in self.network.end_points}

    @property
    def by_name(self) -> Mapping[str, Any]:
        """The variables by their names below the design's: block1/unit_1/bottleneck_v2/conv1/weights."""
        return self._variables

    def assign(self, values: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Sets variables by their full names. Raises KeyError for a name that there is not, ValueError for a shape."""
        below = len(self.network.design.name) + 1
        for name, value in values.items():
            variable = self._variables[name[below:]]
            if variable.name != f"{name}:0":
                raise KeyError(name)
            variable.assign(value)


def loss(net: Tensor, labels: Tensor) -> Tensor:
    """The mean softmax cross-entropy over images and positions, a scalar. The weight decay is not in it.

    net: logits (batch, h, w, classes). labels: (batch,), whole numbers from 0; each holds at all of its image's
    positions. TF-Slim: `tf.losses.sparse_softmax_cross_entropy`.
    """
    everywhere = tf.broadcast_to(labels[:, tf.newaxis, tf.newaxis], tf.shape(net)[:3])
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(everywhere, net))


def regularisation(model: ResNetV2) -> Tensor | float:
    """The weight decay: half its factor times the sum of squares of all convolution weights, a scalar.

    TF-Slim: `l2_regularizer(weight_decay)` as `weights_regularizer` of `resnet_arg_scope`.
    """
    decay = model.network.design.weight_decay
    weights = [v for v in model.trainable_variables if v.name.endswith("/weights:0")]
    with tf.name_scope("weight_decay/"):  # a scope to be found by in a profile
        return decay * tf.add_n([tf.nn.l2_loss(v) for v in weights]) if decay and weights else 0.0


def objective(net: Tensor, labels: Tensor, classes: int | None) -> Tensor:
    """What is differentiated: `loss`, or half the mean square of `net` where the network has no classes. A scalar."""
    with tf.name_scope("loss/"):
        return tf.reduce_mean(tf.square(net)) / 2 if classes is None else loss(net, labels)
