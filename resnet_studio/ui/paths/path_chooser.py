"""Which path is highlighted, and stepping along it unit by unit."""

from __future__ import annotations

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QSpinBox, QVBoxLayout, QWidget

from resnet_studio.network.names import UnitPlace, unit_name
from resnet_studio.network.network import Network
from resnet_studio.network.paths import path_layers, random_path, units_of
from resnet_studio.ui.widgets.plain import plain_label

_CHOICES = ("No path", "The shortest", "The longest", "A random one")


class PathChooser(QWidget):
    """Chooses one path of a network: shortest, longest, or a random one of a length."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self._seed = 0
        self._at: int | None = None
        self.path: frozenset[UnitPlace] | None = None
        self.kinds = QComboBox()
        self.kinds.addItems(_CHOICES)
        self.kinds.setToolTip("The path that is drawn strong in the picture; the rest is faded")
        self.kinds.setAccessibleName("Path to highlight")
        self.length = QSpinBox()
        self.length.setToolTip("How many residual branches a random path takes")
        self.length.setAccessibleName("Length of the random path in units")
        self.length.setSuffix(" units")
        self.another = _button("&Another", "Draw another random path of this length")
        self.back = _button("◀", "One unit back along the path")
        self.on = _button("▶", "One unit on along the path: the picture shows the path up to it")
        self.back.setAccessibleName("One unit back")
        self.on.setAccessibleName("One unit on")
        self.text = plain_label()
        self.text.setWordWrap(True)
        self._place()
        self.kinds.currentIndexChanged.connect(self._choose)
        self.length.valueChanged.connect(self._choose)
        self.another.clicked.connect(self._draw_another)
        self.on.clicked.connect(lambda: self._step(1))
        self.back.clicked.connect(lambda: self._step(-1))

    @property
    def until(self) -> int | None:
        """The unit, from 0, up to which the path is shown while it is stepped along; None for all of it."""
        return self._at

    def set_network(self, network: Network | None) -> None:
        """Takes the network whose paths are chosen from."""
        self._network = network
        units = len(network.shortcuts) if network else 0
        self.length.blockSignals(True)
        self.length.setRange(0, units)
        if self.kinds.currentIndex() != 3:
            self.length.setValue(units // 2)
        self.length.blockSignals(False)
        self._choose()

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for row in ((self.kinds, self.length), (self.another, self.back, self.on)):
            line = QHBoxLayout()
            for widget in row:
                line.addWidget(widget)
            line.addStretch()
            column.addLayout(line)
        column.addWidget(self.text)

    @Slot()
    def _draw_another(self) -> None:
        self._seed += 1
        self._choose()

    @Slot()
    def _choose(self) -> None:
        network, kind = self._network, self.kinds.currentIndex()
        self._at = None
        self.path = None
        if network is not None and kind:
            units = units_of(network)
            paths = {1: frozenset(), 2: frozenset(units)}
            self.path = paths[kind] if kind in paths else random_path(network, self.length.value(), self._seed)
        for widget in (self.length, self.another):
            widget.setVisible(kind == 3)
        for widget in (self.back, self.on):
            widget.setVisible(self.path is not None)
        self._tell()

    def _step(self, by: int) -> None:
        assert self._network is not None
        last = len(self._network.shortcuts) - 1
        at = (-1 if self._at is None else self._at) + by
        self._at = at if 0 <= at <= last else None  # past either end: the whole path again
        if self._at is None and by < 0 and at < -1:
            self._at = last
        self._tell()

    def _tell(self) -> None:
        network, path = self._network, self.path
        if network is None or path is None:
            self.text.setText("")
        elif self._at is None:
            self.text.setText(
                f"{len(path):,} of {len(network.shortcuts):,} residual branches, {path_layers(network, path):,} weighted layers"
            )
        else:
            place = units_of(network)[self._at]
            way = "residual branch" if place in path else f"shortcut ({network.shortcuts[place]})"
            self.text.setText(f"{self._at + 1:,} of {len(network.shortcuts):,}: {unit_name(place)} by its {way}")
        self.text.setVisible(bool(self.text.text()))
        self.changed.emit()


def _button(text: str, tip: str) -> QPushButton:
    button = QPushButton(text)
    button.setToolTip(tip)
    button.setMinimumWidth(32)
    return button
