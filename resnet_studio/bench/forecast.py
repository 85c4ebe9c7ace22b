"""How much memory a plan takes at the least, so that what can never fit is refused before anything is allocated."""

from __future__ import annotations

from dataclasses import dataclass

from resnet_studio.arch.cost import BYTES_PER_VALUE, network_cost
from resnet_studio.arch.network import Network, Op

from .plan import TimingPlan


@dataclass(frozen=True, slots=True)
class Forecast:
    """Bytes: what is there whatever the batch, and what each image adds."""

    fixed: int
    per_image: int

    def at(self, batch: int) -> int:
        """Bytes for a batch of that many images."""
        return self.fixed + batch * self.per_image

    def batch_within(self, available: int) -> int:
        """The largest batch that takes no more than `available` bytes; 0 if none does."""
        return max((available - self.fixed) // self.per_image, 0)


def forecast(network: Network, plan: TimingPlan) -> Forecast:
    """A floor under the memory of `plan`; what TensorFlow itself, workspaces and gradients of activations take is above.

    Forward: the weights, and the most that one operation reads and writes. Forward-backward: the weights, their
    gradients, and all activations that the backward pass reads again.
    """
    cost = network_cost(network)
    if "forward-backward" in plan.modes:
        return Forecast((cost.total_parameters + cost.parameters) * BYTES_PER_VALUE, cost.activation_bytes)
    values = {op.name: _values(op) for op in network.ops}
    widest = max(values[op.name] + sum(values[name] for name in op.inputs) for op in network.ops)
    return Forecast(cost.total_parameters * BYTES_PER_VALUE, widest * BYTES_PER_VALUE)


def _values(op: Op) -> int:
    height, width, depth = op.shape
    return height * width * depth
