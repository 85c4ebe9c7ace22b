"""Keeps unsaved changes in the state folder a moment after each edit, and gives them back after a crash or a kill."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resnet_studio.design.bounds import shorten
from resnet_studio.design.disk import FileError
from resnet_studio.design.recovery import Unsaved, drop_unsaved, own_file, take_unsaved, write_unsaved

from .document import DesignDocument

DELAY_MS = 1_000  # after an edit: a row of edits is written once


class Autosave(QObject):
    """Follows one document. What goes wrong is told once and stops nothing."""

    noticed = Signal(str)  # a finished sentence

    def __init__(self, document: DesignDocument, folder: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._folder = folder
        self._file = own_file(folder)
        self._failed = False
        self._timer = QTimer(self, singleShot=True, interval=DELAY_MS)
        self._timer.timeout.connect(self.write)
        document.design_changed.connect(self._timer.start)
        document.modified_changed.connect(self._timer.start)

    def restore(self) -> None:
        """Opens what a killed window left unsaved, as unsaved changes, and says so."""
        unsaved, more, damaged = take_unsaved(self._folder)
        words = []
        if unsaved is not None:
            self._document.restore(unsaved.design, unsaved.path)
            what = f"of {unsaved.path.name}" if unsaved.path else f"of {shorten(unsaved.design.name)}"
            words.append(f"The unsaved changes {what} are back: the window that had them was ended.")
        if more:
            words.append(
                f"{more:,} more design{'s' if more > 1 else ''} with unsaved changes come back at the next starts."
            )
        if damaged:
            words.append(
                f"{damaged:,} damaged file{'s' if damaged > 1 else ''} of unsaved changes were set aside in {self._folder}."
            )
        if words:
            self.noticed.emit(" ".join(words))

    @Slot()
    def write(self) -> None:
        """Writes unsaved changes now; removes the file where there are none."""
        self._timer.stop()
        if not self._document.modified:
            drop_unsaved(self._file)
            return
        try:
            write_unsaved(self._file, Unsaved(self._document.design, self._document.path))
        except FileError as error:
            if not self._failed:
                self._failed = True
                self.noticed.emit(f"Unsaved changes are not kept beside the window: {error}")

    def finish(self) -> None:
        """The window closes in order: its changes were saved, or are not wanted."""
        self._timer.stop()
        drop_unsaved(self._file)
