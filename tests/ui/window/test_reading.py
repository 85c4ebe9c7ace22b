"""Programs in the window: which of their networks is meant is asked, and so is what they don't tell."""

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QInputDialog, QLabel, QMessageBox

from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"
FIELD = Path(__file__).parent.parent.parent / "data" / "field"


@pytest.fixture
def window(qtbot, qapp):
    QSettings().clear()
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.show()
    return window


def paste(window, text):
    QGuiApplication.clipboard().setText(text)
    window.notation.paste_action.trigger()


def question(window):
    (dialog,) = [each for each in window.findChildren(QInputDialog) if each.isVisible()]
    return dialog


def told(window):
    return [box.informativeText() for box in window.findChildren(QMessageBox) if box.isVisible()]


def test_a_network_is_chosen_of_several(window):
    paste(window, (FIELD / "choice.py").read_text())
    dialog = question(window)
    rows = dialog.comboBoxItems()
    assert rows == ["build, depth = 14  (2 blocks, 4 units, line 6)", "build, depth = 26  (2 blocks, 8 units, line 6)"]
    assert window.document.design == PRESETS["resnet_v2_50"]
    dialog.setTextValue(rows[1])
    dialog.accept()
    assert [len(block.units) for block in window.document.design.blocks] == [4, 4]
    assert any("'build, depth = 26' was taken: it was chosen." in text for text in told(window))


def test_what_a_text_does_not_tell_is_asked_one_value_after_the_other(window):
    paste(window, (FIELD / "from_config.py").read_text())
    for name, value in (("config.depth1", "16"), ("config.n1", "3")):
        dialog = question(window)
        assert f"The network hangs on {name} (line 1)" in dialog.labelText()
        dialog.setTextValue(value)
        dialog.accept()
    (block,) = window.document.design.blocks
    assert [(unit.depth, unit.stride) for unit in block.units] == [(64, 1), (64, 1), (64, 2)]


def test_a_question_that_is_left_changes_nothing(window):
    paste(window, (FIELD / "from_config.py").read_text())
    question(window).reject()
    assert window.document.design == PRESETS["resnet_v2_50"]


def test_a_program_is_opened_with_its_notes_and_never_saved_over(window):
    window.files.open(FIELD / "notebook.ipynb")
    assert [block.name for block in window.document.design.blocks] == ["block1", "block2"]
    assert window.document.path is None
    (text,) = told(window)
    assert "The text has blocks alone" in text


def test_names_of_a_text_are_no_markup(window):
    paste(window, "blocks = [Block('b', bottleneck, [(cfg['<img src=x>'], 4, 1)])]")
    dialog = question(window)
    assert "<img src=x>" in dialog.labelText()
    assert {label.textFormat().name for label in dialog.findChildren(QLabel)} == {"PlainText"}
    dialog.reject()
