"""The units of the selected block, one row each: for blocks whose units differ."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QObject, Qt
from PySide6.QtGui import QBrush, QColor

from resnet_studio.design.bounds import parse_whole, visible_text
from resnet_studio.design.design_fields import UNIT
from resnet_studio.design.spec import Block
from resnet_studio.design.validate import Problem
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

from .block_table import HELP, ROOT, Index
from .document import DesignDocument

UNIT_COLUMNS = tuple(field.name for field in UNIT)


@guarded
class UnitTableModel(QAbstractTableModel):
    """The units of one block of a document's design."""

    def __init__(self, document: DesignDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._theme = LIGHT
        self._row = -1
        self._units = 0

    def set_block(self, row: int) -> None:
        """Shows the units of the block in `row` of the block table, as they are now; -1 for none."""
        self._row = row
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        self._theme = theme

    @property
    def block(self) -> Block | None:
        """The block whose units are shown."""
        blocks = self._document.design.blocks
        return blocks[self._row] if 0 <= self._row < len(blocks) else None

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else self._units

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(UNIT_COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if role == Qt.ItemDataRole.DisplayRole:
            horizontal = orientation == Qt.Orientation.Horizontal
            return UNIT_COLUMNS[section].replace("_", "_\n") if horizontal else str(section + 1)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        block = self.block
        if block is None or not index.isValid() or index.row() >= len(block.units):
            return None
        column = UNIT_COLUMNS[index.column()]
        faults = self._faults(index.row(), column)
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return visible_text(getattr(block.units[index.row()], column))
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip(str(faults[0])) if faults else HELP[column]
            case Qt.ItemDataRole.BackgroundRole if faults:
                return QBrush(QColor(self._theme.error_fill))
            case Qt.ItemDataRole.ForegroundRole if faults:
                return QBrush(QColor(self._theme.error))
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        block = self.block
        if role != Qt.ItemDataRole.EditRole or not index.isValid() or block is None:
            return False
        self.paste(index.row(), index.column(), [[str(value)]])
        return True

    def paste(self, row: int, column: int, cells: list[list[str]]) -> None:
        """Writes a rectangle of texts from (row, column) on, as one step; what hangs over the edge is left out."""
        block = self.block
        if block is None:
            return
        units = list(block.units)
        for i, line in enumerate(cells[: len(units) - row]):
            changes: dict[str, Any] = dict(zip(UNIT_COLUMNS[column:], map(parse_whole, line), strict=False))
            units[row + i] = replace(units[row + i], **changes)
        changed = replace(block, units=tuple(units))
        what = f"unit {row + 1} of {block.name}" if len(cells) == 1 else f"units of {block.name}"
        self._document.edit(self._document.design.with_block(self._row, changed), f"Set {what}")

    def _faults(self, row: int, column: str) -> list[Problem]:
        return [
            problem
            for problem in self._document.problems
            if (problem.place.block, problem.place.field) == (self._row, column) and problem.place.unit in (row, None)
        ]

    def _refresh(self) -> None:
        block = self.block
        units = len(block.units) if block else 0
        if units != self._units:
            self.beginResetModel()
            self._units = units
            self.endResetModel()
        elif units:
            self.dataChanged.emit(self.index(0, 0), self.index(units - 1, len(UNIT_COLUMNS) - 1))
