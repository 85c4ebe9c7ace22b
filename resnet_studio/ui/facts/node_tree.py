"""All nodes of the network as a tree, beside the picture: what is selected in one is selected in the other."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import (
    QAbstractItemModel,
    QItemSelection,
    QItemSelectionModel,
    QModelIndex,
    QObject,
    Qt,
    Signal,
    Slot,
)
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTreeView, QVBoxLayout, QWidget

from resnet_studio.design.words import count_text, macs_text, shape_text
from resnet_studio.network.network import Network
from resnet_studio.network.nodes import Node
from resnet_studio.network.nodes import NodeTree as Tree
from resnet_studio.ui.design.block_table import ROOT, Index
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

COLUMNS = ("Node", "Kind", "Shape", "Parameters", "MACs")
_HELP = {
    "Node": "Block, unit, layer, operation, under TF-Slim's names",
    "Kind": "What it is",
    "Shape": "Its output for one image: height × width × channels",
    "Parameters": "Trainable values",
    "MACs": "Multiply-adds of one image's forward pass: convolutions and logits only",
}
_MOST_SELECTED = 400  # rows: more of them say nothing, and take long


@guarded
class NodeModel(QAbstractItemModel):
    """The tree of a network. A level comes to be when it is looked at: 1001 layers open as fast as 18."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._nodes: list[Node] = []  # an index carries a number, not a Python object: nothing keeps that alive
        self._parents: list[int] = []
        self._rows: list[int] = []
        self._below: dict[int, list[int]] = {}

    def set_network(self, network: Network | None) -> None:
        """Shows another network; None for none."""
        self.beginResetModel()
        self._nodes, self._parents, self._rows, self._below = [], [], [], {}
        if network is not None:
            self._nodes, self._parents, self._rows = [Tree(network).root], [-1], [0]
        self.endResetModel()

    @property
    def root(self) -> Node | None:
        """The whole network."""
        return self._nodes[0] if self._nodes else None

    def node(self, index: Index) -> Node:
        """What a row shows."""
        return self._nodes[index.internalId()]

    def _children(self, number: int) -> list[int]:
        if number not in self._below:
            found = []
            for row, child in enumerate(self._nodes[number].children):
                self._nodes.append(child)
                self._parents.append(number)
                self._rows.append(row)
                found.append(len(self._nodes) - 1)
            self._below[number] = found
        return self._below[number]

    def index(self, row: int, column: int, parent: Index = ROOT) -> QModelIndex:
        if not self._nodes or row < 0 or not 0 <= column < len(COLUMNS):
            return QModelIndex()
        numbers = self._children(parent.internalId()) if parent.isValid() else [0]
        return self.createIndex(row, column, numbers[row]) if row < len(numbers) else QModelIndex()

    def parent(self, index: Index = ROOT) -> QModelIndex:  # type: ignore[override]
        above = self._parents[index.internalId()] if index.isValid() else -1
        return self.createIndex(self._rows[above], 0, above) if above >= 0 else QModelIndex()

    def rowCount(self, parent: Index = ROOT) -> int:
        if not parent.isValid():
            return min(len(self._nodes), 1)
        return len(self._children(parent.internalId())) if parent.column() == 0 else 0

    def hasChildren(self, parent: Index = ROOT) -> bool:
        if not parent.isValid():
            return bool(self._nodes)
        node = self.node(parent)
        return parent.column() == 0 and (node.level in ("network", "block", "unit") or len(node.ops) > 1)

    def columnCount(self, parent: Index = ROOT) -> int:
        return len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            return _HELP[COLUMNS[section]]
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        node, column = self.node(index), COLUMNS[index.column()]
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return _text(node, column)
            case Qt.ItemDataRole.ToolTipRole:
                exact = {"Parameters": f"{node.cost.parameters:,} parameters", "MACs": f"{node.cost.macs:,} MACs"}
                return plain_tip(exact.get(column, node.name))
            case Qt.ItemDataRole.TextAlignmentRole if column in ("Shape", "Parameters", "MACs"):
                return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
            case Qt.ItemDataRole.AccessibleDescriptionRole:
                return ", ".join(f"{name} {text}" for name in COLUMNS[1:] if (text := _text(node, name)))
        return None

    def find(self, ops: frozenset[str], most: int = _MOST_SELECTED) -> list[QModelIndex]:
        """The rows of the largest nodes that are all of `ops`."""
        found: list[QModelIndex] = []
        waiting = [self.index(0, 0)] if self._nodes and ops else []
        while waiting and len(found) < most:
            index = waiting.pop()
            node = self.node(index)
            if node.covered_by(ops):
                found.append(index)
            elif len(node.ops) > 1 and not ops.isdisjoint(op.name for op in node.ops):
                waiting += [self.index(row, 0, index) for row in reversed(range(self.rowCount(index)))]
        return found


@guarded
class NodeTree(QWidget):
    """The tab with the tree. It is filled when it is first seen."""

    ops_selected = Signal(object)  # frozenset of operations' names

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self._ops: frozenset[str] = frozenset()
        self._stale = True
        self._following = False
        self.model = NodeModel(self)
        self.view = QTreeView()
        self.view.setModel(self.model)
        self.view.setAccessibleName("Nodes of the network")
        self.view.setAccessibleDescription("What is selected here is selected in the picture")
        self.view.setToolTip("Arrow keys move and open; what is selected here is selected in the picture")
        self.view.setUniformRowHeights(True)
        self.view.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.view.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.view.setFrameShape(QTreeView.Shape.NoFrame)
        self.view.setIndentation(14)
        self.view.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        header = self.view.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.Interactive)
        for column, width in enumerate((150, 108, 90, 82, 92)):
            header.resizeSection(column, width)
        column_of = QVBoxLayout(self)
        column_of.setContentsMargins(0, 0, 0, 0)
        column_of.addWidget(self.view)
        self.view.selectionModel().selectionChanged.connect(self._selected)

    def set_network(self, network: Network | None) -> None:
        """Shows another network."""
        if network is not self._network:
            self._network = network
            self._stale = True
            if self.isVisible():
                self._fill()

    def select_ops(self, ops: frozenset[str]) -> None:
        """Selects the nodes of operations, opens what is above them, and scrolls to the first."""
        self._ops = ops
        if self._stale or not self.isVisible():
            return
        self._select()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._fill()
        else:
            self._select()

    def _fill(self) -> None:
        self._stale = False
        self._following = True
        self.model.set_network(self._network)
        self.view.expand(self.model.index(0, 0))
        self._following = False
        self._select()

    def _select(self) -> None:
        found = self.model.find(self._ops)
        chosen = QItemSelection()
        for index in found:
            chosen.select(index, index)
        flags = QItemSelectionModel.SelectionFlag
        self._following = True
        if found:
            self.view.selectionModel().setCurrentIndex(found[0], flags.NoUpdate)
        self.view.selectionModel().select(chosen, flags.ClearAndSelect | flags.Rows)
        if found:
            self.view.scrollTo(found[0])
        self._following = False

    @Slot()
    def _selected(self) -> None:
        if not self._following:
            rows = self.view.selectionModel().selectedRows()
            self._ops = frozenset(op.name for index in rows for op in self.model.node(index).ops)
            self.ops_selected.emit(self._ops)


def _text(node: Node, column: str) -> str:
    match column:
        case "Node":
            return node.label
        case "Kind":
            return node.kind
        case "Shape":
            return shape_text(node.ops[-1].shape) if node.ops else ""
        case "Parameters":
            return count_text(node.cost.parameters) if node.cost.parameters else ""
    return macs_text(node.cost.macs) if node.cost.macs else ""
