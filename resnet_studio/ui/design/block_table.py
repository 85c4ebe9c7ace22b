"""The table of blocks: one row a block, edited like a spreadsheet. Wrong cells keep what was typed and say why."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Slot
from PySide6.QtGui import QBrush, QColor

from resnet_studio.design.bounds import parse_whole, visible_text
from resnet_studio.design.design_fields import BLOCK, BLOCK_FIELDS, UNIT
from resnet_studio.design.spec import Block, Design, StrideIn
from resnet_studio.design.validate import Problem
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

from .document import DesignDocument

Index = QModelIndex | QPersistentModelIndex
ROOT = QModelIndex()
KINDS = tuple(BLOCK_FIELDS["kind"].words)
COLUMNS = ("name", "units", "depth", "depth_bottleneck", "stride", "kind")
HELP = {field.name: field.tip for field in (*BLOCK, *UNIT)} | {
    "kind": f"What a unit is: {', '.join(BLOCK_FIELDS['kind'].words.values())}"
}


@guarded
class BlockTableModel(QAbstractTableModel):
    """The blocks of a document's design. It only reads the document and asks it to edit."""

    def __init__(self, document: DesignDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._theme = LIGHT
        self._blocks = document.design.blocks
        self._faults: dict[tuple[int, str], list[Problem]] = {}
        document.design_changed.connect(self._refresh)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        self._theme = theme
        self._tell()

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._blocks)

    def columnCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: Index) -> Qt.ItemFlag:
        return super().flags(index) | Qt.ItemFlag.ItemIsEditable if index.isValid() else Qt.ItemFlag.NoItemFlags

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and 0 <= section < len(COLUMNS):
            if role == Qt.ItemDataRole.DisplayRole:
                # A header breaks its long word rather than cut it.
                return COLUMNS[section].replace("_", "_\n")
            if role == Qt.ItemDataRole.ToolTipRole:
                return HELP[COLUMNS[section]]
        if orientation == Qt.Orientation.Vertical and role == Qt.ItemDataRole.DisplayRole:
            return str(section + 1)
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid() or index.row() >= len(self._blocks):
            return None
        column = COLUMNS[index.column()]
        faults = self._faults.get((index.row(), column), [])
        match role:
            case Qt.ItemDataRole.DisplayRole | Qt.ItemDataRole.EditRole:
                return _text(self._blocks[index.row()], column)
            case Qt.ItemDataRole.ToolTipRole:
                tip = "\n".join(f"{p.message[0].upper()}{p.message[1:]}. {p.remedy}" for p in faults)
                return plain_tip(tip) if tip else HELP[column]
            case Qt.ItemDataRole.AccessibleDescriptionRole if faults:
                return str(faults[0])
            case Qt.ItemDataRole.BackgroundRole if faults:
                return QBrush(QColor(self._theme.error_fill))
            case Qt.ItemDataRole.ForegroundRole if faults:
                return QBrush(QColor(self._theme.error))
            case Qt.ItemDataRole.TextAlignmentRole if column not in ("name", "kind"):
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def setData(self, index: Index, value: Any, role: int = Qt.ItemDataRole.EditRole) -> bool:
        if role != Qt.ItemDataRole.EditRole or not index.isValid():
            return False
        column, design = COLUMNS[index.column()], self._document.design
        block = design.blocks[index.row()]
        changed = _with(block, column, str(value))
        self._document.edit(design.with_block(index.row(), changed), f"Set {column} of {block.name}")
        return True

    def paste(self, row: int, column: int, cells: list[list[str]]) -> None:
        """Writes a rectangle of texts from (row, column) on, as one step; what hangs over the edge is left out."""
        design = self._document.design
        for i, line in enumerate(cells[: len(self._blocks) - row]):
            block = design.blocks[row + i]
            for name, text in zip(COLUMNS[column:], line, strict=False):
                block = _with(block, name, text)
            design = design.with_block(row + i, block)
        self._document.edit(design, "Paste")

    def insert(self, row: int) -> None:
        """Adds a block ahead of `row`: as the one above it, but new in name and with stride 1."""
        design = self._document.design
        above = design.blocks[row - 1] if row else None
        block = above.with_stride(1) if above else Block("block1", ()).with_count(3)
        self._put(row, replace(block, name=_new_name(design, "block1"), typed_count=None), "Add block")

    def duplicate(self, row: int) -> None:
        """Adds a copy of the block in `row` below it."""
        block = self._document.design.blocks[row]
        self._put(
            row + 1, replace(block, name=_new_name(self._document.design, str(block.name))), f"Duplicate {block.name}"
        )

    def remove(self, rows: list[int]) -> None:
        """Removes blocks. The table may become empty: a problem that says so, not a refusal."""
        design = self._document.design
        kept = tuple(block for i, block in enumerate(design.blocks) if i not in rows)
        what = design.blocks[rows[0]].name if len(rows) == 1 else f"{len(rows)} blocks"
        self._document.edit(replace(design, blocks=kept), f"Remove {what}")

    def move(self, row: int, by: int) -> None:
        """Moves a block up or down by one; at the end of the table nothing happens."""
        design, to = self._document.design, row + by
        if 0 <= to < len(self._blocks):
            blocks = list(design.blocks)
            blocks.insert(to, blocks.pop(row))
            self._document.edit(replace(design, blocks=tuple(blocks)), f"Move {design.blocks[row].name}")

    def swap_stride(self, row: int) -> None:
        """Moves a block's stride from its last unit (TF-Slim) to its first (the paper), or back."""
        design = self._document.design
        block = design.blocks[row]
        where: StrideIn = "last" if block.stride_in == "first" else "first"
        self._document.edit(
            design.with_block(row, block.with_stride(block.stride, where)),
            f"Stride in the {where} unit of {block.name}",
        )

    def _put(self, row: int, block: Block, text: str) -> None:
        design = self._document.design
        self._document.edit(replace(design, blocks=(*design.blocks[:row], block, *design.blocks[row:])), text)

    @Slot()
    def _refresh(self) -> None:
        self._faults = {}
        for problem in self._document.problems:
            if problem.place.block is not None:
                self._faults.setdefault((problem.place.block, problem.place.field), []).append(problem)
        old, new = self._blocks, self._document.design.blocks
        # Rows that came or went are told as such, so that the selection stays with the others.
        same = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
        if len(new) > len(old) and new[same + len(new) - len(old) :] == old[same:]:
            self.beginInsertRows(ROOT, same, same + len(new) - len(old) - 1)
            self._blocks = new
            self.endInsertRows()
        elif len(new) < len(old) and old[same + len(old) - len(new) :] == new[same:]:
            self.beginRemoveRows(ROOT, same, same + len(old) - len(new) - 1)
            self._blocks = new
            self.endRemoveRows()
        elif len(new) != len(old):
            self.beginResetModel()
            self._blocks = new
            self.endResetModel()
        self._blocks = new
        self._tell()

    def _tell(self) -> None:
        if self._blocks:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self._blocks) - 1, len(COLUMNS) - 1))


