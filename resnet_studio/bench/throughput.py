"""How much arithmetic a step does a second, and how near that comes to what the machine can do."""

from __future__ import annotations

from .plan import Mode

FORWARDS: dict[Mode, int] = {"forward": 1, "forward-backward": 3}


def gigaflops(mode: Mode, macs: int, batch: int, seconds: float) -> float:
    """Achieved GFLOP/s of a step of `seconds`: 2 x MACs x batch, three times that for forward-backward.

    macs: multiply-adds of one image's forward pass (convolutions and logits). A backward pass counts as two forward ones, since
    each convolution has the gradients of its input and of its filter to compute; the usual convention, as exact as MACs are.
    """
    return FORWARDS[mode] * 2 * macs * batch / seconds / 1e9


def share_of_ceiling(achieved: float, ceiling: float | None) -> float | None:
    """`achieved` over `ceiling`, both in GFLOP/s. None where the machine's ceiling (a large matrix product) is not known."""
    return achieved / ceiling if ceiling else None
