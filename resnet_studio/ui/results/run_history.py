"""The runs of earlier times in the results table, and new ones kept for later."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

from resnet_studio.bench.history import HistoryError, forget, keep, past
from resnet_studio.bench.record import Record

from .results import ResultsTable


class RunHistory(QObject):
    """Stands between the table and the history's file. What goes wrong is told; it never keeps a run from being shown."""

    noticed = Signal(str)  # a finished sentence

    def __init__(self, path: Path, results: ResultsTable, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._path = path
        self._results = results
        results.deleted.connect(self.forget)

    def show(self) -> None:
        """Puts the runs of earlier times into the table, the newest on top."""
        try:
            found, notice = past(self._path)
        except HistoryError as error:
            found, notice = (), str(error)
        self._results.add_all((each.ended, each.record) for each in found)
        if notice:
            self.noticed.emit(notice)

    def keep(self, ended: datetime, record: Record) -> None:
        """Keeps a run that has timed steps."""
        if any(run.step_nanoseconds for run in record.runs):
            try:
                keep(self._path, ended, record)
            except HistoryError as error:
                self.noticed.emit(str(error))

    @Slot(object)
    def forget(self, ended: list[datetime]) -> None:
        """Drops the runs that ended then."""
        try:
            forget(self._path, ended)
        except HistoryError as error:
            self.noticed.emit(str(error))


def standard_path() -> Path:
    """Where this platform keeps a program's data."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppDataLocation)) / "history.sqlite"
