"""What differs between two networks: paired by likeness, told in words, and its costs add up."""

from dataclasses import replace

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.cost import Cost, network_cost, total
from resnet_studio.network.diff import diff
from resnet_studio.network.network import expand
from resnet_studio.picture.box_look import box_ink
from resnet_studio.picture.difference_marks import mark_differences
from resnet_studio.picture.palette import THEMES, contrast
from resnet_studio.picture.picture import make_picture

FIFTY = PRESETS["resnet_v2_50"]


def compared(a, b):
    return diff(expand(a), expand(b))


def changed_block(index, block):
    return FIFTY.with_block(index, block)


def test_a_design_differs_from_itself_in_nothing():
    found = compared(FIFTY, FIFTY)
    assert found.different == ()
    assert found.options == ()
    picture = make_picture(found.a)
    assert mark_differences(picture, found, "a") == picture


def test_units_that_were_put_in_are_found_between_those_that_stay():
    found = compared(FIFTY, PRESETS["resnet_v2_101"])
    assert {part.status for part in found.different} == {"added"}
    assert [part.b for part in found.different] == [f"block3/unit_{n}" for n in range(6, 23)]
    last = next(part for part in found.parts if part.b == "block3/unit_23")
    assert (last.a, last.status, last.name) == ("block3/unit_6", "same", "block3/unit_6 → block3/unit_23")


def test_the_other_way_round_they_are_removed():
    found = compared(PRESETS["resnet_v2_101"], FIFTY)
    assert found.count("removed") == 17 == len(found.different)


@pytest.mark.parametrize(
    ("a", "b"), [("resnet_v2_50", "resnet_v2_50_paper"), ("resnet_v2_50", "cifar_resnet_v2_110"), ("resnet_v2_18", "resnet_v2_152")]
)  # fmt: skip
def test_every_operation_is_in_one_part_and_the_costs_add_up(a, b):
    one, other = expand(PRESETS[a]), expand(PRESETS[b])
    found = diff(one, other)
    for network, names in ((one, "ops_a"), (other, "ops_b")):
        parts = [name for part in found.parts for name in getattr(part, names)]
        assert sorted(parts) == sorted(op.name for op in network.ops)
    assert total(part.cost_a for part in found.parts) == network_cost(one) == found.costs[0]
    assert total(part.cost_b for part in found.parts) == network_cost(other) == found.costs[1]


def test_both_forms_of_one_network_differ_in_strides_and_biases():
    found = compared(FIFTY, PRESETS["resnet_v2_50_paper"])
    assert found.options == (("conv_biases", "yes", "no"),)
    parts = {part.name: part for part in found.different}
    assert parts["block1/unit_2"].changes == ("conv3 without bias",)
    assert parts["block1/unit_3"].changes[:3] == (
        "shortcut subsample → identity",
        "conv2 stride 2 → 1",
        "output 28×28 → 56×56",
    )
    assert parts["block1/unit_3"].text.endswith("and 1 more")
    assert found.count("added") == found.count("removed") == 0


def test_a_narrower_block_is_changed_and_no_other():
    found = compared(FIFTY, changed_block(1, FIFTY.blocks[1].with_all("depth_bottleneck", 96)))
    assert [part.name for part in found.different] == [f"block2/unit_{n}" for n in (1, 2, 3, 4)]
    assert found.different[0].changes[:2] == ("conv1 depth 128 → 96", "conv2 depth 128 → 96")


def test_a_smaller_image_changes_sizes_alone():
    found = compared(FIFTY, replace(FIFTY, image=(160, 160)))
    assert found.options == (("image", "224×224", "160×160"),)
    first = next(part for part in found.different if part.a == "block1/unit_2")
    assert first.changes == ("output 56×56 → 40×40",)
    assert first.cost_a.parameters == first.cost_b.parameters
    assert first.cost_a.macs > first.cost_b.macs


def test_a_renamed_block_is_the_same_block():
    found = compared(FIFTY, changed_block(0, replace(FIFTY.blocks[0], name="stem")))
    assert found.different == ()
    assert found.parts[3].name == "block1/unit_1 → stem/unit_1"


def test_a_block_of_another_kind_says_so_first():
    found = compared(FIFTY, PRESETS["resnet_v2_34"])
    part = next(part for part in found.parts if part.a == "block2/unit_2")
    assert part.changes[0] == "bottleneck → basic"
    assert next(part for part in found.parts if part.a == "postnorm").changes == ("depth 2,048 → 512",)


def test_parts_outside_the_blocks_are_paired_on_their_side():
    found = compared(FIFTY, replace(FIFTY, include_root_block=False, num_classes=None))
    removed = [part.a for part in found.different if part.status == "removed"]
    assert removed == ["conv1", "pool1", "logits", "predictions"]


def test_thousands_of_equal_units_are_aligned_one_by_one():
    large = PRESETS["cifar_resnet_v2_1001"]
    found = compared(large, replace(large, blocks=(large.blocks[0].with_count(2000), *large.blocks[1:])))
    assert (found.count("added"), found.count("same")) == (1889, 339)


@pytest.mark.parametrize("fold", [False, True])
@pytest.mark.parametrize("detail", ["blocks", "units", "layers"])
def test_marks_of_a_picture_are_the_gravest_of_what_a_box_holds(detail, fold):
    found = compared(FIFTY, PRESETS["resnet_v2_101"])
    picture = mark_differences(make_picture(found.b, detail, fold=fold), found, "b")
    marked = {box.name: box for box in picture.boxes if box.mark}
    assert {box.mark for box in marked.values()} == {"added"}
    assert all(box.block == "block3" for box in marked.values())
    if detail == "units" and not fold:
        assert marked.keys() == {f"block3/unit_{n}{end}" for n in range(6, 23) for end in ("", "/add")}
        assert marked["block3/unit_6"].title == "+ unit 6"
        assert marked["block3/unit_6"].tooltip.endswith("+ added")


@pytest.mark.parametrize("theme", THEMES.values(), ids=THEMES)
def test_marked_boxes_read_in_both_themes(theme):
    found = compared(FIFTY, PRESETS["resnet_v2_101"])
    box = next(box for box in mark_differences(make_picture(found.b), found, "b").boxes if box.mark)
    for status in ("added", "removed", "changed"):
        ink = box_ink(replace(box, mark=status), theme)
        assert ink.edge == theme.difference(status)
        assert contrast(ink.title, ink.fill) >= 4.5
        assert contrast(ink.edge, theme.surface) >= 3


def test_every_cost_is_a_cost():
    found = compared(FIFTY, PRESETS["resnet_v2_101"])
    assert found.different[0].cost_a == Cost()
