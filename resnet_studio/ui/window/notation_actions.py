"""Paste notation, Copy as notation: TF-Slim's `Block(...)` lists and whole listings, by the clipboard."""

from __future__ import annotations

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMessageBox

from resnet_studio.design import notation
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.widgets.plain import message_box

from .reading_questions import ReadingQuestions

_MAX_CHARACTERS = 1024 * 1024


class NotationActions(QObject):
    """Two entries of the Edit menu."""

    def __init__(self, document: DesignDocument, window: QMainWindow) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._questions = ReadingQuestions(window)
        self.paste_action = QAction("Paste &notation", window)
        self.paste_action.setShortcut(QKeySequence("Ctrl+Shift+V"))
        self.paste_action.setToolTip(
            "Make the Block(...) list, or the whole TF-Slim listing, in the clipboard the design"
        )
        self.paste_action.triggered.connect(self.paste)
        self.copy_action = QAction("Copy as n&otation", window)
        self.copy_action.setShortcut(QKeySequence("Ctrl+Shift+C"))
        self.copy_action.setToolTip("Put the design into the clipboard as TF-Slim's Block(...) list")
        self.copy_action.triggered.connect(self.copy)
        document.design_changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def paste(self) -> None:
        """Reads the clipboard, as one step that can be undone; asks what it leaves open, or says where it is no notation."""
        text = QGuiApplication.clipboard().text()
        if len(text) > _MAX_CHARACTERS:
            self._tell("The clipboard holds no notation", f"It has {len(text):,} characters. Copy the listing alone.")
            return
        self._questions.settle(
            lambda known: notation.read(text, known=known),
            lambda found: self._document.edit(found.design, "Paste notation"),
            lambda why: self._tell("The clipboard holds no notation", why),
        )

    @Slot()
    def copy(self) -> None:
        """Writes the design into the clipboard."""
        QGuiApplication.clipboard().setText(notation.format(self._document.design))

    @Slot()
    def _refresh(self) -> None:
        self.copy_action.setEnabled(self._document.network is not None)

    def _tell(self, title: str, text: str) -> None:
        message_box(self._window, QMessageBox.Icon.Warning, title, title, text).open()
