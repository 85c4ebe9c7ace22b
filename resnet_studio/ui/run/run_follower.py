"""Follows a runner's runs: what it tells goes to the status line, the live plot, the log, the table and the history."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from resnet_studio.bench.events import Event, PhaseBegan, PhaseEnded, Step
from resnet_studio.driver.tasks import RunOutcome, RunTask
from resnet_studio.ui.results.log_view import LogView, event_line, job_line
from resnet_studio.ui.results.results import ResultsTable
from resnet_studio.ui.results.run_history import RunHistory

from .live_plot import LivePlot
from .run_progress import RunProgress
from .run_status import RunStatus
from .runner import TimingRunner
from .task_follower import TaskFollower


class RunFollower(QObject):
    """Keeps events as they come and draws by a timer; `outcome` is what the last run came to."""

    changed = Signal()  # a run began or ended
    noticed = Signal(str)  # of the history, a finished sentence

    def __init__(
        self, runner: TimingRunner, status: RunStatus, plot: LivePlot, log: LogView, results: ResultsTable,
        parent: QObject | None = None,
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self.status, self.plot, self.log, self.results = status, plot, log, results
        self.outcome: RunOutcome | None = None
        self.history: RunHistory | None = None
        self._progress: RunProgress | None = None
        self._follow = TaskFollower(runner, RunTask, self)
        self._follow.began.connect(self._started)
        self._follow.arrived.connect(self._take)
        self._follow.due.connect(self._refresh)
        self._follow.ended.connect(self._ended)

    @property
    def running(self) -> bool:
        """Whether a run goes on."""
        return self._progress is not None

    def open_history(self, path: Path) -> None:
        """Shows the runs that are kept in `path`, and keeps the new ones there."""
        self.history = RunHistory(path, self.results, self)
        self.history.noticed.connect(self._tell)
        self.history.show()

    def finish(self) -> None:
        """The window closes: what the history still waits to write is written, or told."""
        if self.history:
            self.history.finish()

    def stop(self) -> None:
        """Ends whatever is being timed."""
        self._follow.stop()

    @Slot(str)
    def _tell(self, notice: str) -> None:
        self.log.append([notice])
        self.noticed.emit(notice)

    @Slot(object)
    def _started(self, task: RunTask) -> None:
        job = task.job
        self._progress = RunProgress(job.plan, time.monotonic())
        self.plot.begin(job.plan)
        self.log.append([job_line(_now(), job)])
        self.changed.emit()

    @Slot(object)
    def _take(self, events: list[Event]) -> None:
        """Keeps what arrived; it is drawn by the timer."""
        if self._progress is None:
            return
        now, when = time.monotonic(), _now()
        lines = []
        for event in events:
            self._progress.take(event, now)
            if isinstance(event, Step):
                self.plot.add(event)
            ended = event.mode if isinstance(event, PhaseEnded) and event.phase == "steps" else None
            if line := event_line(when, event, self.plot.summary(ended) if ended else None):
                lines.append(line)
        self.log.append(lines)
        self._follow.measuring = self._progress.done_of_total is not None
        if any(isinstance(event, PhaseBegan) for event in events):
            self._follow.draw()

    @Slot()
    def _refresh(self) -> None:
        if self._progress is not None:
            self.status.show_progress(self._progress, time.monotonic(), self._follow.stopping)
            self.plot.redraw()

    @Slot(object)
    def _ended(self, outcome: RunOutcome) -> None:
        self._progress = None
        self.outcome = outcome
        self.plot.finish()
        self.results.add(when := _now(), outcome.record)
        self.changed.emit()
        if self.history:
            self.history.keep(when, outcome.record)


def _now() -> datetime:
    return datetime.now().astimezone()
