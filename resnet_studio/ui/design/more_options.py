"""The options that most designs leave alone: root block, biases, batch norm and weight decay (`resnet_arg_scope`)."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from resnet_studio.design.design_fields import DESIGN, DESIGN_FIELDS
from resnet_studio.design.fields import Field
from resnet_studio.design.spec import Design
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.plain import plain_label, plain_tip

from .document import DesignDocument

_DEFAULTS = {field.name: field.default for field in fields(Design)}
# What the panel shows beside the blocks; all other fields of the table stand here.
_ELSEWHERE = (
    "name",
    "image",
    "channels",
    "num_classes",
    "output_stride",
    "version",
    "global_pool",
    "include_root_block",
)
_HERE = tuple(field for field in DESIGN if field.name not in _ELSEWHERE)


class MoreOptions(QDialog):
    """Edits a document's design while it stays open beside the window; each change is a step that can be undone."""

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Network options")
        self._document = document
        self._theme = LIGHT
        self._choices = {field.name: QComboBox() for field in _HERE if field.words}
        self._checks = {field.name: QCheckBox(f"{field.label} (default on)") for field in _HERE if field.is_flag}
        self._numbers = {field.name: QLineEdit() for field in _HERE if field.range}
        form = QFormLayout(self)
        form.setSpacing(8)
        for field in sorted(_HERE, key=lambda field: (not field.words, field.is_flag)):  # choices, numbers, yes or no
            default = _DEFAULTS[field.name]
            if field.words:
                combo = self._choices[field.name]
                for value, title in field.words.items():
                    combo.addItem(title + (" (default)" if value == default else ""), value)
                combo.activated.connect(self._edited)
                combo.setAccessibleName(field.title)
                combo.setToolTip(f"{field.help}: {', or '.join(field.words.values())}")
                form.addRow(field.label, combo)
            elif field.is_flag:
                self._checks[field.name].clicked.connect(self._edited)
                self._checks[field.name].setToolTip(field.help)
                form.addRow(self._checks[field.name])
            else:
                self._numbers[field.name].editingFinished.connect(self._edited)
                self._numbers[field.name].setAccessibleName(field.title)
                form.addRow(f"{field.label} (default {default:g})", self._numbers[field.name])
        note = plain_label(
            "The weight decay enters what the backward pass differentiates, as TF-Slim's regulariser does."
        )
        note.setWordWrap(True)
        note.setProperty("role", "muted")
        form.addRow(note)
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        form.addRow(buttons)
        document.design_changed.connect(self._refresh)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        self._theme = theme
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        design, problems = self._document.design, {p.place.field: p for p in self._document.problems}
        for name, combo in self._choices.items():
            # Looked for here and not by Qt, whose whole numbers end at 64 bits: a file may hold any value.
            known = [combo.itemData(index) for index in range(combo.count())]
            value = getattr(design, name)
            combo.setCurrentIndex(known.index(value) if value in known else -1)
        for name, check in self._checks.items():
            check.setChecked(bool(getattr(design, name)))
        for name, edit in self._numbers.items():
            value = getattr(design, name)
            text = f"{value:g}" if isinstance(value, float) else str(value)
            if edit.text() != text:
                edit.setText(text)
            problem = problems.get(name)
            edit.setToolTip(plain_tip(str(problem)) if problem else DESIGN_FIELDS[name].tip)
            colours = f"background: {self._theme.error_fill}; color: {self._theme.error};"
            edit.setStyleSheet(colours if problem else "")

    @Slot()
    def _edited(self) -> None:
        design = self._document.design
        # A wrong value that none of these can show stays as it is until it is edited itself.
        values: dict[str, Any] = {
            name: combo.currentData() for name, combo in self._choices.items() if combo.currentIndex() >= 0
        }
        values |= {
            name: check.isChecked()
            for name, check in self._checks.items()
            if check.isChecked() != bool(getattr(design, name))
        }
        for name, edit in self._numbers.items():
            shown = getattr(design, name)
            if edit.text() != (f"{shown:g}" if isinstance(shown, float) else str(shown)):
                values[name] = _number(DESIGN_FIELDS[name], edit.text())
        changed = [name for name, value in values.items() if getattr(design, name) != value]
        if changed:
            self._document.edit(replace(design, **values), f"Set {changed[0]}")


def _number(field: Field, text: str) -> object:
    """What was typed, as a number where it is one: these also as '1e-5', but nothing that no file could keep."""
    value = field.parse(text)
    if isinstance(value, str) and field.range and not field.range.whole:
        try:
            return number if math.isfinite(number := float(text)) else text
        except ValueError:
            return text
    return value
