"""What the engine reports of a network's paths: a lesion's effect, its time against the whole, gradients by length."""

from __future__ import annotations

import math
from dataclasses import dataclass

from resnet_studio.design.bounds import BOUNDS

from .plan import MODE_TITLES, MOST_STEPS, Mode

LONGEST = 10**18  # nanoseconds: thirty years
_MOST_UNITS = int(BOUNDS["all_units"].high)


@dataclass(frozen=True, slots=True)
class LesionEffect:
    """How far the output of the network with a lesion is from the whole one's, on the same images and weights.

    relative_l2: |left - whole| / |whole| over all values of the output (the logits, where there are classes).
    kl: the mean divergence of the left one's predictions from the whole one's, in nats; agreement: the part of the images
    (without a global pool, of the positions) whose most likely class is the same. Both None without classes.
    """

    relative_l2: float
    kl: float | None
    agreement: float | None


@dataclass(frozen=True, slots=True)
class LesionRound:
    """A step of the whole network and one of what a lesion leaves, timed one after the other, first and second in turn."""

    mode: Mode
    index: int
    whole_nanoseconds: int
    left_nanoseconds: int


@dataclass(frozen=True, slots=True)
class PathGradient:
    """The gradient's norm at the input along single paths of one length, in units: one norm a path that was drawn."""

    length: int
    norms: list[float]


PathEvent = LesionEffect | LesionRound | PathGradient


def sound_path_event(event: PathEvent) -> bool:
    """Whether an event's values are of their types and possible."""
    match event:
        case LesionEffect(relative_l2=distance, kl=kl, agreement=agreement):
            known = [value for value in (kl, agreement) if value is not None]
            return len(known) != 1 and all(map(_size, (distance, *known))) and (agreement is None or agreement <= 1)
        case LesionRound(mode=mode, index=index, whole_nanoseconds=whole, left_nanoseconds=left):
            times = all(type(ns) is int and 0 < ns < LONGEST for ns in (whole, left))
            return mode in MODE_TITLES and type(index) is int and 0 <= index < MOST_STEPS and times
        case PathGradient(length=length, norms=norms):
            return type(length) is int and 0 <= length <= _MOST_UNITS and _sizes(norms)


def _sizes(values: object) -> bool:
    return isinstance(values, list) and bool(values) and all(map(_size, values))


def _size(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and math.isfinite(value) and value >= 0
