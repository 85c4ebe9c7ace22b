"""What is told about operations."""

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.cost import network_cost, unit_costs
from resnet_studio.network.network import expand
from resnet_studio.network.node_facts import node_facts, node_title, why_shortcut

NETWORK = expand(PRESETS["resnet_v2_50"])


def ops(*places):
    return [op.name for op in NETWORK.ops if (op.block, op.unit) in places]


def test_a_unit():
    facts = dict(node_facts(NETWORK, ops(("block3", 6))))
    cost = unit_costs(NETWORK)["block3", 6]
    assert (facts["Input"], facts["Output"]) == ("14×14×1024", "7×7×1024")
    assert facts["conv1"] == "1×1, stride 1, padding none, 1,024 → 256"
    assert facts["conv2"] == "3×3, stride 2, padding 1, 256 → 256"
    assert facts["Shortcut"] == "subsample"
    assert facts["Parameters"].startswith(f"{cost.parameters:,} (")
    assert facts["Moving statistics"] == f"{cost.state:,}"
    assert facts["Variables"].split("\n")[0] == "block3/unit_6/bottleneck_v2/preact/gamma 1024"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (("block1", 1), ("64 channels come in and 256 go out", "1×1 convolution")),
        (("block1", 2), ("256", "its stride is 1")),
        (("block1", 3), ("channels stay at 256", "its stride is 2")),
    ],
)
def test_why_a_shortcut_is_of_its_kind(place, words):
    for part in words:
        assert part in why_shortcut(NETWORK, place)


def test_one_convolution():
    facts = dict(node_facts(NETWORK, ["conv1"]))
    assert (facts["Kernel"], facts["Stride"], facts["Padding"]) == ("7×7", "2", "3")
    assert (facts["Channels"], facts["Biases"]) == ("3 → 64", "yes")
    assert facts["Receptive field"] == "7 pixels"


def test_the_whole_network_is_a_sum_and_its_variables_are_bounded():
    facts = dict(node_facts(NETWORK, [op.name for op in NETWORK.ops]))
    assert facts["Parameters"] == f"{network_cost(NETWORK).parameters:,} (100 % of all)"
    assert facts["Shortcuts"] == "9 identity, 4 projection, 3 subsample"
    assert len(facts["Variables"].split("\n")) == 61


@pytest.mark.parametrize(
    ("chosen", "title"),
    [
        (["conv1"], "conv1"),
        (ops(("block2", 3)), "block2/unit_3"),
        (ops(*[("block4", n) for n in (1, 2, 3)]), "block4"),
        (ops(("block4", 1), ("block4", 2)), "2 units"),
        ([*ops(("block4", 1)), "conv1"], "1 unit and 1 layer"),
    ],
)
def test_titles(chosen, title):
    assert node_title(NETWORK, chosen) == title


def test_nothing_is_told_of_nothing():
    assert node_facts(NETWORK, []) == []
