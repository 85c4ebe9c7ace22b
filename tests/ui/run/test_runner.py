"""TimingRunner against a fake engine: ends, Stop, faults, the spare, the heartbeat, and what is left behind."""

import os
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QObject, QTimer, Slot
from pytestqt.qtbot import QtBot

from resnet_studio.bench.events import Cancelled, End, Event, Failed, Finished, PhaseBegan, PhaseEnded, Ready, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver.tasks import RunOutcome, RunTask
from resnet_studio.ui.run.runner import TaskHandle, TimingRunner

FAKE = str(Path(__file__).parent.parent.parent / "fake_engine.py")
DESIGN = PRESETS["resnet_v2_50"]
PLAN = TimingPlan(batch=2, burn_in=2, steps=5)
LIMIT = 15_000


class Listener(QObject):
    """Keeps what a runner tells, with the thread it was told in."""

    def __init__(self, runner: TimingRunner) -> None:
        super().__init__()
        self.events: list[Event] = []
        self.batches = 0
        self.ends: list[RunOutcome] = []
        self.threads: set[int] = set()
        runner.started.connect(self.follow)

    @Slot(object)
    def take(self, events: list[Event]) -> None:
        self.events += events
        self.batches += 1
        self.threads.add(threading.get_ident())

    @Slot(object)
    def follow(self, handle: TaskHandle) -> None:
        handle.arrived.connect(self.take)
        handle.ended.connect(self.finish)

    @Slot(object)
    def finish(self, outcome: RunOutcome) -> None:
        self.ends.append(outcome)
        self.threads.add(threading.get_ident())

    def saw(self, kind: type) -> bool:
        return any(isinstance(event, kind) for event in self.events)

    def phase(self) -> str | None:
        phases = [event.phase for event in self.events if isinstance(event, PhaseBegan)]
        return phases[-1] if phases else None


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., tuple[TimingRunner, Listener]]]:
    made: list[TimingRunner] = []

    def build(*options: str, command: list[str] | None = None) -> tuple[TimingRunner, Listener]:
        runner = TimingRunner(command or [sys.executable, FAKE, *options])
        made.append(runner)
        return runner, Listener(runner)

    yield build
    for runner in made:
        runner.shutdown()


def first_faulty(folder: Path, *fault: str) -> list[str]:
    """An engine of which the first program started has a fault, and none after it."""
    flag = str(folder / "started")
    code = (
        f"import os, sys\nfirst = not os.path.exists({flag!r})\nopen({flag!r}, 'w').close()\n"
        f"os.execv(sys.executable, [sys.executable, {FAKE!r}, *({list(fault)!r} if first else [])])"
    )
    return [sys.executable, "-c", code]


def run(qtbot: QtBot, runner: TimingRunner, plan: TimingPlan = PLAN) -> tuple[End, Record]:
    with qtbot.waitSignal(runner.ended, timeout=LIMIT) as ended:
        runner.start(RunTask(Job(DESIGN, plan)))
    outcome: RunOutcome = ended.args[0].outcome
    return outcome


def children() -> list[str]:
    """The engine programs that run; the virtual screen of other tests is a child of this process too."""
    tasks = Path("/proc/self/task").iterdir()
    listed = [child for task in tasks for child in (read(task / "children") or b"").decode().split()]
    commands = {child: read(Path(f"/proc/{child}/cmdline")) for child in listed}
    return [child for child, command in commands.items() if command is not None and b"Xvfb" not in command]


def read(path: Path) -> bytes | None:
    """None where the thread or the child is gone since."""
    try:
        return path.read_bytes()
    except OSError:
        return None


def test_a_run_tells_every_step_and_then_its_one_end(qtbot: QtBot, make: Any) -> None:
    runner, heard = make()
    end, record = run(qtbot, runner)
    assert isinstance(end, Finished)
    assert end.peak_bytes == 600_000_000
    steps = [event for event in heard.events if isinstance(event, Step)]
    wanted = [(mode, burn, i) for mode in PLAN.modes for burn, n in ((True, 2), (False, 5)) for i in range(n)]
    assert [(s.mode, s.burn_in, s.index) for s in steps] == wanted
    assert heard.events[-1] == end
    assert heard.ends == [(end, record)]
    assert record.end == "Finished"
    for each in record.runs:
        told = tuple(s.seconds for s in steps if s.mode == each.mode and not s.burn_in)
        assert each.step_seconds == told
    assert heard.threads == {threading.get_ident()}
    assert not runner.running


def test_a_second_start_is_refused_while_the_first_runs(make: Any) -> None:
    runner, _ = make("--trace-seconds", "60")
    runner.start(RunTask(Job(DESIGN, PLAN)))
    assert runner.running
    with pytest.raises(RuntimeError, match="runs already"):
        runner.start(RunTask(Job(DESIGN, PLAN)))


