"""No text of a design is ever taken for markup: not in labels, tooltips, tables, the tree, menus or titles."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QAbstractListModel, QModelIndex, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as TextQt
from PySide6.QtWidgets import QAbstractItemView, QGraphicsView, QLabel, QWidget

from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"
HOSTILE = "<img src=x>"
DESIGN = PRESETS["resnet_v2_50"]


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(DESIGN), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.show()
    yield window
    QSettings().clear()


def cells(model, parent=None, depth=0):
    parent = parent or QModelIndex()
    for row in range(min(model.rowCount(parent), 60)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield index
            if column == 0 and depth < 4:
                yield from cells(model, index, depth + 1)


def texts(window):
    """(where, text) of all that Qt may take for markup."""
    for widget in [window, *window.findChildren(QWidget)]:
        what = f"{type(widget).__name__} {widget.objectName()} {widget.accessibleName()}"
        yield f"{what} tooltip", widget.toolTip()
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            yield f"{what} text", widget.text()
        if isinstance(widget, QGraphicsView) and widget.scene() is not None:
            for item in widget.scene().items():
                yield f"{what} item", item.toolTip()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for index in cells(widget.model()):
                yield f"{what} cell", str(index.data(Qt.ItemDataRole.ToolTipRole) or "")
    for action in window.findChildren(QAction):
        yield f"action {action.text()}", action.toolTip()


def assert_plain(window):
    seen = 0
    for where, text in texts(window):
        if TextQt.mightBeRichText(text):
            assert HOSTILE not in text, f"{where}: {text!r}"
            seen += "&lt;img src=x&gt;" in text
    return seen


def test_a_name_of_markup_is_shown_as_its_characters_everywhere(window):
    blocks = tuple(replace(block, name=HOSTILE) if row == 3 else block for row, block in enumerate(DESIGN.blocks))
    window.document.edit(replace(DESIGN, name=HOSTILE, blocks=blocks), f"Set name of {HOSTILE}")
    window.design_panel.select_places({(HOSTILE, 0)})
    assert window.design_panel._units_title.text() == f"Units of {HOSTILE}"
    window.diff_window.show()
    window.graph_panel.find_bar.open()
    window.graph_panel.find_bar.text.setText(HOSTILE)
    for tab in range(window.side.count()):
        window.side.setCurrentIndex(tab)
        assert_plain(window)
    window.node_tree.view.selectAll()
    for detail in ("blocks", "units", "layers"):
        window.graph_panel.set_detail(detail)
        assert assert_plain(window) > 0, "the name is in no tooltip: the test looks at nothing"
    assert HOSTILE in window.windowTitle()
    assert HOSTILE in window.undo_actions["undo"].text()


def test_a_label_that_can_carry_a_designs_text_is_plain(window):
    window.document.edit(replace(DESIGN, name=HOSTILE), "Set name")
    window.graph_panel.select_ops([op.name for op in window.graph_panel.network.ops])
    window.facts_panel.inspector.show_facts(HOSTILE, [(HOSTILE, HOSTILE)])
    labels = [label for label in window.findChildren(QLabel) if HOSTILE in label.text()]
    assert len(labels) >= 3
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)
