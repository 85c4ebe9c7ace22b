"""What the picture is coloured by: the kind of node, what the network costs, or where a profiled run's time went."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QComboBox, QWidget

from resnet_studio.design.spec import Design
from resnet_studio.network.network import Network
from resnet_studio.picture.colouring import COLOURINGS, Colouring, colouring
from resnet_studio.ui.design.document import DesignDocument

_WORDS = {"kind": "kind", "parameters": "parameters", "macs": "MACs", "memory": "activation memory",
          "receptive-field": "receptive field"}  # fmt: skip
_MEASURED = {"forward-share": ("measured forward share", 0), "backward-share": ("measured backward share", 1)}


_NONE: Mapping[str, tuple[float, float]] = {}


class Profile(Protocol):
    """Shares of time, as `bench.shares.Shares` has them: percent of the forward and of the backward time, by operation."""

    @property
    def ops(self) -> Mapping[str, tuple[float, float]]:
        """(forward, backward) by the operation's name."""


class ColourChooser(QComboBox):
    """A choice of what the picture is coloured by. Measured shares can be chosen while they are of the design shown."""

    chosen = Signal()

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._made: tuple[Network, str, object, Colouring | None] | None = None
        self._profile: Profile | None = None
        self._profiled: Design | None = None
        self.setAccessibleName("Colour by")
        for by in COLOURINGS:
            self.addItem(_WORDS[by], by)
        for by, (words, _) in _MEASURED.items():
            self.addItem(words, by)
        self._offer()
        self.currentIndexChanged.connect(self._changed)
        document.design_changed.connect(self._offer)

    @property
    def by(self) -> str:
        """What is chosen: one of COLOURINGS, 'forward-share' or 'backward-share'."""
        return str(self.currentData())

    def choose(self, by: str) -> None:
        """Chooses, where that is offered now."""
        index = self.findData(by)
        model = self.model()
        if index >= 0 and isinstance(model, QStandardItemModel) and model.item(index).isEnabled():
            self.setCurrentIndex(index)

    def set_shares(self, profile: Profile | None, design: Design | None) -> None:
        """Takes the shares of a profiled run of `design`; None for none."""
        self._profile, self._profiled = profile, design
        self._offer()
        if self.by in _MEASURED:
            self.chosen.emit()

    def colouring(self) -> Colouring | None:
        """What is chosen, of the network that is shown; None for its kinds. The same object while nothing of it changes."""
        network, by, shares = self._document.drawn, self.by, self._shares()
        made = self._made
        if made is None or made[0] is not network or made[1] != by or made[2] is not shares:
            self._made = made = (network, by, shares, self._colouring())
        return made[3]

    def _colouring(self) -> Colouring | None:
        if self.by not in _MEASURED:
            return colouring(self._document.drawn, self.by)
        words, part = _MEASURED[self.by]
        shares = {name: pair[part] for name, pair in self._shares().items()}
        return Colouring(words.capitalize(), "%", shares, nothing="no time of its own", linear=True)

    def _shares(self) -> Mapping[str, tuple[float, float]]:
        shown = self._document.design == self._profiled
        return self._profile.ops if self._profile is not None and shown else _NONE

    @Slot()
    def _offer(self) -> None:
        """Enables what can be chosen now. A choice that no longer can be falls back to kinds."""
        shares, model = self._shares(), self.model()
        for by, (_, part) in _MEASURED.items():
            there = any(pair[part] for pair in shares.values())
            if not there and self.by == by:
                self.setCurrentIndex(0)
            if isinstance(model, QStandardItemModel):
                model.item(self.findData(by)).setEnabled(there)
        self.setToolTip(
            "What the picture is coloured by"
            + ("" if shares else "; measured shares need a run of this very design with its profile")
        )

    @Slot()
    def _changed(self) -> None:
        self.chosen.emit()
