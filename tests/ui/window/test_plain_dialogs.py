"""Every dialog shows the names in it as their characters: files, designs, faults, exports that fail."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMessageBox,
    QProgressDialog,
)

from resnet_studio.bench.memory_text import shortage
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.picture.picture_export import Choice
from resnet_studio.ui.run.memory_question import MemoryQuestion
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.plain import message_box
from resnet_studio.ui.window.app import CrashReporter
from resnet_studio.ui.window.main_window import MainWindow
from resnet_studio.ui.window.menus import _tell
from tests.plain_texts import HOSTILE, TAG, assert_plain

FAKE = Path(__file__).parent.parent / "fake_engine.py"
DESIGN = PRESETS["resnet_v2_50"]


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(DESIGN), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.runner.warm_up = lambda: None  # no run is begun here
    window.show()
    yield window
    QSettings().clear()


def shown_box(window) -> QMessageBox:
    """The one message box that is open; its words are plain, and it is closed."""
    QApplication.processEvents()
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    words = [label for label in box.findChildren(QLabel) if label.text()]
    assert any(TAG in label.text() for label in words), [label.text() for label in words]
    assert {label.textFormat() for label in words} == {Qt.TextFormat.PlainText}
    assert_plain(box)
    return box


def test_what_is_wrong_with_a_file_is_told_in_its_characters(window, tmp_path):
    path = tmp_path / f"{HOSTILE}.json"
    window.files.open(path)
    shown_box(window).close()
    path.write_text("{")
    window.files.open(path)
    shown_box(window).close()


def test_a_file_that_cannot_be_written_is_told_in_its_characters(window, tmp_path):
    assert not window.files._save_to(tmp_path / "missing" / f"{HOSTILE}.json")
    shown_box(window).close()


def test_the_question_whether_to_save_has_the_name_in_its_characters(window, monkeypatch):
    window.document.edit(replace(DESIGN, name=HOSTILE), "Set name")
    asked = []

    def answer(box):
        box.show()
        asked.append(shown_box(window))
        return QMessageBox.StandardButton.Cancel

    monkeypatch.setattr(QMessageBox, "exec", answer)
    assert not window.files.may_leave()
    assert asked[0].text() == f"Save the changes to {HOSTILE}?"
    asked[0].close()


def test_what_is_no_notation_is_told_in_its_characters(window):
    QGuiApplication.clipboard().setText(f"resnet_v2('{TAG}', [Block('{TAG}', {TAG}, 1)])")
    window.notation.paste()
    QApplication.processEvents()
    (box,) = [box for box in window.findChildren(QMessageBox) if box.isVisible()]
    assert_plain(box)
    assert {label.textFormat() for label in box.findChildren(QLabel)} == {Qt.TextFormat.PlainText}
    box.close()


def test_a_picture_that_is_being_painted_or_cannot_be_is_told_in_its_characters(window, tmp_path, qtbot):
    window.pictures.export(tmp_path / "missing" / f"{HOSTILE}.svg", Choice())
    (progress,) = window.findChildren(QProgressDialog)
    assert TAG in progress.labelText()
    assert assert_plain(progress) == 0
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)))
    shown_box(window).close()


def test_an_export_that_is_running_or_failed_is_told_in_its_characters(window, tmp_path, qtbot, monkeypatch):
    # The program that writes is not this test's: one that fails at once and says the file's name stands for it.
    program = "import sys; sys.exit('error: ' + sys.argv[-1])"
    started = window.exports._process.setArguments
    monkeypatch.setattr(
        window.exports._process, "setArguments", lambda words: started(["-c", program, *words[2:]]), raising=False
    )
    window.exports.export("dot", tmp_path / f"{HOSTILE}.dot")
    (progress,) = window.findChildren(QProgressDialog)
    assert TAG in progress.labelText()
    assert assert_plain(progress) == 0
    qtbot.waitUntil(lambda: any(box.isVisible() for box in window.findChildren(QMessageBox)), timeout=10_000)
    shown_box(window).close()


def test_a_fault_of_the_program_is_told_in_its_characters(window):
    try:
        raise ValueError(HOSTILE)
    except ValueError:
        CrashReporter(window).report(*sys.exc_info())
    box = shown_box(window)
    assert TAG in box.detailedText()
    box.close()


def test_other_message_boxes_are_plain_too(window):
    message_box(window, QMessageBox.Icon.Warning, HOSTILE, HOSTILE, HOSTILE, HOSTILE).open()
    shown_box(window).close()
    _tell(window, HOSTILE, HOSTILE)
    shown_box(window).close()
    question = MemoryQuestion(shortage(expand(DESIGN), TimingPlan(batch=64), 2**30), window)
    question.setText(HOSTILE)
    question.setInformativeText(HOSTILE)
    question.open()
    shown_box(window).close()
