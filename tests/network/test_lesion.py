"""Networks without some residual branches: what is left is a network as any other, for every reader."""

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.cost import network_cost, op_costs, total, unit_costs
from resnet_studio.network.lesion import LesionError, parse_units, without_residuals
from resnet_studio.network.names import unit_name
from resnet_studio.network.network import expand
from resnet_studio.network.paths import units_of
from resnet_studio.network.receptive_field import last_field, weighted_layers
from resnet_studio.picture.graph import DETAILS, build_graph
from resnet_studio.picture.picture import make_picture

NAMES = ("resnet_v2_18", "resnet_v2_50", "resnet_v2_50_paper", "cifar_resnet_v2_20")


def whole(name="resnet_v2_50"):
    return expand(PRESETS[name])


def assert_sound(network):
    """Each operation comes after all that it reads, and what is named is there."""
    seen = set()
    for op in network.ops:
        assert seen.issuperset(op.inputs), op
        seen.add(op.name)
    assert len(seen) == len(network.ops)
    assert network.output in seen
    assert all(op in seen for _, op in network.end_points)
    read = {name for op in network.ops for name in op.inputs}
    assert seen - read == {network.ops[-1].name}, "something is computed for nobody"


def lesions(network):
    """Every unit alone, each block's last and first two, and all."""
    units = units_of(network)
    yield from ([unit] for unit in units)
    for name in {block for block, _ in units}:
        block = [unit for unit in units if unit[0] == name]
        yield block[-1:]
        yield block[:2]
        yield block
    yield units


def test_an_identity_leaves_no_operation():
    network = whole()
    left = without_residuals(network, [("block1", 2)])
    assert [op for op in left.ops if (op.block, op.unit) == ("block1", 2)] == []
    assert [op.name for op in left.ops] == [
        op.name for op in network.ops if not op.name.startswith("block1/unit_2/")
    ]  # and nothing else is gone
    before, after = "block1/unit_1/bottleneck_v2/add", "block1/unit_3/bottleneck_v2"
    assert left.by_name[f"{after}/preact"].inputs == (before,)
    assert left.by_name[f"{after}/shortcut"].inputs == (before,)


def test_a_projection_keeps_the_preact_it_reads():
    left = without_residuals(whole(), [("block2", 1)])
    unit = "block2/unit_1/bottleneck_v2"
    kept = [op.name for op in left.ops if (op.block, op.unit) == ("block2", 1)]
    assert kept == [f"{unit}/preact", f"{unit}/preact/Relu", f"{unit}/shortcut"]
    assert left.by_name["block2/unit_2/bottleneck_v2/preact"].inputs == (f"{unit}/shortcut",)


def test_a_subsample_keeps_itself_alone():
    left = without_residuals(whole(), [("block1", 3)])
    kept = [op.name for op in left.ops if (op.block, op.unit) == ("block1", 3)]
    assert kept == ["block1/unit_3/bottleneck_v2/shortcut"]
    assert dict(left.end_points)["resnet_v2_50/block1"] == kept[0]


def test_end_points_move_to_the_shortcut_or_go():
    network = whole()
    left = without_residuals(network, [("block1", 2)])
    gone = dict(network.end_points).keys() - dict(left.end_points).keys()
    assert gone == {f"resnet_v2_50/block1/unit_2/bottleneck_v2/conv{n}" for n in (1, 2, 3)}
    moved = dict(left.end_points)["resnet_v2_50/block1/unit_2/bottleneck_v2"]
    assert moved == "block1/unit_1/bottleneck_v2/add"


@pytest.mark.parametrize("name", NAMES)
def test_any_lesion_leaves_a_sound_network_that_every_reader_takes(name):
    network = whole(name)
    for units in lesions(network):
        left = without_residuals(network, units)
        assert_sound(left)
        assert list(left.shortcuts) == [unit for unit in units_of(network) if unit not in units]
        assert left.by_name[left.output].shape == network.by_name[network.output].shape
        assert network_cost(left).macs < network_cost(network).macs
        assert last_field(left).size <= last_field(network).size
        assert weighted_layers(left) < weighted_layers(network)
        for detail in DETAILS:
            graph = build_graph(left, detail)
            assert sorted(op for _, ops in graph.nodes(data="ops") for op in ops) == sorted(left.by_name)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("detail", DETAILS)
def test_any_lesion_can_be_drawn(name, detail):
    network = whole(name)
    for units in lesions(network):
        left = without_residuals(network, units)
        picture = make_picture(left, detail)
        shortcuts = [line for line in picture.lines if line.kind != "main"]
        assert {box.name for box in picture.boxes} == set(build_graph(left, detail))
        if detail == "units":
            assert len(shortcuts) == len(left.shortcuts)


def test_cost_of_an_identity_lesion_is_the_units():
    network = whole()
    unit = unit_costs(network)["block3", 2]
    left, all_of_it = network_cost(without_residuals(network, [("block3", 2)])), network_cost(network)
    assert (all_of_it.parameters - left.parameters, all_of_it.macs - left.macs) == (unit.parameters, unit.macs)
    assert all_of_it.state - left.state == unit.state


def test_cost_of_a_projection_lesion_leaves_projection_and_preact():
    network = whole()
    costs = op_costs(network)
    left = total(
        cost
        for name, cost in op_costs(without_residuals(network, [("block2", 1)])).items()
        if name.startswith("block2/unit_1/")
    )
    unit = "block2/unit_1/bottleneck_v2"
    assert left.parameters == costs[f"{unit}/shortcut"].parameters + costs[f"{unit}/preact"].parameters


def test_lesions_one_by_one_are_lesions_at_once():
    network = whole()
    units = [("block1", 1), ("block1", 3), ("block4", 2)]
    stepwise = network
    for unit in units:
        stepwise = without_residuals(stepwise, [unit])
    assert stepwise == without_residuals(network, units)
    assert without_residuals(network, []) is network


@pytest.mark.parametrize("unit", [("block1", 4), ("block1", 0), ("block9", 1), ("", 0)])
def test_an_unknown_unit_is_refused(unit):
    with pytest.raises(LesionError, match="no such unit in resnet_v2_50"):
        without_residuals(whole(), [unit])


def test_a_unit_has_one_residual_branch_to_lose():
    left = without_residuals(whole(), [("block2", 1)])
    with pytest.raises(LesionError):
        without_residuals(left, [("block2", 1)])


def test_units_are_read_as_they_are_written():
    units = (("block2", 3), ("a/b", 12))
    assert parse_units(",".join(map(unit_name, units))) == units
    assert parse_units(" block2/unit_3 , block2/unit_3") == units[:1]


@pytest.mark.parametrize(
    "text", ["", "block2", "block2/unit_", "/unit_3", "block2/unit_x", "block2/unit_٣", "a/unit_1,"]
)
def test_what_names_no_unit_is_refused(text):
    with pytest.raises(LesionError, match="names no unit"):
        parse_units(text)


def test_a_huge_number_is_refused_in_few_words():
    with pytest.raises(LesionError) as caught:
        parse_units("block1/unit_" + "9" * 5000)
    assert len(str(caught.value)) < 200
