"""The version of the network and its output stride, with what each choice costs beside it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QVBoxLayout, QWidget

from resnet_studio.design.bounds import BOUNDS, shorten
from resnet_studio.design.density import output_strides
from resnet_studio.design.design_fields import DESIGN_FIELDS
from resnet_studio.design.spec import Design
from resnet_studio.network.effect import effect_text
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.widgets.plain import plain_label, plain_tip

from .document import DesignDocument

_VERSION, _STRIDE = DESIGN_FIELDS["version"], DESIGN_FIELDS["output_stride"]
_VERSIONS = {value: words.split(": ") for value, words in _VERSION.words.items()}  # its title and what it means
_VERSION_TIP = (
    f"{_VERSION.help}. {'; '.join(_VERSION.words.values())}. None changes the MACs of the convolutions, but for "
    "projections, which a plain network has not; version 1 keeps more activations than version 2."
)
_HANGS_ON = {"blocks", "units", "stride", "root", "include_root_block"}  # what output strides there are


class DensityForm(QWidget):
    """Two choices, and a line that tells what the chosen one, or the one under the pointer, costs."""

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._error = ""
        self._strides: list[Any] = []
        self.version = QComboBox()
        for value, (title, words) in _VERSIONS.items():
            self.version.addItem(title, value)
            self.version.setItemData(self.version.count() - 1, words, Qt.ItemDataRole.ToolTipRole)
        self.output_stride = QComboBox()
        self.effect = plain_label("")
        self.effect.setProperty("role", "muted")
        self.effect.setWordWrap(True)
        self.effect.setTextFormat(Qt.TextFormat.PlainText)
        self._place()
        self.version.activated.connect(self._version_chosen)
        self.output_stride.activated.connect(self._stride_chosen)
        self.version.highlighted.connect(self._version_looked_at)
        self.output_stride.highlighted.connect(self._stride_looked_at)
        document.design_changed.connect(self._refresh)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colour."""
        self._error = theme.error
        self._refresh()

    def _place(self) -> None:
        row = QHBoxLayout()
        row.setSpacing(8)
        for text, combo, tip in (
            (_VERSION.label, self.version, _VERSION_TIP), (_STRIDE.label, self.output_stride, _STRIDE.help),
        ):  # fmt: skip
            label = plain_label(text)
            label.setBuddy(combo)
            combo.setAccessibleName(text.replace("&", ""))
            combo.setToolTip(plain_tip(tip))
            row.addWidget(label)
            row.addWidget(combo)
        row.addStretch()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.effect)

    @Slot()
    def _refresh(self) -> None:
        design = self._document.design
        problems = self._document.problems
        self.version.setCurrentIndex(self.version.findData(str(design.version)))
        choices = _choices(design, {problem.place.field for problem in problems})
        self.output_stride.clear()
        # Beside the list and not in it: Qt takes no whole number of more than 64 bits, and anything may be typed.
        self._strides = [value for value, _ in choices]
        self.output_stride.addItems([text for _, text in choices])
        self.output_stride.setCurrentIndex(self._strides.index(design.output_stride))
        problem = next((p for p in problems if p.place.field in ("version", "output_stride")), None)
        self.effect.setStyleSheet(f"color: {self._error};" if problem and self._error else "")
        if problem:
            self._tell(str(problem))
        elif design.output_stride is None:
            self._tell("")
        else:
            words = effect_text(replace(design, output_stride=None), design)
            self._tell(f"Output stride {design.output_stride}: {words} against none.")

    def _tell(self, text: str) -> None:
        self.effect.setText(text)
        self.effect.setVisible(bool(text))

    @Slot(int)
    def _version_chosen(self, index: int) -> None:
        design = replace(self._document.design, version=self.version.itemData(index))
        self._document.edit(design, "Set version")

    @Slot(int)
    def _stride_chosen(self, index: int) -> None:
        design = replace(self._document.design, output_stride=self._strides[index])
        self._document.edit(design, "Set output_stride")

    @Slot(int)
    def _version_looked_at(self, index: int) -> None:
        design = self._document.design
        title, _ = _VERSIONS[self.version.itemData(index)]
        self._tell(f"Version {title}: {effect_text(design, replace(design, version=self.version.itemData(index)))}.")

    @Slot(int)
    def _stride_looked_at(self, index: int) -> None:
        design = self._document.design
        changed = replace(design, output_stride=self._strides[index])
        self._tell(f"Output stride {self.output_stride.itemText(index)}: {effect_text(design, changed)}.")


def _choices(design: Design, faulty: set[str]) -> list[tuple[object, str]]:
    """None, the output strides that the design can have, and what it asks for where that is none of them."""
    possible = [] if faulty & _HANGS_ON else sorted(set(output_strides(design)))
    nominal = possible[-1] if possible else None
    found: list[tuple[object, str]] = [(None, "none" if nominal is None else f"none ({nominal:,})")]
    found += [(each, f"{each:,}") for each in possible if each <= BOUNDS["output_stride"].high]
    if design.output_stride not in [value for value, _ in found]:
        found.append((design.output_stride, shorten(design.output_stride, 12)))
    return found
