"""The table of results: one row for each mode of each run, newest on top."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QFileDialog, QTableView, QWidget

from resnet_studio.arch.palette import LIGHT, Theme
from resnet_studio.bench.record import Record

from .result_rows import COLUMNS, Row, as_text, write_results
from .style import tabular

Index = QModelIndex | QPersistentModelIndex


class ResultsModel(QAbstractTableModel):
    """The rows, newest first."""

    SORT_ROLE = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: list[Row] = []
        self._theme = LIGHT

    def add(self, when: datetime, record: Record) -> None:
        """Puts a run's modes on top. A mode without a single step has nothing to show and no row."""
        new = [Row(when, record, run) for run in record.runs if run.step_nanoseconds or run.burn_in_nanoseconds]
        if new:
            self.beginInsertRows(QModelIndex(), 0, len(new) - 1)
            self.rows[:0] = new
            self.endInsertRows()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colour that marks what is incomplete."""
        self._theme = theme
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(COLUMNS) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The number of columns."""
        return 0 if parent.isValid() else len(COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and is sorted by."""
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(row)
            case self.SORT_ROLE:
                value = column.value(row)
                return -1.0 if value is None else value
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ToolTipRole:
                return row.explanation or f"{row.when:%Y-%m-%d %H:%M:%S}"
            case Qt.ItemDataRole.ForegroundRole if row.partial:
                return QColor(self._theme.muted)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> str | Qt.AlignmentFlag | None:
        """Titles with their units."""
        if orientation is not Qt.Orientation.Horizontal:
            return None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title
            case Qt.ItemDataRole.ToolTipRole:
                return COLUMNS[section].tip
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if COLUMNS[section].numeric else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None


class ResultsTable(QTableView):
    """Shows, sorts, copies and exports results."""

    export_failed = Signal(str)  # why, in a sentence
    compare_wanted = Signal(object)  # list[Row], two of them
    profile_wanted = Signal(object)  # Record, of a profiled run that was selected

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
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setHighlightSections(False)
        self.setAccessibleName("Results")
        self.setToolTip("One row for each mode of each run; Ctrl+C copies the selected rows")
        self.copy_action = QAction("&Copy rows", self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy))
        self.copy_action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        self.copy_action.setToolTip("Copy the selected rows (all, where none is) for a spreadsheet, in full precision")
        self.copy_action.triggered.connect(self.copy)
        self.export_action = QAction("&Export…", self)
        self.export_action.setToolTip("Save all results: JSON with every step, or CSV with the figures")
        self.export_action.triggered.connect(self.export)
        self.compare_action = QAction("&Compare these", self)
        self.compare_action.setToolTip(
            "Tell which of the two selected runs is slower, as far as runs made apart can tell"
        )
        self.compare_action.setEnabled(False)
        self.compare_action.triggered.connect(self.compare)
        self.selectionModel().selectionChanged.connect(self._selection_changed)
        self.addActions([self.copy_action, self.export_action, self.compare_action])
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.horizontalHeader().sortIndicatorChanged.connect(self._fit_columns)
        self.horizontalHeader().setMinimumSectionSize(24)
        self.horizontalHeader().setResizeContentsPrecision(50)  # rows: measuring hundreds of old runs takes seconds
        self.setFont(tabular(self.font()))
        self._fit_columns()

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
    def _selection_changed(self, *_: object) -> None:
        number = len(self.selectionModel().selectedRows())
        self.compare_action.setEnabled(number == 2)
        if number == 1 and (chosen := self.rows(selected=True)[0].record).profile:
            self.profile_wanted.emit(chosen)

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
        for index, column in enumerate(COLUMNS):
            arrow = 18 if header.sortIndicatorSection() == index else 0
            title = header.fontMetrics().horizontalAdvance(column.title) + 14 + arrow
            self.setColumnWidth(index, max(title, self.sizeHintForColumn(index) + 8))
