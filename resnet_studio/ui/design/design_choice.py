"""A list to choose a design from: the open one, the published networks, a file."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QComboBox, QFileDialog, QWidget

from resnet_studio.design.disk import FileError
from resnet_studio.design.files import load
from resnet_studio.design.presets import PRESETS, preset_title
from resnet_studio.design.spec import Design

FILE = "file"


class DesignChoice(QComboBox):
    """Entries of one's own (data -> words), then a file, then the presets. `design` gives what the latter two stand for."""

    edited = Signal()

    def __init__(self, own: Mapping[str, str], name: str, tip: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._file: Design | None = None
        self._fault = ""
        self.setAccessibleName(name)
        self.setToolTip(tip)
        self.setMinimumContentsLength(16)
        self.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        for data, words in own.items():
            self.addItem(words, data)
        self.addItem("A design file…", FILE)
        for preset in PRESETS:
            self.addItem(preset_title(preset), preset)
        self.currentIndexChanged.connect(self.edited)
        self.activated.connect(self._activated)

    def choose(self, data: str) -> None:
        """Makes the entry with that data the current one."""
        self.setCurrentIndex(self.findData(data))

    def design(self) -> Design:
        """The preset or the file's design. Raises ValueError, a finished sentence, where no file could be read."""
        if self.currentData() != FILE:
            return PRESETS[self.currentData()]
        if self._file is None:
            raise ValueError(self._fault or "No design file was chosen. Choose one.")
        return self._file

    def open_file(self, path: Path) -> None:
        """Reads a design file and makes it the current entry."""
        try:
            self._file, self._fault = load(path), ""
        except (FileError, OSError) as error:
            self._file, self._fault = None, str(error)
        self.setItemText(self.findData(FILE), path.name)
        self.choose(FILE)
        self.edited.emit()

    def exchange(self, other: DesignChoice) -> None:
        """Each takes what the other one has chosen, its file too; both have the same entries."""
        self._file, other._file = other._file, self._file
        self._fault, other._fault = other._fault, self._fault
        at, place = self.findData(FILE), (self.currentIndex(), other.currentIndex())
        words = self.itemText(at), other.itemText(at)
        for choice, text, index in ((self, words[1], place[1]), (other, words[0], place[0])):
            choice.blockSignals(True)
            choice.setItemText(at, text)
            choice.setCurrentIndex(index)
            choice.blockSignals(False)
        self.edited.emit()

    @Slot(int)
    def _activated(self, _index: int) -> None:
        if self.currentData() == FILE:
            kinds = "Designs (*.json);;All files (*)"
            chosen, _ = QFileDialog.getOpenFileName(self, "Compare with a design", "", kinds)
            if chosen:
                self.open_file(Path(chosen))