@pytest.mark.parametrize(
    ("options", "phase"),
    [
        (("--start-seconds", "60"), "start"),
        (("--trace-seconds", "60"), "trace"),
        (("--step-seconds", "60"), "first_step"),
        (("--fault", "hang"), "steps"),
    ],
)
def test_stop_ends_a_run_within_a_second_and_the_next_runs(
    qtbot: QtBot, make: Any, tmp_path: Path, options: tuple[str, ...], phase: str
) -> None:
    runner, heard = make(command=first_faulty(tmp_path, *options))
    runner.start(RunTask(Job(DESIGN, PLAN)))
    qtbot.waitUntil(lambda: heard.phase() == phase and (tmp_path / "started").exists(), timeout=LIMIT)
    began = time.monotonic()
    with qtbot.waitSignal(runner.ended, timeout=LIMIT) as ended:
        runner.stop()
    assert time.monotonic() - began < 1.0
    assert ended.args[0].outcome.end == Cancelled()
    end, _ = run(qtbot, runner)
    assert isinstance(end, Finished)
    assert len(heard.ends) == 2


def test_shutdown_at_once_after_start_tells_the_end(make: Any) -> None:
    for _ in range(20):  # the worker may or may not have taken the job up
        runner, heard = make("--trace-seconds", "60")
        runner.start(RunTask(Job(DESIGN, PLAN)))
        runner.shutdown()
        assert [type(end) for end, _ in heard.ends] == [Cancelled]
        assert children() == []


def test_stop_at_once_after_start(qtbot: QtBot, make: Any) -> None:
    runner, _ = make()
    with qtbot.waitSignal(runner.ended, timeout=LIMIT) as ended:
        runner.start(RunTask(Job(DESIGN, PLAN)))
        runner.stop()
    assert ended.args[0].outcome.end == Cancelled()


def test_stop_keeps_the_steps_so_far(qtbot: QtBot, make: Any) -> None:
    runner, heard = make("--step-seconds", "0.005", "--fault", "hang", "--fault-at", "3")
    runner.start(RunTask(Job(DESIGN, PLAN)))
    qtbot.waitUntil(lambda: sum(isinstance(e, Step) and not e.burn_in for e in heard.events) == 3, timeout=LIMIT)
    with qtbot.waitSignal(runner.ended, timeout=LIMIT) as ended:
        runner.stop()
    record = ended.args[0].outcome.record
    assert record.end == "Cancelled"
    assert [len(each.step_seconds) for each in record.runs] == [3]


@pytest.mark.parametrize(
    ("fault", "said"),
    [
        ("abort", "SIGABRT"),
        ("exit", "exit status 3"),
        ("kill", "memory"),
        ("rubbish", "no event"),
        ("failed", "memory"),
    ],
)
def test_a_fault_ends_as_failed_and_the_next_runs(
    qtbot: QtBot, make: Any, tmp_path: Path, fault: str, said: str
) -> None:
    runner, _ = make(command=first_faulty(tmp_path, "--fault", fault, "--fault-at", "2"))
    end, record = run(qtbot, runner)
    assert isinstance(end, Failed)
    assert said in end.summary
    assert len(record.runs[0].step_seconds) == 2
    end, _ = run(qtbot, runner)
    assert isinstance(end, Finished)


def test_an_engine_that_cannot_be_started_ends_as_failed(qtbot: QtBot, make: Any) -> None:
    runner, _ = make(command=["/no/such/engine"])
    runner.warm_up()
    end, _ = run(qtbot, runner)
    assert isinstance(end, Failed)
    assert "could not be started" in end.summary


