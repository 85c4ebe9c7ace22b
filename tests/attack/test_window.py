"""Each hostile value in each cell and field of the window, in its settings and its history; and each faulty design seen."""

import json
import sqlite3
import sys
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QLineEdit

from resnet_studio.bench.history import keep
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.record_json import record_to_json
from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.picture.graph import DETAILS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow
from resnet_studio.ui.window.settings import read_settings, write_settings
from tests.attack.agreement import disagreements
from tests.attack.hostile import HUGE, JSON_TEXTS, TEXTS, json_with

FAKE = Path(__file__).parent.parent / "fake_engine.py"
SMALL = Design(
    "small", (Block("b1", (Unit(16, 8), Unit(16, 8, 2))), Block("b2", (Unit(32, 8),), "basic")), (32, 32), 10
)
# One text of each sort: a field is a field.
SORTS = (
    "empty", "exponent", "arabic digits", "out of range", "zero", "minus", "5000 digits", "word", "nul",
    "lines", "ampersand", "image", "combining", "bidi", "beyond the plane", "long line",
)  # fmt: skip
FAULTY = {
    "no blocks": replace(SMALL, blocks=()),
    "no units": replace(SMALL, blocks=(Block("b1", ()),)),
    **{
        f"{name} is {text or 'empty'}": replace(SMALL, **{name: (value, 32) if name == "image" else value})
        for name in (field.name for field in fields(Design) if field.name != "blocks")
        for text, value in {"huge": HUGE, "": ""}.items()
    },
    **{
        f"unit's {name}": SMALL.with_block(0, Block("b1", (Unit(16, 8), replace(Unit(16, 8, 2), **{name: -1}))))
        for name in (field.name for field in fields(Unit))
    },
}


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(SMALL), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.resize(1_150, 740)
    window.show()
    yield window
    QSettings().clear()


def test_every_cell_takes_every_text_and_gives_it_back_by_undo(window):
    panel = window.design_panel
    panel._table.go_to(0, 0)
    for model in (panel._model, panel._unit_model):
        for column in range(model.columnCount()):
            for name in SORTS:
                model.setData(model.index(0, column), TEXTS[name])
                window.document.undo_stack.undo() if window.document.modified else None
                assert window.document.design == SMALL, name
    for name in SORTS:
        text = TEXTS[name]
        panel._model.paste(0, 0, [line.split("\t") for line in text.splitlines()])
        assert disagreements(window) == [], name
        window.document.undo_stack.setIndex(0)


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)
def test_every_field_takes_every_text(window, qtbot):
    window.more_options.show()
    window.benchmark_panel.form.options_action.trigger()
    window.graph_panel.find_bar.open()
    seen = 0
    inner = {spin.lineEdit() for spin in window.findChildren(QAbstractSpinBox)}
    for top in (window, window.more_options):
        for field in (*top.findChildren(QLineEdit), *top.findChildren(QAbstractSpinBox)):
            if field in inner or not field.isEnabled() or (isinstance(field, QLineEdit) and field.isReadOnly()):
                continue
            seen += 1
            line = field if isinstance(field, QLineEdit) else field.lineEdit()
            for name in SORTS:
                line.setText(TEXTS[name])
                field.editingFinished.emit()
                field.interpretText() if isinstance(field, QAbstractSpinBox) else None
                found = disagreements(window)
                assert found == [], (field.accessibleName(), name, found)
                window.document.undo_stack.setIndex(0)
    assert seen >= 12, "there are more fields than were found"
    window.more_options.hide()
    for widget in QApplication.topLevelWidgets():
        if widget.windowType() in (Qt.WindowType.Popup, Qt.WindowType.Tool):
            widget.hide()


def test_a_faulty_design_is_shown_by_every_view_at_every_detail(window):
    window.side.setCurrentWidget(window.node_tree)
    window.diff_window.show()
    window.graph_panel.find_bar.open()
    window.graph_panel.find_bar.text.setText("conv")
    window.graph_panel.select_ops([op.name for op in window.graph_panel.network.ops])
    for number, (name, design) in enumerate(FAULTY.items()):
        window.graph_panel.set_detail(DETAILS[number % len(DETAILS)])
        window.document.edit(design, "Make it faulty")
        for tab in range(window.side.count()):
            window.side.setCurrentIndex(tab)
            window.side.currentWidget().grab()
        window.graph_panel.view.grab()
        window.selection.choose([op.name for op in window.graph_panel.network.ops])
        assert disagreements(window) == [], name
        window.document.undo_stack.undo()
        assert disagreements(window) == [], name
    window.diff_window.close()


def test_settings_of_hostile_values_are_passed_over(window):
    parts = (window._splitters, window.graph_panel, window.benchmark_panel)
    write_settings(window, *parts)
    store = QSettings()
    kept = {key: store.value(key) for key in store.allKeys()}
    assert len(kept) > 15
    for key, value in kept.items():
        for hostile in ("inf", "9" * 400, "@Invalid()", "<img src=x>", {"a": 1}, b"\xff\x00", -1, None):
            store.setValue(key, hostile)
            read_settings(window, *parts)
        store.setValue(key, value)
        assert disagreements(window) == [], key
    read_settings(window, *parts)


def test_a_history_of_hostile_rows_is_shown_in_the_table(window, tmp_path):
    run = Run("forward", 4, {"build": 5, "steps": 9}, (900,), (123, 234) * 10, "precise", {"devices": ["CPU"]}, 7)
    row = record_to_json(
        Record(Job(SMALL, TimingPlan(modes=("forward",), batch=4)), {"cores": 2}, (run,), 9, "Finished")
    )
    when, path = datetime(2026, 11, 23, 19, 0, tzinfo=UTC), tmp_path / "history.sqlite"
    keep(path, when, Record(Job(SMALL, TimingPlan()), {}, (run,), 9, "Finished"))
    small = [text for text in JSON_TEXTS.values() if len(text) < 6_000]
    places = (
        ("machine", "cores"),
        ("design", "name"),
        ("design", "blocks", 0, "name"),
        ("runs", 0, "in_force", "devices"),
        ("end",),
    )
    with sqlite3.connect(path) as database:
        rows = [(when.isoformat(), json_with(row, place, text)) for place in places for text in small]
        database.executemany("INSERT INTO runs (ended, record) VALUES (?, ?)", rows)
    database.close()
    window.benchmark_panel.open_history(path)
    model = window.benchmark_panel.results.results
    assert model.rowCount() > 1
    for number in range(model.rowCount()):
        for column in range(model.columnCount()):
            for role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
                model.index(number, column).data(role)
    assert json.dumps(model.rowCount())
    window.benchmark_panel.results.copy()
