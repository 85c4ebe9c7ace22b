"""Timing beside the window: a worker thread that reads the engine, and the handle that the window holds.

    TimingRunner.start -> _Worker.run (on a QThread) iterates EngineProcess.run(job) -> a queue -> a 33 ms timer in the
    window's thread drains it -> events_arrived, ended

One signal a step would make the window redraw with every step and slow the very thing that is measured; the queue is
looked at 30 times a second, whatever the engine's pace.
"""

from __future__ import annotations

import traceback
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QThread, QTimer, Signal, Slot

from resnet_studio.arch.spec import Design
from resnet_studio.bench.events import Cancelled, End, Event, Failed, Finished
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, record
from resnet_studio.engine.process import EngineProcess

DRAIN_MS = 33
_PER_DRAIN = 4_000  # events that one turn of the timer takes: more would be felt as a pause


class TimingRunner(QObject):
    """Runs one job at a time and keeps one idle engine warm for the next.

    Lives in the window's thread, and so do its signals. `shutdown` has to be called before it goes away.
    command: the engine program; by default the real one.
    """

    started = Signal(object)  # Job
    events_arrived = Signal(object)  # list[Event], in order; the End is its last
    ended = Signal(object, object)  # End, Record: exactly one for each `started`

    _run_wanted = Signal(object, object)  # EngineProcess, Job
    _spare_wanted = Signal(object)  # EngineProcess
    _over = Signal()

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._spare: EngineProcess | None = None
        self._engine: EngineProcess | None = None
        self._queue: deque[Event | Record] = deque()
        self._end: End | None = None
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
        """Whether a job was started and has not ended."""
        return self._engine is not None

    def warm_up(self) -> None:
        """Starts the idle engine, unless there is one, a run is being timed (it would disturb it), or all is over."""
        if self._closed or self.running or self._spare is not None:
            return
        self._spare = EngineProcess(self._command)
        self._ensure_thread()
        self._spare_wanted.emit(self._spare)

    def start(self, design: Design, plan: TimingPlan) -> None:
        """Begins to time. Raises RuntimeError while a job runs or after `shutdown`."""
        if self.running or self._closed:
            raise RuntimeError("A job runs already." if self.running else "The runner was shut down.")
        job = Job(design, plan)
        # A spare that died while it waited is started anew by EngineProcess.run.
        self._engine, self._spare = self._spare or EngineProcess(self._command), None
        self._ensure_thread()
        self._timer.start()
        self.started.emit(job)
        self._run_wanted.emit(self._engine, job)

    @Slot()
    def stop(self) -> None:
        """Ends the running job, in whatever phase it is, as Cancelled. Nothing happens where none runs."""
        if self._engine is not None:
            self._engine.stop()

    def shutdown(self) -> None:
        """Ends the job, the engines and the thread; returns when they are gone, a tenth of a second later."""
        self._closed = True
        for engine in (self._engine, self._spare):
            if engine is not None:
                engine.stop()
        self._spare = None
        if self._thread.isRunning():
            # Not quit() from here: it would overtake a job that the worker has not taken up yet.
            self._over.emit()
            self._thread.wait()
        while self._timer.isActive():  # a job that was running is told to have ended, as every job is
            self._drain()

    def _ensure_thread(self) -> None:
        if not self._thread.isRunning():
            self._thread.start()

    @Slot()
    def _drain(self) -> None:
        """Hands on what the worker has put into the queue since the last turn."""
        arrived: list[Event] = []
        outcome: Record | None = None
        while self._queue and outcome is None and len(arrived) < _PER_DRAIN:
            match self._queue.popleft():
                case Record() as outcome:
                    pass
                case Finished() | Cancelled() | Failed() as end:
                    self._end = end
                    arrived.append(end)
                case event:
                    arrived.append(event)
        if outcome is not None:
            self._timer.stop()
            self._engine = None
        if arrived:
            self.events_arrived.emit(arrived)
        if outcome is not None:
            self.ended.emit(self._end, outcome)
            self.warm_up()


class _Worker(QObject):
    """The part that lives in the thread: it waits for the engine, so that the window need not."""

    def __init__(self, queue: deque[Event | Record]) -> None:
        super().__init__()
        self._queue = queue

    @Slot(object)
    def warm(self, engine: EngineProcess) -> None:
        """Starts `engine` and leaves it waiting for a job."""
        try:
            engine.start()
        except OSError:
            return  # run() tries again and says why it can't be started

    @Slot(object, object)
    def run(self, engine: EngineProcess, job: Job) -> None:
        """Puts the run's events into the queue, one end among them, and last its Record."""
        events: list[Event] = []
        try:
            for event in engine.run(job):
                events.append(event)
                self._queue.append(event)
        except Exception as error:  # noqa: BLE001 - a fault of ours must end the run too, not only this slot
            summary = f"The run could not be followed: {error!r}."
            failed = Failed(summary, traceback.format_exc(), "Please report this with the details.")
            if not (events and isinstance(events[-1], (Finished, Cancelled, Failed))):
                events.append(failed)
                self._queue.append(failed)
        self._queue.append(record(job, events))

    @Slot()
    def leave(self) -> None:
        """Ends the thread, after all that was asked of it before."""
        self.thread().quit()
