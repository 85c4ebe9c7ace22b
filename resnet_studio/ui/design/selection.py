"""The one selection: a set of operations of the network that is drawn. Picture, tables, tree and inspector all show it."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QObject, Signal, Slot

from resnet_studio.network.network import Network

from .document import DesignDocument

Place = tuple[str, int]  # a block's name and a unit's number in it, from 1; 0 for the whole block


class Selection(QObject):
    """What is selected. It is never stale: each edit carries it over to the new network, units by their place in it. What an
    edit takes away, undo brings back. Make it ahead of the panels, so that it has heard of an edit before they do.
    """

    changed = Signal(object)  # the panel that chose, which needs no telling; None where it was nobody's choice
    blocks_changed = Signal()

    def __init__(self, document: DesignDocument, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._network = document.drawn
        self._telling = False
        self._chosen: tuple[Network, frozenset[str]] = (
            self._network,
            frozenset(),
        )  # as somebody chose it, in which network
        self._there = False  # whether anything was selected when the panels were last told
        self.ops: frozenset[str] = frozenset()
        self.blocks: frozenset[str] = frozenset()  # the names of those whose rows are selected in the table
        document.design_changed.connect(self._carry_over)
        document.settled.connect(self._tell_of_loss)

    @property
    def places(self) -> frozenset[Place]:
        """The units that something is selected of, and (block, 0) or ('', 0) for what is in none."""
        by_name = self._network.by_name
        return frozenset((by_name[name].block, by_name[name].unit) for name in self.ops)

    def choose(self, ops: Collection[str], by: QObject | None = None) -> None:
        """Selects operations, by their names; those that there are none of are left out. by: the panel that chooses.

        A panel that selects in turn, because it is told, is not heard: an echo goes nowhere.
        """
        if self._telling:
            return
        self.ops = frozenset(self._network.by_name.keys() & frozenset(ops))
        self._chosen = (self._network, self.ops)
        self._tell(by)

    def choose_places(self, places: Collection[Place], by: QObject | None = None) -> None:
        """Selects all operations of units, and of whole blocks: (block, 0)."""
        wanted = frozenset(places)
        chosen = [
            op.name for op in self._network.ops if op.block and not wanted.isdisjoint(_places_of(op.block, op.unit))
        ]
        self.choose(chosen, by)

    def mark_blocks(self, names: Collection[str]) -> None:
        """Takes the names of the blocks whose rows are selected in the table."""
        if self.blocks != (blocks := frozenset(names)):
            self.blocks = blocks
            self.blocks_changed.emit()

    @Slot()
    def _carry_over(self) -> None:
        before, self._network = self._network, self._document.drawn
        if is_another(before, self._network):
            self._chosen = (self._network, frozenset())
        chosen_in, ops = self._chosen
        self.ops = carry_over(ops, chosen_in, self._network)

    @Slot()
    def _tell_of_loss(self) -> None:
        # The panels look at `ops` anew on every edit. Only those that show nothing of their own must hear when it ends.
        if self._there != bool(self.ops):
            self._tell(None)

    def _tell(self, by: QObject | None) -> None:
        self._there = bool(self.ops)
        self._telling = True
        try:
            self.changed.emit(by)
        finally:
            self._telling = False


def is_another(before: Network, after: Network) -> bool:
    """Whether `after` is of another design altogether, and not a step on from `before`: name and blocks both differ."""
    return before.design.name != after.design.name and before.design.blocks != after.design.blocks


def carry_over(ops: frozenset[str], before: Network, after: Network) -> frozenset[str]:
    """The operations of `after` that stand for `ops` of `before`: a unit that was selected whole is so still, whatever
    is in it now; of others, the operations that are still there. A unit is whole without what it ends in, too.
    """
    if not ops:
        return ops
    units: dict[Place, set[str]] = {}
    for op in before.ops:
        if op.unit and op.role != "add":
            units.setdefault((op.block, op.unit), set()).add(op.name)
    whole = {place for place, names in units.items() if names <= ops}
    return frozenset(
        op.name for op in after.ops if op.name in ops or (op.role != "add" and (op.block, op.unit) in whole)
    )


def _places_of(block: str, unit: int) -> tuple[Place, Place]:
    return (block, 0), (block, unit)
