"""The table of shares: a row for each unit, layer or kind of operation, in the network's order or sorted by a column."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from resnet_studio.bench.share_rows import Level, ShareRow
from resnet_studio.bench.shares import Shares
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip
from resnet_studio.ui.widgets.style import tabular

Index = QModelIndex | QPersistentModelIndex
_ARROW = 18  # pixels that the sign of the order takes
TITLES: dict[Level, str] = {"unit": "Unit", "layer": "Layer", "kind": "Kind of operation"}


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    tip: str
    value: Callable[[Shares, ShareRow], float]


_FORWARD = _Column("Forward %", "Percent of the forward part of a step", lambda _, row: row.pair[0])
_BACKWARD = _Column("Backward %", "Percent of the backward part of a step", lambda _, row: row.pair[1])
_STEP = _Column(
    "Step %", "Percent of a whole step, forward and backward", lambda shares, row: sum(shares.of_step(row.pair))
)


@guarded
class SharesModel(QAbstractTableModel):
    """The rows of one mode's shares. Sorted by its first column they are in the network's order."""

    SORT_ROLE = Qt.ItemDataRole.UserRole

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.rows: Sequence[ShareRow] = ()
        self._shares: Shares | None = None
        self._level: Level = "unit"
        self._theme = LIGHT
        self._columns: tuple[_Column, ...] = ()

    def show(self, shares: Shares | None, level: Level, rows: Sequence[ShareRow]) -> None:
        """Takes other rows, of `shares` at `level`."""
        self.beginResetModel()
        self._shares, self._level, self.rows = shares, level, rows
        self._columns = () if shares is None else (_FORWARD, _BACKWARD, _STEP) if shares.backward else (_FORWARD,)
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colour of what is no part of the network."""
        self._theme = theme
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(self._columns)))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The name and a column for each part."""
        return 0 if parent.isValid() else 1 + len(self._columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and is sorted by."""
        row, number = self.rows[index.row()], index.column()
        match role:
            case Qt.ItemDataRole.DisplayRole if number == 0:
                return row.name
            case Qt.ItemDataRole.DisplayRole:
                return f"{self._value(row, number):.2f}"
            case self.SORT_ROLE:
                return index.row() if number == 0 else self._value(row, number)
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if number else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
            case Qt.ItemDataRole.ForegroundRole if not row.in_network:
                return QColor(self._theme.muted)
            case Qt.ItemDataRole.ToolTipRole:
                what = "" if row.in_network else "\nbelongs to no operation of the network"
                return plain_tip(f"{row.name}{what}")
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """Titles with their units."""
        if orientation is not Qt.Orientation.Horizontal or section > len(self._columns):
            return None
        column = self._columns[section - 1] if section else None
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.title if column else TITLES[self._level]
            case Qt.ItemDataRole.ToolTipRole:
                return column.tip if column else "Sorted by this column: in the network's order"
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def _value(self, row: ShareRow, column: int) -> float:
        assert self._shares is not None
        return self._columns[column - 1].value(self._shares, row)


class SharesTable(QTableView):
    """Shows, sorts and copies the rows; one of them is selected, or none."""

    row_chosen = Signal(int)  # the place in `rows`, -1 for none

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.shares = SharesModel(self)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSourceModel(self.shares)
        self._sorted.setSortRole(SharesModel.SORT_ROLE)
        self.setModel(self._sorted)
        self.setSortingEnabled(True)
        self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setAccessibleName("Shares of time")
        self.setToolTip("A row selected is selected in the network's picture too; Ctrl+C copies all rows")
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setMinimumSectionSize(60)
        copy = QAction("&Copy all rows", self, shortcut=QKeySequence(QKeySequence.StandardKey.Copy))
        copy.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        copy.setToolTip("Copy the table for a spreadsheet, in the order shown")
        copy.triggered.connect(self._copy)
        self.addAction(copy)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.setFont(tabular(self.font()))
        self.selectionModel().selectionChanged.connect(self._selection_changed)

    def show_rows(self, shares: Shares | None, level: Level, rows: Sequence[ShareRow]) -> None:
        """Takes other rows; the order by a column stays where there still is that column."""
        header = self.horizontalHeader()
        self.shares.show(shares, level, rows)
        if header.sortIndicatorSection() >= self.shares.columnCount():
            self.sortByColumn(0, Qt.SortOrder.AscendingOrder)
        if self.shares.columnCount():
            header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        for column in range(1, self.shares.columnCount()):
            title = str(self.shares.headerData(column, Qt.Orientation.Horizontal))
            self.setColumnWidth(column, header.fontMetrics().horizontalAdvance(title) + 14 + _ARROW)

    @property
    def chosen(self) -> int:
        """The place in `rows` of the row that is selected, -1 for none."""
        chosen = self.selectionModel().selectedRows()
        return self._sorted.mapToSource(chosen[0]).row() if chosen else -1

    def choose(self, row: int) -> None:
        """Selects a row by its place in `rows`; -1 for none."""
        if row < 0:
            self.clearSelection()
            return
        index = self._sorted.mapFromSource(self.shares.index(row, 0))
        flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
        self.selectionModel().setCurrentIndex(index, flags)
        self.scrollTo(index)

    @Slot()
    def _selection_changed(self, *_: object) -> None:
        self.row_chosen.emit(self.chosen)

    @Slot()
    def _copy(self) -> None:
        columns = range(self._sorted.columnCount())
        rows = [[str(self._sorted.headerData(column, Qt.Orientation.Horizontal)) for column in columns]]
        rows += [
            [str(self._sorted.index(row, column).data()) for column in columns]
            for row in range(self._sorted.rowCount())
        ]
        QGuiApplication.clipboard().setText("\n".join("\t".join(row) for row in rows))
