"""The table of results: sorted, copied, exported, compared and deleted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSortFilterProxyModel, Qt, Signal, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFileDialog,
    QHBoxLayout,
    QMessageBox,
    QTableView,
    QToolButton,
    QWidget,
)

from resnet_studio.bench.record import Record
from resnet_studio.ui.widgets.plain import message_box
from resnet_studio.ui.widgets.style import tabular

from .result_columns import SHOWN
from .result_files import as_text, write_results
from .result_rows import Row
from .results_model import ResultsModel

_WIDEST = 240  # pixels: a longer note is read in its tooltip


class ResultsTable(QTableView):
    """Shows, sorts, copies and exports results."""

    export_failed = Signal(str)  # why, in a sentence
    compare_wanted = Signal(object)  # list[Row], two of them
    profile_wanted = Signal(object)  # Record, of a profiled run that was selected
    deleted = Signal(object)  # list[datetime], when the runs that are gone had ended

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.results = ResultsModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.results)
        self._sorted.setSortRole(ResultsModel.SORT_ROLE)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        self.horizontalHeader().setHighlightSections(False)
        self.setAccessibleName("Results")
        self.setToolTip("One row for each mode of each run; Ctrl+C copies the selected rows")
        self._make_actions()
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.horizontalHeader().sortIndicatorChanged.connect(self._fit_columns)
        self.horizontalHeader().setMinimumSectionSize(24)
        self.horizontalHeader().setResizeContentsPrecision(50)  # rows: measuring hundreds of old runs takes seconds
        self.setFont(tabular(self.font()))
        self._fit_columns()

    def _make_actions(self) -> None:
        self.compare_action = QAction("Compare &these runs", self)
        self.compare_action.setToolTip(
            "Tell which of two runs is slower, as far as runs made apart can tell: "
            "select two rows (Ctrl+click adds the second)"
        )
        self.compare_action.triggered.connect(self.compare)
        self.copy_action = QAction("&Copy rows", self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy))
        self.copy_action.setToolTip("Copy the selected rows (all, where none is) for a spreadsheet, in full precision")
        self.copy_action.triggered.connect(self.copy)
        self.export_action = QAction("E&xport results…", self)
        self.export_action.setToolTip("Save all results: JSON with every step, or CSV with the figures")
        self.export_action.triggered.connect(self.export)
        self.delete_action = QAction("De&lete runs…", self, shortcut=QKeySequence(QKeySequence.StandardKey.Delete))
        self.delete_action.setToolTip("Delete the selected rows’ runs from the table and from the history (Del)")
        self.delete_action.triggered.connect(self.delete)
        self.clear_action = QAction("Delete &all runs…", self)
        self.clear_action.setToolTip("Empty the table and the history")
        self.clear_action.triggered.connect(self.clear)
        for action in (self.copy_action, self.delete_action):
            action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.addActions(
            [self.compare_action, self.copy_action, self.export_action, self.delete_action, self.clear_action]
        )
        self.selectionModel().selectionChanged.connect(self._update_actions)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        for changed in (self._sorted.rowsInserted, self._sorted.modelReset):
            changed.connect(self._update_actions)
        self._update_actions()

    def make_bar(self, parent: QWidget | None = None) -> QWidget:
        """Buttons for what is done with rows, for beside the tab."""
        bar = QWidget(parent)
        row = QHBoxLayout(bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for action in (self.compare_action, self.export_action, self.delete_action):
            button = QToolButton(bar)
            button.setDefaultAction(action)
            button.setAutoRaise(True)
            button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
            row.addWidget(button)
        return bar

    def add(self, when: datetime, record: Record) -> None:
        """Shows what came of a run."""
        self.add_all([(when, record)])

    def add_all(self, runs: Iterable[tuple[datetime, Record]]) -> None:
        """Shows what came of several, each above the one before."""
        for when, record in runs:
            self.results.add(when, record)
        self._fit_columns()

    def rows(self, selected: bool = False) -> list[Row]:
        """The rows as they are sorted; only the selected ones, where there are any and they are asked for."""
        chosen = sorted(index.row() for index in self.selectionModel().selectedRows()) if selected else []
        shown = chosen or range(self._sorted.rowCount())
        return [self.results.rows[self._sorted.mapToSource(self._sorted.index(row, 0)).row()] for row in shown]

    @Slot()
    def copy(self) -> None:
        """The selected rows (or all) on the clipboard, with their header, between tabs."""
        QGuiApplication.clipboard().setText(as_text(self.rows(selected=True), "\t"))

    @Slot()
    def compare(self) -> None:
        """Asks for the two selected rows to be compared."""
        if self.compare_action.isEnabled():
            self.compare_wanted.emit(self.rows(selected=True))

    @Slot()
    def delete(self) -> None:
        """Asks whether the selected rows' runs may go."""
        if self.delete_action.isEnabled():
            self._ask_to_delete(self.rows(selected=True))

    @Slot()
    def clear(self) -> None:
        """Asks whether all runs may go."""
        if self.clear_action.isEnabled():
            self._ask_to_delete(self.rows())

    def _ask_to_delete(self, rows: list[Row]) -> None:
        runs = {id(row.record): row for row in rows}
        count = f"{len(runs):,} runs" if len(runs) > 1 else "this run"
        which = "They go with all modes" if len(runs) > 1 else "It goes with all its modes"
        more = f"{which}, from the table and from the history. This can’t be undone."
        box = message_box(
            self,
            QMessageBox.Icon.Question,
            "Delete runs",
            f"Delete {count}?",
            more,
            buttons=QMessageBox.StandardButton.NoButton,
        )
        box.addButton("&Delete", QMessageBox.ButtonRole.AcceptRole).setToolTip("Delete them")
        box.setDefaultButton(box.addButton(QMessageBox.StandardButton.Cancel))
        box.accepted.connect(lambda: self._delete(list(runs.values())))
        box.open()

    def _delete(self, runs: list[Row]) -> None:
        self.results.remove([row.record for row in runs])
        self.deleted.emit([row.when for row in runs])

    @Slot()
    def _update_actions(self, *_: object) -> None:
        chosen = len(self.selectionModel().selectedRows())
        self.compare_action.setEnabled(chosen == 2)
        self.delete_action.setEnabled(chosen > 0)
        for action in (self.copy_action, self.export_action, self.clear_action):
            action.setEnabled(bool(self.results.rows))

    @Slot()
    def _selection_changed(self, *_: object) -> None:
        chosen = self.rows(selected=True) if len(self.selectionModel().selectedRows()) == 1 else []
        if chosen and chosen[0].record.profile:
            self.profile_wanted.emit(chosen[0].record)

    @Slot()
    def export(self) -> None:
        """Asks for a file and writes all results."""
        kinds = "Every step, JSON (*.json);;Figures, CSV (*.csv)"
        chosen, _ = QFileDialog.getSaveFileName(self, "Export results", "results.json", kinds)
        if chosen:
            fault = write_results(Path(chosen), self.rows())
            if fault:
                self.export_failed.emit(f"{Path(chosen).name} was not written: {fault}.")

    @Slot()
    def _fit_columns(self) -> None:
        """To the widest entry. Qt's own way leaves room for a sort arrow in every header; only one has it."""
        header = self.horizontalHeader()
        for index, column in enumerate(SHOWN):
            arrow = 18 if header.sortIndicatorSection() == index else 0
            title = header.fontMetrics().horizontalAdvance(column.title) + 14 + arrow
            self.setColumnWidth(index, max(title, min(self.sizeHintForColumn(index) + 8, _WIDEST)))
