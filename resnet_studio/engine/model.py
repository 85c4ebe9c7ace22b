"""ResNetV2: a network with its variables, which have TF-Slim's names."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import tensorflow as tf

from resnet_studio.network.network import Network, variables

from .lower import Tensor, lower
from .variables import make_variables


class ResNetV2(tf.Module):
    """A residual network of any version.   TF-Slim: `resnet_v2`, `resnet_v1`; He et al. 2016a, 2016b.

    Variables have TF-Slim's names with the design's name in front: `resnet_v2/block1/unit_1/bottleneck_v2/conv1/weights`.

    seed: of the initial values (see `initialise`).
    like: another model whose variables are used in place of new ones; its network must have them all.
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

        net: the logits, (batch, 1, 1, classes) after a global pool, else (batch, h, w, classes). Without classes it is the
            output of the last operation.
        end_points: the activations under TF-Slim's names.
        training: whether batch norms use the batch's statistics and update the moving ones. Otherwise they use the moving
            ones.
        """
        values = lower(self.network, self._variables, images, training)
        return values[self.network.output], {name: values[op] for name, op in self.network.end_points}

    @property
    def by_name(self) -> Mapping[str, Any]:
        """The variables by their names without the design's: block1/unit_1/bottleneck_v2/conv1/weights."""
        return self._variables

    def assign(self, values: Mapping[str, np.ndarray[Any, Any]]) -> None:
        """Sets variables by their full names. Raises KeyError for an unknown name and ValueError for a wrong shape."""
        below = len(self.network.design.name) + 1
        for name, value in values.items():
            variable = self._variables[name[below:]]
            if variable.name != f"{name}:0":
                raise KeyError(name)
            variable.assign(value)


def loss(net: Tensor, labels: Tensor) -> Tensor:
    """The mean softmax cross-entropy over images and positions, without the weight decay, as a scalar.

    net: logits (batch, h, w, classes).
    labels: (batch,), whole numbers from 0. A label holds for all positions of its image.
    TF-Slim: `tf.losses.sparse_softmax_cross_entropy`.
    """
    everywhere = tf.broadcast_to(labels[:, tf.newaxis, tf.newaxis], tf.shape(net)[:3])
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(everywhere, net))


def regularisation(model: ResNetV2) -> Tensor | float:
    """The weight decay as a scalar: half its factor times the sum of squares of all convolution weights.

    TF-Slim: `l2_regularizer(weight_decay)` as `weights_regularizer` of `resnet_arg_scope`.
    """
    decay = model.network.design.weight_decay
    weights = [v for v in model.trainable_variables if v.name.endswith("/weights:0")]
    with tf.name_scope("weight_decay/"):  # a profile finds it by this scope
        return decay * tf.add_n([tf.nn.l2_loss(v) for v in weights]) if decay and weights else 0.0


def objective(net: Tensor, labels: Tensor, classes: int | None) -> Tensor:
    """The scalar that is differentiated: `loss`, or half the mean square of `net` where the network has no classes."""
    with tf.name_scope("loss/"):
        return tf.reduce_mean(tf.square(net)) / 2 if classes is None else loss(net, labels)
