"""The list of operations, its end points, shapes and costs, against TF-Slim's own figures."""

from dataclasses import replace

import pytest

from resnet_studio.design.presets import PRESETS, form_of, twin
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.design.validate import DesignError
from resnet_studio.network.cost import block_costs, network_cost, op_costs, total, unit_costs
from resnet_studio.network.network import conv2d_same_pads, expand, same_pads, variables

# name: trainable, with moving statistics (None: not known), GMACs, units. Sources: TF-Slim, and the papers' tables.
FIGURES = {
    "resnet_v2_50": (25_568_360, 25_613_800, 3.482, 16),
    "resnet_v2_101": (44_577_896, 44_675_560, 7.194, 33),
    "resnet_v2_152": (60_236_904, 60_380_648, 10.907, 50),
    "resnet_v2_200": (64_726_120, None, 14.401, 66),
    "resnet_v2_50_paper": (25_549_352, None, 4.089, 16),
    "resnet_v2_101_paper": (44_541_480, None, 7.801, 33),
    "resnet_v2_152_paper": (60_185_128, None, 11.514, 50),
    "resnet_v2_200_paper": (64_666_152, None, 15.007, 66),
    "resnet_v2_18_paper": (11_687_720, None, 1.814, 8),
    "resnet_v2_34_paper": (21_795_880, None, 3.664, 16),
    "cifar_resnet_v2_164": (1_703_258, None, 0.2445, 54),
    "cifar_resnet_v2_1001": (10_327_706, None, 1.488, 333),
}


@pytest.mark.parametrize("name", FIGURES)
def test_published_networks_have_their_published_size(name):
    trainable, everything, gmacs, units = FIGURES[name]
    network = expand(PRESETS[name])
    cost = network_cost(network)
    assert cost.parameters == trainable
    assert everything is None or cost.total_parameters == everything
    assert cost.macs / 1e9 == pytest.approx(gmacs, rel=1e-3)
    assert len(network.shortcuts) == units


def test_golden_cases_have_tf_slims_end_points_and_counts(golden):
    case, design = golden
    network = expand(design)
    cost = network_cost(network)
    assert [name for name, _ in network.end_points] == case["end_points"]
    assert cost.parameters == case["trainable_params"]
    assert cost.total_parameters == case["total_params"]


def test_every_operation_comes_after_its_inputs_and_has_a_name_of_its_own():
    for design in PRESETS.values():
        seen = set()
        for op in expand(design).ops:
            assert seen.issuperset(op.inputs)
            assert op.name not in seen
            seen.add(op.name)


def test_an_identity_reads_the_units_input_and_a_projection_reads_preact():
    network = expand(PRESETS["resnet_v2_50"])
    second = network.by_name["block1/unit_2/bottleneck_v2/add"]
    assert second.inputs[0] == "block1/unit_1/bottleneck_v2/add"
    projection = network.by_name["block2/unit_1/bottleneck_v2/shortcut"]
    assert projection.inputs == ("block2/unit_1/bottleneck_v2/preact/Relu",)
    subsample = network.by_name["block1/unit_3/bottleneck_v2/shortcut"]
    assert (subsample.kind, subsample.inputs) == ("subsample", ("block1/unit_2/bottleneck_v2/add",))


def test_kinds_of_shortcuts_of_resnet_50():
    kinds = list(expand(PRESETS["resnet_v2_50"]).shortcuts.values())
    first, middle, last = "projection", "identity", "subsample"
    assert kinds[:3] == [first, middle, last]
    assert kinds[3:7] == [first, middle, middle, last]
    assert kinds[7:13] == [first, middle, middle, middle, middle, last]
    assert kinds[13:] == [first, middle, middle]


