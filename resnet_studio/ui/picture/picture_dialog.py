"""Asks what of the picture goes out, and how."""

from __future__ import annotations

from pathlib import Path
from typing import cast

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFileDialog,
    QFormLayout,
    QVBoxLayout,
    QWidget,
)

from .picture_export import SUFFIXES, Choice, What

_WHAT = {"whole": "The whole picture", "view": "What is in view", "selection": "The selected nodes"}
_THEMES = {"shown": "As shown", "light": "Light", "dark": "Dark"}


class PictureDialog(QDialog):
    """Format, part, colours and scale; then the file dialog. `chosen` brings the path and a Choice."""

    chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Export picture")
        self._start = Path()
        self.format = _chooser(SUFFIXES, "Format", "What kind of file is written; the file's ending has the last word")
        self.what = _chooser(_WHAT, "What", "How much of the picture is written")
        self.theme = _chooser(_THEMES, "Colours", "The colours it is written in")
        self.scale = QDoubleSpinBox()
        self.scale.setRange(0.1, 16.0)
        self.scale.setSingleStep(0.5)
        self.scale.setValue(2.0)
        self.scale.setSuffix(" pixels a point")
        self.scale.setAccessibleName("Scale")
        self.scale.setToolTip("How large a PNG becomes; 2 is sharp on most screens, 4 in print")
        form = QFormLayout()
        for label, widget in (
            ("&Format", self.format),
            ("&What", self.what),
            ("&Colours", self.theme),
            ("&Scale", self.scale),
        ):
            form.addRow(label, widget)
        self.buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Save | QDialogButtonBox.StandardButton.Cancel)
        save = self.buttons.button(QDialogButtonBox.StandardButton.Save)
        save.setText("E&xport…")
        save.setToolTip("Choose the file and write it")
        self.buttons.accepted.connect(self._ask)
        self.buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addLayout(form)
        column.addWidget(self.buttons)
        self.format.currentIndexChanged.connect(self._format_changed)
        self._format_changed()

    def ask(self, start: Path, selected: int) -> None:
        """Opens. start: a file to begin from, without its ending; selected: how many nodes are."""
        self._start = start
        index = self.what.findData("selection")
        words = f"{_WHAT['selection']} ({selected:,})" if selected else f"{_WHAT['selection']} (none are)"
        self.what.setItemText(index, words)
        self.what.model().item(index).setEnabled(bool(selected))  # type: ignore[attr-defined]
        if not selected and self.what.currentIndex() == index:
            self.what.setCurrentIndex(0)
        self.open()

    @property
    def choice(self) -> Choice:
        """What is chosen."""
        return Choice(cast(What, self.what.currentData()), self.theme.currentData(), self.scale.value())

    @Slot()
    def _format_changed(self) -> None:
        self.scale.setEnabled(self.format.currentData() == ".png")

    @Slot()
    def _ask(self) -> None:
        suffix = self.format.currentData()
        filters = {f"{words} (*{ending})": ending for ending, words in SUFFIXES.items()}
        first = next(words for words, ending in filters.items() if ending == suffix)
        name, used = QFileDialog.getSaveFileName(
            self, "Export the picture", f"{self._start}{suffix}", ";;".join(filters), first
        )
        if name:
            path = Path(name)
            if path.suffix.lower() not in SUFFIXES:
                path = path.with_name(path.name + filters.get(used, suffix))
            self.accept()
            self.chosen.emit(path, self.choice)


def _chooser(entries: dict[str, str], name: str, tip: str) -> QComboBox:
    box = QComboBox()
    for data, words in entries.items():
        box.addItem(words, data)
    box.setAccessibleName(name)
    box.setToolTip(tip)
    return box
