"""The network as a tree."""

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand
from resnet_studio.network.nodes import NodeTree

NETWORK = expand(PRESETS["resnet_v2_50"])


def test_every_level_holds_exactly_the_operations_of_the_one_above():
    waiting, leaves = [NodeTree(NETWORK).root], []
    while waiting:
        node = waiting.pop(0)
        if node.children:
            assert [op for child in node.children for op in child.ops] == list(node.ops)
            assert sum(child.cost.macs for child in node.children) == node.cost.macs
            waiting = [*node.children, *waiting]
        else:
            leaves += node.ops
    assert leaves == list(NETWORK.ops)


def test_blocks_units_layers_operations():
    tree = NodeTree(NETWORK)
    assert tree.root.cost == network_cost(NETWORK)
    block = next(node for node in tree.root.children if node.name == "block2")
    assert (block.kind, len(block.children)) == ("block of 4", 4)
    unit = block.children[3]
    assert (unit.label, unit.kind) == ("unit_4", "unit, subsample")
    conv = next(node for node in unit.children if node.label == "conv2")
    assert [node.kind for node in conv.children] == ["conv", "batch norm", "relu"]
    assert unit.children[-1].kind == "add"


def test_a_unit_is_covered_without_the_addition_at_its_end():
    tree = NodeTree(NETWORK)
    unit = tree.root.children[3].children[0]
    names = [op.name for op in unit.ops]
    assert unit.covered_by(frozenset(names[:-1]))
    assert not unit.covered_by(frozenset(names[1:]))
    assert not unit.covered_by(frozenset(names[-1:]))
