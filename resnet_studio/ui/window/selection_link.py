"""One selection for the picture, the tables, the tree of nodes and the inspector: a set of operations."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal, Slot

from resnet_studio.ui.design.design_panel import DesignPanel
from resnet_studio.ui.facts.facts_panel import FactsPanel
from resnet_studio.ui.facts.node_tree import NodeTree
from resnet_studio.ui.picture.graph_panel import GraphPanel


class SelectionLink(QObject):
    """Tells the others where one of them selects something. Each is told once: an echo goes nowhere."""

    changed = Signal(object)  # frozenset of the names of the operations that are selected now

    def __init__(
        self, picture: GraphPanel, design: DesignPanel, tree: NodeTree, facts: FactsPanel, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._picture, self._design, self._tree, self._facts = picture, design, tree, facts
        self._busy = False
        picture.selection_changed.connect(self._from_picture)
        tree.ops_selected.connect(self._from_tree)
        design.places_selected.connect(self._from_tables)

    @Slot(object)
    def choose(self, ops: Collection[str]) -> None:
        """Selects operations everywhere."""
        self._tell(frozenset(ops), self)

    @Slot()
    def _from_picture(self) -> None:
        self._tell(self._picture.selected_ops, self._picture)

    @Slot(object)
    def _from_tree(self, ops: frozenset[str]) -> None:
        self._tell(ops, self._tree)

    @Slot(object)
    def _from_tables(self, places: frozenset[tuple[str, int]]) -> None:
        network = self._picture.network
        if network is not None:
            self._tell(
                frozenset(
                    op.name
                    for op in network.ops
                    if not places.isdisjoint({(op.block, 0), (op.block, op.unit)}) and op.block
                ),
                self._design,
            )

    def _tell(self, ops: frozenset[str], source: QObject) -> None:
        if self._busy:
            return
        self._busy = True
        try:
            if source is not self._picture:
                self._picture.select_ops(ops)
            if source is not self._tree:
                self._tree.select_ops(ops)
            if source is not self._design:
                network = self._picture.network
                by_name = network.by_name if network else {}
                self._design.select_places(
                    {(by_name[name].block, by_name[name].unit) for name in ops if name in by_name}
                )
            self._picture.mark_blocks(self._design.selected_blocks)
            self._facts.inspect(ops)
            self.changed.emit(ops)
        finally:
            self._busy = False
