"""The units of a network, each with a box that switches its residual branch off."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from resnet_studio.design.words import count_text, large_text, macs_text
from resnet_studio.network.names import UnitPlace, unit_name
from resnet_studio.network.network import Network
from resnet_studio.network.paths import Remains, remains, units_of
from resnet_studio.ui.widgets.plain import plain_label


class LesionList(QWidget):
    """Units switched off by their boxes, or by `toggle`; what is left is told at once."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self.lesion: frozenset[UnitPlace] = frozenset()
        self.units = QListWidget()
        self.units.setAccessibleName("Units: an unchecked one has its residual branch switched off")
        self.units.setToolTip("Uncheck a unit (Space) to switch its residual branch off: only its shortcut is left")
        self.units.setFixedHeight(130)
        self.restore = QPushButton("Restore a&ll")
        self.restore.setToolTip("Switch every residual branch on again")
        self.text = plain_label()
        self.text.setWordWrap(True)
        self.text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.units)
        column.addWidget(self.text)
        column.addWidget(self.restore, 0, Qt.AlignmentFlag.AlignLeft)
        self.units.itemChanged.connect(self._checked)
        self.restore.clicked.connect(lambda: self.set_lesion(frozenset()))

    def set_network(self, network: Network | None) -> None:
        """Lists another network's units; those that are still there stay switched off."""
        self._network = network
        places = units_of(network) if network else ()
        self.units.blockSignals(True)
        self.units.clear()
        for place in places:
            item = QListWidgetItem(unit_name(place))
            item.setData(Qt.ItemDataRole.UserRole, place)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            self.units.addItem(item)
        self.units.blockSignals(False)
        self.set_lesion(self.lesion & set(places))

    def set_lesion(self, lesion: frozenset[UnitPlace]) -> None:
        """Switches off these units, and all others on."""
        self.lesion = lesion
        self.units.blockSignals(True)
        for row in range(self.units.count()):
            item = self.units.item(row)
            off = tuple(item.data(Qt.ItemDataRole.UserRole)) in lesion
            item.setCheckState(Qt.CheckState.Unchecked if off else Qt.CheckState.Checked)
        self.units.blockSignals(False)
        self.restore.setEnabled(bool(lesion))
        if self._network and not self._network.shortcuts:
            self.text.setText("No unit has a shortcut that would be left of it.")
        else:
            self.text.setText(remains_text(remains(self._network, lesion)) if self._network else "")
        self.changed.emit()

    def toggle(self, places: Iterable[UnitPlace]) -> None:
        """Switches these units off, or on again where all of them are off."""
        wanted = frozenset(places)
        self.set_lesion(self.lesion - wanted if wanted <= self.lesion else self.lesion | wanted)

    @Slot(QListWidgetItem)
    def _checked(self, item: QListWidgetItem) -> None:
        place = tuple(item.data(Qt.ItemDataRole.UserRole))
        off = item.checkState() == Qt.CheckState.Unchecked
        self.set_lesion(self.lesion | {place} if off else self.lesion - {place})


def remains_text(left: Remains) -> str:
    """What is left, with what is gone of each: three lines."""
    if left.units == left.whole_units:
        return "Every unit has its residual branch."
    cost, whole = left.cost, left.whole_cost
    gone = left.whole_units - left.units
    return (
        f"Paths: 2^{left.units} = {large_text(left.paths)}, one in {large_text(1 << gone)}\n"
        f"Parameters: {count_text(cost.parameters)} (−{count_text(whole.parameters - cost.parameters)})\n"
        f"MACs: {macs_text(cost.macs)} (−{macs_text(whole.macs - cost.macs)})"
    )
