"""The picture out of the window: files, parts, colours, clipboard."""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication, QImage
from PySide6.QtWidgets import QFileDialog, QLabel, QMessageBox

from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.picture.path_marks import PathMarks
from resnet_studio.picture.svg import to_svg
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.picture.box_item import BoxItem
from resnet_studio.ui.picture.picture_export import Choice, Shown
from resnet_studio.ui.picture.render import svg_to_pdf
from resnet_studio.ui.picture.scene import make_scene
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"
SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.show()
    yield window
    QSettings().clear()


def export(window, qtbot, path, choice):
    window.pictures.export(path, choice)
    qtbot.waitUntil(lambda: window.pictures._job is None, timeout=20_000)


@pytest.mark.parametrize("suffix", [".svg", ".pdf", ".png", ".tex"])
@pytest.mark.parametrize("what", ["whole", "view", "selection"])
def test_every_part_as_every_file(window, qtbot, tmp_path, suffix, what):
    window.graph_panel.view.scene().select({"block3/unit_2"})
    path = tmp_path / f"a{suffix}"
    export(window, qtbot, path, Choice(what, "dark", 1.0))
    data = path.read_bytes()
    assert data.startswith({".svg": b"<svg", ".pdf": b"%PDF-", ".png": b"\x89PNG", ".tex": b"% Needs"}[suffix])
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    if suffix == ".png":
        assert QImage(str(path)).pixelColor(1, 1).name() == DARK.surface
    if suffix == ".svg":
        assert f'fill="{DARK.surface}"' in data.decode()


def test_view_and_selection_are_parts_of_the_whole(window):
    panel = window.graph_panel
    panel.view.zoom_in()
    panel.view.zoom_in()
    panel.view.zoom_in()
    panel.view.scene().select({"block3/unit_2"})
    shown = window.pictures.shown
    counts = {what: shown.svg(Choice(what)).count("<title>") for what in ("whole", "view", "selection")}
    assert counts["selection"] < counts["view"] < counts["whole"]
    assert "block3/unit_2/add" in shown.svg(Choice("selection"))


def test_the_colours_are_those_shown_or_those_chosen(window):
    window.set_theme(DARK)
    shown = window.pictures.shown
    assert shown.svg(Choice()) == to_svg(shown.picture, DARK)
    assert shown.svg(Choice(theme="light")) == to_svg(shown.picture, LIGHT)


def test_a_coloured_picture_goes_out_with_its_bar(window):
    window.graph_panel.set_colour_by("macs")
    assert window.graph_panel.picture.bar.heading in window.pictures.shown.svg(Choice())


def test_a_path_that_is_shown_goes_out_too(window):
    window.graph_panel.set_marks(PathMarks(path=frozenset()))
    assert ' opacity="0.2"' in window.pictures.shown.svg(Choice())
    window.graph_panel.set_marks(None)
    assert ' opacity="0.2"' not in window.pictures.shown.svg(Choice())


def test_a_place_that_can_not_be_written_is_told_and_nothing_is_left(window, qtbot, tmp_path):
    export(window, qtbot, tmp_path / "no folder" / "<b>a.png", Choice())
    box = window.findChild(QMessageBox)
    assert box.text() == "The picture could not be written"
    assert "<b>a.png: can't be written: No such file or directory" in box.informativeText()
    assert {label.textFormat() for label in box.findChildren(QLabel) if label.text()} == {Qt.TextFormat.PlainText}
    box.close()
    assert list(tmp_path.iterdir()) == []


def test_a_cancelled_export_leaves_the_old_file(window, qtbot, tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(b"old")
    window.pictures.export(path, Choice(scale=4.0))
    window.pictures.cancel()
    qtbot.waitUntil(lambda: window.pictures._job is None, timeout=20_000)
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]


def test_the_window_can_be_closed_while_a_picture_is_painted(window, tmp_path):
    window.graph_panel.set_detail("layers")
    window.pictures.export(tmp_path / "a.png", Choice(scale=4.0))
    window.close()
    assert window.pictures._job is None


def test_the_dialog_asks_for_what_can_be_had(window, qtbot, tmp_path, monkeypatch):
    window.pictures.ask()
    dialog = window.pictures._dialog
    model = dialog.what.model()
    assert not model.item(dialog.what.findData("selection")).isEnabled()
    assert not dialog.scale.isEnabled()
    dialog.format.setCurrentIndex(dialog.format.findData(".png"))
    assert dialog.scale.isEnabled()
    dialog.scale.setValue(1.0)
    dialog.theme.setCurrentIndex(dialog.theme.findData("dark"))
    asked = []

    def answer(parent, title, start, filters, first):
        asked.extend([start, filters, first])
        return str(tmp_path / "out"), first

    monkeypatch.setattr(QFileDialog, "getSaveFileName", answer)
    dialog._ask()
    qtbot.waitUntil(lambda: window.pictures._job is None, timeout=20_000)
    assert asked[0].endswith("resnet_v2_50.png")
    assert asked[2] == "PNG, pixels (*.png)"
    image = QImage(str(tmp_path / "out.png"))
    assert image.pixelColor(1, 1).name() == DARK.surface
    window.graph_panel.view.scene().select({"block3/unit_2"})
    window.pictures.ask()
    assert model.item(dialog.what.findData("selection")).isEnabled()
    assert dialog.what.itemText(dialog.what.findData("selection")) == "The selected nodes (1)"
    dialog.close()


def test_the_file_ending_has_the_last_word(window, qtbot, tmp_path, monkeypatch):
    window.pictures.ask()
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(tmp_path / "a.PDF"), ""))
    window.pictures._dialog._ask()
    qtbot.waitUntil(lambda: window.pictures._job is None, timeout=20_000)
    assert (tmp_path / "a.PDF").read_bytes().startswith(b"%PDF-")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    window.pictures._dialog._ask()
    assert [each.name for each in tmp_path.iterdir()] == ["a.PDF"]


def test_a_copied_picture_is_an_image_and_svg(window):
    window.pictures.copy_action.trigger()
    mime = QGuiApplication.clipboard().mimeData()
    assert mime.hasImage()
    text = bytes(mime.data("image/svg+xml").data()).decode()
    assert text == to_svg(window.graph_panel.picture, LIGHT)
    image = QGuiApplication.clipboard().image()
    assert abs(image.width() - 2 * float(ET.fromstring(text).get("width"))) <= 2
    QGuiApplication.clipboard().clear()


def test_a_label_like_markup_goes_out_as_its_characters(window, qapp, tmp_path):
    label = "<img src=x>"
    picture = window.graph_panel.picture
    hostile = replace(
        picture,
        title=f"{label} & \"'",
        boxes=tuple(replace(box, title=label, tooltip=label) for box in picture.boxes),
    )
    svg = Shown(hostile, picture.rect, (), LIGHT).svg(Choice())
    root = ET.fromstring(svg)
    assert root.findtext(f"{SVG}title") == f"{label} & \"'"
    assert [each.text for each in root.iter(f"{SVG}text")].count(label) == sum(b.form != "add" for b in picture.boxes)
    assert next(root.iter(f"{SVG}img"), None) is None
    scene = make_scene(hostile, LIGHT)
    tips = {item.toolTip() for item in scene.items() if isinstance(item, BoxItem)}
    assert tips == {'<p style="white-space:pre">&lt;img src=x&gt;</p>'}
    pdf = tmp_path / "a.pdf"
    pdf.write_bytes(svg_to_pdf(svg, hostile.title))
    if tool := shutil.which("pdftotext"):
        text = subprocess.run([tool, str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        assert label in text.split("\n")
