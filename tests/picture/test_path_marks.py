"""A path and a lesion on the picture, at every detail and fold state."""

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.network.paths import path_ops, units_of
from resnet_studio.picture.path_marks import FADED, LESION, ON_PATH, mark_paths
from resnet_studio.picture.picture import make_picture

NETWORK = expand(PRESETS["resnet_v2_50"])
PATH = frozenset({("block1", 2), ("block3", 1), ("block3", 6)})


def marks(detail, fold=False, **options):
    picture = mark_paths(make_picture(NETWORK, detail, fold=fold), NETWORK, **options)
    return {box.name: box.mark for box in picture.boxes}, {(line.ends, line.kind): line.mark for line in picture.lines}


def test_nothing_to_mark_is_the_picture_itself():
    picture = make_picture(NETWORK, "units")
    assert mark_paths(picture, NETWORK) is picture


def test_units_of_the_path_are_strong_and_others_faded():
    boxes, lines = marks("units", path=PATH)
    for block, unit in units_of(NETWORK):
        name = f"{block}/unit_{unit}"
        on = (block, unit) in PATH
        assert boxes[name] == (ON_PATH if on else FADED)
        assert boxes[f"{name}/add"] == ON_PATH
        assert lines[(name, f"{name}/add"), "main"] == (ON_PATH if on else FADED)
        (shortcut,) = (mark for (ends, kind), mark in lines.items() if ends[1] == f"{name}/add" and kind != "main")
        assert shortcut == (FADED if on else ON_PATH)
    assert all(boxes[name] == ON_PATH for name in ("input", "conv1", "pool1", "postnorm", "logits", "predictions"))


def test_layers_of_the_path_are_those_that_it_passes():
    boxes, _ = marks("layers", path=PATH)
    layers = {NETWORK.by_name[name].layer for name in path_ops(NETWORK, PATH)}
    assert {name for name, mark in boxes.items() if mark == ON_PATH} == layers
    assert set(boxes.values()) == {ON_PATH, FADED}


@pytest.mark.parametrize("detail", ["blocks", "units", "layers"])
@pytest.mark.parametrize("fold", [True, False])
@pytest.mark.parametrize("path", [None, frozenset(), PATH, frozenset(units_of(NETWORK))])
def test_every_box_and_line_is_marked_at_every_detail(detail, fold, path):
    boxes, lines = marks(detail, fold, path=path, lesion={("block2", 3)})
    if path is not None:
        assert set(boxes.values()) <= {ON_PATH, FADED, LESION}
        assert set(lines.values()) <= {ON_PATH, FADED}
        assert all(boxes[name] == ON_PATH for name in ("input", "predictions"))


def test_a_lesion_is_hollow_and_keeps_its_shortcut():
    boxes, lines = marks("units", lesion={("block2", 3)})
    assert {name: mark for name, mark in boxes.items() if mark} == {"block2/unit_3": LESION}
    assert {ends: mark for (ends, _), mark in lines.items() if mark} == {("block2/unit_3", "block2/unit_3/add"): FADED}


def test_at_layers_a_projection_keeps_its_preact():
    boxes, _ = marks("layers", lesion={("block2", 1), ("block2", 2)})
    hollow = {name.replace("/bottleneck_v2", "") for name, mark in boxes.items() if mark == LESION}
    assert hollow == {f"block2/unit_1/conv{n}" for n in (1, 2, 3)} | {
        f"block2/unit_2/{layer}" for layer in ("preact", "conv1", "conv2", "conv3")
    }


def test_stepping_shows_the_path_up_to_a_unit():
    boxes, _ = marks("units", path=PATH, until=1)
    assert boxes["block1/unit_2"] == boxes["block1/unit_2/add"] == ON_PATH
    assert boxes["block3/unit_1"] == boxes["block1/unit_3/add"] == boxes["predictions"] == FADED
