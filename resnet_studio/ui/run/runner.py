"""Timing beside the window: a worker thread that reads the engine, and the handle that the window holds.

    TimingRunner.start -> _Worker.run (on a QThread) iterates EngineProcess.run(job), or interleave(jobs) -> a queue -> a
    33 ms timer in the window's thread drains it -> events_arrived, ended

One signal a step would make the window redraw with every step and slow the very thing that is measured; the queue is
looked at 30 times a second, whatever the engine's pace.
"""

from __future__ import annotations

import contextlib
import traceback
from collections import deque
from collections.abc import Sequence

from PySide6.QtCore import QObject, QThread, QTimer, Signal, SignalInstance, Slot

from resnet_studio.bench.events import Event, Failed
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.rounds import Contest, RoundEnded, Told
from resnet_studio.design.spec import Design
from resnet_studio.driver.process import EngineProcess
from resnet_studio.driver.tasks import ContestTask, Outcome, RunTask, StudyTask, Task

DRAIN_MS = 33
_PER_DRAIN = 4_000  # events that one turn of the timer takes: more would be felt as a pause
_Item = Event | Told | RoundEnded


class TimingRunner(QObject):
    """Runs one job or one contest at a time and keeps one idle engine warm for the next.

    Lives in the window's thread, and so do its signals. `shutdown` has to be called before it goes away.
    command: the engine program; by default the real one.
    """

    started = Signal(object)  # Job
    events_arrived = Signal(object)  # list[Event], in order; the End is its last
    ended = Signal(object, object)  # End, Record: exactly one for each `started`
    contest_started = Signal(object)  # Contest
    contest_arrived = Signal(object)  # list[Told | RoundEnded], in order
    contest_ended = Signal(object)  # ContestRecord: exactly one for each `contest_started`

    study_started = Signal(object)  # Job
    study_arrived = Signal(object)  # list[Event], in order; the End is its last
    study_ended = Signal(object)  # End: exactly one for each `study_started`

    _run_wanted = Signal(object)  # Task
    _spare_wanted = Signal(object)  # EngineProcess
    _over = Signal()

    def __init__(self, command: Sequence[str] | None = None, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = command
        self._spare: EngineProcess | None = None
        self._task: Task | None = None
        self._queue: deque[_Item | Outcome] = deque()
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
        """Whether a job or a contest was started and has not ended."""
        return self._task is not None

    def warm_up(self) -> None:
        """Starts the idle engine, unless there is one, a run is being timed (it would disturb it), or all is over."""
        if self._closed or self.running or self._spare is not None:
            return
        self._spare = EngineProcess(self._command)
        self._ensure_thread()
        self._spare_wanted.emit(self._spare)

    def start(self, design: Design, plan: TimingPlan) -> None:
        """Begins to time. Raises RuntimeError while a job runs or after `shutdown`."""
        job = Job(design, plan)
        task = RunTask(job, self._engines(1))
        self._begin(task, self.started, job)

    def start_contest(self, contest: Contest) -> None:
        """Begins to time jobs in turn. Raises RuntimeError as `start` does."""
        task = ContestTask(contest, self._engines(len(contest.jobs)))
        self._begin(task, self.contest_started, contest)

    def start_study(self, job: Job) -> None:
        """Begins to measure what `job.task` says of a network's paths. Raises RuntimeError as `start` does."""
        task = StudyTask(job, self._engines(1))
        self._begin(task, self.study_started, job)

    @Slot()
    def stop(self) -> None:
        """Ends what runs, in whatever phase it is, as Cancelled. Nothing happens where nothing runs."""
        if self._task is not None:
            for engine in self._task.engines:
                engine.stop()

    def shutdown(self) -> None:
        """Ends the job, the engines and the thread; returns when they are gone, a tenth of a second later."""
        self._closed = True
        self.stop()
        if self._spare is not None:
            self._spare.stop()
            self._spare = None
        if self._thread.isRunning():
            # Not quit() from here: it would overtake a job that the worker has not taken up yet.
            self._over.emit()
            self._thread.wait()
        while self._timer.isActive():  # a job that was running is told to have ended, as every job is
            self._drain()

    def _engines(self, count: int) -> tuple[EngineProcess, ...]:
        """Engines for a task, the spare among them."""
        if self.running or self._closed:
            raise RuntimeError("A job runs already." if self.running else "The runner was shut down.")
        # A spare that died while it waited is started anew by EngineProcess.run.
        spare, self._spare = self._spare or EngineProcess(self._command), None
        return spare, *(EngineProcess(self._command) for _ in range(count - 1))

    def _begin(self, task: Task, began: SignalInstance, what: Job | Contest) -> None:
        self._task = task
        self._ensure_thread()
        self._timer.start()
        began.emit(what)
        self._run_wanted.emit(task)

    def _ensure_thread(self) -> None:
        if not self._thread.isRunning():
            self._thread.start()

    @Slot()
    def _drain(self) -> None:
        """Hands on what the worker has put into the queue since the last turn."""
        arrived: list[_Item] = []
        outcome: Outcome | None = None
        while self._queue and outcome is None and len(arrived) < _PER_DRAIN:
            match self._queue.popleft():
                case Outcome() as outcome:
                    pass
                case item:
                    arrived.append(item)
        told, over = self.events_arrived, self.ended
        if isinstance(self._task, ContestTask):
            told, over = self.contest_arrived, self.contest_ended
        elif isinstance(self._task, StudyTask):
            told, over = self.study_arrived, self.study_ended
        if outcome is not None:
            self._timer.stop()
            self._task = None
        if arrived:
            told.emit(arrived)
        if outcome is not None:
            over.emit(*outcome.values)
            self.warm_up()


class _Worker(QObject):
    """The part that lives in the thread: it waits for the engine, so that the window need not."""

    def __init__(self, queue: deque[_Item | Outcome]) -> None:
        super().__init__()
        self._queue = queue

    @Slot(object)
    def warm(self, engine: EngineProcess) -> None:
        """Starts `engine` and leaves it waiting for a job."""
        try:
            engine.start()
        except OSError:
            return  # run() tries again and says why it can't be started

    @Slot(object)
    def run(self, task: Task) -> None:
        """Puts the task's items into the queue, every end among them, and last its Outcome."""
        items: list[_Item] = []

        def put(item: _Item) -> None:
            items.append(item)
            self._queue.append(item)

        try:
            with contextlib.closing(task.items()) as told:
                for item in told:
                    put(item)
        except Exception as error:  # noqa: BLE001 - a fault of ours must end the run too, not only this slot
            summary = f"The run could not be followed: {error!r}."
            failed = Failed(summary, traceback.format_exc(), "Please report this with the details.")
            for each in task.broken_off(items, failed):
                put(each)
        self._queue.append(Outcome(task.outcome(items)))

    @Slot()
    def leave(self) -> None:
        """Ends the thread, after all that was asked of it before."""
        self.thread().quit()
