"""The options that most designs leave alone: root block, biases, batch norm and weight decay (`resnet_arg_scope`)."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QLineEdit, QWidget

from resnet_studio.design.bounds import BOUNDS, parse_whole
from resnet_studio.design.spec import Design
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.plain import plain_label, plain_tip

from .document import DesignDocument

_DEFAULTS = {field.name: field.default for field in fields(Design)}
_CHOICES = {
    "root": ("Root block", {"imagenet": "ImageNet: 7×7 /2, then 3×3 max-pool /2", "cifar": "CIFAR: 3×3, no pool"}),
    "stride_conv": ("A bottleneck strides in", {"conv2": "conv2, the 3×3", "conv1": "conv1, the 1×1 ahead of it"}),
}
_CHECKS = {
    "conv_biases": "Convolution biases (conv3, projections, root)",
    "batch_norm_scale": "Batch norm scale (gamma)",
}
_NUMBERS = {
    "root_depth": "Root depth",
    "weight_decay": "Weight decay",
    "batch_norm_decay": "Batch norm decay",
    "batch_norm_epsilon": "Batch norm epsilon",
}


class MoreOptions(QDialog):
    """Edits a document's design while it stays open beside the window; each change is a step that can be undone."""

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Network options")
        self._document = document
        self._theme = LIGHT
        self._choices = {name: QComboBox() for name in _CHOICES}
        self._checks = {name: QCheckBox(text) for name, text in _CHECKS.items()}
        self._numbers = {name: QLineEdit() for name in _NUMBERS}
        form = QFormLayout(self)
        form.setSpacing(8)
        for name, (text, words) in _CHOICES.items():
            for value, title in words.items():
                self._choices[name].addItem(title + (" (default)" if value == _DEFAULTS[name] else ""), value)
            self._choices[name].activated.connect(self._edited)
            self._choices[name].setAccessibleName(text)
            self._choices[name].setToolTip(f"{text}: {', or '.join(words.values())}")
            form.addRow(text, self._choices[name])
        for name, text in _NUMBERS.items():
            self._numbers[name].editingFinished.connect(self._edited)
            self._numbers[name].setAccessibleName(text)
            form.addRow(f"{text} (default {_DEFAULTS[name]:g})", self._numbers[name])
        for check in self._checks.values():
            check.setText(f"{check.text()} (default on)")
            check.clicked.connect(self._edited)
            form.addRow(check)
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
            edit.setToolTip(plain_tip(str(problem)) if problem else f"{_NUMBERS[name]}: {BOUNDS[name].text}")
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
                values[name] = _number(name, edit.text())
        changed = [name for name, value in values.items() if getattr(design, name) != value]
        if changed:
            self._document.edit(replace(design, **values), f"Set {changed[0]}")


def _number(name: str, text: str) -> float | int | str:
    """What was typed, as a number where it is one."""
    if BOUNDS[name].whole:
        return parse_whole(text)
    try:
        return float(text)
    except ValueError:
        return text
