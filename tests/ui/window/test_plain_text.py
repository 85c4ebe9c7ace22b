"""No text of a design, file or run is ever taken for markup or for a sign of Qt's, wherever it is shown.

A design, a block, a file and a run bear a name that is all markup. Then every widget is asked for its texts: labels,
tooltips, What's This, menus, buttons, tabs, tables, plots, titles. The dialogs have a file of their own.
"""

import ast
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtWidgets import (
    QLabel,
    QToolTip,
)

from resnet_studio.bench.events import Failed, Profiled
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Run, record
from resnet_studio.bench.shares import Shares
from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.plain import menu_text, plain_tip, title_text
from resnet_studio.ui.window.keys_dialog import KeysDialog
from resnet_studio.ui.window.main_window import MainWindow
from tests.plain_texts import HOSTILE, TAG, assert_plain

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"
UI = Path(__file__).parents[2] / "resnet_studio" / "ui"
DESIGN = PRESETS["resnet_v2_50"]
PLAN = TimingPlan(batch=1, burn_in=0, steps=2, modes=("forward",))


@pytest.fixture
def window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    window = MainWindow(DesignDocument(DESIGN), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    window.runner.warm_up = lambda: None  # no run is begun here
    window.show()
    yield window
    QSettings().clear()


def hostile_design():
    blocks = tuple(replace(block, name=HOSTILE) if row == 3 else block for row, block in enumerate(DESIGN.blocks))
    return replace(DESIGN, name=HOSTILE, blocks=blocks)


def test_a_name_of_markup_is_shown_as_its_characters_everywhere(window):
    window.document.edit(hostile_design(), f"Set name of {HOSTILE}")
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
        assert assert_plain(window) > 1, "the name is in no tooltip: the test looks at nothing"
    assert HOSTILE in window.windowTitle()


def test_an_ampersand_of_a_name_stands_in_the_edit_menu_and_in_the_list_of_keys(window):
    window.document.edit(replace(DESIGN, name=HOSTILE), f"Set name of {HOSTILE}")
    assert window.undo_actions["undo"].text() == "&Undo Set name of <img src=x><b>&&amp;"
    dialog = KeysDialog(window.menuBar(), window)
    dialog.show()
    assert f"Undo Set name of {HOSTILE}" in dialog.text.toPlainText()
    assert assert_plain(dialog) > 0
    dialog.close()


def test_a_label_that_can_carry_a_designs_text_is_plain(window):
    window.document.edit(replace(DESIGN, name=HOSTILE), "Set name")
    window.graph_panel.select_ops([op.name for op in window.graph_panel.network.ops])
    window.facts_panel.inspector.show_facts(HOSTILE, [(HOSTILE, HOSTILE)])
    labels = [label for label in window.findChildren(QLabel) if HOSTILE in label.text()]
    assert len(labels) >= 3
    assert all(label.textFormat() == Qt.TextFormat.PlainText for label in labels)


def test_labels_and_message_boxes_are_made_in_one_place():
    """A label made elsewhere may be given a name one day; only legends, which are markup of our own, are not plain."""
    for path in sorted(UI.glob("*.py")):
        if path.name == "plain.py":
            continue
        source = path.read_text()
        made = [
            node.func.id
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        ]
        rich = source.count("setTextFormat(Qt.TextFormat.RichText)")
        assert made.count("QLabel") <= rich, f"{path.name}: use plain_label"
        assert "QMessageBox" not in made, f"{path.name}: use message_box"
        for static in (
            "QMessageBox.warning",
            "QMessageBox.question",
            "QMessageBox.critical",
            "QMessageBox.information",
        ):
            assert static not in source, f"{path.name}: use message_box"
        if "QProgressDialog(" in source:
            assert "make_plain(self._" in source, f"{path.name}: its label takes markup"


def test_the_list_of_designs_shows_a_files_name_in_its_characters(window, tmp_path):
    choice = window.diff_window.choices["a"]
    window.diff_window.show()
    choice.open_file(tmp_path / f"{HOSTILE}.json")
    assert choice.currentText() == f"{HOSTILE}.json"
    assert TAG in window.diff_window.summary.text()
    assert_plain(window.diff_window)


def test_the_windows_title_shows_names_and_files_in_their_characters(window):
    window.document.edit(replace(DESIGN, name="a[*]b"), "Set name")
    window.document.path = Path(f"{HOSTILE}[*].json")
    window._show_title()
    # Qt shows '[*][*]' as '[*]', and the last one as the mark of what is not saved.
    assert window.windowTitle() == f"a[*][*]b ({HOSTILE}[*][*].json)[*] – ResNet Studio"


# ---- runs


def hostile_record():
    shares = Shares(
        "forward", 3, 0.0, {"conv1": (50.0, 0.0)}, {HOSTILE: (50.0, 0.0)}, {HOSTILE: (50.0, 0.0)}
    )  # fmt: skip
    # No design of a run bears such a name, for only sound ones are run and kept; what the engine says may.
    made = record(Job(DESIGN, PLAN), [Profiled(shares)])
    forward = Run("forward", 1, {}, (), (10**6, 2 * 10**6), in_force={"batch_norm": HOSTILE, "devices": [HOSTILE]})
    return replace(made, machine={"cpu": HOSTILE, "tensorflow": HOSTILE}, runs=(forward,), end="Finished")


def test_a_run_of_markup_is_shown_as_its_characters(window):
    bench = window.benchmark_panel
    made = hostile_record()
    bench.shares.show_record(made)
    for hour in (1, 2):
        bench.results.add(datetime(2026, 1, 1, hour, tzinfo=UTC), made)
    bench.shares._network = replace(bench.shares._network, design=replace(DESIGN, name=HOSTILE))
    bench.shares._say()
    bench.compare.view._say(HOSTILE)
    bench.compare.view.plot.begin(("forward",), 8, HOSTILE, HOSTILE)
    assert "&lt;img src=x&gt;" in bench.compare.view.plot.legend.text()
    bench.status.show_failure(Failed(HOSTILE, HOSTILE, HOSTILE))
    bench.status.show_text(HOSTILE)
    for level in range(bench.shares.levels.count()):
        bench.shares.levels.setCurrentIndex(level)
        for tab in range(bench.views.count()):
            bench.views.setCurrentIndex(tab)
            assert assert_plain(window) > 1


def test_what_is_told_at_a_bar_of_the_shares_is_plain(window, qtbot, monkeypatch):
    shares = window.benchmark_panel.shares
    shares.show_record(hostile_record())
    told = []
    monkeypatch.setattr(QToolTip, "showText", lambda where, text, *_: told.append(text))
    rows = [row.name for row in shares.plot._rows]
    monkeypatch.setattr(shares.plot, "_row_at", lambda place: rows.index(HOSTILE))
    shares.plot._hover(QPointF(0, 0))
    assert told == [plain_tip(f"{HOSTILE}: forward 50.00 %")]
    assert TAG not in told[0]


# ---- the texts themselves


@pytest.mark.parametrize(
    ("text", "menu", "title"),
    [
        ("a & b", "a && b", "a & b"),
        ("a\nb\tc", "a b c", "a b c"),
        ("[*]", "[*]", "[*][*]"),
        ("x" * 100, "x" * 79 + "…", "x" * 79 + "…"),
        ("&" * 100, "&&" * 79 + "…", "&" * 79 + "…"),
    ],
)
def test_a_text_for_a_menu_and_for_a_title(text, menu, title):
    assert (menu_text(text), title_text(text)) == (menu, title)
