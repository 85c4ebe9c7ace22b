"""The log, line by line, in a fixed pitch, to be read and copied."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Slot
from PySide6.QtGui import QFontDatabase
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from resnet_studio.bench import log
from resnet_studio.bench.events import PHASE_TITLES, Cancelled, Event, Failed, InForce, PhaseEnded, Started, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.settings_text import in_force_text
from resnet_studio.bench.stats import Summary
from resnet_studio.bench.time_text import duration

_MOST_LINES = 20_000


class LogView(QPlainTextEdit):
    """Keeps the last lines; stays where the reader has scrolled to, else shows the newest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setReadOnly(True)
        self.setUndoRedoEnabled(False)
        self.setMaximumBlockCount(_MOST_LINES)
        self.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.setTabChangesFocus(True)
        self.setAccessibleName("Log")
        self.setPlaceholderText("Phases and every tenth step of a run appear here")
        self.setToolTip("Phases, every tenth step, and each mode’s mean ± standard deviation")
        self._following = True
        bar = self.verticalScrollBar()
        bar.valueChanged.connect(self._scrolled)
        bar.rangeChanged.connect(self._follow)

    def append(self, lines: Sequence[str]) -> None:
        """Adds lines at the end: all in one go, since each call costs a layout."""
        if lines:
            self.appendPlainText("\n".join(lines))
            self._follow()

    @Slot()
    def _follow(self) -> None:
        """Goes on showing the newest line; a log that was behind another tab learns its length only when shown."""
        if self._following:
            bar = self.verticalScrollBar()
            bar.setValue(bar.maximum())

    @Slot(int)
    def _scrolled(self, value: int) -> None:
        self._following = value >= self.verticalScrollBar().maximum()


def job_line(when: datetime, job: Job) -> str:
    """What is going to be timed."""
    height, width = job.design.image
    modes = " and ".join(MODE_TITLES[mode].lower() for mode in job.plan.modes)
    steps = f"{job.plan.burn_in:,} burn-in and {job.plan.steps:,} timed steps"
    if job.plan.until_precise is not None:
        limit = f"at most {job.plan.seconds_limit:g} s"
        steps = f"{job.plan.burn_in:,} burn-in steps, then until ± {job.plan.until_precise:g} % ({limit})"
    return _line(when, f"{job.design.name}, {height} x {width}: {modes}, batch {job.plan.batch:,}, {steps}")


def event_line(when: datetime, event: Event, summary: Summary | None = None) -> str | None:
    """What the log says of an event, if anything. summary: of the event's mode, for the end of its steps."""
    match event:
        case Step():
            return log.step_line(when, event)
        case PhaseEnded(phase="steps", mode=mode) if mode and summary:
            return log.summary_line(when, mode, summary)
        case PhaseEnded(phase=phase, seconds=seconds, mode=mode):
            of = f" ({MODE_TITLES[mode].lower()})" if mode else ""
            return _line(when, f"{PHASE_TITLES[phase]}{of}: {duration(seconds)}")
        case Started(machine=machine):
            told = (machine.get("processor"), machine.get("cores"), machine.get("tensorflow"))
            return _line(when, "{}, {} cores, TensorFlow {}".format(*("?" if t is None else t for t in told)))
        case InForce(mode=mode, settings=settings):
            return _line(when, f"{MODE_TITLES[mode]}: {in_force_text(settings)}")
        case Failed(summary=cause, remedy=remedy):
            return _line(when, f"Failed: {cause} {remedy}".rstrip())
        case Cancelled():
            return _line(when, "Stopped")
    return None


def _line(when: datetime, text: str) -> str:
    return f"{when:%Y-%m-%d %H:%M:%S}: {text}"
