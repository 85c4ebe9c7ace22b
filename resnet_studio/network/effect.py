"""How a change of a design changes its costs, as words that stand beside a choice."""

from __future__ import annotations

from resnet_studio.design.spec import Design
from resnet_studio.design.validate import DesignError
from resnet_studio.design.words import bytes_text, macs_text

from .cost import network_cost
from .network import expand


def effect_text(before: Design, after: Design) -> str:
    """The costs of `after`, and their ratio to those of `before`: '18.88 GMACs (5.42×), 156 MiB an image (2.62×)'.

    The memory is that of the activations that a training step keeps. Where `after` has problems, the text is the first of
    them.
    """
    try:
        new = network_cost(expand(after))
    except DesignError as error:
        return str(error.problems[0])
    try:
        old = network_cost(expand(before))
    except DesignError:
        return f"{macs_text(new.macs)}, {bytes_text(new.activation_bytes)} an image"
    macs, memory = _times(new.macs, old.macs), _times(new.activation_bytes, old.activation_bytes)
    return f"{macs_text(new.macs)}{macs}, {bytes_text(new.activation_bytes)} an image{memory}"


def _times(new: int, old: int) -> str:
    return f" ({new / old:.3g}×)" if old and new != old else ""
