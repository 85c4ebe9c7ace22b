"""The benchmark panel: what to time, Run and Stop, what is going on, the live plot, results and log."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QSplitter, QTabWidget, QVBoxLayout, QWidget

from resnet_studio.bench.events import Failed
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.validate import Problem
from resnet_studio.driver.tasks import ContestTask, RunTask
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.compare.compare_panel import ComparePanel
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.results.result_rows import Row
from resnet_studio.ui.results.results_tabs import ResultsTabs
from resnet_studio.ui.run.live_plot import LivePlot
from resnet_studio.ui.run.memory_question import MemoryQuestion, memory_shortage
from resnet_studio.ui.run.plan_form import PlanForm
from resnet_studio.ui.run.run_follower import RunFollower
from resnet_studio.ui.run.run_status import RunStatus, outcome_text, ready_text
from resnet_studio.ui.run.runner import TaskHandle, TimingRunner
from resnet_studio.ui.shares.shares_panel import SharesPanel
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.resources import icon
from resnet_studio.ui.widgets.style import text_button

_STATUS_WIDTH = 640  # pixels: the status stands beside the form where this much is free, else under it


@guarded
class BenchmarkPanel(QWidget):
    """Drives `runner`, which belongs to whoever made it, with the document's design."""

    plan_changed = Signal(object)  # TimingPlan, each time the fields hold another valid one
    problems_changed = Signal(object)  # tuple[Problem, ...] of the fields

    def __init__(self, document: DesignDocument, runner: TimingRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._runner = runner
        self._plan: TimingPlan | None = None
        self._problems: tuple[Problem, ...] = ()
        self.form = PlanForm(self)
        self.status = RunStatus(self)
        self.plot = LivePlot(self)
        self.tabs = ResultsTabs(self)
        self.results, self.log = self.tabs.results, self.tabs.log
        self.shares = SharesPanel(self)
        self.compare = ComparePanel(runner, self)
        self.follower = RunFollower(runner, self.status, self.plot, self.log, self.results, self)
        self._make_actions()
        self._lay_out()
        self.form.edited.connect(self._form_edited)
        self.follower.changed.connect(self._update_actions)
        self.follower.noticed.connect(self._tell_of_history)
        self.compare.view.failed.connect(self._log_failure)
        self.results.export_failed.connect(self.status.show_text)
        self.results.compare_wanted.connect(self._compare_rows)
        self.results.profile_wanted.connect(self.shares.show_record)
        runner.started.connect(self._task_started)
        runner.ended.connect(self._task_ended)
        document.design_changed.connect(self._design_changed)
        self.set_theme(LIGHT)
        self.shares.set_design(document.design)
        self._form_edited()

    def _make_actions(self) -> None:
        self.run_action = QAction("&Run", self)
        self.run_action.setShortcuts([QKeySequence("F5"), QKeySequence("Ctrl+R")])
        self.run_action.triggered.connect(self.run)
        self.stop_action = QAction("S&top", self)
        self.stop_action.setShortcuts([QKeySequence("Shift+F5"), QKeySequence("Ctrl+.")])
        self.stop_action.setToolTip("End the run now; what was measured stays (Shift+F5)")
        self.stop_action.triggered.connect(self.stop)
        # Compare's too: a shortcut of a tab that is hidden would do nothing.
        self.addActions([self.run_action, self.stop_action, self.compare.compare_action])

    def _lay_out(self) -> None:
        self._controls = controls = QHBoxLayout()
        controls.setSpacing(6)
        controls.addWidget(self.form)
        controls.addSpacing(8)
        for action in (self.run_action, self.stop_action):
            controls.addWidget(text_button(action))
        controls.addStretch(1)
        self._top = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._top.setSpacing(6)
        self._top.addLayout(controls)
        self._top.addWidget(self.status, 1)

        self.views = QTabWidget(self)
        self.views.setDocumentMode(True)
        self.views.addTab(self.plot, "Live")
        self.views.setTabToolTip(0, "Each step as it comes, burn-in shaded")
        index = self.views.addTab(self.shares, "Where the time goes")
        self.views.setTabToolTip(index, "Each unit’s and each kind of operation’s share of a profiled step")
        index = self.views.addTab(self.compare, "Compare")
        self.views.setTabToolTip(index, "Time this design and others in turn, and tell which is slower")
        self.splitter = QSplitter(Qt.Orientation.Horizontal, self)
        self.splitter.addWidget(self.views)
        self.splitter.addWidget(self.tabs)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setStretchFactor(0, 3)
        self.splitter.setStretchFactor(1, 2)
        self.splitter.setSizes([600, 400])
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 8, 4)
        column.setSpacing(4)
        column.addLayout(self._top)
        column.addWidget(self.splitter, 1)

    # What the window tells the panel

    @Slot()
    def _design_changed(self) -> None:
        self.shares.set_design(self._document.design)
        self._update_actions()

    def set_plan(self, plan: TimingPlan) -> None:
        """Writes a plan into the fields, as when settings are read."""
        self.form.set_plan(plan)

    def open_history(self, path: Path) -> None:
        """Shows the runs that are kept in `path`, and keeps the new ones there."""
        self.follower.open_history(path)

    @Slot(str)
    def _tell_of_history(self, notice: str) -> None:
        outcome = self.status.result.text() if self.follower.outcome else ""
        self.status.show_problem(f"{outcome} {notice}".strip())

    @Slot(str)
    def _log_failure(self, text: str) -> None:
        self.log.append([text])

    @property
    def plan(self) -> TimingPlan | None:
        """The plan in the fields, or None while they have problems."""
        return self._plan

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong in the fields."""
        return self._problems

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours."""
        for part in (self.form, self.status, self.plot, self.shares, self.compare, self.results.results):
            part.set_theme(theme)
        self.run_action.setIcon(icon("run", theme))
        self.stop_action.setIcon(icon("stop", theme))

    # Run and Stop

    @Slot()
    def run(self) -> None:
        """Times the design as the fields say, where nothing stands in the way."""
        if self.run_action.isEnabled() and self._plan is not None:
            if short := memory_shortage(self._document.design, self._plan):
                MemoryQuestion(short, self).ask(self._run_anyway, self._run_with_batch)
            else:
                self._runner.start(RunTask(Job(self._document.design, self._plan)))

    @Slot()
    def _run_anyway(self) -> None:
        if self.run_action.isEnabled() and self._plan is not None:
            self._runner.start(RunTask(Job(self._document.design, self._plan)))

    @Slot(int)
    def _run_with_batch(self, batch: int) -> None:
        self.form.fields["batch"].set_value(batch)
        self._run_anyway()

    @Slot()
    def stop(self) -> None:
        """Ends the run, or the comparison."""
        self.compare.stop()
        self.follower.stop()

    @Slot()
    def _form_edited(self) -> None:
        if (problems := self.form.problems) != self._problems:
            self._problems = problems
            self.problems_changed.emit(problems)
        plan = self.form.plan
        changed = plan is not None and plan != self._plan
        self._plan = plan
        self._update_actions()
        if changed:
            self.plan_changed.emit(plan)

    @Slot()
    def _update_actions(self) -> None:
        running = self._runner.running
        ready = not (self._problems or self._document.problems)
        self.run_action.setEnabled(ready and not running)
        self.stop_action.setEnabled(running)
        tip = "Something is being timed" if running else "Time this design on TensorFlow (F5)"
        self.run_action.setToolTip(tip if ready else "Off until the problems are mended: see below")
        problems = (*self._problems, *self._document.problems)
        self.compare.set_subject(self._document.design, self._plan, str(problems[0]) if problems else "")
        if not self.follower.running:
            self._show_idle()

    @Slot(object)
    def _task_started(self, handle: TaskHandle) -> None:
        if isinstance(handle.task, ContestTask):
            self.views.setCurrentWidget(self.compare)
        self._update_actions()

    @Slot(object)
    def _task_ended(self, handle: TaskHandle) -> None:
        if isinstance(handle.task, RunTask):
            self.shares.show_record(handle.outcome.record)
        else:  # the end of a run is the follower's to tell
            self._update_actions()

    @Slot(object)
    def _compare_rows(self, rows: list[Row]) -> None:
        """Compares two runs of the table, made at different times."""
        self.compare.view.show_unpaired(*rows)
        self.views.setCurrentWidget(self.compare)

    def _show_idle(self) -> None:
        """Why Run is off, else what came of the last run, else what Run would do."""
        if self._runner.running:
            contest = self.compare.view.running
            what = (
                "Designs are being timed in turn: see Compare." if contest else "Paths are being measured: see Paths."
            )
            self.status.show_text(what)
            return
        if problems := (*self._problems, *self._document.problems):
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            self.status.show_problem(f"Run is off. {problems[0]}{more}")
        elif self.follower.outcome:
            end, outcome = self.follower.outcome
            if isinstance(end, Failed):
                self.status.show_failure(end, outcome_text(outcome))
            else:
                self.status.show_text(outcome_text(outcome))
        elif self._plan:
            self.status.show_text(ready_text(self._document.design, self._plan))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Puts the status beside the form where there is room for both."""
        super().resizeEvent(event)
        wide = event.size().width() >= self._controls.sizeHint().width() + _STATUS_WIDTH
        direction = QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom
        if self._top.direction() != direction:
            self._top.setDirection(direction)
