"""The parent's handle, with programs of a line that die in every way."""

import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from resnet_studio.arch.presets import PRESETS
from resnet_studio.bench.events import Cancelled, Failed, Finished, PhaseBegan, Ready, Step
from resnet_studio.bench.job import Job, decode_job, encode_job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.engine.process import EngineProcess

FAKE = Path(__file__).parent / "fake_engine.py"
JOB = Job(PRESETS["resnet_v2_50"], TimingPlan(batch=2, burn_in=2, steps=5))
ENDS = (Finished, Cancelled, Failed)


def program(code):
    return [sys.executable, "-c", f"import os, signal, sys, time; sys.stdin.read(); {code}"]


def fake(*options):
    return EngineProcess([sys.executable, str(FAKE), "--step-seconds", "0.001", *options])


def open_files():
    return len(os.listdir("/proc/self/fd"))  # noqa: PTH208


@pytest.mark.parametrize(
    ("code", "summary"),
    [
        ("os.abort()", "The engine ended with SIGABRT."),
        ("os.kill(os.getpid(), signal.SIGSEGV)", "The engine ended with SIGSEGV."),
        ("os.kill(os.getpid(), signal.SIGKILL)", "The engine was killed (SIGKILL): probably out of memory."),
        ("sys.exit(3)", "The engine ended with exit status 3."),
        ("pass", "The engine ended without saying how the run ended."),
        ("print('Hello')", "The engine printed something that is no event: not JSON: 'Hello'."),
        ("print('{}')", "The engine printed something that is no event: not an event: '{}'."),
        ("print('x' * 2**22)", "The engine printed a line that did not end"),
    ],
)
def test_a_program_that_dies_or_prints_rubbish_ends_as_failed(code, summary):
    before = open_files()
    events = list(EngineProcess(program(code)).run(JOB))
    assert [type(event) for event in events if isinstance(event, ENDS)] == [Failed]
    assert events[-1].summary.startswith(summary)
    assert open_files() == before


def test_its_last_words_are_kept():
    end = list(EngineProcess(program("sys.stderr.write('my last words'); os.abort()")).run(JOB))[-1]
    assert "my last words" in end.detail


def test_a_program_that_is_not_there():
    end = list(EngineProcess(["/no/such/program"]).run(JOB))[-1]
    assert end.summary == "The engine could not be started: No such file or directory."


def test_a_whole_run():
    events = list(fake().run(JOB))
    assert [type(event) for event in events if isinstance(event, ENDS)] == [Finished]
    steps = [(e.mode, e.burn_in, e.index) for e in events if isinstance(e, Step)]
    assert len(steps) == 2 * (2 + 5)
    assert isinstance(events[0], PhaseBegan)
    assert events[0].phase == "start"


def test_a_warm_spare_starts_at_once():
    engine = fake("--start-seconds", "0.1")
    engine.start()
    limit = time.monotonic() + 10
    while not engine.is_warm and time.monotonic() < limit:
        time.sleep(0.01)
    assert engine.is_warm
    events = list(engine.run(JOB))
    assert isinstance(events[0], Ready)
    assert isinstance(events[-1], Finished)


@pytest.mark.parametrize("options", [("--trace-seconds", "60"), ("--fault", "hang")], ids=["tracing", "a long step"])
def test_stop_ends_a_run_within_a_second(options):
    engine = fake(*options)
    stopped = []

    def stop():
        time.sleep(0.5)
        stopped.append(time.monotonic())
        engine.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    events = list(engine.run(JOB))
    ended = time.monotonic()
    thread.join()
    assert isinstance(events[-1], Cancelled)
    assert ended - stopped[0] < 1
    assert isinstance(list(fake().run(JOB))[-1], Finished)


def test_stop_before_the_start_and_twice():
    engine = fake()
    engine.stop()
    engine.stop()
    assert isinstance(list(engine.run(JOB))[-1], Cancelled)


def test_a_run_that_is_given_up_leaves_no_program():
    engine = fake("--fault", "hang")
    events = engine.run(JOB)
    next(events)
    events.close()
    children = subprocess.run(["ps", "--ppid", str(os.getpid()), "-o", "args="], capture_output=True, text=True).stdout
    assert "fake_engine" not in children


def test_a_second_job_is_refused():
    engine = fake()
    list(engine.run(JOB))
    with pytest.raises(RuntimeError, match="one job"):
        list(engine.run(JOB))


def test_a_job_comes_through_as_it_was():
    assert decode_job(encode_job(JOB)) == JOB
    for bad in ("", "[]", "{}", encode_job(JOB).replace('"batch":2', '"batch":0'), encode_job(JOB)[:-1]):
        with pytest.raises(ValueError, match=r"not|out of range"):
            decode_job(bad)


@pytest.mark.tensorflow
def test_the_real_engine_from_afar():
    from resnet_studio.arch.spec import Block, Design, Unit

    tiny = Design("tiny", (Block("block1", (Unit(8, 4),)),), (8, 8), 3)
    events = list(EngineProcess().run(Job(tiny, TimingPlan(batch=2, burn_in=1, steps=2))))
    assert isinstance(events[-1], Finished), events[-1]
    assert sum(isinstance(event, Step) for event in events) == 6
