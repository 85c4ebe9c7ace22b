"""The left of the window: preset, options, the table of blocks with its buttons, and the problems."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from PySide6.QtCore import QItemSelection, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.design.presets import PRESETS, preset_title
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.resources import icon
from resnet_studio.ui.widgets.style import icon_button

from .block_table import COLUMNS, BlockTableModel
from .document import DesignDocument
from .form_line import FormLine
from .options_form import OptionsForm
from .table_view import SpreadsheetView
from .unit_table import UNIT_COLUMNS, UnitTableModel

_OWN = "Own design"


class DesignPanel(QWidget):
    """Edits a document's design."""

    places_selected = Signal(object)  # frozenset of (block, unit): rows that were selected; unit 0 for a whole block

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._model = BlockTableModel(document, self)
        self._table = SpreadsheetView(self._model, "Blocks")
        self._unit_model = UnitTableModel(document, self)
        self._units = SpreadsheetView(self._unit_model, "Units of the selected block")
        self._units_title = plain_label()
        self._units_title.setProperty("role", "heading")
        self._options = OptionsForm(document)
        self._presets = QComboBox()
        self._presets.setToolTip("Begin from a published network. What was here comes back with Undo")
        self._presets.setAccessibleName("Preset")
        self._presets.addItem(_OWN, None)
        for name in PRESETS:
            self._presets.addItem(preset_title(name), name)
        self._presets.activated.connect(self._preset_chosen)
        self._problems = QListWidget()
        self._problems.setAccessibleName("Problems")
        self._problems.setToolTip("Double-click a problem to go to its cell")
        self._problems.setWordWrap(True)
        self._problems.itemActivated.connect(self._go_to)
        self._problems.itemDoubleClicked.connect(self._go_to)
        self._problems_title = plain_label()
        self.actions_by_icon = self._make_actions()
        self.stride_action = self._make_stride_action()
        self._theme = LIGHT
        self._following = False
        self._place()
        self.set_theme(LIGHT)
        document.design_changed.connect(self._refresh)
        self._table.selectionModel().selectionChanged.connect(self._rows_selected)
        self._units.selectionModel().selectionChanged.connect(self._units_selected)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes colours for icons and errors."""
        self._model.set_theme(theme)
        self._unit_model.set_theme(theme)
        self._options.set_theme(theme)
        for name, action in self.actions_by_icon.items():
            action.setIcon(icon(name, theme))
        self._theme = theme
        self._colour_title()

    def _colour_title(self) -> None:
        colour = self._theme.error if self._document.problems else self._theme.muted
        self._problems_title.setStyleSheet(f"color: {colour};")

    @property
    def selected_blocks(self) -> frozenset[str]:
        """The names of the blocks whose rows are selected."""
        blocks = self._document.design.blocks
        return frozenset(str(blocks[row].name) for row in self._table.rows() if row < len(blocks))

    def select_places(self, places: Collection[tuple[str, int]]) -> None:
        """Selects the rows of units, and of the blocks that they are in; with nothing of a block selected, the tables stay."""
        names = [str(block.name) for block in self._document.design.blocks]
        rows = [row for row, name in enumerate(names) if any(block == name for block, _ in places)]
        if not rows:
            return
        self._following = True
        try:
            if self._table.rows() != rows:
                self._table.select_rows(rows)
            units = sorted(unit - 1 for block, unit in places if block == names[rows[0]] and unit)
            block = self._unit_model.block
            if block is not None and len(units) < len(block.units):
                self._units.select_rows(units)
            else:
                self._units.clearSelection()
        finally:
            self._following = False

    def _make_actions(self) -> dict[str, QAction]:
        actions = {}
        for name, text, keys, slot in (
            ("add", "&Add block", "Ctrl+Shift+N", self._add),
            ("duplicate", "D&uplicate block", "Ctrl+D", self._duplicate),
            ("remove", "&Remove block", "Ctrl+Shift+Del", self._remove),
            ("up", "Move block &up", "Alt+Up", self._up),
            ("down", "Move block &down", "Alt+Down", self._down),
        ):
            action = QAction(text, self)
            action.setShortcut(QKeySequence(keys))
            action.setToolTip(f"{text.replace('&', '')} ({keys})")
            action.triggered.connect(slot)
            actions[name] = action
        return actions

    def _make_stride_action(self) -> QAction:
        action = QAction("Move &stride to the block's other end", self)
        action.setShortcut(QKeySequence("Alt+S"))
        action.setToolTip("The block's stride sits in its last unit (TF-Slim) or its first (the paper)")
        action.triggered.connect(self._swap_stride)
        return action

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.setSpacing(8)
        preset = QHBoxLayout()
        label = plain_label("&Preset")
        label.setBuddy(self._presets)
        preset.addWidget(label)
        preset.addWidget(self._presets, 1)
        column.addLayout(preset)
        column.addWidget(FormLine(self._document))
        column.addWidget(self._options)
        buttons = QHBoxLayout()
        buttons.setSpacing(2)
        heading = plain_label("Blocks")
        heading.setProperty("role", "heading")
        buttons.addWidget(heading)
        buttons.addStretch()
        for action in self.actions_by_icon.values():
            buttons.addWidget(icon_button(action))
        column.addLayout(buttons)
        self._table.setMinimumHeight(150)
        self._units.setMinimumHeight(96)
        column.addWidget(self._table, 3)
        column.addWidget(self._units_title)
        column.addWidget(self._units, 2)
        column.addWidget(self._problems_title)
        column.addWidget(self._problems, 1)

    @Slot()
    def _refresh(self) -> None:
        design, problems = self._document.design, self._document.problems
        known = [
            i
            for i in range(1, self._presets.count())
            if replace(PRESETS[self._presets.itemData(i)], name=design.name) == design
        ]
        self._presets.setCurrentIndex(known[0] if known else 0)
        self._problems.clear()
        for problem in problems[:200]:
            item = QListWidgetItem(str(problem))
            item.setData(Qt.ItemDataRole.UserRole, problem)
            self._problems.addItem(item)
        count = len(problems)
        self._problems_title.setText(
            "No problems"
            if not count
            else f"{count} problems: Run is off until they are mended"
            if count > 1
            else "1 problem: Run is off until it is mended"
        )
        self._problems.setVisible(bool(count))
        self._colour_title()
        self._selection_changed()

    @Slot(QListWidgetItem)
    def _go_to(self, item: QListWidgetItem) -> None:
        place = item.data(Qt.ItemDataRole.UserRole).place
        if place.block is None:
            self._options.go_to(place.field)
        elif place.unit is not None and place.field in UNIT_COLUMNS:
            self._table.go_to(place.block, COLUMNS.index(place.field))
            self._units.go_to(place.unit, UNIT_COLUMNS.index(place.field))
            self._units.setFocus(Qt.FocusReason.OtherFocusReason)
        elif place.field in COLUMNS:
            self._table.go_to(place.block, COLUMNS.index(place.field))
            self._table.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(int)
    def _preset_chosen(self, index: int) -> None:
        if name := self._presets.itemData(index):
            self._document.use_preset(name)

    @Slot(QItemSelection, QItemSelection)
    def _selection_changed(self, *_: QItemSelection) -> None:
        rows, count = self._table.rows(), len(self._document.design.blocks)
        for name in ("duplicate", "remove"):
            self.actions_by_icon[name].setEnabled(bool(rows))
        self.actions_by_icon["up"].setEnabled(bool(rows) and rows[0] > 0)
        self.actions_by_icon["down"].setEnabled(bool(rows) and rows[-1] < count - 1)
        row = rows[0] if rows else -1
        blocks = self._document.design.blocks
        self.stride_action.setEnabled(0 <= row < count and blocks[row].stride != 1 and len(blocks[row].units) > 1)
        self._unit_model.set_block(row)
        block = self._unit_model.block
        self._units.setVisible(block is not None)
        self._units_title.setVisible(block is not None)
        self._units_title.setText(f"Units of {block.name}" + (", which differ" if block.mixed else "") if block else "")

    @Slot(QItemSelection, QItemSelection)
    def _rows_selected(self, *_: QItemSelection) -> None:
        self._selection_changed()
        if not self._following:
            self.places_selected.emit(frozenset((name, 0) for name in self.selected_blocks))

    @Slot(QItemSelection, QItemSelection)
    def _units_selected(self, *_: QItemSelection) -> None:
        block, rows = self._unit_model.block, {index.row() for index in self._units.selectedIndexes()}
        if not self._following and block is not None and rows:
            self.places_selected.emit(frozenset((str(block.name), row + 1) for row in rows))

    @Slot()
    def _add(self) -> None:
        rows = self._table.rows()
        row = rows[-1] + 1 if rows else len(self._document.design.blocks)
        self._model.insert(row)
        self._table.go_to(row, 0)

    @Slot()
    def _duplicate(self) -> None:
        row = self._table.rows()[0]
        self._model.duplicate(row)
        self._table.go_to(row + 1, 0)

    @Slot()
    def _remove(self) -> None:
        rows = self._table.rows()
        self._model.remove(rows)
        self._table.go_to(min(rows[0], len(self._document.design.blocks) - 1), 0)

    @Slot()
    def _swap_stride(self) -> None:
        self._model.swap_stride(self._table.rows()[0])

    @Slot()
    def _up(self) -> None:
        self._move(-1)

    @Slot()
    def _down(self) -> None:
        self._move(1)

    def _move(self, by: int) -> None:
        index = self._table.currentIndex()
        self._model.move(index.row(), by)
        self._table.go_to(index.row() + by, index.column())
