"""The Compare tab: which designs, Compare and Stop; beside it what comes of it."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.rounds import Contest
from resnet_studio.design.spec import Design
from resnet_studio.driver.tasks import ContestTask
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.resources import icon
from resnet_studio.ui.widgets.style import text_button

from .compare_form import CompareForm
from .contest_view import ContestView

_FORM_WIDTH = 280


class ComparePanel(QWidget):
    """Drives `runner` with contests of the design it was last given."""

    def __init__(self, runner: TimingRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._design: Design | None = None
        self._plan: TimingPlan | None = None
        self._contest: Contest | None = None  # what Compare would time
        self._fault = ""
        self.form = CompareForm(self)
        self.view = ContestView(runner, self)
        self._make_actions()
        self._lay_out()
        self.form.edited.connect(self._refresh_contest)
        self.view.changed.connect(self._update_actions)
        for changed in (runner.started, runner.ended):
            changed.connect(self._update_actions)
        self.set_theme(LIGHT)
        self._refresh_contest()

    def _make_actions(self) -> None:
        self.compare_action = QAction("&Compare", self)
        self.compare_action.setShortcut(QKeySequence("Ctrl+Shift+R"))
        self.compare_action.triggered.connect(self.compare)
        self.stop_action = QAction("Stop", self)
        self.stop_action.setToolTip("End the comparison now; the rounds so far stay")
        self.stop_action.triggered.connect(self.stop)

    def _lay_out(self) -> None:
        buttons = QHBoxLayout()
        buttons.setContentsMargins(8, 0, 4, 0)
        for action in (self.compare_action, self.stop_action):
            buttons.addWidget(text_button(action))
        buttons.addStretch(1)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(self.form)
        left.addLayout(buttons)
        left.addStretch(1)
        self.form.setFixedWidth(_FORM_WIDTH)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addLayout(left)
        row.addWidget(self.view, 1)

    # What the window tells the panel

    def set_subject(self, design: Design | None, plan: TimingPlan | None, fault: str = "") -> None:
        """The open design and how to time it; fault: why it can't be timed, else ''."""
        self._design, self._plan, self._fault = design, plan, fault
        self._refresh_contest()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours."""
        self.form.set_theme(theme)
        self.view.set_theme(theme)
        self.compare_action.setIcon(icon("run", theme))
        self.stop_action.setIcon(icon("stop", theme))

    # Compare and Stop

    @Slot()
    def compare(self) -> None:
        """Times the designs in turn, where nothing stands in the way."""
        if self.compare_action.isEnabled() and self._contest is not None:
            self._runner.start(ContestTask(self._contest))

    @Slot()
    def stop(self) -> None:
        """Ends the comparison."""
        self.view.stop()

    @Slot()
    def _refresh_contest(self) -> None:
        self._contest = None
        problem = self._fault
        if self._design is not None and self._plan is not None and not problem:
            try:
                self._contest = self.form.contest(self._design, self._plan)
            except ValueError as error:
                problem = str(error)
        name = self._design.name if self._design else "–"
        self.form.first.setText(f"A  {name} (the open design)")
        self.view.set_problem(problem)
        self._update_actions()

    @Slot()
    def _update_actions(self, *_: object) -> None:
        running = self._runner.running
        self.compare_action.setEnabled(self._contest is not None and not running)
        self.stop_action.setEnabled(self.view.running)
        tip = "Something is being timed" if running else "Time these designs in turn (Ctrl+Shift+R)"
        self.compare_action.setToolTip(tip if self._contest or running else "Off until what stands below is mended")
