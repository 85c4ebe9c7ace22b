"""Where the time goes: from a fake engine's shares to the table, the bars and the picture."""

import sys
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtGui import QGuiApplication

from resnet_studio.bench.events import Profiled
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.recording import record
from resnet_studio.bench.shares import Shares
from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.shares.shares_panel import SharesPanel
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"
DESIGN = PRESETS["resnet_v2_50"]
PLAN = TimingPlan(batch=1, burn_in=0, steps=2, profile=True)
BOTH = Shares(
    "forward-backward", 3, 60.0,
    {"conv1": (50.0, 30.0), "block1/unit_1/bottleneck_v2/conv1": (20.0, 60.0),
     "block4/unit_3/bottleneck_v2/conv3": (25.0, 5.0)},
    {"convolution": (95.0, 0.0), "filter gradient": (0.0, 95.0)},
    {"loss": (5.0, 5.0)},
)  # fmt: skip


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(DESIGN), TimingRunner([sys.executable, str(FAKE), "--step-seconds", "0.001"]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.show()
    yield window
    QSettings().clear()


@pytest.fixture
def panel(qtbot):
    panel = SharesPanel()
    qtbot.addWidget(panel)
    panel.resize(900, 260)
    panel.set_design(DESIGN)
    panel.show_record(record(Job(DESIGN, PLAN), [Profiled(BOTH)]))
    panel.show()
    return panel


def column(panel, number):
    model = panel.table.model()
    return [model.index(row, number).data() for row in range(model.rowCount())]


def test_a_profiled_run_fills_the_tab_and_offers_its_colours(window, qtbot):
    bench, graph = window.benchmark_panel, window.graph_panel
    graph.set_colour_by("forward-share")
    assert graph.colour_by == "kind"
    assert bench.shares.hint.isVisibleTo(bench.shares)
    bench.set_plan(PLAN)
    with qtbot.waitSignal(window.runner.ended, timeout=15_000):
        bench.run_action.trigger()
    assert not bench.shares.hint.isVisibleTo(bench.shares)
    assert [bench.shares.modes.itemText(i) for i in range(2)] == ["Forward step", "Forward-backward step"]
    for number in (1, 2):
        assert sum(map(float, column(bench.shares, number))) == pytest.approx(100, abs=0.3)
    graph.set_colour_by("backward-share")
    assert graph.colour_by == "backward-share"
    units = [box for box in graph.picture.boxes if box.kind == "unit"]
    assert units[-1].fill != units[0].fill
    bench.shares.show_record(record(Job(DESIGN, PLAN), [Profiled(BOTH)]))
    bench.results.selectRow(0)  # an earlier run's profile comes back with its row
    assert bench.shares.modes.count() == 2
    bench.shares.modes.setCurrentIndex(0)  # it has no backward part
    assert graph.colour_by == "kind"
    assert "Looking where the time goes (forward)" in bench.log.toPlainText()


def test_a_row_selects_its_unit_in_the_picture_of_the_design_that_was_run(window):
    shares, graph = window.benchmark_panel.shares, window.graph_panel

    def chosen():
        return [item.box.name for item in graph.scene.boxes if item.isSelected()]

    shares.show_record(record(Job(DESIGN, PLAN), [Profiled(BOTH)]))
    place = [row.name for row in shares._rows].index("block1/unit_1")
    shares.table.choose(place)
    assert chosen()[0] == "block1/unit_1"
    window.selection.choose({"block3/unit_2/bottleneck_v2/conv1"})
    assert shares.table.selectionModel().selectedRows()[0].data() == "block3/unit_2"
    assert shares.plot._mark.isVisible()
    window.selection.choose(())
    assert not shares.table.selectionModel().hasSelection()
    for detail in ("blocks", "layers"):
        graph.set_detail(detail)
        shares.table.choose(0)
        shares.table.choose(place)
        assert chosen()[0].startswith("block1"), detail
    shares.table.choose(0)
    window.document.edit(replace(DESIGN, num_classes=10), "Set classes")
    shares.table.choose(place)
    assert not [name for name in chosen() if name.startswith("block1")]
    assert "not the design drawn" in shares.note.text()


def test_the_table_is_in_the_networks_order_and_sorts_by_number(panel):
    assert column(panel, 0)[:3] == ["conv1", "block1/unit_1", "block1/unit_2"]
    assert column(panel, 0)[-1] == "loss"
    panel.table.sortByColumn(2, Qt.SortOrder.DescendingOrder)
    assert column(panel, 0)[:2] == ["block1/unit_1", "conv1"]
    assert column(panel, 2)[:5] == ["60.00", "30.00", "5.00", "5.00", "0.00"]
    assert column(panel, 3)[0] == "44.00"  # 20 % of the 40 % forward, 60 % of the 60 % backward
    panel.levels.setCurrentIndex(2)
    assert set(column(panel, 0)) == {"convolution", "filter gradient", "loss"}
    panel.levels.setCurrentIndex(1)
    assert "block1/unit_1/bottleneck_v2/conv1" in column(panel, 0)
    panel.table._copy()
    lines = QGuiApplication.clipboard().text().splitlines()
    assert lines[0].split("\t") == ["Layer", "Forward %", "Backward %", "Step %"]
    assert lines[1].split("\t") == ["block1/unit_1/bottleneck_v2/conv1", "20.00", "60.00", "44.00"]


def test_bars_stand_in_the_networks_order_and_choose_their_row(panel):
    forward, backward = panel.plot._bars
    assert (forward.opts["height"][:2], backward.opts["height"][:2]) == ([50.0, 20.0], [30.0, 60.0])
    assert all(f < b for f, b in zip(forward.opts["x"], backward.opts["x"], strict=True))
    (ticks,) = panel.plot._item.getAxis("bottom")._tickLevels
    assert [name for _, name in ticks] == ["block1", "block2", "block3", "block4", "rest"]
    assert panel.plot.text_of(1) == "block1/unit_1: forward 20.00 %, backward 60.00 %"
    scene = panel.plot._item.getViewBox().mapViewToScene(QPointF(1.1, 1))
    assert panel.plot._row_at(scene) == 1
    panel.plot.row_chosen.emit(1)
    assert panel.table.selectionModel().selectedRows()[0].data() == "block1/unit_1"
    assert panel.plot._mark.isVisible()
    panel.levels.setCurrentIndex(2)  # kinds have no bars of their own
    assert len(forward.opts["height"]) == 16 + 2
    panel.plot.row_chosen.emit(1)
    assert not panel.plot._mark.isVisible()


def test_a_run_without_a_profile_leaves_what_is_shown_and_a_reason_is_told(panel, qtbot):
    panel.show_record(record(Job(DESIGN, PLAN), []))
    assert column(panel, 0)[0] == "conv1"
    empty = SharesPanel()
    qtbot.addWidget(empty)
    empty.show_record(record(Job(DESIGN, PLAN), [Profiled(fault="XLA keeps it to itself.")]))
    assert empty.hint.text() == "XLA keeps it to itself."
    for theme in (DARK, LIGHT):
        empty.set_theme(theme)
        panel.set_theme(theme)
    assert panel.plot._bars[0].opts["brush"].color().name() == LIGHT.forward
