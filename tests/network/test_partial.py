"""A design with problems is drawn as far as it is sound, with the faulty part marked in its place."""

from dataclasses import replace

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Unit
from resnet_studio.network.network import expand
from resnet_studio.network.partial import Missing, sound_part
from resnet_studio.picture.graph import DETAILS
from resnet_studio.picture.picture import make_picture

SOUND = PRESETS["resnet_v2_50"]


def with_unit(design, block, unit, **fields):
    units = list(design.blocks[block].units)
    units[unit] = replace(units[unit], **fields)
    return design.with_block(block, replace(design.blocks[block], units=tuple(units)))


def test_a_sound_design_is_drawn_whole():
    assert sound_part(SOUND).network == expand(SOUND)
    assert sound_part(SOUND).missing == ()


@pytest.mark.parametrize(("design", "units", "last", "missing"), [
    (replace(SOUND, image=("x", 224)), 0, None, ["input!", "root block", "block1", "block2", "block3", "block4", "tail"]),
    (replace(SOUND, root_depth=-1), 0, "input", ["root block!", "block1", "block2", "block3", "block4", "tail"]),
    (SOUND.with_block(2, SOUND.blocks[2].with_all("depth", "abc")), 7, "add", ["block3!", "block4", "tail"]),
    (SOUND.with_block(2, replace(SOUND.blocks[2], typed_count="six")), 7, "add", ["block3!", "block4", "tail"]),
    (SOUND.with_block(2, replace(SOUND.blocks[2], name="<img src=x>")), 7, "add", ["<img src=x>!", "block4", "tail"]),
    (with_unit(SOUND, 2, 3, depth=0), 10, "add", ["block3, unit 4!", "2 more units", "block4", "tail"]),
    (with_unit(SOUND, 2, 0, stride=99), 7, "add", ["block3!", "block4", "tail"]),
    (with_unit(with_unit(SOUND, 1, 2, depth=0), 3, 0, depth=0), 5, "add",
     ["block2, unit 3!", "1 more unit", "block3", "block4!", "tail"]),
    (replace(SOUND, num_classes=0), 16, "add", ["tail!"]),
    (replace(SOUND, stride_conv="conv9"), 0, "max_pool", ["blocks!", "block1", "block2", "block3", "block4", "tail"]),
    (replace(SOUND, blocks=()), 0, "max_pool", ["blocks!", "tail"]),
    (SOUND.with_block(3, replace(SOUND.blocks[3], name="block1")), 13, "add", ["block1!", "tail"]),
    (replace(SOUND, name="no name", weight_decay=-1.0), 16, "softmax", []),
    (SOUND.with_block(1, replace(SOUND.blocks[1], units=())), 3, "add", ["block2!", "block3", "block4", "tail"]),
    (SOUND.with_block(1, replace(SOUND.blocks[1], units=(Unit(8, 4),) * 2001)), 2003, "add",
     ["block2, unit 2001!", "block3", "block4", "tail"]),
])  # fmt: skip
def test_what_is_sound_is_drawn_and_what_is_not_is_listed_in_its_place(design, units, last, missing):
    part = sound_part(design)
    assert len(part.network.shortcuts) == units
    assert (part.network.ops[-1].kind if part.network.ops else None) == last
    assert [each.title + "!" * bool(each.fault) for each in part.missing] == missing
    for detail in DETAILS:
        picture = make_picture(part.network, detail, missing=part.missing)
        drawn = [box for box in picture.boxes if box.kind in ("fault", "missing")]
        assert [(box.title, box.kind == "fault") for box in drawn] == [(m.title, bool(m.fault)) for m in part.missing]


def test_a_fault_stands_in_its_block_and_tells_its_problem_and_the_remedy():
    part = sound_part(with_unit(SOUND, 2, 3, depth=0))
    assert part.missing[0] == Missing(
        "block3, unit 4", "depth: 0 is out of range. Use 1 to 8,192 channels.", block="block3", unit=4
    )
    picture = make_picture(part.network, missing=part.missing)
    band = next(band for band in picture.bands if band.block == "block3")
    fault = next(box for box in picture.boxes if box.kind == "fault")
    assert band.rect[0] < fault.rect[0]
    assert fault.rect[0] + fault.rect[2] < band.rect[0] + band.rect[2]
    assert band.rect[1] < fault.rect[1]
    assert fault.rect[1] + fault.rect[3] < band.rect[1] + band.rect[3]
    assert ("block3/unit_3/add", "missing/1") in [line.ends for line in picture.lines]
    assert picture.title == "resnet_v2_50: drawn as far as it is sound"


def test_every_layout_takes_a_design_without_anything_sound():
    part = sound_part(replace(SOUND, image=(0, 0)))
    for layout in ("layered", "top-down", "serpentine", "arc", "circular", "kamada-kawai", "spring"):
        assert len(make_picture(part.network, "units", layout, missing=part.missing).boxes) == 7
