"""What all paths of each length carry together: a single path's gradient times how many there are."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from resnet_studio.network.paths import Lengths

from .path_events import PathGradient

CARRYING = 0.95


def gradient_shares(gradients: Sequence[PathGradient], lengths: Lengths) -> dict[int, float]:
    """The part of the total gradient that the paths of each measured length carry: mean norm x number of paths.

    The parts add up to 1 over the lengths that were measured. Norms are added up as the paper does; gradients of paths
    partly cancel.   Veit et al. 2016, sec. 4.2, fig. 6 (c).
    """
    logs = {
        each.length: math.log(mean) + math.log(lengths[each.length])
        for each in gradients
        if (mean := sum(each.norms) / len(each.norms)) > 0
    }
    if not logs:
        return {}
    top = max(logs.values())
    weights = {length: math.exp(log - top) for length, log in logs.items()}
    total = sum(weights.values())
    return {length: weight / total for length, weight in sorted(weights.items())}


def carrying_band(shares: Mapping[int, float]) -> tuple[int, int]:
    """The lengths between which the middle 95 % of the total gradient lie, both included."""
    tail = (1 - CARRYING) / 2

    def end(lengths: Sequence[int]) -> int:
        reached = 0.0
        for length in lengths:
            reached += shares[length]
            if reached > tail:
                return length
        return lengths[-1]

    ordered = sorted(shares)
    return end(ordered), end(ordered[::-1])
