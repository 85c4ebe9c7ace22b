"""What came of a comparison, live: the plot of the ratio, the verdict in words, progress, and how it ended."""

from __future__ import annotations

import time

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from resnet_studio.bench.comparison import NOT_INTERLEAVED, NOT_INTERLEAVED_REMEDY, compare_unpaired
from resnet_studio.bench.events import Failed
from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.rounds import LETTERS, Contest, ContestRecord, RoundEnded, Told
from resnet_studio.bench.rounds_text import comparison_text, pairing_text, side_names
from resnet_studio.driver.tasks import ContestTask
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.results.result_rows import Row
from resnet_studio.ui.run.contest_progress import ContestProgress
from resnet_studio.ui.run.run_status import RunStatus
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.run.task_follower import TaskFollower
from resnet_studio.ui.widgets.plain import plain_label

from .ratio_plot import RatioPlot


class ContestView(QWidget):
    """Follows the contests of `runner`."""

    failed = Signal(str)  # a side failed: its name and why
    changed = Signal()  # a contest began or ended

    def __init__(self, runner: TimingRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._problem = ""
        self._outcome: ContestRecord | None = None
        self._timed: Contest | None = None  # what is or was timed
        self._names: tuple[str, ...] = ()
        self._rounds: list[RoundEnded] = []
        self._progress: ContestProgress | None = None
        self.plot = RatioPlot(self)
        self.status = RunStatus(self)
        self.verdict = plain_label("", self)
        self.badge = plain_label(NOT_INTERLEAVED, self)
        self.shown_side = QComboBox(self)
        self._lay_out()
        self.shown_side.currentIndexChanged.connect(self._show_side)
        self._follow = TaskFollower(runner, ContestTask, self)
        self._follow.began.connect(self._started)
        self._follow.arrived.connect(self._take)
        self._follow.due.connect(self._refresh)
        self._follow.ended.connect(self._ended)

    def _lay_out(self) -> None:
        self.verdict.setWordWrap(True)
        self.verdict.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.verdict.setAccessibleName("Verdict")
        self.verdict.setProperty("role", "heading")
        self.verdict.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.verdict.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.badge.setAccessibleName("How it was compared")
        self.badge.setToolTip(NOT_INTERLEAVED_REMEDY)
        self.badge.hide()
        self.shown_side.setAccessibleName("Shown in the plot")
        self.shown_side.setToolTip("Which design’s ratio to A the plot shows")
        self.shown_side.hide()
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(self.badge, 0, Qt.AlignmentFlag.AlignTop)
        words.addWidget(self.verdict, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(2)
        column.addWidget(self.shown_side, 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.plot, 1)
        column.addLayout(words)
        column.addWidget(self.status)
        self._say("")

    @property
    def running(self) -> bool:
        """Whether a contest is being timed."""
        return self._progress is not None

    def set_problem(self, problem: str) -> None:
        """Why nothing can be compared; '' where something can."""
        if problem != self._problem:
            self._problem = problem
            self._show_idle()

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours."""
        self.plot.set_theme(theme)
        self.status.set_theme(theme)
        self.badge.setStyleSheet(
            f"color: {theme.error}; background: {theme.error_fill}; border: 1px solid {theme.error};"
            "border-radius: 4px; padding: 1px 6px;"
        )

    def stop(self) -> None:
        """Ends the contest."""
        if self._progress is not None:
            self._follow.stop()

    def _say(self, verdict: str) -> None:
        """Writes the verdict; without one its line is the plot's."""
        self.verdict.setText(verdict)
        self.verdict.setVisible(bool(verdict))

    def show_unpaired(self, first: Row, second: Row) -> None:
        """Compares two saved runs, the earlier as A, with the badge that says what that is worth."""
        if self._progress is not None:
            return
        a, b = sorted((first, second), key=lambda row: row.when)
        first_name, second_name = (
            f"{row.record.job.design.name} {MODE_TITLES[row.run.mode].lower()} of {row.time}" for row in (a, b)
        )
        self._timed = self._outcome = None
        self.shown_side.hide()
        self.badge.show()
        self.plot.hide()  # there are no rounds to draw: the room is the words'
        steps = a.run.step_nanoseconds, b.run.step_nanoseconds
        if all(steps):
            self._say(f"{comparison_text(compare_unpaired(*steps), first_name, second_name)}. {NOT_INTERLEAVED_REMEDY}")
        else:
            self._say("One of these runs has no timed step: there is nothing to compare.")
        self._show_idle()

    def _show_idle(self) -> None:
        """Why Compare is off, else how the last comparison ended."""
        if self._progress is not None:
            return
        outcome = self._outcome
        if self._problem:
            self.status.show_problem(f"Compare is off. {self._problem}")
        elif outcome is None:
            self.status.show_text("")
        elif outcome.failures:
            side, failed = next(iter(outcome.failures.items()))
            kept = "What was timed until then stays above." if outcome.rounds else ""
            named = Failed(f"{self._names[side]}: {failed.summary}", failed.detail, failed.remedy)
            self.status.show_failure(named, kept)
        elif outcome.end == "Cancelled":
            mode = outcome.rounds[-1].mode if outcome.rounds else outcome.contest.modes[0]
            done = sum(each.mode == mode for each in outcome.rounds)
            of = f" of {MODE_TITLES[mode].lower()}" if len(outcome.contest.modes) > 1 else ""
            self.status.show_text(f"Stopped after {done:,} of {outcome.contest.rounds:,} rounds{of}.")
        else:
            cautions = "".join(f" {caution}" for caution in outcome.cautions)
            self.status.show_text(f"{outcome.contest.rounds:,} rounds, timed in turn.{cautions}")

    @Slot(object)
    def _started(self, task: ContestTask) -> None:
        contest = task.contest
        self._timed, self._names, self._rounds = contest, side_names(contest.jobs), []
        self._progress = ContestProgress(contest, self._names, time.monotonic())
        self.badge.hide()
        self._say("")
        self.shown_side.blockSignals(True)
        self.shown_side.clear()
        self.shown_side.addItems([f"{LETTERS[side]}  {name}" for side, name in enumerate(self._names) if side])
        self.shown_side.blockSignals(False)
        self.shown_side.setVisible(len(self._names) > 2)
        self._show_side()
        self.changed.emit()

    @Slot(object)
    def _take(self, items: list[Told | RoundEnded]) -> None:
        if self._progress is None:
            return
        now = time.monotonic()
        for item in items:
            self._progress.take(item, now)
            match item:
                case RoundEnded():
                    self._rounds.append(item)
                    self._plot_round(item)
                case Told(side, Failed() as failed):
                    self.failed.emit(f"{self._names[side]}: {failed.summary} {failed.remedy}".strip())
                case _:
                    pass
        self._follow.measuring = self._progress.done_of_total is not None

    @Slot(object)
    def _ended(self, outcome: ContestRecord) -> None:
        self._progress = None
        self.plot.finish()
        self._outcome = outcome
        self._show_verdict()
        self._show_idle()
        self.changed.emit()

    @Slot()
    def _show_side(self, *_: object) -> None:
        """Draws the ratio of the chosen side anew."""
        contest = self._timed
        if contest is None:
            return
        self.plot.show()
        self.plot.begin(contest.modes, contest.rounds, self._names[0], self._names[self._side])
        for each in self._rounds:
            self._plot_round(each)
        self.plot.finish()
        self._show_verdict()

    def _show_verdict(self) -> None:
        """What came of the side that is drawn, once it is all over: a line for each mode."""
        if self._progress is None and self._outcome is not None:
            shown = [each for each in self._outcome.pairings if each.comparison and each.side == self._side]
            self._say("\n".join(pairing_text(each, self._names) for each in shown))

    @property
    def _side(self) -> int:
        return max(self.shown_side.currentIndex(), 0) + 1

    def _plot_round(self, ended: RoundEnded) -> None:
        a, b = ended.nanoseconds[0], ended.nanoseconds[self._side]
        if a is not None and b is not None:
            self.plot.add(ended.mode, a, b)

    @Slot()
    def _refresh(self) -> None:
        progress = self._progress
        if progress is None:
            return
        self.status.show_progress(progress, time.monotonic(), self._follow.stopping)
        self.plot.redraw()
        if progress.mode and (judged := self.plot.comparison(progress.mode)):
            text = comparison_text(judged, self._names[0], self._names[self._side])
            self._say(f"{MODE_TITLES[progress.mode]}: {text}")
