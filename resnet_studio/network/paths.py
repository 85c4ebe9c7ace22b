"""A residual network as a collection of paths: how many, how long, and what a lesion leaves of them.

Each unit is passed by its residual branch or by its shortcut, so n units make 2^n paths. Veit, Wilber & Belongie,
"Residual Networks Behave Like Ensembles of Relatively Shallow Networks" (2016), sec. 3. Everything is counted in whole
numbers, by binomials; no path is ever enumerated.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np

from .cost import Cost, network_cost
from .lesion import without_residuals
from .names import UnitPlace
from .network import Network

Lengths = Mapping[int, int]  # how many paths have each length, lengths ascending
_Ways = tuple[tuple[int, int], ...]

# In the paper's measurement a path's gradient shrinks by about the same factor with each unit, so that the gradient
# of all paths of a length is distributed as a binomial, whose share of residual units is 1/5: the middle 95 % of it
# are, for the 54 units of that measurement, the lengths 5 to 17 that the paper names.
_RESIDUAL_SHARE = (1, 5)
_TAIL = (1, 40)


def units_of(network: Network) -> tuple[UnitPlace, ...]:
    """The units that can be passed in two ways, in order: (block, number from 1)."""
    return tuple(network.shortcuts)


def paths_note(network: Network) -> str:
    """What the count of paths does not mean for a network of this version, as a sentence; '' for version 2."""
    match network.design.version:
        case "v1":
            return (
                "Version 1 has a ReLU behind each addition: what leads through the graph in 2^n ways is no sum over them, "
                "as it nearly is in version 2 (He et al. 2016b, sec. 2; Veit et al. 2016, sec. 3)."
            )
        case "plain":
            return "A plain network has no shortcuts: one path leads through it, and no unit can be left out."
    return ""


def count_paths(network: Network) -> int:
    """The number of paths from the input to the output: 2^units."""
    return 1 << len(network.shortcuts)


def lengths_in_units(network: Network) -> Lengths:
    """How many paths take the residual branch of 0, 1, 2 ... units: binomial coefficients."""
    return _binomials(len(network.shortcuts))


def lengths_in_layers(network: Network) -> Lengths:
    """How many paths pass so many weighted layers: every convolution on the way, with root, projections and logits.

    The longest is what the network's name counts where no projection is longer than its unit's residual branch.
    """
    groups = sorted(_ways(network).items(), key=lambda group: -group[1])
    least = 0
    counts = np.array([1], dtype=object)  # of paths of `least`, `least` + 1 ... layers: whole numbers of any size
    for ((short, times), *longer), units in groups:
        least += short * units
        if not longer:
            counts = counts * times**units
            continue
        gap = longer[0][0] - short
        # The largest group is a row of binomials. The others are multiplied in unit by unit: a sum of two whole numbers is
        # ten times as quick as a product, and both are needed equally often.
        if counts.size == 1:
            row = np.zeros(gap * units + 1, dtype=object)
            row[::gap] = [*_binomials(units).values()]
            counts = row * counts[0]
            continue
        for _ in range(units):
            grown = np.concatenate([counts, np.zeros(gap, dtype=object)])
            grown[gap:] += counts
            counts = grown
    return {least + index: count for index, count in enumerate(counts) if count}


def gradient_band(units: int) -> tuple[int, int]:
    """The lengths, both included and in units, that carry the gradient as in Veit et al. 2016, sec. 4.2: 5 to 17 of 54.

    For another number of units it is that measurement carried over, not a measurement (see engine.path_gradient).
    """
    residual, whole = _RESIDUAL_SHARE
    weights = [(whole - residual) ** units]
    for length in range(units):
        weights.append(weights[-1] * (units - length) * residual // ((length + 1) * (whole - residual)))
    total = whole**units
    return _cut(weights, total), units - _cut(weights[::-1], total)


def layers_between(network: Network, low: int, high: int) -> tuple[int, int]:
    """The fewest weighted layers of a path of `low` units and the most of one of `high`."""
    ways = [(way, units) for way, units in _ways(network).items()]
    shortest = sum(way[0][0] * units for way, units in ways)
    more = sorted(way[1][0] - way[0][0] for way, units in ways if len(way) == 2 for _ in range(units))
    return shortest + sum(more[:low]), shortest + sum(more[len(more) - high :])


def share(lengths: Lengths, low: int, high: int) -> float:
    """The part of all paths that are `low` to `high` long, both included: 0 to 1."""
    return sum(count for length, count in lengths.items() if low <= length <= high) / sum(lengths.values())


def random_path(network: Network, length: int, seed: int) -> frozenset[UnitPlace]:
    """The units whose residual branch one path takes, `length` of them, each such path as likely as another.

    Raises ValueError for a length that no path has.
    """
    units = units_of(network)
    if not 0 <= length <= len(units):
        raise ValueError(f"a path takes 0 to {len(units):,} residual branches here, not {length:,}")
    return frozenset(random.Random(seed).sample(units, length))


def path_ops(network: Network, taken: Collection[UnitPlace]) -> tuple[str, ...]:
    """The operations of one path, from the input to the last one: residual branches of `taken`, else shortcuts."""
    if not network.ops:
        return ()
    op = network.ops[-1]
    found = [op.name]
    while op.inputs:
        op = network.by_name[op.inputs[op.kind == "add" and (op.block, op.unit) in taken]]
        found.append(op.name)
    return tuple(reversed(found))


def path_layers(network: Network, taken: Collection[UnitPlace]) -> int:
    """The weighted layers of one path, as `lengths_in_layers` counts them."""
    return sum(network.by_name[name].kind == "conv" for name in path_ops(network, taken))


@dataclass(frozen=True, slots=True)
class Remains:
    """What a lesion leaves: units that still have both ways, paths and cost, and the same of the whole."""

    units: int
    cost: Cost
    whole_units: int
    whole_cost: Cost

    @property
    def paths(self) -> int:
        """The paths that are left."""
        return 1 << self.units

    @property
    def whole_paths(self) -> int:
        """The paths of the whole network."""
        return 1 << self.whole_units


def remains(network: Network, lesion: Collection[UnitPlace]) -> Remains:
    """What is left of `network` without the residual branches of `lesion`. Raises LesionError for an unknown unit."""
    left = without_residuals(network, lesion)
    return Remains(len(left.shortcuts), network_cost(left), len(network.shortcuts), network_cost(network))


def _ways(network: Network) -> Counter[_Ways]:
    """The lengths in layers of the ways through each unit, as ((length, count), ...), and how many units have such.

    All ways into a unit come through one operation, and all ways out through its addition: so the whole's lengths are
    the product of the units'. What stands outside is a factor of its own.
    """
    found: Counter[_Ways] = Counter()
    here: dict[str, Counter[int]] = {}  # the ways to each operation, from the last addition ahead of its unit
    for op in network.ops:
        ways: Counter[int] = Counter() if op.inputs else Counter({0: 1})
        for name in op.inputs:
            for length, count in here[name].items():
                ways[length + (op.kind == "conv")] += count
        if op.kind == "add":
            found[tuple(sorted(ways.items()))] += 1
            ways = Counter({0: 1})
        here[op.name] = ways
    if network.ops:
        found[tuple(here[network.output].items())] += 1
    return found


def _binomials(units: int) -> dict[int, int]:
    counts = [1]
    for k in range(units):
        counts.append(counts[-1] * (units - k) // (k + 1))
    return dict(enumerate(counts))


def _cut(weights: list[int], total: int) -> int:
    """How many of the first `weights` make a tail of less than 2.5 % of the total."""
    part, whole = _TAIL
    tail = 0
    for index, weight in enumerate(weights):
        tail += weight
        if tail * whole > total * part:
            return index
    raise AssertionError(f"weights of {sum(weights)} are no distribution of {total}")
