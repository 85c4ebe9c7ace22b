"""What an operation sees of the image (receptive field), and how many layers a network is said to have."""

from __future__ import annotations

from dataclasses import dataclass

from .network import Network

_TAIL = frozenset({"postnorm", "pool5", "logits", "predictions"})


@dataclass(frozen=True, slots=True)
class Field:
    """size: pixels a side that one output value depends on, as if the image had no border. stride: pixels between
    the fields of neighbouring outputs (the effective stride). He et al. 2016a; Araujo, Norris & Sim 2019, sec. 2.
    """

    size: int
    stride: int


def receptive_fields(network: Network) -> dict[str, Field]:
    """The field of each operation, by its name. An addition sees what the larger of its branches sees."""
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
    """The field of the last unit's output, or of what stands ahead of the tail; a pixel where there is no operation."""
    last = next((op for op in reversed(network.ops) if op.block or op.layer not in _TAIL), None)
    return receptive_fields(network)[last.name] if last else Field(1, 1)


def weighted_layers(network: Network) -> int:
    """The layers that a network's name counts: convolutions and logits on the longest way from input to output."""
    longest: dict[str, int] = {}
    for op in network.ops:
        longest[op.name] = max((longest[name] for name in op.inputs), default=0) + (op.kind == "conv")
    return longest.get(network.output, 0)
