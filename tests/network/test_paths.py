"""The paths view's figures, judged by enumerating small networks and by the paper's own numbers."""

import math
import time
from collections import Counter
from itertools import pairwise

import networkx as nx
import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.network.cost import network_cost
from resnet_studio.network.lesion import LesionError, without_residuals
from resnet_studio.network.network import expand
from resnet_studio.network.paths import (
    count_paths,
    gradient_band,
    lengths_in_layers,
    lengths_in_units,
    path_layers,
    path_ops,
    random_path,
    remains,
    share,
    units_of,
)
from resnet_studio.network.receptive_field import weighted_layers

# Every kind of unit and shortcut, but few enough units to enumerate their paths.
MIXED = Design(
    "mixed",
    (
        Block("narrow", (Unit(96, 16), Unit(96, 16, 2), Unit(96, 16))),
        Block("basic", (Unit(64, 0), Unit(128, 0, 2), Unit(128, 0)), "basic"),
    ),
    image=(32, 32),
)


def network_of(name):
    return expand(MIXED if name == "mixed" else PRESETS[name])


def enumerated(network):
    """(residual branches, weighted layers) of every path, by walking them all."""
    graph = nx.DiGraph((name, op.name) for op in network.ops for name in op.inputs)
    units, layers = Counter(), Counter()
    for path in nx.all_simple_paths(graph, "input", network.output):
        ops = [network.by_name[name] for name in path]
        taken = {(op.block, op.unit) for op in ops if op.kind == "conv" and op.role == "residual"}
        units[len(taken)] += 1
        layers[sum(op.kind == "conv" for op in ops)] += 1
    return dict(units), dict(layers)


@pytest.mark.parametrize("name", ["mixed", "resnet_v2_18", "cifar_resnet_v2_20"])
def test_counts_are_those_of_an_enumeration(name):
    network = network_of(name)
    units, layers = enumerated(network)
    assert lengths_in_units(network) == units
    assert lengths_in_layers(network) == layers
    assert count_paths(network) == sum(units.values())


@pytest.mark.parametrize("lesion", [[("narrow", 1)], [("narrow", 2), ("basic", 1)], [("basic", 2)]])
def test_counts_of_a_lesion_are_those_of_an_enumeration(lesion):
    left = without_residuals(network_of("mixed"), lesion)
    units, layers = enumerated(left)
    assert lengths_in_units(left) == units
    assert lengths_in_layers(left) == layers


@pytest.mark.parametrize("name", PRESETS)
def test_the_longest_path_is_the_networks_name(name):
    network = network_of(name)
    lengths = lengths_in_layers(network)
    assert list(lengths) == sorted(lengths)
    assert max(lengths) == weighted_layers(network)
    assert sum(lengths.values()) == 2 ** len(network.shortcuts)


def test_resnet_50_has_65536_paths():
    network = network_of("resnet_v2_50")
    assert count_paths(network) == sum(lengths_in_units(network).values()) == 65_536
    # The root, four projections and the logits.
    assert min(lengths_in_layers(network)) == 6


def test_the_papers_figures_for_cifar_110():
    lengths = lengths_in_units(network_of("cifar_resnet_v2_110"))
    assert len(lengths) == 55
    assert gradient_band(54) == (5, 17)
    assert round(100 * share(lengths, 5, 17), 5) == 0.45367
    # "More than 95 % of paths go through 19 to 35 modules."  Veit et al. 2016, sec. 4.2.
    assert share(lengths, 19, 35) > 0.95


@pytest.mark.parametrize("units", [1, 2, 3, 16, 333, 4_000])
def test_the_band_holds_at_least_its_share(units):
    low, high = gradient_band(units)
    assert 0 <= low <= units / 5 <= high <= units
    inside = sum(math.comb(units, k) * 4 ** (units - k) for k in range(low, high + 1))
    assert inside * 100 >= 95 * 5**units


def test_1001_layers_answer_at_once():
    network = network_of("cifar_resnet_v2_1001")
    began = time.process_time()
    assert sum(lengths_in_units(network).values()) == sum(lengths_in_layers(network).values()) == 2**333
    assert gradient_band(333)[1] < 100
    assert time.process_time() - began < 1  # 15 ms here; an enumeration would outlast the sun


def test_the_deepest_design_of_two_kinds_of_unit_is_counted_in_seconds():
    blocks = (
        Block("a", (Unit(64, 16),) * 2000),
        Block("b", (Unit(32, 16),) * 2000, "basic"),
    )
    network = expand(Design("deep", blocks, image=(32, 32)))
    began = time.process_time()
    lengths = lengths_in_layers(network)
    assert sum(lengths.values()) == 2**4000
    assert max(lengths) == weighted_layers(network)
    assert time.process_time() - began < 10  # 1 s here; a product of the two polynomials takes 20


def test_shares_of_the_deepest_design_stay_numbers():
    units = 4_000
    lengths = {k: math.comb(units, k) for k in range(units + 1)}
    assert share(lengths, 0, units) == 1
    assert 0 <= share(lengths, 0, 10) < 1e-300


def test_a_random_path_is_as_long_as_asked_and_the_seeds():
    network = network_of("cifar_resnet_v2_110")
    path = random_path(network, 11, seed=3)
    assert len(path) == 11
    assert path < set(units_of(network))
    assert path == random_path(network, 11, seed=3) != random_path(network, 11, seed=4)
    assert random_path(network, 0, 0) == frozenset()
    assert random_path(network, 54, 0) == set(units_of(network))


@pytest.mark.parametrize("length", [-1, 17])
def test_no_path_of_an_impossible_length(length):
    with pytest.raises(ValueError, match="0 to 16 residual branches"):
        random_path(network_of("resnet_v2_50"), length, 0)


def test_a_path_goes_by_residual_branches_taken_and_shortcuts_else():
    network = network_of("mixed")
    ops = path_ops(network, [("narrow", 2)])
    assert (ops[0], ops[-1]) == ("input", "predictions")
    for before, after in pairwise(ops):
        assert before in network.by_name[after].inputs
    inside = [network.by_name[name] for name in ops if name.startswith("narrow/")]
    # The projection of unit 1 reads its preact; unit 3's identity has nothing but the addition.
    assert [op.layer.rpartition("/")[2] for op in inside if op.unit == 1] == ["preact", "preact", "shortcut", "add"]
    assert [op.name.rpartition("/")[2] for op in inside if op.unit == 2 and op.kind == "conv"] == [
        "conv1",
        "conv2",
        "conv3",
    ]
    assert [op.kind for op in inside if op.unit == 3] == ["add"]
    assert (
        path_layers(network, [("narrow", 2)]) == 1 + 1 + 3 + 2 + 1
    )  # root, projection, unit 2, two projections, logits


def test_every_path_has_a_length_that_is_counted():
    network = network_of("cifar_resnet_v2_20")
    layers = lengths_in_layers(network)
    assert path_layers(network, ()) == min(layers)
    assert path_layers(network, units_of(network)) == max(layers)
    assert all(path_layers(network, random_path(network, k, k)) in layers for k in range(10))


def test_a_lesion_in_the_middle_of_a_block_halves_the_paths():
    network = network_of("resnet_v2_50")
    left = remains(network, [("block3", 3)])
    assert (left.whole_paths, left.paths) == (65_536, 32_768)
    assert left.cost == network_cost(without_residuals(network, [("block3", 3)]))
    assert remains(network, [("block3", 3), ("block1", 1)]).paths == 16_384
    assert remains(network, units_of(network)).paths == 1
    with pytest.raises(LesionError):
        remains(network, [("block3", 7)])
