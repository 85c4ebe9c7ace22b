"""The table of blocks, through its model and with real keys."""

import pytest
from PySide6.QtCore import QItemSelection, QItemSelectionModel, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLineEdit

from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.design.block_table import COLUMNS, BlockTableModel
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.table_view import SpreadsheetView

UNITS, DEPTH, BOTTLENECK, STRIDE, KIND = (COLUMNS.index(name) for name in COLUMNS[1:])


@pytest.fixture
def document(qapp):
    return DesignDocument(PRESETS["resnet_v2_50"])


@pytest.fixture
def model(document, qtmodeltester):
    model = BlockTableModel(document)
    qtmodeltester.check(model)
    return model


@pytest.fixture
def view(model, qtbot):
    view = SpreadsheetView(model, "Blocks")
    qtbot.addWidget(view)
    view.show()
    return view


def texts(model, row):
    return [model.index(row, column).data() for column in range(len(COLUMNS))]


def test_a_row_is_a_block(model):
    assert texts(model, 0) == ["block1", "3", "256", "64", "2", "bottleneck"]
    assert texts(model, 3) == ["block4", "3", "2048", "512", "1", "bottleneck"]


def test_23_units_in_block3_make_resnet_101_of_resnet_50(model, document):
    assert model.setData(model.index(2, UNITS), "23")
    assert document.design.blocks == PRESETS["resnet_v2_101"].blocks
    document.undo_stack.undo()
    assert document.design == PRESETS["resnet_v2_50"]


@pytest.mark.parametrize(
    ("column", "text", "tip"),
    [
        (UNITS, "many", "'many' is not a whole number. Use 1 to 2,000 units."),
        (UNITS, "0", "0 is out of range. Use 1 to 2,000 units."),
        (UNITS, "1000000000", "1,000,000,000 is out of range. Use 1 to 2,000 units."),
        (DEPTH, "-4", "-4 is out of range. Use 1 to 8,192 channels."),
        (BOTTLENECK, "6e1", "'6e1' is not a whole number. Use 1 to 8,192 channels."),
        (STRIDE, "9", "9 is out of range. Use 1 to 8."),
        (KIND, "wide", "'wide' is not one of its values. Use bottleneck or basic."),
        (0, "block2", "'block2' names two blocks. Give each block its own name."),
    ],
)
def test_a_wrong_cell_keeps_what_was_typed_and_says_why(model, document, column, text, tip):
    index = model.index(0, column)
    before = texts(model, 0)
    model.setData(index, text)
    assert index.data() == text
    assert index.data(Qt.ItemDataRole.ToolTipRole) == tip
    assert index.data(Qt.ItemDataRole.BackgroundRole) is not None
    assert document.network is None
    # Nothing else of the row is lost, and mending the cell brings all of it back.
    model.setData(index, before[column])
    assert texts(model, 0) == before
    assert document.design == PRESETS["resnet_v2_50"]


def test_rows_are_added_duplicated_moved_and_removed(model, document):
    model.insert(4)
    assert texts(model, 4) == ["block5", "3", "2048", "512", "1", "bottleneck"]
    model.duplicate(0)
    assert texts(model, 1) == ["block6", "3", "256", "64", "2", "bottleneck"]
    model.move(1, -1)
    assert [block.name for block in document.design.blocks][:2] == ["block6", "block1"]
    model.move(0, -1)
    assert document.undo_stack.undoText() == "Move block6"
    model.remove([0, 5])
    assert document.design == PRESETS["resnet_v2_50"]
    for _ in range(4):
        document.undo_stack.undo()
    assert document.design == PRESETS["resnet_v2_50"]
    assert model.rowCount() == 4


def test_the_stride_moves_to_the_other_end_and_back(model, document):
    model.swap_stride(0)
    assert [unit.stride for unit in document.design.blocks[0].units] == [2, 1, 1]
    assert document.undo_stack.undoText() == "Stride in the first unit of block1"
    assert texts(model, 0)[STRIDE] == "2"
    model.swap_stride(0)
    assert document.design == PRESETS["resnet_v2_50"]


def test_an_empty_table_is_a_problem_and_can_be_filled_again(model, document):
    model.remove([0, 1, 2, 3])
    assert model.rowCount() == 0
    assert str(document.problems[0]) == "blocks: the table is empty. Keep 1 to 64 blocks."
    model.insert(0)
    assert texts(model, 0)[:2] == ["block1", "3"]
    assert document.problems == ()


def test_typing_replaces_and_enter_goes_down(view, model, document, qtbot):
    view.go_to(0, UNITS)
    qtbot.keyClicks(view, "5")
    qtbot.keyClick(view.findChild(QLineEdit), Qt.Key.Key_Return)
    # The delegate commits an Enter once the key has been dealt with.
    qtbot.waitUntil(lambda: len(document.design.blocks[0].units) == 5)
    assert (view.currentIndex().row(), view.currentIndex().column()) == (1, UNITS)


def test_a_column_is_pasted_as_one_step(view, model, document, qtbot):
    QGuiApplication.clipboard().setText("3\n4\n23\n3")
    view.go_to(0, UNITS)
    qtbot.keyClick(view, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert document.design.blocks == PRESETS["resnet_v2_101"].blocks
    assert document.undo_stack.count() == 1


def test_cells_are_copied_as_text_with_tabs(view, qtbot):
    row = QItemSelection(view.model().index(0, 0), view.model().index(0, len(COLUMNS) - 1))
    view.selectionModel().select(row, QItemSelectionModel.SelectionFlag.ClearAndSelect)
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "block1\t3\t256\t64\t2\tbottleneck"
