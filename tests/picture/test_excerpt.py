"""Parts of pictures."""

import math
from xml.etree import ElementTree as ET

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.picture.colouring import colouring
from resnet_studio.picture.excerpt import selection, within
from resnet_studio.picture.palette import DARK
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.svg import to_svg

NETWORK = expand(PRESETS["resnet_v2_50"])
PICTURE = make_picture(NETWORK, colouring=colouring(NETWORK, "macs"))


def test_the_whole_is_within_its_own_rectangle():
    assert within(PICTURE, PICTURE.rect) == PICTURE
    x, y, width, height = PICTURE.rect
    assert within(PICTURE, (x - 500, y - 500, width + 1000, height + 1000)) == PICTURE
    assert within(PICTURE, (x + 10_000, y, 5, 5)) == PICTURE


def test_a_view_holds_what_is_seen_in_it():
    box = next(box for box in PICTURE.boxes if box.name == "block2/unit_2")
    part = within(PICTURE, box.rect)
    assert part.rect == pytest.approx(box.rect)
    assert [each.name for each in part.boxes] == ["block2/unit_2"]
    assert part.bar == PICTURE.bar


@pytest.mark.parametrize("layout", ["layered", "top-down", "serpentine", "arc", "circular"])
@pytest.mark.parametrize("detail", ["units", "layers"])
def test_a_selected_unit_comes_with_its_addition_and_its_shortcut(detail, layout):
    picture = make_picture(NETWORK, detail, layout)
    names = {box.name for box in picture.boxes if (box.block, box.unit) == ("block3", 2) and box.form != "add"}
    part = selection(picture, names)
    add = next(box.name for box in picture.boxes if (box.block, box.unit, box.form) == ("block3", 2, "add"))
    assert {box.name for box in part.boxes} == names | {add}
    assert [line.kind for line in part.lines if line.kind != "main"] == ["identity"]
    left, top, width, height = part.rect
    for box in part.boxes:
        x, y, w, h = box.rect
        assert left <= x < x + w <= left + width
        assert top <= y < y + h <= top + height
    assert width < picture.rect[2]


def test_of_lines_that_lead_out_of_a_selection_a_stub_is_left():
    part = selection(PICTURE, {"block2/unit_4", "block3/unit_2"})
    lines = {line.ends: line for line in part.lines}
    whole = {line.ends: line for line in PICTURE.lines}
    inside = ("block3/unit_2", "block3/unit_2/add")
    assert lines[inside] == whole[inside]
    assert lines["block2/unit_3/add", "block2/unit_4/add"].path == whole["block2/unit_3/add", "block2/unit_4/add"].path
    out, into = ("block2/unit_4/add", "block3/unit_1"), ("block3/unit_1/add", "block3/unit_2")
    assert lines[out].path[0] == whole[out].path[0]
    assert lines[into].path[2:] == whole[into].path[2:]  # with its arrow head
    for ends in (out, into):
        (_, *a), (_, *b) = lines[ends].path[:2]
        assert 0 < math.dist(a, b) <= 22.001
    assert [band.texts for band in part.bands] == [()] * len(part.bands)
    assert part.title == "resnet_v2_50: block2/unit_4, block3/unit_2"
    every = selection(PICTURE, {box.name for box in PICTURE.boxes})
    assert every.title == "resnet_v2_50: input, conv1, pool1, block1/unit_1 and 19 more"


def test_nothing_selected_is_no_picture():
    with pytest.raises(ValueError, match="no node is selected"):
        selection(PICTURE, {"nonsense"})


def test_an_excerpt_has_title_legend_and_bar_and_is_covered_around():
    part = selection(PICTURE, {"block3/unit_2", "block3/unit_3"})
    root = ET.fromstring(to_svg(part, DARK))
    texts = [each.text for each in root.iter("{http://www.w3.org/2000/svg}text")]
    assert {part.title, "identity shortcut", part.bar.heading} <= set(texts)
    children = list(root)
    cover = next(i for i, each in enumerate(children) if each.get("fill-rule") == "evenodd")
    assert children[cover].get("fill") == DARK.surface
    assert max(i for i, each in enumerate(children) if each.get("transform")) < cover
    assert min(i for i, each in enumerate(children) if each.text == part.title and each.tag.endswith("text")) > cover