def test_convolutions_with_batch_norm_have_no_bias_and_the_others_do():
    network = expand(PRESETS["resnet_v2_50"])
    names = {v.name for op in network.ops for v in variables(op)}
    unit = "block1/unit_1/bottleneck_v2"
    assert f"{unit}/conv3/biases" in names
    assert f"{unit}/shortcut/biases" in names
    assert "conv1/biases" in names
    assert "logits/biases" in names
    assert f"{unit}/conv1/biases" not in names
    assert f"{unit}/conv2/BatchNorm/gamma" in names
    paper = {v.name for op in expand(PRESETS["resnet_v2_50_paper"]).ops for v in variables(op)}
    assert {name for name in paper if name.endswith("biases")} == {"logits/biases"}


@pytest.mark.parametrize(("size", "kernel", "stride"), [(224, 3, 2), (57, 3, 2), (43, 7, 2), (8, 1, 3), (5, 3, 4)])
def test_padding_gives_the_rounded_up_size(size, kernel, stride):
    for pads in (same_pads(size, size, kernel, stride), conv2d_same_pads(size, size, kernel, stride)):
        assert (size + pads[0] + pads[1] - kernel) // stride + 1 == -(-size // stride)


def test_strided_padding_is_tf_slims_and_not_same():
    assert conv2d_same_pads(224, 224, 3, 2) == (1, 1, 1, 1)
    assert same_pads(224, 224, 3, 2) == (0, 1, 0, 1)
    assert conv2d_same_pads(224, 224, 7, 2) == (3, 3, 3, 3)


def test_costs_add_up():
    network = expand(PRESETS["resnet_v2_101"])
    costs, blocks, units = op_costs(network), block_costs(network), unit_costs(network)
    assert list(blocks) == ["block1", "block2", "block3", "block4"]
    assert total(blocks.values()) == total(units.values())
    outside = total(costs[op.name] for op in network.ops if not op.block)
    assert total(blocks.values()) + outside == network_cost(network)
    # conv1 by hand: 7x7 kernel, 3 -> 64 channels, output 112x112, one bias a channel.
    assert costs["conv1"].parameters == 7 * 7 * 3 * 64 + 64
    assert costs["conv1"].macs == 112 * 112 * 7 * 7 * 3 * 64


def test_activations_are_what_the_backward_pass_reads():
    network = expand(Design("net", (block("block1", 1, 8, 4, 1),), (8, 8), None, False, False))
    costs = op_costs(network)
    kept = {name: cost.activation_bytes for name, cost in costs.items() if cost.activation_bytes}
    unit = "block1/unit_1/bottleneck_v2"
    assert kept == {
        "input": 8 * 8 * 3 * 4,
        f"{unit}/preact/Relu": 8 * 8 * 3 * 4,
        f"{unit}/conv1": 8 * 8 * 4 * 4,
        f"{unit}/conv1/Relu": 8 * 8 * 4 * 4,
        f"{unit}/conv2": 8 * 8 * 4 * 4,
        f"{unit}/conv2/Relu": 8 * 8 * 4 * 4,
        f"{unit}/add": 8 * 8 * 8 * 4,
        "postnorm/Relu": 8 * 8 * 8 * 4,
    }


def test_forms_and_twins():
    assert form_of(PRESETS["resnet_v2_50"]) == "tf-slim"
    assert form_of(PRESETS["cifar_resnet_v2_110"]) == "paper"
    assert form_of(replace(PRESETS["resnet_v2_50"], conv_biases=False)) is None
    assert twin(PRESETS["resnet_v2_34"]) == PRESETS["resnet_v2_34_paper"]
    assert twin(replace(PRESETS["resnet_v2_34_paper"], name="mine")) == PRESETS["resnet_v2_34"]
    assert twin(PRESETS["cifar_resnet_v2_20"]) is None


def test_a_design_with_problems_is_not_expanded():
    design = Design("net", (Block("block1", (Unit("many", 4, 1),)),))
    with pytest.raises(DesignError, match=r"block1, unit_1, depth: 'many' is not a whole number\. Use 1 to 8,192"):
        expand(design)


def test_the_largest_networks_are_expanded():
    design = Design("net", (block("block1", 2000, 8, 4, 1), block("block2", 2000, 8, 4, 1)), (8, 8))
    assert len(expand(design).shortcuts) == 4000
