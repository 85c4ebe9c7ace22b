"""The fields of a TimingPlan in a row: what to time, how many images, until when; the other options behind a button."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QToolButton, QWidget

from resnet_studio.bench.plan import MAX_SECONDS, MODE_CHOICES, MODE_TITLES, PLAN, PLAN_FIELDS, TimingPlan
from resnet_studio.bench.until_precise import FEWEST_STEPS, PERCENT
from resnet_studio.design.validate import Place, Problem
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.widgets.number_field import by, by_doubling, number_field
from resnet_studio.ui.widgets.plain import plain_label

from .run_options import RunOptions

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
_STEPS, _UNTIL = "steps", "until precise"
_STEPPING = {"batch": by_doubling, "burn_in": by(1), "steps": by(10), "until_precise": by(1), "max_seconds": by(10)}
_SELDOM = ", ".join(field.title for field in PLAN if field.name not in ("modes", *_STEPPING))


class PlanForm(QWidget):
    """Keeps whatever is typed; `plan` is None while that is no plan, and `problems` says why."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        plan = TimingPlan()
        self.mode = self._combo("Mode", PLAN_FIELDS["modes"].help)
        for index, choice in enumerate(MODE_CHOICES):
            self.mode.addItem(_CHOICE_TITLES[choice], choice)
            self.mode.setItemData(index, _MODE_TIPS[choice], Qt.ItemDataRole.ToolTipRole)
        self.end = self._combo("Time", "When a mode has been timed enough: after so many steps, or once it is precise")
        self.end.addItem("Steps", _STEPS)
        self.end.addItem("Until ±", _UNTIL)
        self.end.setItemData(0, "A number of timed steps", Qt.ItemDataRole.ToolTipRole)
        how = f"At least {FEWEST_STEPS} steps, until the median’s 95 % interval is narrow enough, or the time is over"
        self.end.setItemData(1, how, Qt.ItemDataRole.ToolTipRole)
        first = {
            "until_precise": PERCENT,
            "max_seconds": MAX_SECONDS,
        }  # what the fields hold while the plan says nothing
        self.fields = {
            name: number_field(PLAN_FIELDS[name], first.get(name, getattr(plan, name)), step, self)
            for name, step in _STEPPING.items()
        }
        self.options = RunOptions(self)
        self.more = QToolButton(self)
        self.more.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.options_action = QAction("Run &options…", self, shortcut=QKeySequence("Ctrl+Shift+O"))
        self.options_action.setToolTip(_SELDOM)
        self.options_action.triggered.connect(self._show_options)
        self.more.clicked.connect(self.options_action.trigger)
        self._until: list[QWidget] = []
        self._lay_out()
        self.set_plan(plan)
        for signal in (self.options.edited, self.mode.currentIndexChanged, self.end.currentIndexChanged):
            signal.connect(self._edited)
        for field in self.fields.values():
            field.edited.connect(self._edited)
        self._edited()

    def _combo(self, name: str, tip: str) -> QComboBox:
        combo = QComboBox(self)
        combo.setAccessibleName(name)
        combo.setToolTip(tip)
        return combo

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        self._place(row, PLAN_FIELDS["modes"].label, self.mode)
        for name in ("batch", "burn_in"):
            self._place(row, PLAN_FIELDS[name].label, self.fields[name])
        self._place(row, "&Time", self.end)
        row.addWidget(self.fields["steps"])
        for name, unit in (("until_precise", "% within"), ("max_seconds", "s")):
            label = plain_label(unit, self)
            row.addWidget(self.fields[name])
            row.addWidget(label)
            self._until += [self.fields[name], label]
        row.addSpacing(8)
        row.addWidget(self.more)

    def _place(self, row: QHBoxLayout, title: str, field: QWidget) -> None:
        label = plain_label(title, self)
        label.setBuddy(field)
        if row.count():
            row.addSpacing(8)
        row.addWidget(label)
        row.addWidget(field)
        field.setAccessibleName(title.replace("&", ""))

    @property
    def plan(self) -> TimingPlan | None:
        """The plan that was entered, or None while there are problems."""
        if self.problems:
            return None
        values: dict[str, Any] = {name: self.fields[name].value for name in self._in_use}
        return TimingPlan(modes=MODE_CHOICES[self.mode.currentData()], **values, **self.options.values)

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What is wrong with the fields, each with its remedy."""
        found = (
            Problem(Place(PLAN_FIELDS[name].option_name), *fault)
            for name in self._in_use
            if (fault := PLAN_FIELDS[name].fault(self.fields[name].value))
        )
        return (*found, *self.options.problems)

    @property
    def _in_use(self) -> tuple[str, ...]:
        ends = ("until_precise", "max_seconds") if self.end.currentData() == _UNTIL else ("steps",)
        return ("batch", "burn_in", *ends)

    @Slot(object)
    def set_plan(self, plan: TimingPlan) -> None:
        """Writes a plan into the fields. What it says nothing of (its steps, or its precision) stays as it is."""
        choice = next((name for name, modes in MODE_CHOICES.items() if modes == plan.modes), "both")
        self.mode.setCurrentIndex(self.mode.findData(choice))
        self.end.setCurrentIndex(0 if plan.until_precise is None else 1)
        for name, field in self.fields.items():
            if (value := getattr(plan, name)) is not None:
                field.set_value(value)
        self.options.set_plan(plan)

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        for field in self.fields.values():
            field.set_theme(theme)
        self.options.set_theme(theme)

    @Slot()
    def _edited(self) -> None:
        until = self.end.currentData() == _UNTIL
        self.fields["steps"].setVisible(not until)
        for widget in self._until:
            widget.setVisible(until)
        changed = self.options.changed
        self.more.setText(f"&Options ({len(changed)})…" if changed else "&Options…")
        what = f"Not as by default: {'; '.join(changed)}" if changed else "All as by default"
        self.more.setToolTip(f"{_SELDOM}. {what}")
        self.more.setAccessibleName("Run options")
        self.more.setAccessibleDescription(what)
        self.edited.emit()

    @Slot()
    def _show_options(self) -> None:
        self.options.show()
        self.options.raise_()
        self.options.activateWindow()
