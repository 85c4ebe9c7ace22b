"""Measures the gradient at the input along single paths of given lengths.

Veit, Wilber & Belongie 2016, sec. 4.2: the images go forward through the whole network. Backward, the gradient goes
only through the residual branch or only through the shortcut of each unit.
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
    """Computes the gradient of a network along any single path.

    The graph is traced once. The path is an argument of it: one gate for each unit. The objective of a training step is
    differentiated, without the weight decay, which has no gradient at the input.

    training: whether batch norms use the batch's statistics, as in a training step.
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
        """The norm of the gradient at the input along one path. path: the units whose residual branch it takes."""
        gates = [float(place in path) for place in self._places]
        return float(self._norm(*self._arguments, tf.constant(gates, tf.float32)))

    def sample(self, length: int, paths: int, seed: int) -> PathGradient | None:
        """The norms along `paths` random paths of a length in units (or the only path of it); None where one is not finite."""
        if length in (0, self.units):
            paths = 1
        seeds = random.Random(f"{seed} {length}")
        norms = [self.norm(random_path(self._network, length, seeds.getrandbits(32))) for _ in range(paths)]
        return PathGradient(length, norms) if all(map(math.isfinite, norms)) else None


def gated(gates: dict[tuple[str, int], Tensor]) -> Addition:
    """A function for additions with gates. Forward they are plain additions.

    Backward, the residual branch gets the gradient times the gate of its unit, and the shortcut gets the rest.
    """

    def add(op: Op, shortcut: Tensor, residual: Tensor) -> Tensor:
        gate = gates[op.block, op.unit]

        @tf.custom_gradient
        def gated_add(shortcut: Tensor, residual: Tensor) -> tuple[Tensor, Any]:
            return shortcut + residual, lambda upstream: ((1 - gate) * upstream, gate * upstream)

        return gated_add(shortcut, residual)

    return add


def lengths_to_sample(units: int) -> list[int]:
    """All lengths; for deep networks MOST_LENGTHS of them at equal distances, with the first and the last."""
    if units < MOST_LENGTHS:
        return list(range(units + 1))
    return sorted({round(units * index / (MOST_LENGTHS - 1)) for index in range(MOST_LENGTHS)})
