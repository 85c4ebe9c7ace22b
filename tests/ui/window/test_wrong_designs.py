"""Nothing that is wrong with a design stops the window: the real one, with every field wrong in turn."""

import json
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from resnet_studio.design.files import save
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow
from tests.wrong_values import FIELDS, SOUND, wrong_designs

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"
NODES, PATHS = 1, 2


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(SOUND), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.runner.warm_up = lambda: None  # no run is begun here
    window.show()
    window.side.setCurrentIndex(NODES)
    QApplication.processEvents()
    yield window
    QSettings().clear()


def select_something(window):
    """A unit in the tree, which is then selected everywhere."""
    tree = window.node_tree
    block2 = tree.model.index(4, 0, tree.model.index(0, 0))
    assert tree.model.node(block2).name == "block2"
    tree.view.setCurrentIndex(tree.model.index(0, 0, block2))
    assert window.graph_panel.selected_ops


def type_height(window, text):
    """Types an image height, as a person does."""
    field = window.design_panel._options._height
    field.setFocus()
    field.selectAll()
    QTest.keyClicks(field, text)
    QTest.keyClick(field, Qt.Key.Key_Return)
    QApplication.processEvents()


@pytest.mark.parametrize("height", ["9999", "0"])
@pytest.mark.parametrize("selected", ["in the tree", "in the picture", "nothing"])
def test_an_image_height_out_of_range_leaves_a_tree_without_nodes(window, height, selected):
    if selected == "in the tree":
        select_something(window)
    elif selected == "in the picture":
        window.graph_panel.scene.boxes[4].setSelected(True)
        assert window.graph_panel.selected_ops
    type_height(window, height)
    assert window.document.design.image == (int(height), 32)
    assert window.graph_panel.network.ops == ()
    assert "image" in str(window.document.problems[0])
    model = window.node_tree.model
    root = model.index(0, 0)
    assert [str(root.siblingAtColumn(column).data() or "") for column in range(5)] == ["tiny", "network", "", "", ""]
    assert model.rowCount(root) == 0
    assert window.facts_panel.inspector.rows == []
    window.undo_actions["undo"].trigger()
    assert model.rowCount(model.index(0, 0)) == 9  # input, conv1, pool1, two blocks and what is behind them
    assert bool(window.facts_panel.inspector.rows) == (selected != "nothing")  # what was selected still is
    assert bool(window.graph_panel.scene.selectedItems()) == (selected != "nothing")
    assert bool(window.node_tree.view.selectionModel().selectedRows()) == (selected != "nothing")


def test_a_file_with_an_image_height_out_of_range_is_opened_and_shown(window, tmp_path):
    path = tmp_path / "tall.json"
    save(SOUND, path)
    data = json.loads(path.read_text())
    height_and_width = data["design"]["image"] if "design" in data else data["image"]
    height_and_width[0] = 9999
    path.write_text(json.dumps(data))
    select_something(window)
    window.files.open(path)
    QApplication.processEvents()
    assert window.document.design.image == (9999, 32)
    assert window.node_tree.model.rowCount(window.node_tree.model.index(0, 0)) == 0


@pytest.mark.parametrize("field", FIELDS)
def test_whatever_is_wrong_in_a_field_is_shown_with_its_problem(window, field):
    found = wrong_designs(field)
    assert found or field == "Unit.depth_bottleneck"
    select_something(window)
    for value, design in found:
        window.document.start(design)
        assert window.document.design is design, value
        assert window.design_panel._problems.count() > 0, value
        for tab in (PATHS, NODES):
            window.side.setCurrentIndex(tab)
        window.node_tree.view.expandAll()
        QApplication.processEvents()  # paints all of it
        window.document.start(SOUND)
        # A step that takes the selected row out of the table takes the selection with it.
        assert field == "Design.blocks" or window.graph_panel.scene.selectedItems(), value
