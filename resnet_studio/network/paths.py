"""A residual network as a collection of paths: how many there are, how long they are, and how many a lesion leaves.

A path takes either the residual branch or the shortcut of each unit, so n units make 2^n paths. Veit, Wilber & Belongie,
"Residual Networks Behave Like Ensembles of Relatively Shallow Networks" (2016), sec. 3. All counts are
exact whole numbers from binomial coefficients; no path is ever enumerated.
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

Lengths = Mapping[int, int]  # the number of paths of each length, shortest first
_Ways = tuple[tuple[int, int], ...]

# In the paper's measurement each residual branch on a path shrinks the gradient by about the same factor. So the
# gradient that all paths of a length carry follows a binomial distribution. With a probability of 1/5 for a residual
# branch, the middle 95 % of it are the lengths 5 to 17 that the paper names for its 54 units.
_RESIDUAL_SHARE = (1, 5)
_TAIL = (1, 40)


def units_of(network: Network) -> tuple[UnitPlace, ...]:
    """The units that a path can pass in two ways, in order: (block, number from 1)."""
    return tuple(network.shortcuts)


def paths_note(network: Network) -> str:
    """A sentence about the limits of counting paths in a network of this version; '' for version 2."""
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
    """The number of paths that take 0, 1, 2 ... residual branches. These are binomial coefficients."""
    return _binomials(len(network.shortcuts))


def lengths_in_layers(network: Network) -> Lengths:
    """The number of paths of each length in weighted layers.

    All convolutions on a path count, also those of the root, projections and the logits. The largest length is the number
    in the network's name, unless a projection is longer than its unit's residual branch.
    """
    groups = sorted(_ways(network).items(), key=lambda group: -group[1])
    least = 0
    counts = np.array(
        [1], dtype=object
    )  # the paths of `least`, `least` + 1 ... layers; objects, because the numbers exceed 64 bits
    for ((short, times), *longer), units in groups:
        least += short * units
        if not longer:
            counts = counts * times**units
            continue
        gap = longer[0][0] - short
        # The first group with two ways gives a row of binomials. The others are multiplied in unit by unit: that needs
        # sums in place of products, and a sum of two large numbers is ten times as quick as a product.
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
    """The shortest and the longest path, in units, that carry most of the gradient: 5 to 17 of 54 units.

    Veit et al. 2016, sec. 4.2, measured 54 units. For other numbers of units this is an estimate from their result, not a
    measurement (for that see engine.path_gradient).
    """
    residual, whole = _RESIDUAL_SHARE
    weights = [(whole - residual) ** units]
    for length in range(units):
        weights.append(weights[-1] * (units - length) * residual // ((length + 1) * (whole - residual)))
    total = whole**units
    return _cut(weights, total), units - _cut(weights[::-1], total)


def layers_between(network: Network, low: int, high: int) -> tuple[int, int]:
    """(the fewest weighted layers of a path of `low` residual branches, the most of a path of `high` residual branches)."""
    ways = [(way, units) for way, units in _ways(network).items()]
    shortest = sum(way[0][0] * units for way, units in ways)
    more = sorted(way[1][0] - way[0][0] for way, units in ways if len(way) == 2 for _ in range(units))
    return shortest + sum(more[:low]), shortest + sum(more[len(more) - high :])


def share(lengths: Lengths, low: int, high: int) -> float:
    """The fraction of all paths whose length is from `low` to `high`, both included: 0 to 1."""
    return sum(count for length, count in lengths.items() if low <= length <= high) / sum(lengths.values())


def random_path(network: Network, length: int, seed: int) -> frozenset[UnitPlace]:
    """A random path, as the set of the units whose residual branch it takes. All paths of a length are equally likely.

    length: the number of residual branches. Raises ValueError for a length that no path has.
    """
    units = units_of(network)
    if not 0 <= length <= len(units):
        raise ValueError(f"a path takes 0 to {len(units):,} residual branches here, not {length:,}")
    return frozenset(random.Random(seed).sample(units, length))


def path_ops(network: Network, taken: Collection[UnitPlace]) -> tuple[str, ...]:
    """The names of the operations on one path, from the input to the last operation.

    taken: the units whose residual branch the path takes; it takes the shortcuts of the others.
    """
    if not network.ops:
        return ()
    op = network.ops[-1]
    found = [op.name]
    while op.inputs:
        op = network.by_name[op.inputs[op.kind == "add" and (op.block, op.unit) in taken]]
        found.append(op.name)
    return tuple(reversed(found))


def path_layers(network: Network, taken: Collection[UnitPlace]) -> int:
    """The number of weighted layers on one path, as `lengths_in_layers` counts them."""
    return sum(network.by_name[name].kind == "conv" for name in path_ops(network, taken))


@dataclass(frozen=True, slots=True)
class Remains:
    """What a lesion leaves of a network, beside the whole network.

    units, whole_units: the number of units with both ways, after the lesion and before.
    cost, whole_cost: the cost after the lesion and before.
    """

    units: int
    cost: Cost
    whole_units: int
    whole_cost: Cost

    @property
    def paths(self) -> int:
        """The number of paths that are left."""
        return 1 << self.units

    @property
    def whole_paths(self) -> int:
        """The number of paths of the whole network."""
        return 1 << self.whole_units


def remains(network: Network, lesion: Collection[UnitPlace]) -> Remains:
    """What is left of `network` without the residual branches of the units in `lesion`.

    Raises LesionError for an unknown unit.
    """
    left = without_residuals(network, lesion)
    return Remains(len(left.shortcuts), network_cost(left), len(network.shortcuts), network_cost(network))


def _ways(network: Network) -> Counter[_Ways]:
    """The ways through a unit, as ((length in layers, count), ...), with the number of units that have these ways.

    All ways enter a unit through one operation and leave it through its addition. So the paths of the network are the
    product of the ways through its units. The operations behind the last addition are one more factor.
    """
    found: Counter[_Ways] = Counter()
    here: dict[str, Counter[int]] = {}  # the ways to each operation from the last addition ahead of it
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
    """The number of first `weights` that together are at most 2.5 % of the total."""
    part, whole = _TAIL
    tail = 0
    for index, weight in enumerate(weights):
        tail += weight
        if tail * whole > total * part:
            return index
    raise AssertionError(f"weights of {sum(weights)} are no distribution of {total}")
