"""In and out of the window: notation by the clipboard, exports beside it."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QMessageBox

from resnet_studio.design.notation import format as to_notation
from resnet_studio.design.notation import parse
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver import export
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.export_actions import _OFFERED
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"


@pytest.fixture
def window(qtbot, qapp):
    QSettings().clear()
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.show()
    return window


def messages(window):
    return [box.informativeText() for box in window.findChildren(QMessageBox)]


def test_notation_comes_in_as_one_step(window):
    QGuiApplication.clipboard().setText(to_notation(PRESETS["resnet_v2_152"]))
    window.notation.paste_action.trigger()
    assert window.document.design == PRESETS["resnet_v2_152"]
    window.undo_actions["undo"].trigger()
    assert window.document.design == PRESETS["resnet_v2_50"]


def test_the_design_goes_out_as_notation(window):
    window.notation.copy_action.trigger()
    assert parse(QGuiApplication.clipboard().text()) == PRESETS["resnet_v2_50"]


def test_what_is_no_notation_is_told_and_changes_nothing(window):
    QGuiApplication.clipboard().setText("Block('b', os.system, [(8, 4, 1)])")
    window.notation.paste_action.trigger()
    (text,) = messages(window)
    assert text.startswith("line 1, column 12: 'os.system' is not a kind of unit.")
    assert window.document.design == PRESETS["resnet_v2_50"]


def test_the_dialog_offers_what_the_terminal_writes():
    assert {kind.name for kind in _OFFERED.values()} == set(export.KINDS) - {"json", "checkpoint"}


def test_a_network_is_exported_beside_the_window(window, qtbot, tmp_path):
    out = tmp_path / "net.txt"
    with qtbot.waitSignal(window.exports._process.finished, timeout=20_000):
        window.exports.export("slim", out)
    assert parse(out.read_text()) == PRESETS["resnet_v2_50"]
    assert window.statusBar().currentMessage() == f"Written: {out}"


def test_an_export_that_fails_says_why(window, qtbot, tmp_path):
    with qtbot.waitSignal(window.exports._process.finished, timeout=20_000):
        window.exports.export("slim", tmp_path / "no" / "folder.txt")
    (text,) = messages(window)
    assert "there is no folder" in text


def test_cancel_ends_an_export(window, qtbot, tmp_path):
    window.exports.export("keras", tmp_path / "net.keras")
    assert not window.exports.action.isEnabled()
    window.exports._dialog.canceled.emit()
    assert window.statusBar().currentMessage() == "The export was cancelled; nothing was written."
    assert list(tmp_path.iterdir()) == []
    assert window.exports.action.isEnabled()
