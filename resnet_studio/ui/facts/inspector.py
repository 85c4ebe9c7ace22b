"""All about what is selected: a row a fact, every value to be selected and copied."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QScrollArea, QToolButton, QVBoxLayout, QWidget

from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.style import tabular

_HINT = "Click a node of the picture, or select rows of a table, to see shapes, cost and variables. With Ctrl, several."
_BESIDE = 22  # characters: a longer value stands beneath its label


class Inspector(QWidget):
    """A heading and rows of (label, value)."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: list[tuple[str, str]] = []
        self.heading = _label("Inspector", "heading")
        self.heading.setWordWrap(True)
        self.hint = _label(_HINT, "muted")
        self.hint.setWordWrap(True)
        self.copy_action = QAction("Copy the facts", self)
        self.copy_action.setToolTip("Put all that is told here into the clipboard, as text")
        self.copy_action.triggered.connect(self.copy)
        self._copy = QToolButton()
        self._copy.setText("Copy")
        self._copy.setAutoRaise(True)
        self._copy.setToolTip(self.copy_action.toolTip())
        self._copy.setAccessibleName(self.copy_action.text())
        self._copy.clicked.connect(self.copy)
        self._beneath: set[int] = set()
        self._labels: list[tuple[QLabel, QLabel]] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(0, 0, 6, 0)
        self._grid.setHorizontalSpacing(10)
        self._grid.setVerticalSpacing(4)
        self._grid.setColumnStretch(1, 1)
        area = QScrollArea()
        area.setWidget(inside)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        area.setAccessibleName("Facts about what is selected")
        top = QHBoxLayout()
        top.addWidget(self.heading, 1)
        top.addWidget(self._copy, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(top)
        column.addWidget(self.hint)
        column.addWidget(area, 1)
        self.show_facts("", [])

    def show_facts(self, title: str, rows: Sequence[tuple[str, str]]) -> None:
        """Shows other rows; none: what is to be done to see some."""
        self.rows = list(rows)
        self.heading.setText(_breakable(title) if rows else "Inspector")
        self.hint.setVisible(not rows)
        self._copy.setVisible(bool(rows))
        while len(self._labels) < len(rows):
            self._add_row()
        for number, (name, value) in enumerate(self._labels):
            shown = number < len(rows)
            name.setVisible(shown)
            value.setVisible(shown)
            if shown:
                name.setText(rows[number][0])
                value.setText(_breakable(rows[number][1]))
                value.setAccessibleName(rows[number][0])
                self._place_value(number, value, len(rows[number][1]) > _BESIDE)

    @property
    def text(self) -> str:
        """All that is told, a line a fact."""
        lines = [self.heading.text(), *(f"{name}: {value}" for name, value in self.rows)]
        return "\n".join(lines).replace("\u200b", "")

    @Slot()
    def copy(self) -> None:
        """Puts all that is told into the clipboard."""
        QGuiApplication.clipboard().setText(self.text)

    def _place_value(self, number: int, value: QLabel, beneath: bool) -> None:
        if beneath != (number in self._beneath):
            self._beneath ^= {number}
            self._grid.removeWidget(value)
            if beneath:
                self._grid.addWidget(value, 2 * number + 1, 0, 1, 2)
                value.setContentsMargins(10, 0, 0, 4)
            else:
                self._grid.addWidget(value, 2 * number, 1, Qt.AlignmentFlag.AlignTop)
                value.setContentsMargins(0, 0, 0, 0)

    def _add_row(self) -> None:
        name, value = _label("", "muted"), _label("", "")
        value.setWordWrap(True)
        value.setFont(tabular(value.font()))
        value.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        row = 2 * len(self._labels)
        self._grid.addWidget(name, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(value, row, 1, Qt.AlignmentFlag.AlignTop)
        self._grid.setRowStretch(row, 0)
        self._grid.setRowStretch(row + 2, 1)
        self._labels.append((name, value))


def _label(text: str, role: str) -> QLabel:
    label = plain_label(text)
    label.setProperty("role", role)
    return label


def _breakable(text: str) -> str:
    """`text` that may break at its slashes."""
    return text.replace("/", "/\u200b")
