"""The engine program itself, once with all of TensorFlow, through the handle that the window uses."""

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from resnet_studio.bench.events import Failed, Finished, PhaseBegan, PhaseEnded, Ready, Started, Step, decode
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver.process import EngineProcess
from resnet_studio.engine.serve import EventLines

ROOT = Path(__file__).parents[2]
SERVE = [sys.executable, "-m", "resnet_studio.engine.serve"]


@pytest.mark.tensorflow
def test_a_job_is_served_from_start_to_end(tiny, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)  # where the program is started from does not matter, nor what lies there
    (tmp_path / "json.py").write_text("raise ImportError('a file of the person')")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # the ceiling is not known yet
    engine = EngineProcess()
    events = list(engine.run(Job(tiny, TimingPlan(batch=2, burn_in=1, steps=2))))
    assert events[0] == PhaseBegan("start")
    assert isinstance(events[1], Ready)
    assert isinstance(events[2], PhaseEnded)
    assert events[3] == PhaseBegan("ceiling")
    assert isinstance(events[5], Started)
    assert events[5].machine["ceiling_gflops"] > 0.1
    assert isinstance(events[-1], Finished), events[-1]
    assert sum(isinstance(event, Step) for event in events) == 6


@pytest.mark.tensorflow
def test_a_job_that_is_none_fails_and_a_closed_input_ends_the_program():
    ended = subprocess.run(SERVE, cwd=ROOT, input="nonsense\n", capture_output=True, text=True, timeout=60)
    assert ended.returncode == 0
    ready, failed = map(decode, ended.stdout.splitlines())
    assert isinstance(ready, Ready)
    assert isinstance(failed, Failed)
    assert "not JSON" in failed.summary
    idle = subprocess.run(SERVE, cwd=ROOT, input="", capture_output=True, text=True, timeout=60)
    assert idle.returncode == 0
    assert len(idle.stdout.splitlines()) == 1


@pytest.mark.tensorflow
def test_a_design_with_problems_fails_with_the_problem():
    design = PRESETS["resnet_v2_50"].with_block(0, PRESETS["resnet_v2_50"].blocks[0].with_all("depth", -3))
    *_, end = EngineProcess().run(Job(design, TimingPlan()))
    assert isinstance(end, Failed)
    assert "block1" in end.summary


def test_the_program_dies_with_its_parent():
    # The parent is a program that starts the engine and ends; the engine's input stays open, in our hands.
    reader, writer = os.pipe()
    pipes = f"stdin={reader}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL"
    parent = f"import subprocess, time; print(subprocess.Popen({SERVE!r}, {pipes}).pid); time.sleep(1)"
    started = subprocess.run(
        [sys.executable, "-c", parent], cwd=ROOT, pass_fds=[reader], capture_output=True, timeout=60
    )
    engine = int(started.stdout)
    os.close(reader)
    deadline = time.monotonic() + 60
    while _lives(engine) and time.monotonic() < deadline:
        time.sleep(0.05)
    os.close(writer)
    assert not _lives(engine)


def _lives(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_tensorflow_prints_does_not_come_among_the_events():
    code = """import os
from resnet_studio.engine.serve import _claim_stdout
with _claim_stdout() as events:
    os.write(1, b"noise from C++")
    print("noise from Python", flush=True)
    events.write("an event")"""
    ended = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert ended.stdout == "an event"
    assert "noise from C++" in ended.stderr
    assert "noise from Python" in ended.stderr


class CountingStream(io.StringIO):
    flushes = 0

    def flush(self):
        self.flushes += 1


def test_quick_steps_are_told_together_and_all_else_at_once(monkeypatch):
    clock = [0.0]
    monkeypatch.setattr("resnet_studio.engine.serve.time.monotonic", lambda: clock[0])
    stream = CountingStream()
    lines = EventLines(stream)
    for index in range(100):
        clock[0] += 0.001
        lines.emit(Step("forward", index, 1_000_000, False))
    assert stream.flushes == 4
    clock[0] += 5
    lines.emit(Step("forward", 100, 5_000_000_000, False))
    assert stream.flushes == 5
    lines.emit(PhaseEnded("steps", 5_100_000_000, "forward"))
    assert stream.flushes == 6
    assert len(stream.getvalue().splitlines()) == 102
