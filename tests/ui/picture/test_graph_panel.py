"""The picture in the window: folds, the eye kept on a unit, one selection everywhere, find, back and forward."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QItemSelectionModel, QPoint, QPointF, QSettings, Qt
from PySide6.QtWidgets import QApplication

from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.picture.picture_selection import rect_of
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.resize(1440, 940)
    window.show()
    qtbot.waitExposed(window)
    yield window
    QSettings().clear()


def box(window, name):
    return next(item for item in window.graph_panel.scene.boxes if item.box.name == name)


def seen_at(window, name):
    """Where on the viewport a box's middle is."""
    return window.graph_panel.view.viewportTransform().map(box(window, name).middle)


def look_at(window, name, zoom=1.0):
    view = window.graph_panel.view
    view.put(box(window, name).middle, QPointF(view.viewport().rect().center()), zoom)


def near(a, b):
    return abs(a.x() - b.x()) <= 1.5 and abs(a.y() - b.y()) <= 1.5


def selected(window):
    return sorted(item.box.name for item in window.graph_panel.scene.boxes if item.isSelected())


# ---- folds


def click(qtbot, window, point):
    view = window.graph_panel.view
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(point))


def test_a_click_on_the_fold_mark_opens_a_run_in_its_place_and_another_folds_it(window, qtbot):
    panel = window.graph_panel
    panel.set_fold(True)
    look_at(window, "block3/units_2-5")
    before, boxes = seen_at(window, "block3/units_2-5"), len(panel.picture.boxes)
    click(qtbot, window, box(window, "block3/units_2-5").fold_mark)
    assert near(seen_at(window, "block3/unit_2"), before)
    assert len(panel.picture.boxes) == boxes + 6  # four units and additions in place of one
    click(qtbot, window, box(window, "block3/unit_2").fold_mark)
    assert near(seen_at(window, "block3/units_2-5"), before)


def test_double_click_and_enter_open_a_run_once(window, qtbot):
    panel, view = window.graph_panel, window.graph_panel.view
    panel.set_fold(True)
    look_at(window, "block3/units_2-5")
    qtbot.mouseDClick(
        view.viewport(), Qt.MouseButton.LeftButton, pos=view.mapFromScene(box(window, "block3/units_2-5").middle)
    )
    assert panel.shows.unfolded == {"block3/unit_2"}
    panel.scene.select({"block3/unit_3"})
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert panel.shows.unfolded == frozenset()


def test_the_fold_actions_fold_all_none_or_by_themselves(window):
    actions = {action.text().replace("&", ""): action for action in window.graph_panel.fold_actions.actions()}
    actions["Fold all"].trigger()
    assert window.graph_panel.picture.folded
    actions["Unfold all"].trigger()
    assert not window.graph_panel.picture.folded
    window.document.use_preset("cifar_resnet_v2_1001")
    assert not window.graph_panel.picture.folded
    actions["Fold automatically"].trigger()
    assert window.graph_panel.picture.folded
    assert actions["Fold automatically"].isChecked()


# ---- the eye


@pytest.mark.parametrize("name", ["block1/unit_2", "block3/unit_4", "block4/unit_3"])
def test_the_unit_in_the_middle_stays_where_it_is_at_another_detail_and_layout(window, name):
    panel = window.graph_panel
    look_at(window, name)
    at = QPointF(panel.view.viewport().rect().center())
    panel.set_detail("layers")
    parts = [item.box for item in panel.scene.boxes if item.box.name.startswith(f"{name}/") and item.box.form != "add"]
    assert len(parts) >= 4
    assert near(panel.view.viewportTransform().map(rect_of(parts).center()), at)
    panel.set_detail("units")
    assert near(seen_at(window, name), at)
    panel.set_layout_name("circular")
    assert near(seen_at(window, name), at)


def test_the_selected_unit_stays_and_not_the_middle_one(window):
    panel = window.graph_panel
    look_at(window, "block2/unit_2")
    panel.scene.select({"block2/unit_4"})
    before = seen_at(window, "block2/unit_4")
    window.graph_panel.set_layout_name("top-down" if panel._bar.layouts.findText("top-down") >= 0 else "serpentine")
    assert panel.layout_name != "layered"
    assert near(seen_at(window, "block2/unit_4"), before)


