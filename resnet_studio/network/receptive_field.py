"""The receptive field of an operation, and the number of layers that a network's name counts."""

from __future__ import annotations

from dataclasses import dataclass

from .network import Network
from .once import once

_TAIL = frozenset({"postnorm", "pool5", "logits", "predictions"})


@dataclass(frozen=True, slots=True)
class Field:
    """A receptive field.   He et al. 2016a; Araujo, Norris & Sim 2019, sec. 2.

    size: the side in pixels of the part of the image that one output value depends on, as if the image had no border.
    stride: pixels between the fields of neighbouring outputs (the effective stride).
    """

    size: int
    stride: int


@once
def receptive_fields(network: Network) -> dict[str, Field]:
    """The field of each operation, by its name. The field of an addition is that of its larger branch."""
    found: dict[str, Field] = {}
    for op in network.ops:
        if op.kind == "input":
            found[op.name] = Field(1, 1)
            continue
        fields = [found[name] for name in op.inputs]
        size, stride = max(each.size for each in fields), max(each.stride for each in fields)
        if op.kind == "global_pool":
            height, width, _ = network.by_name[op.inputs[0]].shape
            size += (max(height, width) - 1) * stride
        elif op.kernel:
            size += (op.effective_kernel - 1) * stride
        found[op.name] = Field(size, stride * op.stride)
    return found


def last_field(network: Network) -> Field:
    """The field of the last operation ahead of the tail; one pixel where there is no operation."""
    last = next((op for op in reversed(network.ops) if op.block or op.layer not in _TAIL), None)
    return receptive_fields(network)[last.name] if last else Field(1, 1)


@once
def weighted_layers(network: Network) -> int:
    """The number of layers in a network's name: convolutions and logits on the longest path from input to output."""
    longest: dict[str, int] = {}
    for op in network.ops:
        longest[op.name] = max((longest[name] for name in op.inputs), default=0) + (op.kind == "conv")
    return longest.get(network.output, 0)
