"""Shares: where the time of a step goes, by operation of the network, by kind of operation, and what belongs to none.

Percent of the forward and of the backward time of profiled steps (of the median of them), which are never among the timed ones: a profiler
slows down what it looks at, so its durations are worth nothing, but their proportions are.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from typing import Any

import msgspec

from .plan import MODE_TITLES, Mode

Pair = tuple[float, float]  # % of the forward time, % of the backward time

MOST_OPS = 12_000  # of one profile: a line of events is bounded, and so is what a file may bring
_MOST_NAMES = 100
_LONGEST = 300
_TOLERANCE = 0.1  # percent


class Shares(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Where a mode's time goes. Each pair is (% of the forward time, % of the backward time).

    ops: by the name of the network's operation (network.network.Op.name); one whose work TensorFlow fused into another's
    has none. kinds: the same time by kind of operation ('convolution', 'filter gradient'). remainder: what belongs to
    no operation of the network ('loss', 'weight decay', 'between operations'). ops and remainder together are 100 %
    of each part, and so are kinds and remainder. backward: the backward part of the whole step, in percent; 0 for a
    step without one. steps: how many were profiled. Raises ValueError for shares that can't be.
    """

    mode: Mode
    steps: int
    backward: float
    ops: dict[str, Pair] = {}
    kinds: dict[str, Pair] = {}
    remainder: dict[str, Pair] = {}

    def __post_init__(self) -> None:
        if fault := _fault(self):
            raise ValueError(f"not shares: {fault}")

    def of_step(self, pair: Pair) -> Pair:
        """(forward, backward) of `pair` in percent of the whole step."""
        return pair[0] * (100 - self.backward) / 100, pair[1] * self.backward / 100


def total(pairs: Iterable[Pair]) -> Pair:
    """The sum of shares; (0, 0) of none."""
    forward = backward = 0.0
    for pair in pairs:
        forward, backward = forward + pair[0], backward + pair[1]
    return forward, backward


def shares_to_json(shares: Shares) -> dict[str, Any]:
    """`shares` fit for JSON: the fields by their names."""
    return msgspec.structs.asdict(shares)


def shares_from_json(value: Any) -> Shares:
    """The shares in what `shares_to_json` made. Raises ValueError for anything else."""
    try:
        return msgspec.convert(value, Shares)
    except (msgspec.MsgspecError, ValueError) as error:
        raise ValueError(f"not shares: {error}") from error


def _fault(shares: Shares) -> str:
    """What is wrong, or ''."""
    if all(shares.mode != mode for mode in MODE_TITLES):  # asked this way round, as it may be anything
        return f"{str(shares.mode)[:40]!r} is not a mode"
    if type(shares.steps) is not int or not 0 < shares.steps <= 10**6:
        return "an impossible number of steps"
    if not _is_share(shares.backward) or (shares.mode == "forward" and shares.backward):
        return "an impossible backward part"
    if len(shares.ops) > MOST_OPS or max(len(shares.kinds), len(shares.remainder)) > _MOST_NAMES:
        return "too many"
    for part in (shares.ops, shares.kinds, shares.remainder):
        for name, pair in part.items():
            if not 0 < len(name) <= _LONGEST or not all(map(_is_share, pair)):
                return f"{str(pair)[:40]} for {name[:40]!r}"
    for name, part in (("operations", shares.ops), ("kinds", shares.kinds)):
        forward, backward = total([*part.values(), *shares.remainder.values()])
        wanted = 100 if shares.backward else 0
        if abs(forward - 100) > _TOLERANCE or abs(backward - wanted) > _TOLERANCE:
            return f"the {name} sum to {forward:.3f} % and {backward:.3f} %"
    return ""


def _is_share(value: object) -> bool:
    """A percentage: a finite number from 0 to 100, and a little for rounding."""
    return (
        isinstance(value, (int, float))
        and not isinstance(value, bool)
        and math.isfinite(value)
        and 0 <= value <= 100 + _TOLERANCE
    )
