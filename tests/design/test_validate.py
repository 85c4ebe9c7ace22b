"""Every problem has its place, says the value, and what is allowed."""

from dataclasses import replace

import pytest

from resnet_studio.design.bounds import BOUNDS, parse_number, parse_whole
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Unit, block
from resnet_studio.design.validate import validate

GOOD = PRESETS["resnet_v2_50"]
ONE = (block("block1", 2, 8, 4, 1),)


@pytest.mark.parametrize("name", PRESETS)
def test_presets_have_no_problems(name):
    assert validate(PRESETS[name]) == ()


@pytest.mark.parametrize(
    ("change", "text"),
    [
        ({"blocks": ()}, "blocks: the table is empty. Keep 1 to 64 blocks."),
        ({"blocks": ONE * 65}, "blocks: 65 blocks are too many. Keep 1 to 64 blocks."),
        ({"image": (7, 224)}, "image height: 7 is out of range. Use 8 to 2,048 pixels."),
        ({"image": (224, 2049)}, "image width: 2,049 is out of range. Use 8 to 2,048 pixels."),
        ({"image": 224}, "image: 224 is not a size. Give height and width."),
        ({"image": (10**400, 224)}, "image height: 1.000e+400 is out of range."),
        ({"num_classes": 0}, "num_classes: 0 is out of range. Use 1 to 100,000 classes."),
        ({"num_classes": True}, "num_classes: True is not a whole number. Use 1 to 100,000 classes."),
        ({"num_classes": 10.0}, "num_classes: 10.0 is not a whole number. Use 1 to 100,000 classes."),
        ({"global_pool": "yes"}, "global_pool: 'yes' is not yes or no. Use true or false."),
        ({"root": "vgg"}, "root: 'vgg' is not one of its values. Use imagenet or cifar."),
        ({"channels": 0}, "channels: 0 is out of range. Use 1 to 1,024 channels."),
        ({"channels": "grey"}, "channels: 'grey' is not a whole number. Use 1 to 1,024 channels."),
        ({"version": "v3"}, "version: 'v3' is not one of its values. Use v2, v1 or plain."),
        ({"output_stride": 0}, "output_stride: 0 is out of range. Use 1 to 2,048."),
        ({"output_stride": True}, "output_stride: True is not a whole number. Use 1 to 2,048."),
        (
            {"output_stride": 6},
            "output_stride: 6 is not a multiple of 4, the root block's stride. Use 4, 8, 16 or 32, ",
        ),
        ({"output_stride": 12}, "output_stride: 12 is not reached: the strides go from 8 to 16. Use 4, 8, 16 or 32, "),
        ({"output_stride": 64}, "output_stride: 64 is not reached: all strides together make 32. Use 4, 8, 16 or 32, "),
        ({"blocks": (ONE[0].with_all("rate", 0),)}, "block1, rate: 0 is out of range. Use 1 to 64."),
        ({"blocks": (Block("b", (Unit(8, 4, 2, 3),)),)}, "b, unit_1, rate: a rate of 3 beside a stride of 2 is no "),
        ({"batch_norm_decay": float("nan")}, "batch_norm_decay: nan is not a finite number. Use 0 to 1."),
        ({"name": ""}, "name: the name is empty. "),
        ({"name": "a b"}, "name: 'a b' has characters that TensorFlow does not take in a name. "),
        ({"name": "<img src=x>"}, "name: '<img src=x>' has characters"),
        ({"blocks": (Block("conv1", ONE[0].units),)}, "conv1, name: 'conv1' names another part of the network. "),
        ({"blocks": ONE * 2}, "block1, name: 'block1' names two blocks. "),
        ({"blocks": (Block("b", ()),)}, "b, units: 0 is out of range. Use 1 to 2,000 units."),
        ({"blocks": (replace(ONE[0], typed_count="6x"),)}, "block1, units: '6x' is not a whole number. "),
        ({"blocks": (replace(ONE[0], typed_count="9999999999"),)}, "block1, units: 9,999,999,999 is out of range. "),
        ({"blocks": (ONE[0].with_all("depth", 0),)}, "block1, depth: 0 is out of range. Use 1 to 8,192 channels."),
        ({"blocks": (ONE[0].with_stride(9),)}, "block1, unit_2, stride: 9 is out of range. Use 1 to 8."),
        (
            {"blocks": (replace(ONE[0], kind="wide"),)},
            "block1, kind: 'wide' is not one of its values. Use bottleneck or basic.",
        ),
    ],
)
def test_a_problem_says_place_value_and_remedy(change, text):
    problems = validate(replace(GOOD, **change))
    assert problems, change
    assert str(problems[0]).startswith(text)


