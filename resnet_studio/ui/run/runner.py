"""Tasks beside the window: a worker thread that follows the engines, and the handle that the window holds.

    TimingRunner.start(task) -> _Worker.run (on a QThread) iterates task.items(engines) -> a queue -> a 33 ms timer in the
    window's thread drains it -> the handle's `arrived` and `ended`

One signal a step would make the window redraw with every step and slow the very thing that is measured; the queue is
looked at 30 times a second, whatever the engine's pace.
"""

from __future__ import annotations

import contextlib
import traceback
from collections import deque
from collections.abc import Sequence
from typing import Any

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from resnet_studio.bench.events import Failed
from resnet_studio.driver.process import EngineProcess
from resnet_studio.driver.tasks import Task

DRAIN_MS = 33
_PER_DRAIN = 4_000  # items that one turn of the timer takes: more would be felt as a pause
_OVER = object()  # the last item in the queue


class TaskHandle(QObject):
    """A task that was started. `outcome` is what came of it, once `ended` was told."""

    arrived = Signal(object)  # list of the task's items, in order
    ended = Signal(object)  # the task's outcome: exactly once

    def __init__(self, task: Task[Any], engines: Sequence[EngineProcess], parent: QObject) -> None:
        super().__init__(parent)
        self.task = task
        self.engines = engines
        self.outcome: Any = None


class TimingRunner(QObject):
    """Runs one task at a time and keeps one idle engine warm for the next.

    Lives in the window's thread, and so do its signals. `shutdown` has to be called before it goes away.
    command: the engine program; by default the real one.
    """

    started = Signal(object)  # TaskHandle: connect to what it tells here
    ended = Signal(object)  # the same TaskHandle, with its outcome: exactly one for each `started`

    _run_wanted = Signal(object)  # TaskHandle
    _spare_wanted = Signal(object)  # EngineProcess
    _over = Signal()

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._spare: EngineProcess | None = None
        self._handle: TaskHandle | None = None
        self._queue: deque[Any] = deque()
        self._closed = False
        self._thread = QThread(self)
        self._thread.setObjectName("timing")
        self._worker = _Worker(self._queue)
        self._worker.moveToThread(self._thread)
        self._run_wanted.connect(self._worker.run)
        self._spare_wanted.connect(self._worker.warm)
        self._over.connect(self._worker.leave)
        self._timer = QTimer(self, interval=DRAIN_MS)
        self._timer.timeout.connect(self._drain)

    @property
    def running(self) -> bool:
        """Whether a task was started and has not ended."""
        return self._handle is not None

    def warm_up(self) -> None:
        """Starts the idle engine, unless there is one, a task is under way (it would disturb it), or all is over."""
        if self._closed or self.running or self._spare is not None:
            return
        self._spare = EngineProcess(self._command)
        self._ensure_thread()
        self._spare_wanted.emit(self._spare)

    def start(self, task: Task[Any]) -> TaskHandle:
        """Begins a task. Raises RuntimeError while another is under way, and after `shutdown`."""
        if self.running or self._closed:
            raise RuntimeError("A job runs already." if self.running else "The runner was shut down.")
        # A spare that died while it waited is started anew by EngineProcess.run.
        spare, self._spare = self._spare or EngineProcess(self._command), None
        engines = (spare, *(EngineProcess(self._command) for _ in range(task.engines_wanted - 1)))
        handle = self._handle = TaskHandle(task, engines, self)
        self._ensure_thread()
        self._timer.start()
        self.started.emit(handle)
        self._run_wanted.emit(handle)
        return handle

    @Slot()
    def stop(self) -> None:
        """Ends what runs, in whatever phase it is, as Cancelled. Nothing happens where nothing runs."""
        if self._handle is not None:
            for engine in self._handle.engines:
                engine.stop()

    def shutdown(self) -> None:
        """Ends the task, the engines and the thread; returns when they are gone, a tenth of a second later."""
        self._closed = True
        self.stop()
        if self._spare is not None:
            self._spare.stop()
            self._spare = None
        if self._thread.isRunning():
            # Not quit() from here: it would overtake a job that the worker has not taken up yet.
            self._over.emit()
            self._thread.wait()
        while self._timer.isActive():  # a task that was under way is told to have ended, as every task is
            self._drain()

    def _ensure_thread(self) -> None:
        if not self._thread.isRunning():
            self._thread.start()

    @Slot()
    def _drain(self) -> None:
        """Hands on what the worker has put into the queue since the last turn."""
        handle = self._handle
        if handle is None:
            return
        arrived: list[Any] = []
        over = False
        while self._queue and not over and len(arrived) < _PER_DRAIN:
            item = self._queue.popleft()
            if item is _OVER:
                over = True
            else:
                arrived.append(item)
        if over:
            self._timer.stop()
            self._handle = None
        if arrived:
            handle.arrived.emit(arrived)
        if over:
            handle.outcome = handle.task.outcome
            handle.ended.emit(handle.outcome)
            self.ended.emit(handle)
            handle.deleteLater()
            self.warm_up()


class _Worker(QObject):
    """The part that lives in the thread: it waits for the engines, so that the window need not."""

    def __init__(self, queue: deque[Any]) -> None:
        super().__init__()
        self._queue = queue

    @Slot(object)
    def warm(self, engine: EngineProcess) -> None:
        """Starts `engine` and leaves it waiting for a job."""
        with contextlib.suppress(OSError):  # run() tries again and says why it can't be started
            engine.start()

    @Slot(object)
    def run(self, handle: TaskHandle) -> None:
        """Puts the task's items into the queue, every end among them. None is kept: the task folds them as they come."""
        task = handle.task

        def put(item: Any) -> None:
            task.take(item)
            self._queue.append(item)

        try:
            with contextlib.closing(task.items(handle.engines)) as items:
                for item in items:
                    put(item)
        except Exception as error:  # noqa: BLE001 - a fault of ours must end the task too, not only this slot
            summary = f"The run could not be followed: {error!r}."
            failed = Failed(summary, traceback.format_exc(), "Please report this with the details.")
            for each in task.broken_off(failed):
                put(each)
        self._queue.append(_OVER)

    @Slot()
    def leave(self) -> None:
        """Ends the thread, after all that was asked of it before."""
        self.thread().quit()
