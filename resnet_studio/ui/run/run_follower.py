"""Follows a runner's runs: what it tells goes to the status line, the live plot, the log, the table and the history."""

from __future__ import annotations

import time
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resnet_studio.bench.events import End, Event, PhaseBegan, PhaseEnded, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.record import Record
from resnet_studio.ui.results.log_view import LogView, event_line, job_line
from resnet_studio.ui.results.results import ResultsTable
from resnet_studio.ui.results.run_history import RunHistory
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.throttle import Throttle

from .live_plot import LivePlot
from .run_progress import RunProgress
from .run_status import RunStatus

_TICK_MS = 100


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
        self.outcome: tuple[End, Record] | None = None
        self.history: RunHistory | None = None
        self._runner = runner
        self._progress: RunProgress | None = None
        self._stopping = False
        self._throttle = Throttle()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        runner.started.connect(self._started)
        runner.events_arrived.connect(self._take)
        runner.ended.connect(self._ended)

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
        self._stopping = True
        self._runner.stop()
        self._refresh()

    @Slot(str)
    def _tell(self, notice: str) -> None:
        self.log.append([notice])
        self.noticed.emit(notice)

    @Slot(object)
    def _started(self, job: Job) -> None:
        self._progress = RunProgress(job.plan, time.monotonic())
        self._stopping = False
        self.plot.begin(job.plan)
        self.log.append([job_line(_now(), job)])
        self._timer.start()
        self.changed.emit()
        self._refresh()

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
        if any(isinstance(event, PhaseBegan) for event in events):
            self._refresh()

    @Slot()
    def _tick(self) -> None:
        measuring = self._progress is not None and self._progress.done_of_total is not None
        if self._throttle.is_due(measuring):
            self._refresh()

    def _refresh(self) -> None:
        if self._progress is not None:
            self._throttle.drawing()
            self.status.show_progress(self._progress, time.monotonic(), self._stopping)
            self.plot.redraw()

    @Slot(object, object)
    def _ended(self, end: End, outcome: Record) -> None:
        self._timer.stop()
        self._progress = None
        self.outcome = end, outcome
        self.plot.finish()
        self.results.add(when := _now(), outcome)
        self.changed.emit()
        if self.history:
            self.history.keep(when, outcome)


def _now() -> datetime:
    return datetime.now().astimezone()
