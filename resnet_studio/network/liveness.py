"""How many values a network holds at one time, for one image: read off the operation list, in the order it is computed in.

An addition writes over one of the values it reads, and a ReLU over its only one, wherever nothing else reads that later; so
TensorFlow does. The images are there all the time. What only the end points need is not computed, nor held.
"""

from __future__ import annotations

from collections import Counter

from .network import Network, Op, same_pads
from .once import once
from .operations import read_by_gradient

_IN_PLACE = frozenset({"relu", "add"})


def values(op: Op) -> int:
    """The values of an operation's output."""
    height, width, depth = op.shape
    return height * width * depth


@once
def forward_peak(network: Network) -> int:
    """The most values held at one time in a forward pass that keeps nothing."""
    ops = _needed(network)
    uses = Counter(name for op in ops for name in op.inputs)
    held = 0
    peak = 0
    for op in ops:
        done = [name for name in op.inputs if uses[name] == op.inputs.count(name)]
        uses.subtract(op.inputs)
        freed = sum(values(network.by_name[name]) for name in done if name != "input")
        over = op.kind in _IN_PLACE and freed > 0
        held += 0 if over else values(op)
        peak = max(peak, held + padded(network, op))
        held -= freed - values(op) if over else freed
    return peak


@once
def kept(network: Network) -> dict[str, int]:
    """Values that a training step's forward pass keeps, as the backward pass reads them again: by the operation whose
    output they are, and, where a convolution pads by hand, by that convolution's name with '/pad' for its padded input.
    """
    return {
        name: padded(network, network.by_name[name.removesuffix("/pad")])
        if name.endswith("/pad")
        else values(network.by_name[name])
        for op in _needed(network)
        for name in _read_again(network, op)
    }


@once
def training_peak(network: Network) -> int:
    """The most values held at one time in a training step: what is kept, and the gradients on their way back.

    Gradients of variables are not among them.
    """
    ops = _needed(network)
    if not ops:
        return 0
    left = Counter(name for op in ops for name in _read_again(network, op))
    sizes = kept(network)
    held = peak = sum(sizes.values())
    gradients = {network.output: values(network.by_name[network.output])}
    for op in reversed(ops):
        if op.kind == "input":
            continue
        gradient = gradients.pop(op.name)
        new = {name: values(network.by_name[name]) for name in op.inputs if name != "input"}
        waiting = sum(gradients.values())
        during = gradient if op.kind in _IN_PLACE else gradient + sum(new.values())
        peak = max(peak, held + waiting + during)
        for name, size in new.items():
            gradients.setdefault(name, size)
        for name in _read_again(network, op):
            left[name] -= 1
            if not left[name]:
                held -= sizes[name]
    return peak


def padded(network: Network, op: Op) -> int:
    """The values of a convolution's input once it is padded by hand; 0 where the convolution pads by itself.

    TensorFlow pads ahead of an atrous one too, to a multiple of its rate, and moves the pixels between its taps to the batch.
    """
    if op.kind != "conv":
        return 0
    height, width, depth = network.by_name[op.inputs[0]].shape
    if op.rate == 1 and op.pads == same_pads(height, width, op.kernel, op.stride):
        return 0
    top, bottom, left, right = op.pads
    tall, wide = (-(-side // op.rate) * op.rate for side in (height + top + bottom, width + left + right))
    return tall * wide * depth


def _read_again(network: Network, op: Op) -> list[str]:
    """What the gradient of `op` reads, by the names in `kept`."""
    pad = (f"{op.name}/pad",) if padded(network, op) else ()
    return list(dict.fromkeys((*read_by_gradient(op), *pad)))


def _needed(network: Network) -> list[Op]:
    """The operations that the output needs, in order."""
    needed = {network.output}
    found: list[Op] = []
    for op in reversed(network.ops):
        if op.name in needed:
            needed.update(op.inputs)
            found.append(op)
    return found[::-1]
