"""One way for a change: whatever follows from a design is worked out once, and the picture changes once."""

import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication

from resnet_studio.design.presets import PRESETS
from resnet_studio.network import cost, derived
from resnet_studio.picture import view
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.ui.design.block_table import COLUMNS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.picture.scene import PictureScene
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
    window.show()
    qtbot.waitExposed(window)
    yield window
    QSettings().clear()


@pytest.fixture
def counted(window, monkeypatch):
    """How often each thing was done since `counted.clear()`: of the open design; its twin's own are left out."""
    found = Counter()

    def count(place, name, kind, of=lambda *_: True):
        original = getattr(place, name)

        def call(*args, **kwargs):
            found[kind] += bool(of(*args))
            return original(*args, **kwargs)

        monkeypatch.setattr(place, name, call)

    def is_open(design, *_):
        return design == window.document.design

    count(derived, "validate", "validated", is_open)
    count(derived, "expand_part", "expanded", is_open)
    count(view, "make_picture", "pictures")
    count(view, "mark_paths", "marked")
    count(PictureScene, "show_picture", "scenes")
    count(cost, "_cost", "costs")
    count(cost, "_cost", "costs of other blocks", lambda op, _: op.block not in ("block1", ""))
    units = window.design_panel._unit_model
    units.modelReset.connect(lambda: found.update(["unit tables"]))
    units.dataChanged.connect(lambda *_: found.update(["unit tables"]))
    found.clear()
    return found


def with_everything_in_view(window):
    """A lesion, a path, a colouring and a selection."""
    window.side.setCurrentWidget(window.paths_panel)
    window.paths_panel.lesions.set_lesion(frozenset({("block3", 3)}))
    window.paths_panel.chooser.kinds.setCurrentIndex(2)
    window.graph_panel.set_colour_by("macs")
    window.graph_panel.scene.select({"block2/unit_2"})


def set_depth(window, depth):
    set_cell(window, "depth", depth)


def set_cell(window, column, value):
    """What a person does who types into the row of block2."""
    model = window.design_panel._model
    model.setData(model.index(1, COLUMNS.index(column)), str(value))


@pytest.mark.parametrize("busy", [False, True], ids=["bare", "with lesion, path, colouring and selection"])
@pytest.mark.parametrize(("column", "value"), [("depth", 640), ("units", 6)])
def test_an_edit_is_validated_expanded_drawn_and_shown_once(window, counted, busy, column, value):
    if busy:
        with_everything_in_view(window)
    window.design_panel._table.go_to(0, 0)
    counted.clear()
    set_cell(window, column, value)  # with more units the longest path is another, too
    assert (counted["validated"], counted["expanded"]) == (1, 1)
    assert (counted["pictures"], counted["scenes"]) == (1, 1)
    assert counted["marked"] == busy
    assert counted["unit tables"] == 1
    assert {box.mark for box in window.graph_panel.shown.boxes} == ({"lesion", "path"} if busy else {""})


@pytest.mark.parametrize("busy", [False, True], ids=["bare", "busy"])
def test_an_edit_that_is_wrong_is_validated_once_and_drawn_once(window, counted, busy):
    if busy:
        with_everything_in_view(window)
    counted.clear()
    set_depth(window, "abc")
    assert window.document.network is None
    assert (counted["validated"], counted["pictures"], counted["scenes"]) == (1, 1, 1)
    window.undo_actions["undo"].trigger()
    assert (counted["validated"], counted["pictures"], counted["scenes"]) == (2, 2, 2)


def test_a_preset_is_drawn_once(window, counted):
    with_everything_in_view(window)
    counted.clear()
    window.document.use_preset("resnet_v2_101")
    assert [counted[kind] for kind in ("validated", "expanded", "pictures", "scenes")] == [1, 1, 1, 1]


def test_a_lesion_changes_the_scene_once_and_no_place_in_it(window, counted):
    with_everything_in_view(window)
    counted.clear()
    window.paths_panel.lesions.toggle({("block2", 2)})
    assert [counted[kind] for kind in ("validated", "expanded", "pictures", "scenes", "marked")] == [0, 0, 0, 1, 1]


def test_a_path_changes_the_scene_once_and_no_place_in_it(window, counted):
    window.side.setCurrentWidget(window.paths_panel)
    counted.clear()
    window.paths_panel.chooser.kinds.setCurrentIndex(3)
    assert (counted["pictures"], counted["scenes"], counted["marked"]) == (0, 1, 1)