def test_a_mistake_in_a_row_is_told_once_and_one_in_a_unit_with_its_unit():
    row = replace(GOOD, blocks=(ONE[0].with_all("depth", "abc"),))
    assert [p.place.unit for p in validate(row)] == [None]
    unit = replace(GOOD, blocks=(Block("block1", (Unit(8, 4), Unit(8, -4))),))
    assert [(p.place.unit, p.place.field) for p in validate(unit)] == [(1, "depth_bottleneck")]


def test_a_basic_unit_has_no_use_for_a_bottleneck_depth():
    assert validate(replace(GOOD, blocks=(Block("block1", (Unit(8, 0),), "basic"),))) == ()


def test_all_units_together_are_bounded():
    blocks = tuple(block(f"block{i}", 1500, 8, 4, 1) for i in range(3))
    assert "4,500 units in all are too many" in str(validate(replace(GOOD, blocks=blocks))[0])


def test_bounds_hold_at_both_ends():
    for bound in BOUNDS.values():
        low, high = (int(bound.low), int(bound.high)) if bound.whole else (bound.low, bound.high)
        assert bound.fault(low) is None
        assert bound.fault(high) is None
        assert bound.fault(high + 1) is not None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("64", 64),
        (" 1,000 ", 1000),
        ("-3", -3),
        ("1e3", "1e3"),
        ("٣", "٣"),
        ("", ""),
        ("9" * 31, "9" * 31),
        ("0x1", "0x1"),
    ],
)
def test_whole_numbers_as_people_type_them(text, value):
    assert parse_whole(text) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("2", 2), (" 0.5 ", 0.5), ("1,000.25", 1000.25), (".5", 0.5), ("-1.5", -1.5), ("1e3", "1e3"), ("nan", "nan"), ("٣.٣", "٣.٣"),
     ("1.", "1."), ("", ""), (".", "."), ("1.2.3", "1.2.3")],
)  # fmt: skip
def test_numbers_are_read_as_people_write_them(text, value):
    assert parse_number(text) == value
    assert type(parse_number(text)) is type(value)


def test_an_output_stride_without_imagenets_root_need_not_be_a_multiple_of_4():
    for change in ({"include_root_block": False}, {"root": "cifar"}):
        assert validate(replace(GOOD, output_stride=2, **change)) == ()
        assert str(validate(replace(GOOD, output_stride=16, **change))[0]).startswith(
            "output_stride: 16 is not reached: all strides together make 8. Use 1, 2, 4 or 8, or none."
        )


def test_a_rate_beside_a_stride_that_the_output_stride_leaves_out_is_sound():
    units = (Unit(8, 4, 2), Unit(8, 4, 2, 3))
    assert validate(replace(GOOD, output_stride=8, blocks=(Block("b", units),))) == ()
    assert [p.place.unit for p in validate(replace(GOOD, blocks=(Block("b", units),)))] == [1]


def test_the_rate_that_strides_left_out_add_up_to_is_bounded():
    blocks = tuple(block(f"block{i}", 1, 8, 4, 8) for i in range(64))
    found = validate(replace(GOOD, output_stride=4, blocks=blocks))
    assert [str(p) for p in found] == [
        (
            "block2, unit_1, rate: with the strides left out before, the rate is 512. "
            "Keep 1 to 256, or use a larger output stride."
        )
    ]
