"""The options of a run that are seldom changed: device, threads, seed, precision, compiler, batch norm ..."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QWidget

from resnet_studio.bench.plan import PLAN, PLAN_FIELDS, TimingPlan
from resnet_studio.design.fields import Field
from resnet_studio.design.validate import Place, Problem
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.number_field import NumberField, by, number_field
from resnet_studio.ui.widgets.plain import plain_label

_DEFAULTS = TimingPlan()
# What stands in the row above the plot; all other fields of the table stand here.
_ELSEWHERE = ("modes", "batch", "burn_in", "steps", "until_precise", "max_seconds")
_HERE = tuple(field for field in PLAN if field.name not in _ELSEWHERE)


@guarded
class RunOptions(QDialog):
    """Keeps whatever is typed; stays open beside the window."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Run options")
        self._choices: dict[str, QComboBox] = {}
        self._numbers: dict[str, NumberField] = {}
        self._flags: dict[str, QCheckBox] = {}
        form = QFormLayout(self)
        form.setSpacing(8)
        for field in _HERE:
            if field.is_flag:
                form.addRow(self._flag(field))
            else:
                form.addRow(field.label, self._number(field) if field.range else self._combo(field))
        for widget in (*self._choices.values(), *self._numbers.values()):
            form.labelForField(widget).setToolTip(widget.toolTip())
        note = plain_label("What is in force is read back from TensorFlow and stands with each result.")
        note.setProperty("role", "muted")
        form.addRow(note)
        standard, close = QDialogButtonBox.StandardButton.RestoreDefaults, QDialogButtonBox.StandardButton.Close
        buttons = QDialogButtonBox(standard | close)
        buttons.button(standard).setText("&Restore defaults")
        buttons.button(close).setDefault(True)  # Enter in a field must not undo what was chosen
        buttons.button(standard).setAutoDefault(False)
        buttons.button(standard).setToolTip("Put all of these back as they are by default")
        buttons.button(close).setToolTip("Close; what is chosen stays")
        buttons.button(standard).clicked.connect(self._restore)
        buttons.rejected.connect(self.close)
        form.addRow(buttons)

    def _flag(self, field: Field) -> QCheckBox:
        box = self._flags[field.name] = QCheckBox(field.label)
        box.setToolTip(field.help)
        box.toggled.connect(self.edited)
        return box

    def _number(self, field: Field) -> NumberField:
        box = self._numbers[field.name] = number_field(field, getattr(_DEFAULTS, field.name), by(1), self)
        box.edited.connect(self.edited)
        return box

    def _combo(self, field: Field) -> QComboBox:
        combo = self._choices[field.name] = QComboBox(self)
        for value, text in field.words.items():
            combo.addItem(text, value)
        combo.setToolTip(field.help)
        combo.setAccessibleName(field.title)
        combo.currentIndexChanged.connect(self.edited)
        return combo

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a TimingPlan that stand here; a text where what was typed is no number."""
        values: dict[str, Any] = {name: combo.currentData() for name, combo in self._choices.items()}
        values |= {name: field.value for name, field in self._numbers.items()}
        return values | {name: box.isChecked() for name, box in self._flags.items()}

    @property
    def changed(self) -> tuple[str, ...]:
        """What is not as it is by default, in words."""
        texts = {name: combo.currentText() for name, combo in self._choices.items()}
        texts |= {name: f"{PLAN_FIELDS[name].title}: {box.value}" for name, box in self._numbers.items()}
        texts |= {name: PLAN_FIELDS[name].title for name in self._flags}
        return tuple(texts[name] for name, value in self.values.items() if value != getattr(_DEFAULTS, name))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the fields."""
        return tuple(
            Problem(Place(PLAN_FIELDS[name].option_name), *fault)
            for name, box in self._numbers.items()
            if (fault := PLAN_FIELDS[name].fault(box.value))
        )

    def set_plan(self, plan: TimingPlan) -> None:
        """Writes a plan into the fields. A device that isn't listed leaves the field at the processor."""
        for name, combo in self._choices.items():
            combo.setCurrentIndex(max(combo.findData(getattr(plan, name)), 0))
        for name, field in self._numbers.items():
            field.set_value(getattr(plan, name))
        for name, box in self._flags.items():
            box.setChecked(getattr(plan, name))

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        for field in self._numbers.values():
            field.set_theme(theme)

    def _restore(self) -> None:
        self.set_plan(_DEFAULTS)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._choices["device"].setFocus(Qt.FocusReason.PopupFocusReason)
