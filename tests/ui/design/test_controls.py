"""What holds for all controls of the window: no key stands for two things, and each says what it does."""

import sys
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QComboBox,
    QDialogButtonBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListView,
    QMenu,
    QMenuBar,
    QTabBar,
    QToolBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from resnet_studio.bench.events import PhaseBegan
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.rounds import Contest, Told
from resnet_studio.bench.rounds_text import side_names
from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.contest_progress import ContestProgress
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.keys_dialog import KeysDialog
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parent.parent.parent / "fake_engine.py"
WIDGET_ONLY = (Qt.ShortcutContext.WidgetShortcut, Qt.ShortcutContext.WidgetWithChildrenShortcut)


def make_window(qtbot: QtBot) -> MainWindow:
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
    return window


@pytest.fixture
def window(qtbot: QtBot, qapp: Any) -> Iterator[MainWindow]:
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()
    yield make_window(qtbot)
    QSettings().clear()


def actions(window: MainWindow) -> list[QAction]:
    """The window's actions, those of its menus' entries too; less what Qt puts into line edits."""
    found = [each for each in window.findChildren(QAction) if not isinstance(each.parent(), QLineEdit)]
    return [each for each in found if not each.isSeparator() and each.menu() is None]


def where(action: QAction) -> str:
    return f"{type(action.parent()).__name__}: {action.text()}"


def test_no_two_actions_share_a_shortcut(window: MainWindow) -> None:
    users = defaultdict(list)
    for action in actions(window):
        for keys in action.shortcuts():
            scope = id(action.parent()) if action.shortcutContext() in WIDGET_ONLY else 0
            users[keys.toString()].append((scope, where(action)))
    assert "F5" in users
    shared = {keys: names for keys, names in users.items() if len({scope for scope, _ in names}) < len(names)}
    assert not shared


def test_every_action_of_the_menus_and_every_control_says_what_it_does(window: MainWindow) -> None:
    silent = [where(action) for action in actions(window) if not action.text() or not action.toolTip()]
    labelled = {id(label.buddy()) for label in window.findChildren(QLabel) if label.buddy()}
    for kind in (QAbstractButton, QAbstractSpinBox, QComboBox, QLineEdit, QAbstractItemView):
        for widget in window.findChildren(kind):
            words = widget.text() if isinstance(widget, QAbstractButton) else ""
            named = widget.accessibleName() or words or id(widget) in labelled
            if not of_qt(widget) and not (named and (widget.toolTip() or words)):
                silent.append(f"{type(widget.parent()).__name__} > {type(widget).__name__} {widget.accessibleName()!r}")
    assert not silent, "\n".join(silent)


def of_qt(widget: QWidget) -> bool:
    """Whether Qt made it inside a control of its own."""
    makers = (QAbstractSpinBox, QComboBox, QLineEdit, QDialogButtonBox, QAbstractItemView, QMenuBar, QTabBar, QToolBar)
    of_combo = type(widget) is QListView and type(widget.parent()) is QFrame
    return of_combo or isinstance(widget.parent(), makers)


def test_the_menus_hold_every_action_that_has_a_key_and_help_names_the_others(window: MainWindow) -> None:
    entries = {id(action) for menu in window.findChildren(QMenu) for action in menu.actions()}
    text = KeysDialog(window.menuBar(), window).text.toPlainText()
    for action in actions(window):
        for keys in action.shortcuts():
            assert id(action) in entries or keys.toString() in text, where(action)
    assert "Differences\nCtrl+Shift+D" in text
    assert "Run\nF5, Ctrl+R" in text


def test_the_plan_of_one_window_is_the_plan_of_the_next(window: MainWindow, qtbot: QtBot) -> None:
    plan = TimingPlan(
        modes=("forward",), batch=5, burn_in=7, until_precise=3.0, max_seconds=40.0, intra_op_threads=2, inter_op_threads=1,
        seed=123_456, precision="bfloat16", compiler="xla", batch_norm="inference", input="step", profile=True,
    )  # fmt: skip
    window.benchmark_panel.set_plan(plan)
    assert window.benchmark_panel.plan == plan
    window.close()
    assert make_window(qtbot).benchmark_panel.plan == plan


def test_threads_are_tensorflows_choice_until_a_number_is_typed(window: MainWindow) -> None:
    options = window.benchmark_panel.form.options
    threads = options.findChildren(QAbstractSpinBox)[0]
    assert threads.lineEdit().text() == "TensorFlow chooses"
    assert options.values["intra_op_threads"] == 0
    threads.stepBy(1)
    assert (threads.lineEdit().text(), options.values["intra_op_threads"]) == ("1", 1)
    threads.stepBy(-1)
    assert threads.lineEdit().text() == "TensorFlow chooses"
    threads.lineEdit().setText("0")
    assert options.values["intra_op_threads"] == 0
    assert options.problems == ()


def test_a_long_phase_does_not_widen_the_window(window: MainWindow) -> None:
    window.show()
    panel = window.benchmark_panel
    panel.views.setCurrentWidget(panel.compare)
    window.layout().activate()
    before = panel.views.minimumSizeHint().width()
    jobs = [Job(replace(PRESETS["resnet_v2_50"], name="a_long_name_of_a_design_" * 3), TimingPlan())] * 2
    progress = ContestProgress(Contest(tuple(jobs), 100), side_names(jobs), 0.0)
    progress.take(Told(0, PhaseBegan("first_step", "forward-backward")), 1.0)
    panel.compare.view.status.show_progress(progress, 2.0, stopping=False)
    assert "a_long_name" in panel.compare.view.status.phase.text()
    assert panel.compare.view.status.phase.minimumWidth() > before
    assert panel.views.minimumSizeHint().width() == before


def test_every_preset_is_in_the_menu_and_opens(window: MainWindow) -> None:
    presets = {action.data(): action for action in actions(window) if action.data() in PRESETS}
    assert presets.keys() == PRESETS.keys()
    presets["cifar_plain_56"].trigger()
    assert window.document.design == PRESETS["cifar_plain_56"]