def test_a_theme_changes_the_scene_once_and_no_place_in_it(window, counted):
    with_everything_in_view(window)
    counted.clear()
    window.set_theme(DARK)
    assert (counted["pictures"], counted["scenes"]) == (0, 1)
    window.set_theme(LIGHT)
    assert (counted["pictures"], counted["scenes"]) == (0, 2)


def test_a_selection_and_a_find_change_no_scene(window, counted):
    counted.clear()
    window.graph_panel.scene.select({"block2/unit_2"})
    window.graph_panel.find_bar.find_action.trigger()
    window.graph_panel.find_bar.text.setText("projection")
    assert (counted["pictures"], counted["scenes"]) == (0, 0)


def test_a_start_draws_no_more_than_the_shape_of_the_window_asks_for(qtbot, qapp, monkeypatch):
    drawn = []
    original = view.make_picture
    monkeypatch.setattr(view, "make_picture", lambda *a, **k: drawn.append(a) or original(*a, **k))
    QSettings().setValue("version", 1)
    QSettings().setValue("detail", "layers")
    QSettings().setValue("fold", "all")
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window)
    assert drawn == []  # nothing is drawn before it is seen
    window.show()
    qtbot.waitExposed(window)
    assert len(drawn) == 1
    assert (window.graph_panel.detail, window.graph_panel.fold) == ("layers", True)
    window.runner.shutdown()
    QSettings().clear()


def test_costs_are_reckoned_once_a_network(window, counted):
    design = window.document.design
    for depth in (80, 72):  # the second time all else is known, of the twin, too, which the first renames
        counted.clear()
        changed = design.with_block(0, design.blocks[0].with_all("depth_bottleneck", depth))
        window.document.edit(changed, "Set depth_bottleneck")
    assert counted["costs"] > 0
    assert counted["costs of other blocks"] == 0
    counted.clear()
    window.graph_panel.set_colour_by("parameters")
    window.graph_panel.scene.select({"block1/unit_1"})
    window.facts_panel._show_totals()
    assert counted["costs"] == 0


# ---- one selection, never stale


def facts(window):
    return dict(window.facts_panel.inspector.rows)


def test_the_inspector_tells_the_new_figures_of_what_is_selected(window):
    window.graph_panel.scene.select({"block2/unit_2"})
    assert facts(window)["conv2"].endswith("128 → 128")
    set_depth(window, 640)  # each unit of block2 gives 640 channels now
    assert facts(window)["conv3"] == "1×1, stride 1, padding none, 128 → 640"
    window.undo_actions["undo"].trigger()
    assert facts(window)["conv3"] == "1×1, stride 1, padding none, 128 → 512"


def test_a_unit_that_gets_a_projection_is_selected_with_it(window):
    design = window.document.design
    units = list(design.blocks[1].units)
    units[1] = replace(units[1], depth=520)
    window.graph_panel.scene.select({"block2/unit_2"})
    assert facts(window)["Shortcut"] == "identity"
    window.document.edit(design.with_block(1, replace(design.blocks[1], units=tuple(units))), "Set depth")
    assert facts(window)["Shortcut"] == "projection"
    assert "block2/unit_2/bottleneck_v2/shortcut" in window.selection.ops


def test_what_an_edit_takes_away_undo_selects_again(window):
    window.side.setCurrentWidget(window.node_tree)
    window.graph_panel.scene.select({"block3/unit_6"})
    chosen = window.selection.ops
    design = window.document.design
    window.document.edit(design.with_block(2, design.blocks[2].with_count(4)), "Set units")
    assert window.selection.ops == frozenset()
    assert facts(window) == {}
    assert not window.node_tree.view.selectionModel().selectedRows()
    assert not window.paths_panel.toggle_action.isEnabled()
    window.undo_actions["undo"].trigger()
    assert window.selection.ops == chosen
    assert facts(window)["Shortcut"] == "subsample"
    tree = window.node_tree
    assert [tree.model.node(i).name for i in tree.view.selectionModel().selectedRows()] == ["block3/unit_6"]
    assert [item.box.name for item in window.graph_panel.scene.selectedItems()] == ["block3/unit_6"]


def test_another_design_is_selected_nothing_of(window):
    window.graph_panel.scene.select({"block3/unit_2"})
    window.document.use_preset("resnet_v2_101")
    QApplication.processEvents()
    assert window.selection.ops == frozenset()
    assert facts(window) == {}
    assert not window.graph_panel.scene.selectedItems()
