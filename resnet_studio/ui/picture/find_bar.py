"""Find in the picture, by name or kind: a bar over it, with the number of hits and a way from one to the next."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QWidget

from resnet_studio.network.network import Network
from resnet_studio.network.search import Hit, search
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label


@guarded
class FindBar(QWidget):
    """Hidden until `find_action`. Enter and Shift+Enter step through the hits, Esc closes."""

    found = Signal(object)  # tuple[Hit, ...], () when it closes
    stepped = Signal(object)  # the Hit that is to be shown
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self.hits: tuple[Hit, ...] = ()
        self._at = -1
        self.text = QLineEdit()
        self.text.setPlaceholderText("Name or kind: block3/unit_4, conv2, projection …")
        self.text.setToolTip(
            "A part of a block's, unit's or layer's name, or a kind: conv, projection, subsample, identity, pool, norm, add. "
            "Enter goes to the next hit, Shift+Enter to the one before, Esc closes"
        )
        self.text.setAccessibleName("Find in the picture")
        self.text.setClearButtonEnabled(True)
        self.text.setMaxLength(200)
        self.count = plain_label()
        self.count.setProperty("role", "muted")
        self.count.setAccessibleName("Hits")
        self.find_action = QAction("Find in the &picture…", self)
        self.find_action.setShortcut(QKeySequence(QKeySequence.StandardKey.Find))
        self.find_action.setToolTip("Find a block, unit or layer by name or kind (Ctrl+F)")
        self.find_action.triggered.connect(self.open)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 4)
        row.setSpacing(6)
        label = plain_label("Fi&nd")
        label.setBuddy(self.text)
        row.addWidget(label)
        row.addWidget(self.text, 1)
        row.addWidget(self.count)
        for sign, name, slot in (
            ("↑", "Previous hit (Shift+Enter)", self.previous),
            ("↓", "Next hit (Enter)", self.next),
            ("✕", "Close the find bar (Esc)", self.close_bar),
        ):
            button = QToolButton()
            button.setText(sign)
            button.setAutoRaise(True)
            button.setToolTip(name)
            button.setAccessibleName(name.partition(" (")[0])
            button.clicked.connect(slot)
            row.addWidget(button)
        self.text.textChanged.connect(self._search)
        self.hide()

    def set_network(self, network: Network | None) -> None:
        """Searches another network."""
        self._network = network
        if not self.isHidden():
            self._search()

    @Slot()
    def open(self) -> None:
        """Shows the bar, ready to type over what was sought before."""
        self.show()
        self.text.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.text.selectAll()
        self._search()

    @Slot()
    def close_bar(self) -> None:
        """Hides the bar and the marks on its hits."""
        self.hide()
        self.hits = ()
        self.found.emit(())
        self.closed.emit()

    @Slot()
    def next(self) -> None:
        """Goes to the next hit, after the last to the first."""
        self._step(1)

    @Slot()
    def previous(self) -> None:
        """Goes to the hit before, ahead of the first to the last."""
        self._step(-1)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._step(-1 if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1)
        elif event.key() == Qt.Key.Key_Escape:
            self.close_bar()
        else:
            super().keyPressEvent(event)

    @Slot()
    def _search(self) -> None:
        self.hits = search(self._network, self.text.text()) if self._network else ()
        self._at = -1
        self._tell()
        self.found.emit(self.hits)

    def _step(self, by: int) -> None:
        if self.hits:
            self._at = (self._at + by) % len(self.hits) if self._at >= 0 or by > 0 else len(self.hits) - 1
            self._tell()
            self.stepped.emit(self.hits[self._at])

    def _tell(self) -> None:
        count = len(self.hits)
        if self._at >= 0:
            words = f"{self._at + 1:,} of {count:,}: {self.hits[self._at].name}"
        elif count:
            words = f"{count:,} hits" if count > 1 else "1 hit"
        else:
            words = "No hits" if self.text.text().strip() else ""
        self.count.setText(words)
