"""Follows a runner's tasks of one kind: what every panel that starts tasks needs beside what it shows of them."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from resnet_studio.ui.widgets.throttle import Throttle

from .runner import TaskHandle, TimingRunner

_TICK_MS = 100


class TaskFollower(QObject):
    """Tells of the tasks that are a `kind`, and when something is to be drawn: as often as leaves the engine the processor."""

    began = Signal(object)  # the task
    arrived = Signal(object)  # list of its items
    due = Signal()  # draw now
    ended = Signal(object)  # its outcome
    others_changed = Signal()  # a task of another kind began or ended: what may be started is another

    def __init__(self, runner: TimingRunner, kind: type, parent: QObject) -> None:
        super().__init__(parent)
        self.running = False
        self.stopping = False
        self.measuring = False  # steps are being timed: draw seldom
        self._runner = runner
        self._kind = kind
        self._throttle = Throttle()
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self._tick)
        runner.started.connect(self._started)
        runner.ended.connect(self._other_ended)

    def stop(self) -> None:
        """Ends the task that is followed, or whatever else runs."""
        self.stopping = self.running
        self._runner.stop()
        self.draw()

    def draw(self) -> None:
        """Asks for a drawing now, while a task is followed."""
        if self.running:
            self._throttle.drawing()
            self.due.emit()

    @Slot(object)
    def _started(self, handle: TaskHandle) -> None:
        if not isinstance(handle.task, self._kind):
            self.others_changed.emit()
            return
        self.running, self.stopping, self.measuring = True, False, False
        handle.arrived.connect(self.arrived)
        handle.ended.connect(self._ended)
        self._timer.start()
        self.began.emit(handle.task)
        self.draw()

    @Slot(object)
    def _ended(self, outcome: Any) -> None:
        self._timer.stop()
        self.running = False
        self.ended.emit(outcome)

    @Slot(object)
    def _other_ended(self, handle: TaskHandle) -> None:
        if not isinstance(handle.task, self._kind):
            self.others_changed.emit()

    @Slot()
    def _tick(self) -> None:
        if self._throttle.is_due(self.measuring):
            self.draw()
