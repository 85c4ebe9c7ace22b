"""What a run is doing, and what came of it, in words: phase, progress and time left; one sentence; or what went wrong."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QPlainTextEdit,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.bench.events import Failed
from resnet_studio.bench.plan import MODE_TITLES, TimingPlan
from resnet_studio.bench.record import Record
from resnet_studio.bench.report import run_sentence
from resnet_studio.bench.time_text import clock, elapsed
from resnet_studio.design.spec import Design
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.progress_bar import ThinProgressBar

from .contest_progress import ContestProgress
from .run_progress import RunProgress

_LEAST_WIDTH, _SPACING = 80, 12  # pixels


@guarded
class RunStatus(QWidget):
    """One line, under which the details of a failure can be unfolded."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._failed: Failed | None = None
        self._error = False
        self.phase = plain_label("", self)
        self.phase.setToolTip("What the engine is doing, and for how long")
        self.phase.setAccessibleName("Phase")
        self.bar = ThinProgressBar(self)
        self.bar.setAccessibleName("Progress")
        self.bar.setToolTip("Steps of this phase")
        self.count = plain_label("", self)
        self.count.setAccessibleName("Steps done")
        self.left = plain_label("", self)
        self.left.setAccessibleName("Time left")
        self.left.setToolTip("Forecast from the last steps")
        self.result = plain_label("", self)
        self.result.setWordWrap(True)
        self.result.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.MinimumExpanding)
        self.result.setAccessibleName("Outcome")
        self.result.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.unfold = QToolButton(self)
        self.unfold.setText("Details")
        self.unfold.setToolTip("What the engine printed, for a bug report")
        self.unfold.setCheckable(True)
        self.unfold.setArrowType(Qt.ArrowType.RightArrow)
        self.unfold.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.unfold.setAutoRaise(True)
        self.copy = QToolButton(self)
        self.copy.setText("C&opy")
        self.copy.setToolTip("Copy what happened, with its details")
        self.copy.setAutoRaise(True)
        self.copy.clicked.connect(self._copy)
        self.details = QPlainTextEdit(self)
        self.details.setReadOnly(True)
        self.details.setAccessibleName("Details of the failure")
        self.details.setToolTip("What the engine printed before it ended")
        self.details.setFixedHeight(84)
        self.details.setTabChangesFocus(True)
        self.unfold.toggled.connect(self._unfolded)

        line = QHBoxLayout()
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(_SPACING)
        line.addWidget(self.phase)
        line.addWidget(self.bar, 1)
        line.addWidget(self.count)
        line.addWidget(self.left)
        line.addWidget(self.result, 1)
        line.addWidget(self.unfold, 0, Qt.AlignmentFlag.AlignTop)
        line.addWidget(self.copy, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(line)
        column.addWidget(self.details)
        self.setMinimumHeight(self.fontMetrics().height() + 6)  # nothing moves down when a run begins
        self.show_text("")

    def minimumSizeHint(self) -> QSize:
        """What is said may be long, and may not widen the window: it is cut, or wrapped, where there is no room."""
        return QSize(_LEAST_WIDTH, super().minimumSizeHint().height())

    def show_progress(self, progress: RunProgress | ContestProgress, now: float, stopping: bool) -> None:
        """The state of a run that goes on. Called many times a second: what has not changed is not painted again."""
        self._show_parts(running=True)
        title = "Stopping" if stopping else progress.title
        seconds = now - progress.began
        self.phase.setText(f"{title}, {elapsed(seconds)}")
        done, total = progress.done_of_total or (0, 0)
        self.bar.set_share(done / total if total else None, seconds)
        self.count.setText(progress.count_text)
        left = progress.seconds_left(now)
        of = "" if progress.is_last_mode or progress.mode is None else f" of {MODE_TITLES[progress.mode].lower()}"
        at_most = "at most " if progress.at_most else ""
        self.left.setText("" if left is None else f"{at_most}{clock(left)} left{of}")
        for label in (self.phase, self.count, self.left):
            # Wider, never narrower within a run: the bar must not twitch with every figure.
            label.setMinimumWidth(max(label.minimumWidth(), label.sizeHint().width() if label.text() else 0))
        words = sum(label.minimumWidth() + _SPACING for label in (self.phase, self.count, self.left))
        self.bar.setVisible(self.width() >= words + self.bar.minimumWidth())

    def show_text(self, text: str) -> None:
        """A sentence in place of the progress."""
        self._show_sentence(text, error=False)

    def show_problem(self, text: str) -> None:
        """Something that has to be mended first."""
        self._show_sentence(text, error=True)

    def show_failure(self, failed: Failed, measured: str = "") -> None:
        """What happened, what to do, the details folded. measured: what was measured before."""
        self._show_sentence(" ".join(part for part in (failed.summary, failed.remedy, measured) if part), error=True)
        self._failed = failed
        self.details.setPlainText(failed.detail)
        self.unfold.setVisible(bool(failed.detail.strip()))
        self.copy.setVisible(True)

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colour."""
        self._theme = theme
        self._paint()

    def _show_parts(self, running: bool) -> None:
        shown: dict[QWidget, bool] = dict.fromkeys((self.phase, self.bar, self.count, self.left), running)
        shown |= {self.result: not running, self.unfold: False, self.copy: False, self.details: False}
        for widget, visible in shown.items():
            widget.setVisible(visible)
        if not running:
            for label in (self.phase, self.count, self.left):
                label.setMinimumWidth(0)
        self.unfold.setChecked(False)

    def _show_sentence(self, text: str, error: bool) -> None:
        self._failed = None
        self._error = error
        self._show_parts(running=False)
        self.result.setText(text)
        self._paint()

    def _paint(self) -> None:
        palette = QPalette()
        if self._error:
            palette.setColor(QPalette.ColorRole.WindowText, QColor(self._theme.error))
        self.result.setPalette(palette)

    @Slot(bool)
    def _unfolded(self, shown: bool) -> None:
        self.unfold.setArrowType(Qt.ArrowType.DownArrow if shown else Qt.ArrowType.RightArrow)
        self.details.setVisible(shown)

    @Slot()
    def _copy(self) -> None:
        if self._failed is not None:
            parts = (self._failed.summary, self._failed.remedy, self._failed.detail)
            QGuiApplication.clipboard().setText("\n\n".join(part for part in parts if part))


def ready_text(design: Design, plan: TimingPlan) -> str:
    """What Run would do."""
    height, width = design.image
    images = f"{plan.batch:,} image{'s' if plan.batch != 1 else ''} of {height} × {width}"
    return f"Ready to time {design.name} with {images} a step."


def outcome_text(outcome: Record) -> str:
    """One sentence: 'Forward 0.234 ± 0.003 s a batch (137 images/s); forward-backward …'."""
    parts = [text for run in outcome.runs if (text := run_sentence(outcome, run))]
    figures = "; ".join([*parts[:1], *(part[0].lower() + part[1:] for part in parts[1:])])
    if outcome.end == "Finished":
        return f"{figures}. {_gravest(outcome)}".rstrip()
    if outcome.end == "Failed":
        return f"Measured until then: {figures}." if figures else ""
    plan = outcome.job.plan
    done = {run.mode: len(run.step_nanoseconds) for run in outcome.runs}
    whole = {run.mode for run in outcome.runs if run.ended_by or len(run.step_nanoseconds) >= plan.most_steps}
    mode = next((mode for mode in plan.modes if mode not in whole), plan.modes[-1])
    of = f" of {plan.steps:,}" if plan.until_precise is None else ""
    where = f"after {count:,}{of}" if (count := done.get(mode, 0)) else "before the timed"
    text = f"Stopped {where} steps of {MODE_TITLES[mode].lower()}."
    return f"{text} {figures}." if figures else text


def _gravest(outcome: Record) -> str:
    """The first mode's first caution with its remedy, and how many more stand in the table."""
    found = [(run.mode, caution) for run in outcome.runs for caution in outcome.cautions(run)]
    if not found:
        return ""
    mode, caution = found[0]
    others = len({caution.kind for _, caution in found} - {caution.kind})
    more = f" ({others} more in Results)" if others else ""
    of = f"{MODE_TITLES[mode]}: " if len(outcome.runs) > 1 else ""
    return f"{of}{caution.text[0].lower() if of else caution.text[0]}{caution.text[1:]} {caution.remedy}{more}"
