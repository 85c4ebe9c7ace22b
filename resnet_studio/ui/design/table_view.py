"""A table that is edited like a spreadsheet: type to replace, Enter down, Tab right, copy and paste."""

from __future__ import annotations

from PySide6.QtCore import QItemSelection, QItemSelectionModel, QModelIndex, QSize, Qt
from PySide6.QtGui import QGuiApplication, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemDelegate, QAbstractItemView, QHeaderView, QTableView, QWidget

from resnet_studio.ui.widgets.guard import guarded

from .block_table import BlockTableModel
from .unit_table import UnitTableModel

_NAME_CHARACTERS = 10
_WIDEST = 430  # pixels


@guarded
class SpreadsheetView(QTableView):
    """Shows a BlockTableModel or a UnitTableModel."""

    def __init__(self, model: BlockTableModel | UnitTableModel, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._model = model
        self.setModel(model)
        self.setAccessibleName(name)
        self.setToolTip(f"{name}: type to replace a cell, Enter goes down, Tab goes right")
        self.setEditTriggers(
            QAbstractItemView.EditTrigger.AnyKeyPressed
            | QAbstractItemView.EditTrigger.DoubleClicked
            | QAbstractItemView.EditTrigger.EditKeyPressed
        )
        self.setSelectionMode(QAbstractItemView.SelectionMode.ContiguousSelection)
        self.setTabKeyNavigation(True)
        self.setAlternatingRowColors(False)
        self.setCornerButtonEnabled(False)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        header = self.horizontalHeader()
        # Headers are read whole; what is left goes to the names.
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        header.setMinimumSectionSize(36)
        header.setHighlightSections(False)
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setDefaultSectionSize(25)

    def minimumSizeHint(self) -> QSize:
        """Wide enough to read the names, up to a width that a narrow window has."""
        others = sum(map(self._column_width, range(1, self._model.columnCount())))
        frame = self.verticalHeader().sizeHint().width() + 2 * self.frameWidth()
        width = min(frame + self.fontMetrics().averageCharWidth() * _NAME_CHARACTERS + others, _WIDEST)
        return QSize(width, super().minimumSizeHint().height())

    def _column_width(self, column: int) -> int:
        return max(self.sizeHintForColumn(column), self.horizontalHeader().sectionSizeHint(column))

    def rows(self) -> list[int]:
        """The rows that are selected, or the current one."""
        chosen = sorted({index.row() for index in self.selectedIndexes()})
        current = self.currentIndex().row()
        return chosen or ([current] if current >= 0 else [])

    def go_to(self, row: int, column: int) -> None:
        """Makes a cell current and visible."""
        index = self._model.index(row, column)
        if index.isValid():
            self.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.ClearAndSelect)
            self.scrollTo(index)

    def select_rows(self, rows: list[int]) -> None:
        """Selects the current column's cells of these rows and scrolls to the first."""
        column = max(self.currentIndex().column(), 0)
        chosen = QItemSelection()
        for row in rows:
            index = self._model.index(row, column)
            chosen.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        if rows:
            self.selectionModel().setCurrentIndex(self._model.index(rows[0], column), flags.NoUpdate)
            self.scrollTo(self._model.index(rows[0], column))
        self.selectionModel().select(chosen, flags.ClearAndSelect)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        editing = self.state() == QAbstractItemView.State.EditingState
        if event.matches(QKeySequence.StandardKey.Copy):
            self._copy()
        elif event.matches(QKeySequence.StandardKey.Paste):
            self._paste()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and not editing and self.currentIndex().isValid():
            self.edit(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def closeEditor(self, editor: QWidget, hint: QAbstractItemDelegate.EndEditHint) -> None:
        """After Enter the next cell is the one below, as in a spreadsheet."""
        super().closeEditor(editor, hint)
        if hint == QAbstractItemDelegate.EndEditHint.SubmitModelCache:
            current = self.currentIndex()
            if current.row() + 1 < self._model.rowCount():
                self.go_to(current.row() + 1, current.column())

    def _copy(self) -> None:
        chosen = self.selectedIndexes()
        rows: dict[int, list[QModelIndex]] = {}
        for index in sorted(chosen, key=lambda i: (i.row(), i.column())):
            rows.setdefault(index.row(), []).append(index)
        text = "\n".join("\t".join(str(index.data()) for index in row) for row in rows.values())
        if text:
            QGuiApplication.clipboard().setText(text)

    def _paste(self) -> None:
        text = QGuiApplication.clipboard().text()[:100_000].strip("\n")
        current = self.currentIndex()
        if text and current.isValid():
            chosen = self.selectedIndexes()
            row = min((i.row() for i in chosen), default=current.row())
            column = min((i.column() for i in chosen), default=current.column())
            self._model.paste(row, column, [line.split("\t") for line in text.splitlines()])
