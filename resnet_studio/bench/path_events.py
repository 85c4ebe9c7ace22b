"""What the engine reports of a network's paths: a lesion's effect, its time against the whole, gradients by length."""

from __future__ import annotations

from typing import Annotated

from msgspec import Meta

from resnet_studio.design.bounds import BOUNDS

from .event_base import Duration, EventBase
from .plan import MOST_STEPS, Mode

_MOST_UNITS = int(BOUNDS["all_units"].high)
Size = Annotated[float, Meta(ge=0)]


class LesionEffect(EventBase, frozen=True):
    """How far the output of the network with a lesion is from the whole one's, on the same images and weights.

    relative_l2: |left - whole| / |whole| over all values of the output (the logits, where there are classes).
    kl: the mean divergence of the left one's predictions from the whole one's, in nats; agreement: the part of the images
    (without a global pool, of the positions) whose most likely class is the same. Both None without classes.
    """

    relative_l2: Size
    kl: Size | None
    agreement: Annotated[float, Meta(ge=0, le=1)] | None

    def __post_init__(self) -> None:
        if (self.kl is None) != (self.agreement is None):
            raise ValueError("a LesionEffect event with impossible values: kl and agreement go together")


class LesionRound(EventBase, frozen=True):
    """A step of the whole network and one of what a lesion leaves, timed one after the other, first and second in turn."""

    mode: Mode
    index: Annotated[int, Meta(ge=0, lt=MOST_STEPS)]
    whole_nanoseconds: Duration
    left_nanoseconds: Duration


class PathGradient(EventBase, frozen=True):
    """The gradient's norm at the input along single paths of one length, in units: one norm a path that was drawn."""

    length: Annotated[int, Meta(ge=0, le=_MOST_UNITS)]
    norms: Annotated[list[Size], Meta(min_length=1)]


PathEvent = LesionEffect | LesionRound | PathGradient