def _text(block: Block, column: str) -> str:
    """What a cell shows; 'mixed' where the units of the block differ in it."""
    match column:
        case "name":
            return visible_text(block.name)
        case "units":
            return visible_text(block.typed_count) if block.typed_count is not None else str(len(block.units))
        case "kind":
            return visible_text(block.kind)
        case "stride":
            others = [unit.stride for unit in block.units if unit.stride != 1]
            at_an_end = not others or block.stride != 1
            return str(block.stride) if at_an_end and len(others) <= 1 else "mixed"
    values = {visible_text(getattr(unit, column)) for unit in block.units}
    return values.pop() if len(values) == 1 else "mixed"


def _with(block: Block, column: str, text: str) -> Block:
    """`block` with one cell typed."""
    if text == _text(block, column):
        return block
    value = parse_whole(text)
    match column:
        case "name":
            return replace(block, name=text.strip())
        case "kind":
            # A letter will do: "b" is what a person types who is in a hurry, "ba" the shortest that means basic.
            words = text.strip().lower()
            known = [kind for kind in KINDS if words and kind.startswith(words)]
            return replace(block, kind=known[0] if known else words)  # type: ignore[arg-type]
        case "units":
            if BLOCK_FIELDS["units"].fault(value):
                return replace(block, typed_count=text)
            return block.with_count(int(value))
        # The values may be texts: a design may be wrong while it is typed, and says so.
        case "stride":
            return block.with_stride(value)  # type: ignore[arg-type]
    return block.with_all(column, value)  # type: ignore[arg-type]


def _new_name(design: Design, like: str) -> str:
    """`like`, counted on until no block has it: block1 -> block2."""
    taken = {block.name for block in design.blocks}
    stem = like.rstrip("0123456789") or "block"
    number = len(taken) + 1 if not like[len(stem) :] else int(like[len(stem) :][-6:])
    while (name := f"{stem}{number}") in taken:
        number += 1
    return name
