"""Computes a network in TensorFlow with each distinct unit traced once. Units equal in all but their names share a function.

Deep networks repeat a few units many times. Traced one by one, the 1001-layer network has 40,000 graph operations, which take
TensorFlow a minute. As 333 calls of a few functions it takes seconds, and the steps are as fast as before. The network's
list tells which units are equal; nothing of their structure is written here.

The functions are not inlined, since then TensorFlow would take as long as without them. So TensorFlow can't see which of
their results are unused: it can't prune a gradient, and all gradients of a unit are computed together.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import groupby
from typing import Any

import tensorflow as tf

from resnet_studio.network.names import unit_prefix
from resnet_studio.network.network import Network, Op, variables

from .lower import Tensor, Variables, check_images, lower_op


@dataclass(frozen=True)
class Part:
    """Consecutive operations of one unit, or between units.

    ops: the operations, in order.
    reads: the names of operations outside whose values it reads.
    gives: the names of its own operations that are read outside.
    held: the names of its variables.
    pattern: a value that is equal for parts that are equal in all but their names.
    scope: the name scope of its TensorFlow nodes, without the design's.
    """

    ops: tuple[Op, ...]
    reads: tuple[str, ...]
    gives: tuple[str, ...]
    held: tuple[str, ...]
    pattern: Hashable
    scope: str


def parts(network: Network) -> tuple[Part, ...]:
    """The network's operations without its input, in order, with one part for each unit."""
    groups = [tuple(ops) for _, ops in groupby(network.ops[1:], key=lambda op: (op.block, op.unit))]
    home = {op.name: number for number, ops in enumerate(groups) for op in ops}
    given: list[dict[str, None]] = [{} for _ in groups]  # the dictionaries serve as ordered sets
    for op in network.ops:
        for name in op.inputs:
            if name in home and home[name] != home[op.name]:
                given[home[name]][name] = None
    given[home[network.output]][network.output] = None
    return tuple(_part(ops, tuple(gives)) for ops, gives in zip(groups, given, strict=True))


def _part(ops: tuple[Op, ...], gives: tuple[str, ...]) -> Part:
    own = {op.name: f"{number}" for number, op in enumerate(ops)}
    reads = tuple(dict.fromkeys(name for op in ops for name in op.inputs if name not in own))
    places = own | {name: f"read {number}" for number, name in enumerate(reads)}
    alike = tuple(
        replace(op, name="", inputs=tuple(places[name] for name in op.inputs), layer="", block="", unit=0) for op in ops
    )
    held = tuple(variable.name for op in ops for variable in variables(op))
    scope = unit_prefix((ops[0].block, ops[0].unit))
    return Part(ops, reads, gives, held, (alike, tuple(own[name] for name in gives)), scope)


class SharedUnits:
    """The functions that equal units of a network share while one step is traced."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._parts = parts(network)
        self._number = Counter(part.pattern for part in self._parts)
        self._functions: dict[tuple[Callable[..., Any], Hashable], Callable[..., Any]] = {}

    def lower(self, variables: Variables, images: Tensor, training: bool) -> tuple[Tensor, list[Tensor]]:
        """(net, squares) for `images`, see `lower.lower`. There are no end points.

        net: the network's output, as from ResNetV2.
        squares: scalars whose sum is half the sum of squares of all convolution weights.
        """
        network = self._network
        values = {"input": check_images(network, images)}
        squares = []
        for part in self._parts:
            read, held = [values[name] for name in part.reads], [variables[name] for name in part.held]
            given, square = self._call(_lower_part, part, read, held, training)
            values |= zip(part.gives, given, strict=True)
            squares += square
        return values[network.output], squares

    def first_values(self, gradients: Mapping[str, Tensor]) -> Iterator[Tensor]:
        """Scalars whose sum is the sum of the first values of all gradients. gradients: by the names of their variables."""
        for part in self._parts:
            yield self._call(_first_values, part, [gradients[name] for name in part.held if name in gradients])

    def _call(self, body: Callable[..., Any], part: Part, *arguments: Any) -> Any:
        """Computes body(part, *arguments), through a shared function where other parts equal `part`.

        A part that reads the images shares none: the gradient of a function is that of all its inputs, and the gradient of
        the images is not wanted.
        """
        scope = f"{self._network.design.name}/{part.scope}"
        with tf.name_scope(scope):
            if self._number[part.pattern] == 1 or "input" in part.reads:
                return body(part, *arguments)
            key = (body, part.pattern)
            if key not in self._functions:
                self._functions[key] = tf.function(
                    lambda *arguments: body(part, *arguments),
                    autograph=False,
                    experimental_attributes={"_noinline": True},
                )
            return self._functions[key](*arguments)


def _lower_part(part: Part, read: list[Tensor], held: list[Any], training: bool) -> tuple[list[Tensor], list[Tensor]]:
    values = dict(zip(part.reads, read, strict=True))
    variables = dict(zip(part.held, held, strict=True))
    for op in part.ops:
        with tf.name_scope(f"{op.name.removeprefix(part.scope)}"):
            values[op.name] = lower_op(op, [values[name] for name in op.inputs], variables, training)
    weights = [variable for name, variable in variables.items() if name.endswith("/weights")]
    squares = [tf.add_n([tf.nn.l2_loss(weight) for weight in weights])] if weights else []
    return [values[name] for name in part.gives], squares


def _first_values(part: Part, gradients: list[Tensor]) -> Tensor:
    return tf.add_n(list(first_values(gradients))) if gradients else tf.constant(0.0)


def first_values(gradients: Iterable[Tensor]) -> Iterator[Tensor]:
    """The first value of each gradient, with one operation each. x[0, 0, ...] would trace five, which takes half a second."""
    corners = {rank: (tf.zeros([rank], tf.int32), tf.ones([rank], tf.int32)) for rank in (1, 4)}
    for gradient in gradients:
        rank = gradient.shape.rank
        begin, end = corners[rank]
        yield tf.raw_ops.StridedSlice(input=gradient, begin=begin, end=end, strides=end, shrink_axis_mask=2**rank - 1)
