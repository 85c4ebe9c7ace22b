"""The window as a whole, with a fake engine."""

import subprocess
import sys
from pathlib import Path

import pytest
import shiboken6
from PySide6.QtCore import QSettings

from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.ui.design.block_table import COLUMNS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    # A design that is not saved would be asked about, and nobody answers.
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.show()
    yield window
    QSettings().clear()


def totals(window):
    return {name: label.text() for name, label in window.facts_panel._values.items()}


def test_an_edit_turns_picture_and_totals_into_resnet_101s_and_undo_brings_them_back(window):
    window.graph_panel._drawing.fill()  # at the shape that the view has by now
    before = (totals(window), window.graph_panel.picture)
    assert before[0]["Parameters"] == "25.57 M"
    assert before[0]["MACs"] == "3.48 GMACs"
    assert before[0]["Activations"] == "1.86 GiB (batch 32)"
    model = window.design_panel._model
    model.setData(model.index(2, COLUMNS.index("units")), "23")
    assert totals(window)["Parameters"] == "44.58 M"
    assert totals(window)["MACs"] == "7.19 GMACs"
    units = [box for box in window.graph_panel.picture.boxes if box.kind == "unit"]
    assert len(units) == 33
    window.undo_actions["undo"].trigger()
    assert (totals(window), window.graph_panel.picture) == before


def test_run_is_off_while_there_are_problems_and_a_problem_leads_to_its_cell(window):
    panel = window.design_panel
    panel._model.setData(panel._model.index(1, COLUMNS.index("depth")), "abc")
    assert not window.benchmark_panel.run_action.isEnabled()
    assert totals(window)["Parameters"] == "–"
    assert window.graph_panel.picture is not None
    item = panel._problems.item(0)
    assert item.text() == "block2, depth: 'abc' is not a whole number. Use 1 to 8,192 channels."
    panel._problems.itemDoubleClicked.emit(item)
    assert (panel._table.currentIndex().row(), panel._table.currentIndex().column()) == (1, COLUMNS.index("depth"))
    window.undo_actions["undo"].trigger()
    assert window.benchmark_panel.run_action.isEnabled()


def test_options_are_steps_too(window):
    form = window.design_panel._options
    form._root.click()
    assert window.document.design.include_root_block is False
    form._height.lineEdit().setText("9999")
    form._height.editingFinished.emit()
    assert window.document.design.image == (9999, 224)
    assert [str(p.place) for p in window.document.problems] == ["image height"]
    window.undo_actions["undo"].trigger()
    assert form._height.value == 224
    form._has_classes.click()
    assert window.document.design.num_classes is None
    assert totals(window)["Output"] == "1×1×2048"


def test_a_preset_is_known_by_its_values_and_brought_by_one_step(window):
    presets = window.design_panel._presets
    presets.activated.emit(presets.findData("resnet_v2_152"))
    assert window.document.design == PRESETS["resnet_v2_152"]
    assert presets.currentData() == "resnet_v2_152"
    assert window.windowTitle().startswith("resnet_v2_152[*]")
    window.undo_actions["undo"].trigger()
    assert presets.currentData() == "resnet_v2_50"


@pytest.mark.parametrize("detail", ["blocks", "units", "layers"])
def test_a_click_on_a_node_shows_it_and_selects_its_row(window, detail):
    window.graph_panel.set_detail(detail)
    scene = window.graph_panel.view.scene()
    item = next(i for i in scene.items() if getattr(i, "box", None) and i.box.block == "block3" and i.box.form != "add")
    item.setSelected(True)
    assert window.design_panel._table.currentIndex().row() == 2
    assert "Parameters" in dict(window.facts_panel.inspector.rows)
    window.set_theme(DARK)
    assert [i.box.name for i in window.graph_panel.view.scene().selectedItems()] == [item.box.name]
    window.set_theme(LIGHT)


def test_every_layout_that_is_offered_is_drawn(window):
    panel = window.graph_panel
    for index in range(panel._bar.layouts.count()):
        panel.set_layout_name(panel._bar.layouts.itemText(index))
        assert panel.picture.layout == panel._bar.layouts.itemText(index)


def test_a_run_from_the_window_to_its_end(window, qtbot):
    with qtbot.waitSignal(window.runner.ended, timeout=20_000) as ended:
        window.benchmark_panel.run_action.trigger()
    assert type(ended.args[0].outcome.end).__name__ == "Finished"


def test_choices_are_remembered(window, qtbot):
    window.graph_panel.set_detail("layers")
    window.graph_panel.set_layout_name("circular")
    window.graph_panel.set_colour_by("memory")
    window.close()
    again = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(again)
    assert (again.graph_panel.detail, again.graph_panel.layout_name) == ("layers", "circular")
    assert again.graph_panel.colour_by == "memory"
    again.runner.shutdown()


def test_the_window_never_imports_tensorflow():
    code = (
        "import pkgutil, importlib, sys, resnet_studio.ui as ui\n"
        "for module in pkgutil.walk_packages(ui.__path__, 'resnet_studio.ui.'): importlib.import_module(module.name)\n"
        "assert 'PySide6' in sys.modules\n"
        "assert not {'tensorflow', 'keras'} & set(sys.modules), 'imported'\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)


def test_the_window_fits_a_small_screen(window):
    least = window.minimumSizeHint()
    assert least.width() <= 1150
    assert least.height() <= 740


def test_a_window_that_is_left_with_unsaved_changes_closes_in_silence(window, qtbot):
    window.document.use_preset("resnet_v2_101")
    assert window.isWindowModified()
    with qtbot.captureExceptions() as faults:
        window.files.may_leave = lambda: True
        window.close()
        shiboken6.delete(window.document)
    assert faults == []
    window.document = DesignDocument(PRESETS["resnet_v2_50"])  # for the fixture
