"""The line over the picture: its detail, layout, colours and folding, and the buttons of its view."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QComboBox, QHBoxLayout, QWidget

from resnet_studio.picture.graph import DETAILS, Detail
from resnet_studio.picture.picture import Picture
from resnet_studio.ui.widgets.flow_layout import FlowLayout
from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.style import icon_button

from .colour_chooser import ColourChooser


class PictureBar(QWidget):
    """Choosers; what they choose is asked of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.details = QComboBox()
        self.details.setToolTip("How much of the network is drawn: blocks, units or layers")
        self.details.addItems(DETAILS)
        self.details.setCurrentText("units")
        self.layouts = QComboBox()
        self.layouts.setToolTip("How the nodes are laid out; slow layouts are offered for small graphs only")
        self.colours = ColourChooser()
        self.folding = QCheckBox("&Fold")
        self.folding.setToolTip(
            "Draw runs of equal units as one node, ×N. A click on its + opens it, a click on − folds it again; "
            "so does a double click or Enter"
        )
        self._flow = FlowLayout(self)
        self._flow.setContentsMargins(8, 4, 8, 4)
        self._flow.setSpacing(8)
        for text, chooser in (("Detai&l", self.details), ("La&yout", self.layouts), ("Colou&r by", self.colours)):
            label = plain_label(text)
            label.setBuddy(chooser)
            self._flow.add_row(_row(label, chooser))
        self._flow.addWidget(self.folding)

    def add_buttons(self, actions: Iterable[QAction]) -> None:
        """Adds small icon buttons at the right."""
        self._flow.add_row(_row(*map(icon_button, actions)))

    @property
    def detail(self) -> Detail:
        """The detail that is chosen."""
        return DETAILS[self.details.currentIndex()]

    def follow(self, picture: Picture) -> None:
        """Shows what was drawn, and offers the layouts that there are for it."""
        names = list(picture.layouts)
        if [self.layouts.itemText(i) for i in range(self.layouts.count())] != names:
            self.layouts.blockSignals(True)
            self.layouts.clear()
            self.layouts.addItems(names)
            self.layouts.blockSignals(False)
        self.layouts.setCurrentText(picture.layout)
        self.folding.setChecked(picture.folded)
        self.folding.setEnabled(picture.detail != "blocks")


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    return row
