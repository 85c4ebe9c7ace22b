"""How many values a network holds in memory at one time, for one image, from the list of operations in its order.

As in TensorFlow, an addition or a ReLU writes its output over one of its inputs where nothing reads that input later.
The images stay in memory all the time. What only the end points need is neither computed nor held.
"""

from __future__ import annotations

from collections import Counter

from .network import Network, Op, same_pads
from .once import once
from .operations import read_by_gradient

_IN_PLACE = frozenset({"relu", "add"})


def values(op: Op) -> int:
    """The number of values in an operation's output, for one image."""
    height, width, depth = op.shape
    return height * width * depth


@once
def forward_peak(network: Network) -> int:
    """The largest number of values held at one time in a forward pass that keeps nothing for a backward pass."""
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
    """The number of values that a forward pass keeps for the backward pass, by the name of the operation that gave them.

    Where the input of a convolution is padded ahead of it, the padded input stands under the convolution's name with '/pad'.
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
    """The largest number of values held at one time in a training step: kept outputs and the gradients of activations.

    The gradients of variables are not counted.
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
    """The number of values in a convolution's padded input; 0 where the convolution pads by itself.

    The input of an atrous convolution is always padded, to a multiple of its rate, because TensorFlow moves the pixels
    between the taps to the batch.
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
    """The names, as in `kept`, of the values that the gradient of `op` reads."""
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
