"""Measuring paths on the engine: a lesion's effect, and the gradient by path length."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import (
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QProgressBar,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.bench.comparison import compare
from resnet_studio.bench.events import PHASE_TITLES, Cancelled, End, Event, Failed, PhaseBegan
from resnet_studio.bench.job import Job, Task
from resnet_studio.bench.path_events import LesionEffect, LesionRound, PathGradient
from resnet_studio.bench.plan import MODE_TITLES, PLAN_FIELDS, TimingPlan
from resnet_studio.bench.rounds_text import comparison_text
from resnet_studio.design.bounds import BOUNDS, Bound
from resnet_studio.design.words import percent_text
from resnet_studio.driver.tasks import StudyTask
from resnet_studio.network.names import UnitPlace
from resnet_studio.network.network import Network
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.run.task_follower import TaskFollower
from resnet_studio.ui.widgets.plain import plain_label

_SMALL = 64  # pixels a side: what is told of paths takes no large image
_SAMPLED = 64  # lengths at the most, as engine.path_gradient samples them


class PathStudy(QWidget):
    """Starts and follows studies of one network. What a gradient study measured is in `gradients`, by length."""

    gradients_changed = Signal()

    def __init__(self, runner: TimingRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._follow = TaskFollower(runner, StudyTask, self)
        self._network: Network | None = None
        self._lesion: frozenset[UnitPlace] = frozenset()
        self._weights = ""
        self._job: Job | None = None
        self._effect: LesionEffect | None = None
        self._rounds: list[LesionRound] = []
        self.gradients: list[PathGradient] = []
        self.measured: tuple[Network, frozenset[UnitPlace]] | None = None  # what `gradients` were measured on
        self.measured_weights = ""  # and with which; '' for fresh ones
        self.batch = _number(_bound("batch"), 4, "Images a batch", "Images")
        self.image = _number(BOUNDS["image"], _SMALL, "Height and width of the images, in pixels", "Image", " pixels")
        self.repeats = _number(
            _bound("steps"), 10, "Rounds of the lesion's steps; paths drawn of each length", "Repeats"
        )
        self.repeats.setMaximum(10_000)
        self.lesion_button = QPushButton("Measure the &lesion")
        self.gradient_button = QPushButton("Measure the &gradient by length")
        self.stop_button = QPushButton("Stop")
        self.weights_button = QPushButton("Checkpoint…")
        self.bar = QProgressBar()
        self.weights_text = plain_label()
        self.status = plain_label()
        self._place()
        self.lesion_button.clicked.connect(lambda: self._start("lesion"))
        self.gradient_button.clicked.connect(lambda: self._start("path-gradient"))
        self.stop_button.clicked.connect(self._follow.stop)
        self.weights_button.clicked.connect(self._choose_weights)
        self._follow.arrived.connect(self._take)
        self._follow.ended.connect(self._ended)
        for changed in (runner.started, runner.ended):
            changed.connect(self._update)
        self._show_weights()
        self._update()

    def set_subject(self, network: Network | None, lesion: frozenset[UnitPlace]) -> None:
        """Takes what is measured next."""
        if network is not None and self.image.value() > (side := min(network.design.image)):
            self.image.setValue(side)
        self._network, self._lesion = network, lesion
        self._update()

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        form = QFormLayout()
        form.setVerticalSpacing(4)
        for text, field in (("Images a batch", self.batch), ("Image", self.image), ("Repeats", self.repeats)):
            form.addRow(text, field)
        column.addLayout(form)
        weights = QHBoxLayout()
        weights.addWidget(self.weights_text, 1)
        weights.addWidget(self.weights_button)
        column.addLayout(weights)
        self.weights_button.setToolTip("Measure with a TensorFlow checkpoint's weights; asked again, with fresh ones")
        self.lesion_button.setToolTip(
            "How the output changes without the units that are switched off, and what a step takes, whole and left in turn"
        )
        self.gradient_button.setToolTip(
            "Draw paths of each length and measure the gradient that reaches the input along each (Veit et al. 2016, 4.2)"
        )
        self.stop_button.setToolTip("End the measurement now; what was measured stays")
        for label in (self.weights_text, self.status):
            label.setWordWrap(True)
        for widget in (self.lesion_button, self.gradient_button):
            column.addWidget(widget)
        line = QHBoxLayout()
        line.addWidget(self.bar, 1)
        line.addWidget(self.stop_button)
        column.addLayout(line)
        column.addWidget(self.status)
        self.bar.setAccessibleName("Progress of the measurement")

    def _start(self, task: Task) -> None:
        if self._network is None or self._runner.running:
            return
        side = self.image.value()
        design = self._network.design
        # Scaled down the shorter side, so that an image keeps about its shape.
        height, width = (max(round(side * each / min(design.image)), 8) for each in design.image)
        repeats = self.repeats.value()
        plan = TimingPlan(batch=self.batch.value(), burn_in=2, steps=repeats)
        job = Job(
            replace(design, image=(height, width)), plan, lesions=tuple(sorted(self._lesion)), task=task,
            weights=self._weights,
        )  # fmt: skip
        self._job, self._effect, self._rounds = job, None, []
        if task == "path-gradient":
            self.gradients, self.measured = [], (self._network, self._lesion)
            self.measured_weights = self._weights
            self.gradients_changed.emit()
            units = len(self._network.shortcuts) - len(self._lesion)
            self.bar.setRange(0, min(units + 1, _SAMPLED))
        else:
            self.bar.setRange(0, repeats * len(plan.modes))
        self.bar.setValue(0)
        self.status.setText("Starting …")
        self._runner.start(StudyTask(job))
        self._update()

    @Slot(object)
    def _take(self, events: list[Event]) -> None:
        for event in events:
            match event:
                case PhaseBegan(phase=phase, mode=mode):
                    of = f", {MODE_TITLES[mode].lower()}" if mode else ""
                    self.status.setText(f"{PHASE_TITLES[phase]}{of} …")
                case LesionEffect():
                    self._effect = event
                case LesionRound():
                    self._rounds.append(event)
                    self.bar.setValue(self.bar.value() + 1)
                case PathGradient():
                    self.gradients.append(event)
                    self.bar.setValue(self.bar.value() + 1)
        if any(isinstance(event, PathGradient) for event in events):
            self.gradients_changed.emit()

    @Slot(object)
    def _ended(self, end: End) -> None:
        match end:
            case Failed(summary=summary, remedy=remedy):
                text = f"{summary} {remedy}".strip()
            case Cancelled():
                text = "\n".join(["Stopped.", *self._words()])
            case _:
                text = "\n".join(self._words())
        self.status.setText(text)
        self._job = None
        self._update()

    def _words(self) -> list[str]:
        assert self._job is not None
        job, lines = self._job, []
        height, width = job.design.image
        weights = (
            f"weights of {Path(job.weights).name}"
            if job.weights
            else "fresh random weights, not trained ones as in the paper"
        )
        if effect := self._effect:
            lines.append(f"Output changed by {percent_text(effect.relative_l2)} (relative L2 of the output)")
            if effect.kl is not None and effect.agreement is not None:
                lines.append(
                    f"KL divergence of the predictions {effect.kl:.3g} nats; same class for {percent_text(effect.agreement)} of the images"
                )
        for mode in job.plan.modes:
            pairs = [(each.whole_nanoseconds, each.left_nanoseconds) for each in self._rounds if each.mode == mode]
            if pairs:
                lines.append(f"{MODE_TITLES[mode]}: {comparison_text(compare(pairs), 'the whole', 'what is left')}")
        lines.append(f"Batch {job.plan.batch:,}, images {height}×{width} pixels, {weights}.")
        return lines

    @Slot()
    def _choose_weights(self) -> None:
        if self._weights:
            self._weights = ""
        else:
            name, _ = QFileDialog.getOpenFileName(
                self, "A checkpoint's index", "", "Checkpoint (*.index);;All files (*)"
            )
            self._weights = name
        self._show_weights()

    def _show_weights(self) -> None:
        self.weights_text.setText(Path(self._weights).name if self._weights else "Fresh random weights")
        self.weights_button.setText("Fresh weights" if self._weights else "Checkpoint…")

    @Slot()
    def _update(self, *_: object) -> None:
        free = not self._runner.running and self._network is not None
        self.lesion_button.setEnabled(free and bool(self._lesion))
        self.gradient_button.setEnabled(free)
        self.stop_button.setVisible(self._job is not None)
        self.bar.setVisible(self._job is not None)


def _bound(name: str) -> Bound:
    bound = PLAN_FIELDS[name].range
    assert bound is not None
    return bound


def _number(bound: Bound, value: int, tip: str, name: str, suffix: str = "") -> QSpinBox:
    field = QSpinBox()
    field.setRange(int(bound.low), int(bound.high))
    field.setValue(value)
    field.setSuffix(suffix)
    field.setToolTip(tip)
    field.setAccessibleName(name)
    return field
