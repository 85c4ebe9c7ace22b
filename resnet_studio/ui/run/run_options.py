"""The options of a run that are seldom changed: device, threads, seed, precision, compiler, batch norm ..."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QComboBox, QDialog, QDialogButtonBox, QFormLayout, QWidget

from resnet_studio.bench.plan import TimingPlan, devices, threads_bound
from resnet_studio.design.bounds import BOUNDS, Bound
from resnet_studio.design.validate import Place, Problem
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.number_field import NumberField, by
from resnet_studio.ui.widgets.plain import plain_label

_DEFAULTS = TimingPlan()
_CHOICES: dict[str, tuple[str, str, dict[str, str]]] = {
    "batch_norm": (
        "&Batch norm",
        "Whether batch norms use the batch’s statistics, and update the moving ones, or use the moving ones",
        {
            "standard": "As in use: inference for forward, training for forward-backward",
            "inference": "Inference in both modes, as the classic listing times",
            "training": "Training in both modes",
        },
    ),
    "precision": (
        "&Precision",
        "Type of activations. bfloat16 gains only on a processor or GPU that computes in it; variables stay float32",
        {"float32": "float32", "bfloat16": "bfloat16 activations, float32 variables"},
    ),
    "compiler": (
        "&Compiler",
        "XLA compiles the graph whole: a first step of seconds to minutes, then often, not always, quicker steps",
        {"graph": "TensorFlow graph", "xla": "XLA"},
    ),
    "input": (
        "&Input images",
        "Drawn once, ahead of all steps, or drawn within each step and timed with it",
        {"once": "Drawn once", "step": "Drawn in each step"},
    ),
}
_NUMBERS = {
    "intra_op_threads": ("&Threads in an operation", "Threads that one operation may use; 0 lets TensorFlow choose"),
    "inter_op_threads": ("Threads bet&ween operations", "Operations that may run at once; 0 lets TensorFlow choose"),
    "seed": ("&Seed", "Seed of the weights and of the input images"),
}
_OPTIONS = {"intra_op_threads": "threads", "inter_op_threads": "inter-op-threads", "seed": "seed"}


@guarded
class RunOptions(QDialog):
    """Keeps whatever is typed; stays open beside the window."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Run options")
        self._choices = {"device": self._device()}
        self._numbers = {
            name: NumberField(_bound(name), 0, tip, by(1), self, special="" if name == "seed" else "TensorFlow chooses")
            for name, (_, tip) in _NUMBERS.items()
        }
        self._profile = QCheckBox("Pro&file after the timing")
        self._profile.setToolTip(
            "A profiled pass after the timed steps, and apart from them, tells where the time goes"
        )
        self._profile.toggled.connect(self.edited)
        form = QFormLayout(self)
        form.setSpacing(8)
        form.addRow("&Device", self._choices["device"])
        for name, field in self._numbers.items():
            field.setAccessibleName(_NUMBERS[name][0].replace("&", ""))
            field.edited.connect(self.edited)
            form.addRow(_NUMBERS[name][0], field)
        for name, (title, tip, words) in _CHOICES.items():
            self._choices[name] = self._combo(title, tip, words)
            form.addRow(title, self._choices[name])
        form.addRow(self._profile)
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

    def _device(self) -> QComboBox:
        words = {name: name.replace(":", " ") for name in devices()}
        return self._combo("&Device", "What computes: the processor, or a GPU that its driver tells of", words)

    def _combo(self, title: str, tip: str, words: dict[str, str]) -> QComboBox:
        combo = QComboBox(self)
        for value, text in words.items():
            combo.addItem(text, value)
        combo.setToolTip(tip)
        combo.setAccessibleName(title.replace("&", ""))
        combo.currentIndexChanged.connect(self.edited)
        return combo

    @property
    def values(self) -> dict[str, Any]:
        """The fields of a TimingPlan that stand here; a text where what was typed is no number."""
        values: dict[str, Any] = {name: combo.currentData() for name, combo in self._choices.items()}
        values |= {name: field.value for name, field in self._numbers.items()}
        return values | {"profile": self._profile.isChecked()}

    @property
    def changed(self) -> tuple[str, ...]:
        """What is not as it is by default, in words."""
        texts = {name: combo.currentText() for name, combo in self._choices.items()}
        texts |= {name: f"{_NUMBERS[name][0].replace('&', '')}: {field.value}" for name, field in self._numbers.items()}
        texts["profile"] = "profiled after the timing"
        return tuple(texts[name] for name, value in self.values.items() if value != getattr(_DEFAULTS, name))

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the fields."""
        return tuple(
            Problem(Place(_OPTIONS[name]), fault, f"Use {_bound(name).text}.")
            for name, field in self._numbers.items()
            if (fault := field.fault)
        )

    def set_plan(self, plan: TimingPlan) -> None:
        """Writes a plan into the fields. A device that isn't listed leaves the field at the processor."""
        for name, combo in self._choices.items():
            combo.setCurrentIndex(max(combo.findData(getattr(plan, name)), 0))
        for name, field in self._numbers.items():
            field.set_value(getattr(plan, name))
        self._profile.setChecked(plan.profile)

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        for field in self._numbers.values():
            field.set_theme(theme)

    def _restore(self) -> None:
        self.set_plan(_DEFAULTS)

    def showEvent(self, event: Any) -> None:
        super().showEvent(event)
        self._choices["device"].setFocus(Qt.FocusReason.PopupFocusReason)


def _bound(name: str) -> Bound:
    return BOUNDS[name] if name in BOUNDS else threads_bound()
