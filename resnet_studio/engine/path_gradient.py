"""The gradient at the input along single paths, by their length.

Veit, Wilber & Belongie 2016, sec. 4.2: the images go forward through the whole network; on the way back the gradient
passes, in each unit, either the residual branch alone or the shortcut alone.
"""

from __future__ import annotations

import math
import random
from typing import Any

import tensorflow as tf

from resnet_studio.bench.path_events import PathGradient
from resnet_studio.network.network import Op
from resnet_studio.network.paths import random_path, units_of

from .lower import Addition, Tensor, lower
from .model import ResNetV2, objective

MOST_LENGTHS = 64


class PathSampler:
    """A network whose gradient can be led along any one path. It is traced once: the path is an argument, a gate a unit.

    training: whether batch norms use the batch's statistics, as in a training step; what is differentiated is the
    objective of such a step, without the weight decay, which does not reach the input.
    """

    def __init__(self, model: ResNetV2, images: Tensor, labels: Tensor, training: bool) -> None:
        self._network = model.network
        self._places = units_of(model.network)
        self._arguments = (images, labels)
        classes = model.network.design.num_classes

        def norm(images: Tensor, labels: Tensor, gates: Tensor) -> Tensor:
            by_unit = dict(zip(self._places, tf.unstack(gates, len(self._places)), strict=True))
            with tf.GradientTape(watch_accessed_variables=False) as tape:
                tape.watch(images)
                values = lower(model.network, model.by_name, images, training, gated(by_unit))
                value = objective(values[model.network.output], labels, classes)
            return tf.norm(tape.gradient(value, images))

        shape = tf.TensorSpec([len(self._places)], tf.float32)
        self._norm: Any = tf.function(norm, autograph=False).get_concrete_function(images, labels, shape)

    @property
    def units(self) -> int:
        """The length of the longest path."""
        return len(self._places)

    def norm(self, path: frozenset[tuple[str, int]]) -> float:
        """The gradient's norm at the input along one path, given by the units whose residual branch it takes."""
        gates = [float(place in path) for place in self._places]
        return float(self._norm(*self._arguments, tf.constant(gates, tf.float32)))

    def sample(self, length: int, paths: int, seed: int) -> PathGradient | None:
        """The norms along `paths` paths of a length, in units, or along the only one; None where one is not finite."""
        if length in (0, self.units):
            paths = 1
        seeds = random.Random(f"{seed} {length}")
        norms = [self.norm(random_path(self._network, length, seeds.getrandbits(32))) for _ in range(paths)]
        return PathGradient(length, norms) if all(map(math.isfinite, norms)) else None


def gated(gates: dict[tuple[str, int], Tensor]) -> Addition:
    """Additions that are plain forward; backward the residual branch gets its unit's gate times the gradient, the
    shortcut the rest.
    """

    def add(op: Op, shortcut: Tensor, residual: Tensor) -> Tensor:
        gate = gates[op.block, op.unit]

        @tf.custom_gradient
        def gated_add(shortcut: Tensor, residual: Tensor) -> tuple[Tensor, Any]:
            return shortcut + residual, lambda upstream: ((1 - gate) * upstream, gate * upstream)

        return gated_add(shortcut, residual)

    return add


def lengths_to_sample(units: int) -> list[int]:
    """Every length, or, of long networks, as many as MOST_LENGTHS at equal distances, both ends among them."""
    if units < MOST_LENGTHS:
        return list(range(units + 1))
    return sorted({round(units * index / (MOST_LENGTHS - 1)) for index in range(MOST_LENGTHS)})