def test_a_fault_of_our_own_ends_as_failed_too(qtbot: QtBot, make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> Iterator[Event]:
        raise ZeroDivisionError("ours")

    monkeypatch.setattr("resnet_studio.driver.process.EngineProcess.run", broken)
    runner, heard = make()
    end, _ = run(qtbot, runner)
    assert isinstance(end, Failed)
    assert "ours" in end.summary
    assert "ZeroDivisionError" in end.detail
    assert len(heard.ends) == 1


def test_the_spare_takes_the_job_and_the_next_spare_starts_only_after_the_run(qtbot: QtBot, make: Any) -> None:
    runner, heard = make("--step-seconds", "0.02")
    runner.warm_up()
    spare = runner._spare
    qtbot.waitUntil(lambda: spare.is_warm, timeout=LIMIT)
    runner.warm_up()
    assert runner._spare is spare, "one spare is enough"
    before = children()
    assert len(before) == 1
    runner.start(RunTask(Job(DESIGN, PLAN)))
    runner.warm_up()
    qtbot.waitUntil(lambda: heard.saw(Step), timeout=LIMIT)
    assert children() == before, "the spare runs the job, and no other starts beside it"
    assert runner._spare is None
    assert "start" not in [e.phase for e in heard.events if isinstance(e, PhaseBegan)], "it was warm"
    qtbot.waitUntil(lambda: not runner.running, timeout=LIMIT)
    qtbot.waitUntil(lambda: runner._spare is not None and runner._spare.is_warm, timeout=LIMIT)
    assert children() != before


def test_a_spare_that_died_idle_is_replaced(qtbot: QtBot, make: Any) -> None:
    runner, heard = make()
    runner.warm_up()
    qtbot.waitUntil(lambda: runner._spare.is_warm, timeout=LIMIT)
    (spare,) = children()
    os.kill(int(spare), 9)
    qtbot.waitUntil(lambda: not runner._spare.is_warm, timeout=LIMIT)
    end, _ = run(qtbot, runner)
    assert isinstance(end, Finished)
    assert heard.saw(Ready)


def test_shutdown_in_the_middle_of_a_run_leaves_nothing(qtbot: QtBot, make: Any) -> None:
    runner, heard = make("--trace-seconds", "60")
    runner.start(RunTask(Job(DESIGN, PLAN)))
    qtbot.waitUntil(lambda: heard.phase() == "trace", timeout=LIMIT)
    assert len(children()) == 1
    began = time.monotonic()
    runner.shutdown()
    assert time.monotonic() - began < 1.0
    assert children() == []
    assert not runner._thread.isRunning()
    assert not runner._timer.isActive()
    assert [type(end) for end, _ in heard.ends] == [Cancelled]
    with pytest.raises(RuntimeError, match="shut down"):
        runner.start(RunTask(Job(DESIGN, PLAN)))
    runner.warm_up()
    assert children() == []


def test_shutdown_with_a_spare_that_is_still_starting(make: Any) -> None:
    runner, _ = make("--start-seconds", "60")
    runner.warm_up()
    runner.shutdown()
    assert children() == []


class Heart(QTimer):
    """A 5 ms beat that keeps how late each beat was, in seconds."""

    def __init__(self) -> None:
        super().__init__(interval=5)
        self.gaps: list[float] = []
        self._last = time.perf_counter()
        self.timeout.connect(self.beat)

    @Slot()
    def beat(self) -> None:
        now = time.perf_counter()
        self.gaps.append(now - self._last)
        self._last = now


def test_two_thousand_fast_steps_do_not_hold_the_window_up(qtbot: QtBot, make: Any) -> None:
    runner, heard = make("--step-seconds", "0")
    heart = Heart()
    heart.start()
    end, record = run(qtbot, runner, TimingPlan(burn_in=0, steps=2_000))
    heart.stop()
    assert isinstance(end, Finished)
    assert [len(each.step_seconds) for each in record.runs] == [2_000, 2_000]
    assert len(heart.gaps) > 10
    assert np.percentile(heart.gaps, 99) < 0.050
    assert heard.batches < 400, "events come in batches, not one by one"


def test_the_window_never_imports_tensorflow() -> None:
    code = (
        "import importlib, pkgutil, sys, resnet_studio.ui as ui\n"
        "names = [m.name for m in pkgutil.walk_packages(ui.__path__, 'resnet_studio.ui.')]\n"
        "for name in names: importlib.import_module(name)\n"
        "assert 'resnet_studio.ui.window.benchmark_panel' in names and 'resnet_studio.ui.run.runner' in names\n"
        "print([m for m in ('tensorflow', 'keras') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


class Counting:
    """Another kind of task: one class, and no signal of its own on the runner."""

    engines_wanted = 0

    def __init__(self, until: int) -> None:
        self.until = until
        self.outcome = 0

    def items(self, engines: Any) -> Iterator[int]:
        assert len(engines) == 1  # the spare, which nobody asked for
        yield from range(self.until)

    def take(self, item: int) -> None:
        self.outcome += item

    def broken_off(self, failed: Failed) -> list[int]:
        return []


def test_the_next_kind_of_task_is_one_class(qtbot: QtBot, make: Any) -> None:
    runner, _ = make()
    arrived: list[int] = []
    with qtbot.waitSignal(runner.ended, timeout=LIMIT) as ended:
        handle = runner.start(Counting(10_000))
        handle.arrived.connect(arrived.extend)
    assert arrived == list(range(10_000))
    assert ended.args[0].outcome == sum(range(10_000))
    assert not runner.running


def test_a_long_run_keeps_its_times_and_not_its_events() -> None:
    """A million steps once were a million objects to the end: 263 MB, and a pause of more than a second."""
    task = RunTask(Job(DESIGN, TimingPlan(("forward",), steps=1_000_000)))
    steps = 200_000
    tracemalloc.start()
    task.take(PhaseEnded("steps", 9, "forward"))
    for index in range(steps):
        task.take(Step("forward", index, 1_000 + index, False))
    held = tracemalloc.get_traced_memory()[0]
    tracemalloc.stop()
    task.take(Finished())
    assert held < 12 * steps  # bytes; an event is ten times that
    assert len(task.outcome.record.runs[0].step_nanoseconds) == steps
