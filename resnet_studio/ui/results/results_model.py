"""The results as Qt's table model: one row for each mode of each run, newest on top."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from resnet_studio.bench.record import Record
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

from .result_columns import SHOWN
from .result_rows import Row

Index = QModelIndex | QPersistentModelIndex


@guarded
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

    def remove(self, records: Collection[Record]) -> None:
        """Takes runs out, all modes of each."""
        gone = set(map(id, records))
        self.beginResetModel()
        self.rows = [row for row in self.rows if id(row.record) not in gone]
        self.endResetModel()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colour that marks what is incomplete."""
        self._theme = theme
        if self.rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.rows) - 1, len(SHOWN) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The number of rows."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        """The number of columns."""
        return 0 if parent.isValid() else len(SHOWN)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        """What a cell shows, says and is sorted by."""
        row, column = self.rows[index.row()], SHOWN[index.column()]
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
                return plain_tip(row.explanation) or f"{row.when:%Y-%m-%d %H:%M:%S}"
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
                return SHOWN[section].title
            case Qt.ItemDataRole.ToolTipRole:
                return SHOWN[section].tip
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if SHOWN[section].numeric else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None
