"""Beside the plots: the table of results with its buttons, and the log."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QTabWidget, QWidget

from .log_view import LogView
from .results import ResultsTable


class ResultsTabs(QTabWidget):
    """Results | Log. The buttons for rows stand beside the tabs while the rows are in sight."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results = ResultsTable(self)
        self.log = LogView(self)
        self._bar = self.results.make_bar(self)
        self.setDocumentMode(True)
        self.addTab(self.results, "Results")
        self.addTab(self.log, "Log")
        self.setTabToolTip(0, "Median, mean, standard deviation and images a second of each run")
        self.setTabToolTip(1, "Phases and every tenth step, in the classic form")
        self.setCornerWidget(self._bar)
        self.currentChanged.connect(self._changed)

    @Slot(int)
    def _changed(self, _: int) -> None:
        self._bar.setVisible(self.currentWidget() is self.results)
