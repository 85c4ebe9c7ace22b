"""A view's picture: worked out from one value, as far as it has to be."""

from dataclasses import replace

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.network.partial import sound_part
from resnet_studio.picture.colouring import colouring
from resnet_studio.picture.palette import DARK
from resnet_studio.picture.path_marks import PathMarks, mark_paths
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.view import PictureView, draw

NETWORK = expand(PRESETS["resnet_v2_50"])
VIEW = PictureView(NETWORK)
FIRST = draw(VIEW)


def test_a_picture_is_the_one_that_make_picture_and_mark_paths_give():
    marks = PathMarks(frozenset({("block1", 2)}), frozenset({("block3", 3)}), 4)
    colours = colouring(NETWORK, "macs")
    found = draw(replace(VIEW, detail="layers", fold=True, colouring=colours, marks=marks))
    plain = make_picture(NETWORK, "layers", fold=True, colouring=colours)
    assert found.plain == plain
    assert found.picture == mark_paths(plain, NETWORK, marks.path, marks.lesion, marks.until)


@pytest.mark.parametrize("fields", [
    {"theme": DARK}, {"selected": frozenset({"logits"})}, {"blocks": frozenset({"block2"})}, {"found": frozenset({"conv1"})},
])  # fmt: skip
def test_what_only_paints_makes_no_other_picture(fields):
    found = draw(replace(VIEW, **fields), FIRST)
    assert found.picture is FIRST.picture
    assert found.view == replace(VIEW, **fields)


@pytest.mark.parametrize("fields", [
    {"detail": "layers"}, {"layout": "serpentine"}, {"aspect": 0.6}, {"fold": True},
    {"network": expand(PRESETS["resnet_v2_101"])}, {"colouring": colouring(NETWORK, "parameters")},
    {"marks": PathMarks(lesion=frozenset({("block1", 1)}))},
])  # fmt: skip
def test_taken_over_or_worked_out_anew_it_is_the_same_picture(fields):
    wanted = replace(VIEW, **fields)
    found = draw(wanted, FIRST)
    assert found.picture != FIRST.picture
    assert found == draw(wanted)
    assert draw(VIEW, found) == FIRST


def test_marks_and_colours_move_nothing():
    marked = draw(replace(VIEW, marks=PathMarks(path=frozenset()), colouring=colouring(NETWORK, "macs")), FIRST)
    assert [box.rect for box in marked.picture.boxes] == [box.rect for box in FIRST.picture.boxes]
    assert marked.picture.lines[0].path is FIRST.picture.lines[0].path


def test_a_layout_that_is_not_offered_gives_way():
    assert (
        draw(replace(VIEW, detail="layers", layout="kamada-kawai")).view.layout == "layered"
    )  # it takes too long for so many nodes


def test_what_is_missing_of_a_design_is_drawn_too():
    part = sound_part(replace(PRESETS["resnet_v2_50"], num_classes=0))
    found = draw(PictureView(part.network, part.missing))
    assert found.picture.boxes[-1].kind == "fault"
