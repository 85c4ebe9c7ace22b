"""The parent's handle, with programs of a line that die in every way."""

import os
import subprocess
import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.bench.events import Cancelled, Failed, Finished, PhaseBegan, Profiled, Ready, Step, encode
from resnet_studio.bench.job import Job, decode_job, encode_job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.shares import MOST_OPS, Shares
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver.pipes import MAX_LINE
from resnet_studio.driver.process import EngineProcess

FAKE = Path(__file__).parent.parent / "fake_engine.py"
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
        (
            "os.kill(os.getpid(), signal.SIGKILL)",
            "The engine was killed (SIGKILL). Nothing says that memory was short: another program or a person ended it.",
        ),
        ("sys.exit(3)", "The engine ended with exit status 3."),
        ("pass", "The engine ended without saying how the run ended."),
        ("print('Hello')", "The engine printed something that is no event: not JSON: 'Hello'."),
        (
            "print('{}')",
            "The engine printed something that is no event: not an event (Object missing required field `event`): '{}'.",
        ),
        ("print('x' * 2**23)", "The engine printed a line that did not end"),
    ],
)
def test_a_program_that_dies_or_prints_rubbish_ends_as_failed(code, summary):
    before = open_files()
    events = list(EngineProcess(program(code)).run(JOB))
    assert [type(event) for event in events if isinstance(event, ENDS)] == [Failed]
    assert events[-1].summary.startswith(summary)
    assert open_files() == before


def test_the_largest_profile_that_there_may_be_is_a_line_that_is_read():
    names = [f"{number:0300}" for number in range(MOST_OPS)]
    part = 100 / MOST_OPS
    shares = Shares("forward", 5, 0.0, dict.fromkeys(names, (part, 0.0)), {"convolution": (100.0, 0.0)})
    assert len(encode(Profiled(shares))) <= MAX_LINE


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
    limit = time.monotonic() + 60
    while not engine.is_warm and time.monotonic() < limit:
        time.sleep(0.01)
    assert engine.is_warm
    events = list(engine.run(JOB))
    assert isinstance(events[0], Ready)
    assert isinstance(events[-1], Finished)


@pytest.mark.parametrize("options", [("--trace-seconds", "60"), ("--fault", "hang")], ids=["tracing", "a long step"])
def test_stop_ends_a_run_at_once(options):
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
    assert ended - stopped[0] < 20  # of the 60 s that the program would go on; not of how busy the machine is
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


def test_a_spare_that_died_while_it_waited_is_replaced():
    engine = fake()
    engine.start()
    os.kill(engine._process.pid, 9)
    engine._process.wait()
    assert not engine.is_warm
    events = list(engine.run(JOB))
    assert events[0] == PhaseBegan("start")
    assert isinstance(events[-1], Finished)


def test_a_spare_that_is_not_needed_is_gone_after_close():
    before = open_files()
    engine = fake("--start-seconds", "60")
    engine.start()
    pid = engine._process.pid
    engine.close()
    assert not Path(f"/proc/{pid}").exists()
    assert open_files() == before
    engine.start()
    assert engine._process is None


def test_the_temporary_files_of_a_program_that_was_killed_are_gone(tmp_path):
    code = "import tempfile; print(tempfile.mkdtemp(), file=open(sys.argv[1], 'w')); print('rubbish', flush=True); time.sleep(60)"
    told = tmp_path / "told"
    engine = EngineProcess([*program(code), str(told)])
    assert isinstance(list(engine.run(JOB))[-1], Failed)
    folder = Path(told.read_text().strip())
    assert folder.parent.name.startswith("resnet-studio-")
    assert not folder.parent.exists()


def test_what_the_program_started_dies_with_it():
    code = "import subprocess, sys, time; print(subprocess.Popen(['sleep', '60']).pid, file=sys.stderr, flush=True); {}"
    end = list(
        EngineProcess([sys.executable, "-c", code.format("print('rubbish', flush=True); time.sleep(60)")]).run(JOB)
    )[-1]
    child = int(end.detail)
    limit = time.monotonic() + 30
    while (
        Path(f"/proc/{child}/cmdline").exists()
        and Path(f"/proc/{child}/cmdline").read_bytes()
        and time.monotonic() < limit
    ):
        time.sleep(0.01)
    assert not Path(f"/proc/{child}").exists() or not Path(f"/proc/{child}/cmdline").read_bytes()


def test_a_child_that_holds_the_output_open_does_not_hold_the_run():
    code = "import os, subprocess, sys; subprocess.Popen(['sleep', '20'], start_new_session=True); os._exit(7)"
    began = time.monotonic()
    end = list(EngineProcess([sys.executable, "-c", code]).run(JOB))[-1]
    assert end.summary == "The engine ended with exit status 7."
    assert time.monotonic() - began < 15


def test_a_program_that_closes_its_output_and_lives_on():
    end = list(fake("--fault", "close").run(JOB))[-1]
    assert end.summary == "The engine closed its output without saying how the run ended."


def test_a_large_job_and_much_noise_block_nothing():
    units = JOB.design.blocks[0].units * 1000
    large = Job(JOB.design.with_block(0, replace(JOB.design.blocks[0], units=units)), JOB.plan)
    assert len(encode_job(large)) > 100_000
    noise = "sys.stderr.write('x' * 2**20 + 'last'); sys.stderr.flush(); print('{\"event\":\"Ready\",\"seconds\":1}\\n' * 20000, end='')"
    code = f"import os, sys; {noise}; sys.stdout.flush(); len(sys.stdin.read()) > 10**5 and os.abort()"
    events = list(EngineProcess([sys.executable, "-c", code]).run(large))
    assert sum(isinstance(event, Ready) for event in events) == 20000
    assert events[-1].summary == "The engine ended with SIGABRT."
    assert len(events[-1].detail) == 64 * 1024
    assert events[-1].detail.endswith("last")


def test_a_program_that_reads_no_job_can_be_stopped():
    units = JOB.design.blocks[0].units * 2000
    large = Job(JOB.design.with_block(0, replace(JOB.design.blocks[0], units=units)), JOB.plan)
    engine = EngineProcess([sys.executable, "-c", "import time; time.sleep(60)"])
    stopper = threading.Timer(0.3, engine.stop)
    stopper.start()
    assert isinstance(list(engine.run(large))[-1], Cancelled)
    stopper.join()


@pytest.mark.parametrize("after", [0.0, 0.005, 0.02, 0.04, 0.06, 0.1])
def test_stop_at_any_moment_ends_the_run_once_and_leaves_nothing(after):
    before = open_files(), threading.active_count()
    engine = fake("--start-seconds", "0.02")
    stopper = threading.Timer(after, engine.stop)
    stopper.start()
    events = list(engine.run(replace(JOB, plan=TimingPlan(batch=2, burn_in=0, steps=1000))))
    stopper.join()
    assert [type(event) for event in events if isinstance(event, ENDS)] == [Cancelled]
    assert isinstance(events[-1], Cancelled)
    engine.stop()
    assert (open_files(), threading.active_count()) == before


def test_memory_that_cpp_could_not_get_is_told_as_such():
    code = "print(\"terminate called after throwing an instance of 'std::bad_alloc'\", file=sys.stderr, flush=True); os.abort()"
    end = list(EngineProcess(program(code)).run(JOB))[-1]
    assert end.summary == "The engine ended with SIGABRT: out of memory."
    assert end.remedy


def test_the_parents_handle_never_imports_tensorflow():
    code = "import sys, resnet_studio.driver.process; sys.exit('tensorflow' in sys.modules or 'numpy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=Path(__file__).parents[2]).returncode == 0
