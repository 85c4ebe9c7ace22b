"""The fields of a TimingPlan in a row: what to time, how many images, how many steps."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from resnet_studio.arch.bounds import BOUNDS
from resnet_studio.arch.palette import Theme
from resnet_studio.arch.validate import Place, Problem
from resnet_studio.bench.plan import MODE_CHOICES, MODE_TITLES, TimingPlan

from .number_field import NumberField, by, by_doubling

_CHOICE_TITLES = {
    "forward": MODE_TITLES["forward"],
    "forward-backward": MODE_TITLES["forward-backward"],
    "both": "Both",
}
_MODE_TIPS = {
    "forward": "The network’s output for one batch",
    "forward-backward": "The mean softmax cross-entropy and its gradients with regard to all trainable variables",
    "both": "Forward, then forward-backward, one after the other",
}


class PlanForm(QWidget):
    """Keeps whatever is typed; `plan` is None while that is no plan, and `problems` says why."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plan = TimingPlan()
        self.mode = QComboBox(self)
        for index, choice in enumerate(MODE_CHOICES):
            self.mode.addItem(_CHOICE_TITLES[choice], choice)
            self.mode.setItemData(index, _MODE_TIPS[choice], Qt.ItemDataRole.ToolTipRole)
        self.mode.setToolTip("What a step is: forward, forward and backward, or both one after the other")
        self.mode.setAccessibleName("Mode")
        self.mode.currentIndexChanged.connect(self.edited)
        self.fields = {
            "batch": NumberField(BOUNDS["batch"], plan.batch, "Images in a step", by_doubling, self),
            "burn_in": NumberField(
                BOUNDS["burn_in"], plan.burn_in, "Steps ahead of the timed ones, kept apart from them", by(1), self
            ),
            "steps": NumberField(BOUNDS["steps"], plan.steps, "Timed steps of each mode", by(10), self),
            "seed": NumberField(BOUNDS["seed"], plan.seed, "Seed of the weights and of the input images", by(1), self),
        }
        self.set_plan(plan)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._place(row, "&Mode", self.mode)
        for title, name in (("B&atch", "batch"), ("B&urn-in", "burn_in"), ("S&teps", "steps"), ("&Seed", "seed")):
            field = self.fields[name]
            field.setAccessibleName(title.replace("&", ""))
            field.edited.connect(self.edited)
            row.addSpacing(8)
            self._place(row, title, field)

    def _place(self, row: QHBoxLayout, title: str, field: QWidget) -> None:
        label = QLabel(title, self)
        label.setBuddy(field)
        row.addWidget(label)
        row.addWidget(field)

    @property
    def plan(self) -> TimingPlan | None:
        """The plan that was entered, or None while there are problems."""
        values: dict[str, Any] = {name: field.value for name, field in self.fields.items()}
        if self.problems:
            return None
        return TimingPlan(modes=MODE_CHOICES[self.mode.currentData()], **values)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the fields, each with its remedy."""
        return tuple(
            Problem(Place(name.replace("_", "-")), fault, f"Use {BOUNDS[name].text}.")
            for name, field in self.fields.items()
            if (fault := field.fault)
        )

    @Slot(object)
    def set_plan(self, plan: TimingPlan) -> None:
        """Writes a plan into the fields."""
        choice = next((name for name, modes in MODE_CHOICES.items() if modes == plan.modes), "both")
        self.mode.setCurrentIndex(self.mode.findData(choice))
        for name, field in self.fields.items():
            field.set_value(getattr(plan, name))

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        for field in self.fields.values():
            field.set_theme(theme)
