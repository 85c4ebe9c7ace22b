"""The runs of earlier times in the results table, and new ones kept for later."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resnet_studio.bench.history import HistoryError, HistoryLockedError, forget, keep, past
from resnet_studio.bench.record import Record

from .results import ResultsTable

_WAIT = 0.05  # seconds: the window stands still meanwhile, and tries again later
_RETRY_MS = 1_000
_TRIES = 30  # half a minute: nobody holds the history longer than a moment


class RunHistory(QObject):
    """Stands between the table and the history's file. What goes wrong is told; it never keeps a run from being shown.

    While another program holds the file, what is to be done is done later: the window never waits for it.
    """

    noticed = Signal(str)  # a finished sentence

    def __init__(self, path: Path, results: ResultsTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._results = results
        self._waiting: deque[Callable[[], None]] = deque()
        self._tries = 0
        self._later = QTimer(self, singleShot=True, interval=_RETRY_MS)
        self._later.timeout.connect(self._work)
        results.deleted.connect(self.forget)

    def show(self) -> None:
        """Puts the runs of earlier times into the table, the newest on top."""
        self._do(self._show)

    def keep(self, ended: datetime, record: Record) -> None:
        """Keeps a run that has timed steps."""
        if any(run.step_nanoseconds for run in record.runs):
            self._do(lambda: keep(self._path, ended, record, _WAIT))

    @Slot(object)
    def forget(self, ended: list[datetime]) -> None:
        """Drops the runs that ended then."""
        self._do(lambda: forget(self._path, ended, _WAIT))

    def finish(self) -> None:
        """Does what still waits, or says that it could not be done: the window is about to close."""
        self._later.stop()
        self._tries = _TRIES
        self._work()

    def _do(self, task: Callable[[], None]) -> None:
        self._waiting.append(task)
        if len(self._waiting) == 1:
            self._work()

    @Slot()
    def _work(self) -> None:
        while self._waiting:
            try:
                self._waiting[0]()
            except HistoryLockedError as error:
                self._tries += 1
                if self._tries < _TRIES:
                    self._later.start()
                    return
                self.noticed.emit(f"{error} It was tried for half a minute: what it should have kept is not kept.")
            except HistoryError as error:
                self.noticed.emit(str(error))
            self._tries = 0
            self._waiting.popleft()

    def _show(self) -> None:
        found, notice = past(self._path, _WAIT)
        unshown = self._results.add_past((each.ended, each.record) for each in found)
        more = f"{unshown:,} of the earlier runs can’t be shown." if unshown else ""
        if notice or more:
            self.noticed.emit(f"{notice} {more}".strip())
