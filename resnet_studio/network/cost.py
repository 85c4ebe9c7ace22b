"""What a network costs: parameters, multiply-adds (MACs) and activation bytes, per operation, unit, block and network."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from .network import Network, Op, OpKind, Shape, Stretch, variables
from .once import once
from .operations import read_by_gradient

BYTES_PER_VALUE = 4  # float32


@dataclass(frozen=True, slots=True)
class Cost:
    """Costs, summed over operations.

    parameters: the number of trainable values.
    state: the number of values in the moving statistics of batch norms.
    macs: multiply-adds for one image, of convolutions and logits only, as the papers count them. FLOPs are 2 x MACs.
    activation_bytes: the bytes of the float32 outputs that the backward pass reads again, for one image.
    """

    parameters: int = 0
    state: int = 0
    macs: int = 0
    activation_bytes: int = 0

    @property
    def total_parameters(self) -> int:
        """Trainable values and moving statistics together."""
        return self.parameters + self.state

    def __add__(self, other: Cost) -> Cost:
        return Cost(
            self.parameters + other.parameters,
            self.state + other.state,
            self.macs + other.macs,
            self.activation_bytes + other.activation_bytes,
        )


@once
def op_costs(network: Network) -> dict[str, Cost]:
    """The cost of each operation, by its name."""
    kept = frozenset[str]().union(*map(_kept_for_backward, network.stretches))
    found: dict[str, Cost] = {}
    for part in network.stretches:
        found.update(stretch_costs(part))
        found.update(_costs_if_kept(part, kept & _open(part)))
    return found


@once
def network_cost(network: Network) -> Cost:
    """The cost of the whole network."""
    return total(op_costs(network).values())


@once
def block_costs(network: Network) -> dict[str, Cost]:
    """The cost of each block, by its name, in order. The root block and the tail are left out."""
    costs = op_costs(network)
    found = {block.name: Cost() for block in network.design.blocks}
    for op in network.ops:
        if op.block:
            found[op.block] += costs[op.name]
    return found


@once
def unit_costs(network: Network) -> dict[tuple[str, int], Cost]:
    """The cost of each unit, by (block, number from 1), in order."""
    costs = op_costs(network)
    found: dict[tuple[str, int], Cost] = {}
    for op in network.ops:
        if op.unit:
            found[op.block, op.unit] = found.get((op.block, op.unit), Cost()) + costs[op.name]
    return found


def total(costs: Iterable[Cost]) -> Cost:
    """The sum of costs."""
    parameters = state = macs = activation_bytes = 0
    for cost in costs:
        parameters += cost.parameters
        state += cost.state
        macs += cost.macs
        activation_bytes += cost.activation_bytes
    return Cost(parameters, state, macs, activation_bytes)


def _cost(op: Op, kept: bool) -> Cost:
    return _cost_by_numbers(op.kind, op.shape, op.kernel, op.depth_in, op.bias, op.scale, kept)


@lru_cache(maxsize=4_096)
def _cost_by_numbers(
    kind: OpKind, shape: Shape, kernel: int, depth_in: int, bias: bool, scale: bool, kept: bool
) -> Cost:
    """The cost of an operation with these numbers. Equal operations of different units share one cached result."""
    op = Op("", kind, (), shape, "", kernel=kernel, depth_in=depth_in, bias=bias, scale=scale)
    trainable = state = 0
    for variable in variables(op):
        if variable.trainable:
            trainable += variable.size
        else:
            state += variable.size
    height, width, depth = op.shape
    macs = height * width * depth * op.kernel * op.kernel * op.depth_in if op.kind == "conv" else 0
    return Cost(trainable, state, macs, height * width * depth * BYTES_PER_VALUE if kept else 0)


@once
def stretch_costs(part: Stretch) -> dict[str, Cost]:
    """The cost of each operation of a stretch, as if no gradient outside the stretch read its outputs."""
    kept = _kept_for_backward(part)
    return {op.name: _cost(op, op.name in kept) for op in part.ops}


@once
def _costs_if_kept(part: Stretch, names: frozenset[str]) -> dict[str, Cost]:
    """The cost of the operations `names` of a stretch, whose outputs gradients outside the stretch read."""
    return {op.name: _cost(op, True) for op in part.ops if op.name in names}


@once
def _open(part: Stretch) -> frozenset[str]:
    """The operations of a stretch whose outputs are kept only if gradients outside the stretch read them."""
    return frozenset(op.name for op in part.ops) - _kept_for_backward(part)


@once
def _kept_for_backward(part: Stretch) -> frozenset[str]:
    """The operations whose outputs the gradients of this stretch read, inside the stretch or ahead of it."""
    return frozenset(name for op in part.ops for name in read_by_gradient(op))
