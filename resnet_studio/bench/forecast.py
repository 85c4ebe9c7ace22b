"""How much memory a plan takes, by parts, so that what can't fit is asked about before anything is allocated.

What is held and for how long is read off the operation list (network.liveness). What is not in the list was measured on
TensorFlow 2.21 with oneDNN's kernels on a CPU, over nine designs in both modes: benchmarks/memory.py says how near it
comes. XLA's compiler takes some hundred megabytes more while it compiles, which are not in it.
"""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.network.cost import BYTES_PER_VALUE, network_cost
from resnet_studio.network.liveness import forward_peak, training_peak, values
from resnet_studio.network.network import Network, variables

from .plan import Mode, TimingPlan, shares_units

MUCH = 0.8  # of what is free: a run that is forecast to take more asks first

_GRADIENTS = 1.32  # of the weights: their decay's gradients are there from the start, those that come back add to them
_GRAPH = {"forward": 0.075e6, "forward-backward": 0.297e6}  # bytes of TensorFlow's graph for each operation of the list
# Where equal units are traced once there is less graph, and a unit's gradients are given back as soon as they are read.
_SHARED_GRADIENTS, _SHARED_GRAPH = 0.7, 0.082e6
_DEEP = 1_000  # operations; beyond them the optimiser of a forward graph takes more for each,
_DEEP_GRAPH = 0.055e6  # by so many bytes
_COPIES = {"forward": 0.76, "forward-backward": 1.29}  # of the largest output: what kernels lay out anew beside it
_WEIGHT_COPIES = {"forward": 2.5, "forward-backward": 0.0}  # of the largest convolution's weights, likewise
_ALWAYS = {"forward": 27e6, "forward-backward": 21e6}  # bytes, whatever the network


@dataclass(frozen=True, slots=True)
class Forecast:
    """Bytes that one mode takes at its peak, by parts, above what TensorFlow itself takes.

    activations: what a forward pass holds at one time, or what it keeps for the backward pass with the gradients of
    activations. gradients: those of variables. workspace: what kernels and TensorFlow's graph take beside.
    """

    mode: Mode
    weights: int
    gradients: int
    activations: int
    workspace: int

    @property
    def total(self) -> int:
        """All of it, in bytes."""
        return self.weights + self.gradients + self.activations + self.workspace


def forecasts(network: Network, plan: TimingPlan) -> tuple[Forecast, ...]:
    """The forecast of each mode of `plan`, in its order, as if it were timed alone."""
    return tuple(_forecast(network, plan, mode, plan.batch) for mode in plan.modes)


def forecast(network: Network, plan: TimingPlan) -> Forecast:
    """The forecast of the mode that takes most."""
    return max(forecasts(network, plan), key=lambda each: each.total)


def batch_within(network: Network, plan: TimingPlan, available: int) -> int:
    """The largest batch of which every mode is forecast to take no more than `available` bytes; 0 if none does."""
    return min(_most(network, plan, mode, available) for mode in plan.modes)


def _most(network: Network, plan: TimingPlan, mode: Mode, available: int) -> int:
    one, two = (_forecast(network, plan, mode, batch).total for batch in (1, 2))
    found = max(1 + (available - one) // (two - one), 0)
    # The parts are rounded: by the last byte the line through the two may lie too low.
    while found and _forecast(network, plan, mode, found).total > available:
        found -= 1
    return found


def _forecast(network: Network, plan: TimingPlan, mode: Mode, batch: int) -> Forecast:
    cost = network_cost(network)
    width = 2 if plan.precision == "bfloat16" else BYTES_PER_VALUE
    weights = cost.total_parameters * BYTES_PER_VALUE
    # In mixed precision each convolution's weights are there in both types.
    weights += cost.parameters * width if width != BYTES_PER_VALUE else 0
    image = batch * width
    largest = max(map(values, network.ops)) * image
    largest_weights = max((v.size for op in network.ops for v in variables(op)), default=0) * BYTES_PER_VALUE
    count = len(network.ops)
    shared = shares_units(plan, mode, network.design)
    if mode == "forward":
        activations, gradients = forward_peak(network) * image, 0.0
        graph = _GRAPH[mode] * count + _DEEP_GRAPH * max(count - _DEEP, 0)
    else:
        activations = training_peak(network) * image
        gradients = (_SHARED_GRADIENTS if shared else _GRADIENTS) * cost.parameters * BYTES_PER_VALUE
        graph = (_SHARED_GRAPH if shared else _GRAPH[mode]) * count
    workspace = _ALWAYS[mode] + graph + _COPIES[mode] * largest + _WEIGHT_COPIES[mode] * largest_weights
    return Forecast(mode, weights, round(gradients), activations, round(workspace))
