"""A scene that shows one picture after another: what stays is left alone, and it looks as if it were made anew."""

from dataclasses import replace

import pytest
from PySide6.QtCore import QEvent, QPointF, QRectF
from PySide6.QtGui import QHelpEvent, QImage, QPainter
from PySide6.QtWidgets import QApplication, QGraphicsView

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.partial import sound_part
from resnet_studio.picture.colouring import colouring
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.picture.path_marks import PathMarks
from resnet_studio.picture.view import PictureView, draw
from resnet_studio.ui.picture import scene as scene_module
from resnet_studio.ui.picture.scene import PictureScene, make_scene

DESIGN = PRESETS["resnet_v2_50"]


def picture_of(design=DESIGN, **fields):
    part = sound_part(design)
    by = fields.pop("colour_by", "kind")
    return draw(PictureView(part.network, part.missing, colouring=colouring(part.network, by), **fields)).picture


def unit_of(index, **fields):
    units = list(DESIGN.blocks[index].units)
    units[1] = replace(units[1], **fields)
    return DESIGN.with_block(index, replace(DESIGN.blocks[index], units=tuple(units)))


PICTURES = [
    (picture_of(), LIGHT),
    (picture_of(replace(DESIGN, num_classes=10)), LIGHT),
    (picture_of(unit_of(1, depth=520)), LIGHT),
    (picture_of(marks=PathMarks(frozenset({("block2", 2)}), frozenset({("block3", 3)}))), LIGHT),
    (picture_of(DESIGN.with_block(2, DESIGN.blocks[2].with_count(9))), DARK),
    (picture_of(DESIGN.with_block(2, DESIGN.blocks[2].with_all("depth", "abc"))), DARK),
    (picture_of(detail="layers", fold=True), DARK),
    (picture_of(layout="circular", colour_by="macs"), LIGHT),
    (picture_of(detail="blocks"), LIGHT),
    (picture_of(fold=True), LIGHT),
]


def painted(scene, scale=1.0):
    rect = scene.sceneRect()
    image = QImage(round(rect.width() * scale), round(rect.height() * scale), QImage.Format.Format_RGB32)
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    scene.render(painter, QRectF(image.rect()), rect)
    painter.end()
    return image


@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_after_any_other_picture_it_looks_as_if_it_were_made_anew(qapp, scale):
    scene = PictureScene()
    fresh = {}
    for number, (picture, theme) in enumerate([*PICTURES, *PICTURES[::-1]]):
        scene.show_picture(picture, theme)
        key = (id(picture), theme.name)
        fresh.setdefault(key, painted(make_scene(picture, theme), scale))
        assert painted(scene, scale) == fresh[key], f"picture {number}"
        assert scene.sceneRect() == make_scene(picture, theme).sceneRect()


def test_items_of_boxes_that_stay_stay(qapp):
    scene = make_scene(*PICTURES[0])
    before = {item.box.name: item for item in scene.boxes}
    scene.show_picture(*PICTURES[2])
    after = {item.box.name: item for item in scene.boxes}
    assert all(before[name] is item for name, item in after.items())
    assert after["block2/unit_2"].box.text != PICTURES[0][0].boxes[0].text
    scene.show_picture(*PICTURES[4])
    added = {item.box.name for item in scene.boxes} - set(before)
    assert added == {f"block3/unit_{n}{end}" for n in (7, 8, 9) for end in ("", "/add")}
    scene.show_picture(*PICTURES[0])
    assert {item.box.name: item for item in scene.boxes} == before


def test_only_what_changed_is_painted_again(qapp, qtbot):
    scene = make_scene(*PICTURES[0])
    view = QGraphicsView(scene)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    qtbot.waitExposed(view)
    qtbot.wait(20)  # until what was added is painted
    regions = []
    scene.changed.connect(regions.append)
    scene.show_picture(picture_of(replace(DESIGN, num_classes=10)), LIGHT)
    qtbot.waitUntil(lambda: bool(regions))
    logits = next(item for item in scene.boxes if item.box.name == "logits")
    predictions = next(item for item in scene.boxes if item.box.name == "predictions")
    changed = [rect for region in regions for rect in region]
    room = logits.sceneBoundingRect().united(predictions.sceneBoundingRect()).adjusted(-1, -1, 1, 1)
    assert all(room.contains(rect) for rect in changed), (room, changed)
    regions.clear()
    scene.show_picture(picture_of(replace(DESIGN, num_classes=10)), LIGHT)  # the same picture, made anew
    qtbot.wait(20)
    assert regions == []


def test_a_scene_is_kept_for_an_edit_and_not_for_another_detail(qapp):
    scene = make_scene(*PICTURES[0])
    assert scene.keeps(PICTURES[4][0])
    assert not scene.keeps(picture_of(detail="layers", fold=False))


def test_a_tooltip_is_put_together_when_the_pointer_rests(qapp, qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(scene_module.QToolTip, "showText", lambda place, text, widget: told.append(text))
    scene = make_scene(*PICTURES[3])
    view = QGraphicsView(scene)
    qtbot.addWidget(view)
    view.resize(900, 700)
    view.show()
    qtbot.waitExposed(view)
    item = next(item for item in scene.boxes if item.box.name == "block3/unit_3")
    for place in (view.mapFromScene(item.middle), view.mapFromScene(QPointF(-10_000, -10_000))):
        event = QHelpEvent(QEvent.Type.ToolTip, place, view.viewport().mapToGlobal(place))
        QApplication.sendEvent(view.viewport(), event)
    assert told[0].startswith("block3/unit_3\n1×1, 256, 3×3, 256, 1×1, 1024\n")
    assert told[0].endswith("residual branch switched off: only the shortcut is left")
    assert told[1] == ""
