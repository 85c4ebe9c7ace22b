"""What follows from a design: worked out once, and shared from edit to edit."""

from dataclasses import replace

import pytest

from resnet_studio.design.presets import PRESETS, other_form
from resnet_studio.design.validate import validate
from resnet_studio.network.cost import network_cost, op_costs
from resnet_studio.network.derived import Derived
from resnet_studio.network.folding import runs
from resnet_studio.network.lesion import without_residuals
from resnet_studio.network.network import expand, one_unit
from resnet_studio.network.operations import Network, stretches_of
from resnet_studio.network.partial import sound_part

DESIGN = PRESETS["resnet_v2_50"]
WRONG = replace(DESIGN, num_classes=0)


def test_each_value_is_the_one_that_its_function_gives():
    whole, wrong = Derived(DESIGN), Derived(WRONG)
    assert (whole.problems, whole.network, whole.part) == ((), expand(DESIGN), sound_part(DESIGN))
    assert (wrong.problems, wrong.network, wrong.part) == (validate(WRONG), None, sound_part(WRONG))
    assert whole.twin.design == other_form(DESIGN)
    assert whole.twin.network == expand(other_form(DESIGN))


def test_each_value_is_worked_out_once():
    derived = Derived(DESIGN)
    assert derived.network is derived.network
    assert derived.part.network is derived.network
    assert derived.twin is derived.twin
    assert op_costs(derived.network) is op_costs(derived.network)
    assert runs(derived.network) is runs(derived.network)


def changed(index, **fields):
    block = DESIGN.blocks[index]
    for field, value in fields.items():
        block = block.with_count(value) if field == "count" else block.with_all(field, value)
    return DESIGN.with_block(index, block)


@pytest.mark.parametrize(("design", "kept"), [
    (replace(DESIGN, num_classes=7), 16),
    (replace(DESIGN, weight_decay=0.5), 16),
    (replace(DESIGN, global_pool=False), 16),
    (changed(3, depth_bottleneck=64), 13),
    (changed(2, count=9), 3 + 4 + 5 + 2),  # all but block3's last unit, which strides, and the one behind it
    (replace(DESIGN, image=(128, 128)), 0),
    (replace(DESIGN, name="other"), 0),
    (replace(DESIGN, conv_biases=False), 0),
    (replace(DESIGN, batch_norm_epsilon=1e-3), 0),
    (replace(DESIGN, stride_conv="conv1"), 0),
])  # fmt: skip
def test_units_that_an_edit_leaves_alone_are_the_same_objects_and_all_is_as_if_built_anew(design, kept):
    before, after = expand(DESIGN), expand(design)
    units = {id(part) for part in before.stretches if part.place[1]}
    assert sum(id(part) in units for part in after.stretches) == kept
    one_unit.cache_clear()
    anew = expand(design)
    assert after == anew
    assert op_costs(after) == op_costs(anew) == op_costs(Network(design, anew.ops, anew.end_points, anew.output))
    assert not {id(part) for part in after.stretches} & {id(part) for part in anew.stretches}


@pytest.mark.parametrize("name", ["resnet_v2_18", "resnet_v2_50_paper", "cifar_resnet_v2_110"])
def test_stretches_are_the_list_cut_at_units(name):
    network = expand(PRESETS[name])
    assert tuple(op for part in network.stretches for op in part.ops) == network.ops
    cut = stretches_of(network.ops)
    assert [(part.ops, part.entry, part.shortcut) for part in network.stretches] == [
        (part.ops, part.entry, part.shortcut) for part in cut
    ]


def test_a_lesion_keeps_the_costs_of_what_it_leaves():
    network = expand(DESIGN)
    left = without_residuals(network, [("block2", 2)])
    assert network_cost(left).parameters < network_cost(network).parameters
    assert op_costs(left)["logits"] == op_costs(network)["logits"]


def test_an_identity_behind_a_unit_that_is_its_projection_alone_is_an_identity_still():
    network = expand(DESIGN)
    assert network.shortcuts["block2", 2] == "identity"
    left = without_residuals(network, [("block2", 1)])
    assert left.shortcuts["block2", 2] == "identity"
    assert ("block2", 1) not in left.shortcuts
