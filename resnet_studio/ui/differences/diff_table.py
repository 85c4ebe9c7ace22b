"""The rows of a diff: what was added, removed and changed, and what it costs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor

from resnet_studio.design.words import bytes_text, change_text, count_text, macs_text
from resnet_studio.network.cost import Cost
from resnet_studio.network.diff import SIGNS, Change
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True, slots=True)
class _Column:
    title: str
    tip: str
    text: Callable[[Change], str]
    numeric: bool = False


def _parameters(before: Cost, after: Cost) -> str:
    return change_text(after.parameters - before.parameters, count_text)


def _macs(before: Cost, after: Cost) -> str:
    return change_text(after.macs - before.macs, macs_text)


def _memory(before: Cost, after: Cost) -> str:
    return change_text(after.activation_bytes - before.activation_bytes, bytes_text)


def totals_text(before: Cost, after: Cost) -> str:
    """The whole networks' costs, and how far they are apart."""
    return (
        f"{count_text(before.parameters)} → {count_text(after.parameters)} parameters ({_parameters(before, after)}), "
        f"{macs_text(before.macs)} → {macs_text(after.macs)} ({_macs(before, after)}), "
        f"{bytes_text(before.activation_bytes)} → {bytes_text(after.activation_bytes)} of activations an image "
        f"({_memory(before, after)})"
    )


_COLUMNS = (
    _Column("Part", "Units, and layers outside the blocks", lambda c: f"{SIGNS[c.status]} {c.name}"),
    _Column("What differs", "From A to B", lambda c: c.parts[0].text),
    _Column("Parameters", "Trainable values", lambda c: _parameters(c.cost_a, c.cost_b), True),
    _Column("MACs", "Multiply-adds of one image's forward pass", lambda c: _macs(c.cost_a, c.cost_b), True),
    _Column("Activations", "Bytes an image that the backward pass reads again",
            lambda c: _memory(c.cost_a, c.cost_b), True),
)  # fmt: skip


@guarded
class DiffModel(QAbstractTableModel):
    """One row for each run of parts that differ alike."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.changes: tuple[Change, ...] = ()
        self._theme = LIGHT

    def show(self, changes: tuple[Change, ...], theme: Theme) -> None:
        """Takes other rows, or other colours."""
        self.beginResetModel()
        self.changes, self._theme = changes, theme
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(self.changes)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008 - Qt's own default
        return 0 if parent.isValid() else len(_COLUMNS)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        change, column = self.changes[index.row()], _COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return column.text(change)
            case Qt.ItemDataRole.ToolTipRole:
                return plain_tip("\n".join(change.parts[0].changes) or change.status)
            case Qt.ItemDataRole.ForegroundRole if index.column() == 0:
                return QColor(self._theme.difference(change.status))
            case Qt.ItemDataRole.TextAlignmentRole:
                side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
                return side | Qt.AlignmentFlag.AlignVCenter
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return _COLUMNS[section].title
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _COLUMNS[section].tip
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if _COLUMNS[section].numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None