def test_a_picture_that_is_wholly_in_view_stays_so(window):
    window.graph_panel.set_detail("layers")
    assert window.graph_panel.view.fitted
    scene, seen = window.graph_panel.scene.sceneRect(), window.graph_panel.view.seen
    assert seen.adjusted(-2, -2, 2, 2).contains(scene)


def test_another_design_is_seen_as_a_whole_and_an_edit_of_this_one_where_one_was(window):
    panel = window.graph_panel
    look_at(window, "block3/unit_4")
    panel.select_ops([op.name for op in panel.network.ops if (op.block, op.unit) == ("block3", 4)])
    before, chosen = seen_at(window, "block3/unit_4"), panel.selected_ops
    window.document.edit(
        window.document.design.with_block(1, window.document.design.blocks[1].with_count(9)), "Set units"
    )
    assert near(seen_at(window, "block3/unit_4"), before)
    QApplication.processEvents()
    assert panel.selected_ops == chosen
    window.document.use_preset("cifar_resnet_v2_1001")
    assert panel.view.fitted
    assert not selected(window)


# ---- one selection


def test_rows_select_in_the_picture_and_the_picture_selects_rows(window):
    table, units = window.design_panel._table, window.design_panel._units
    flags = QItemSelectionModel.SelectionFlag
    table.selectionModel().select(table.model().index(1, 0), flags.ClearAndSelect)
    table.selectionModel().select(table.model().index(2, 0), flags.Select)
    blocks = {item.box.block for item in window.graph_panel.scene.boxes if item.isSelected()}
    assert blocks == {"block2", "block3"}
    assert len(selected(window)) == 2 * (4 + 6)
    assert window.facts_panel.inspector.rows[0] == ("Together", "50 layers, 153 operations") or (
        window.facts_panel.inspector.rows[0][0] == "Together"
    )
    table.selectionModel().select(table.model().index(1, 0), flags.ClearAndSelect)
    for row in (1, 3):
        units.selectionModel().select(units.model().index(row, 0), flags.Select)
    assert selected(window) == ["block2/unit_2", "block2/unit_2/add", "block2/unit_4", "block2/unit_4/add"]
    window.graph_panel.scene.select({"block3/unit_2", "block4/unit_1"})
    assert table.rows() == [2, 3]
    assert [index.row() for index in units.selectedIndexes()] == [1]


def test_the_tree_and_the_picture_select_in_each_other(window):
    window.side.setCurrentWidget(window.node_tree)
    tree = window.node_tree
    window.graph_panel.scene.select({"block3/unit_4"})
    assert [tree.model.node(i).name for i in tree.view.selectionModel().selectedRows()] == ["block3/unit_4"]
    (index,) = tree.model.find(frozenset({"block2/unit_1/bottleneck_v2/conv2"}))
    tree.view.selectionModel().setCurrentIndex(
        index, QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
    )
    assert selected(window) == ["block2/unit_1"]
    facts = dict(window.facts_panel.inspector.rows)
    assert (facts["Kernel"], facts["Stride"], facts["Channels"]) == ("3×3", "1", "128 → 128")
    window.graph_panel.set_detail("layers")
    assert selected(window) == ["block2/unit_1/bottleneck_v2/conv2"]


def test_the_tree_of_1001_layers_opens_without_its_leaves(window):
    window.document.use_preset("cifar_resnet_v2_1001")
    window.side.setCurrentWidget(window.node_tree)
    assert len(window.node_tree.model._nodes) < 20


def test_the_inspector_tells_all_of_a_unit_and_sums_of_several(window):
    window.graph_panel.scene.select({"block2/unit_4"})
    facts = dict(window.facts_panel.inspector.rows)
    assert facts["Shortcut"] == "subsample"
    assert "512" in facts["Why"]
    assert "its stride is 2" in facts["Why"]
    assert facts["conv2"] == "3×3, stride 2, padding 1, 128 → 128"
    assert "block2/unit_4/bottleneck_v2/conv3/biases 512" in facts["Variables"].split("\n")
    one = int(facts["Parameters"].split(" ")[0].replace(",", ""))
    window.facts_panel.inspector.copy()
    assert f"Parameters: {one:,}" in QApplication.clipboard().text()
    window.graph_panel.scene.select({"block2/unit_3", "block2/unit_4"})
    facts = dict(window.facts_panel.inspector.rows)
    assert facts["Shortcuts"] == "1 identity, 1 subsample"
    assert int(facts["Parameters"].split(" ")[0].replace(",", "")) == 2 * one


# ---- find


def test_find_counts_steps_and_marks(window, qtbot):
    panel, bar = window.graph_panel, window.graph_panel.find_bar
    bar.find_action.trigger()
    bar.text.setText("projection")
    assert bar.count.text() == "4 hits"
    assert sorted(i.box.name for i in panel.scene.boxes if i._found) == [f"block{n}/unit_1" for n in (1, 2, 3, 4)]
    qtbot.keyClick(bar.text, Qt.Key.Key_Return)
    qtbot.keyClick(bar.text, Qt.Key.Key_Return)
    assert bar.count.text() == "2 of 4: block2/unit_1/bottleneck_v2/shortcut"
    assert selected(window) == ["block2/unit_1"]
    qtbot.keyClick(bar.text, Qt.Key.Key_Return, Qt.KeyboardModifier.ShiftModifier)
    assert selected(window) == ["block1/unit_1"]
    bar.text.setText("no such thing")
    assert bar.count.text() == "No hits"
    qtbot.keyClick(bar.text, Qt.Key.Key_Escape)
    assert bar.isHidden()
    assert not [i for i in panel.scene.boxes if i._found]


def test_a_hit_in_a_folded_run_opens_it(window, qtbot):
    panel, bar = window.graph_panel, window.graph_panel.find_bar
    panel.set_fold(True)
    bar.find_action.trigger()
    bar.text.setText("block3/unit_4")
    qtbot.keyClick(bar.text, Qt.Key.Key_Return)
    assert "block3/unit_4" in selected(window)
    bar.text.setText("conv2")
    qtbot.keyClick(bar.text, Qt.Key.Key_Return)
    assert selected(window) == ["block1/unit_1"] or "block1" in selected(window)[0]


# ---- places


def test_back_and_forward_bring_back_detail_fold_place_and_selection(window):
    panel, view = window.graph_panel, window.graph_panel.view
    look_at(window, "block3/unit_2", 1.5)
    panel.scene.select({"block3/unit_2"})
    at = seen_at(window, "block3/unit_2")
    panel.set_detail("layers")
    panel.fit()
    panel.select_ops(())
    assert panel.actions_by_icon["back"].isEnabled()
    panel.actions_by_icon["back"].trigger()
    panel.actions_by_icon["back"].trigger()
    assert (panel.detail, round(view.zoom, 3), selected(window)) == ("units", 1.5, ["block3/unit_2"])
    assert near(seen_at(window, "block3/unit_2"), at)
    panel.actions_by_icon["forward"].trigger()
    panel.actions_by_icon["forward"].trigger()
    assert (panel.detail, view.fitted, selected(window)) == ("layers", True, [])


def test_zoom_to_selection_shows_it_large(window):
    panel = window.graph_panel
    panel.scene.select({"block4/unit_1", "block4/unit_2"})
    panel.zoom_to_selection()
    seen = panel.view.seen
    assert seen.contains(box(window, "block4/unit_1").middle)
    assert seen.contains(box(window, "block4/unit_2").middle)
    assert panel.view.zoom > 1.2


def test_the_minimap_comes_where_the_picture_is_larger_and_moves_the_view(window, qtbot):
    panel = window.graph_panel
    assert panel.minimap.isHidden()
    look_at(window, "block1/unit_1", 3.0)
    assert panel.minimap.isVisible()
    frame = panel.minimap.frame()
    assert 0 < frame.width() < panel.minimap.width()
    end = panel.minimap.rect().bottomRight() - QPoint(1, 1)
    qtbot.mouseClick(panel.minimap, Qt.MouseButton.LeftButton, pos=end)
    whole = panel.scene.sceneRect()
    assert (panel.view.seen.center() - whole.bottomRight()).manhattanLength() < 0.05 * whole.width()
    panel.fit()
    assert panel.minimap.isHidden()


def test_fold_is_remembered(window, qtbot):
    window.graph_panel.set_fold(True)
    window.close()
    again = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(again)
    assert again.graph_panel.fold is True
    assert again.graph_panel.picture.folded
    again.runner.shutdown()


def test_a_design_with_a_problem_keeps_tree_and_selection_of_its_sound_part(window):
    window.graph_panel.scene.select({"block1/unit_1"})
    design = window.document.design
    window.document.edit(replace(design, blocks=(*design.blocks[:3], replace(design.blocks[3], name=""))), "Break")
    assert selected(window) == ["block1/unit_1"]
    assert dict(window.facts_panel.inspector.rows)["Shortcut"] == "projection"
