"""Why an engine ended: what is known, and no guess in its place."""

import resource
import signal
from dataclasses import replace

import pytest

from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver import cause
from resnet_studio.driver.cause import MemoryState, failure, memory_state

JOB = Job(PRESETS["resnet_v2_50"], TimingPlan(batch=64))


def test_a_kill_that_nothing_explains_is_told_as_a_kill():
    end = failure(-signal.SIGKILL, "", JOB, MemoryState(memory_state().kills, 10**12))
    assert "Nothing says that memory was short" in end.summary
    assert "batch" not in end.remedy


def test_a_kill_that_the_kernel_counted_is_told_as_lack_of_memory(monkeypatch):
    monkeypatch.setattr(cause, "memory_state", lambda: MemoryState(4, 10**12))
    end = failure(-signal.SIGKILL, "", JOB, MemoryState(3, 10**12))
    assert end.summary == "The engine was killed: the kernel ran out of memory."
    assert "batch" in end.remedy


def test_a_kill_of_a_run_that_was_forecast_to_take_more_than_was_free_is_probably_that():
    end = failure(-signal.SIGKILL, "", JOB, MemoryState(memory_state().kills, 2**29))
    assert end.summary.startswith("The engine was killed (SIGKILL): probably out of memory (")
    assert "512.0 MiB were free" in end.summary


@pytest.mark.parametrize("words", ["std::bad_alloc", "MemoryError"])
@pytest.mark.parametrize("status", [-signal.SIGABRT, 1])
def test_a_program_that_says_so_itself_is_believed(words, status):
    assert failure(status, f"terminate: {words}", JOB).summary.endswith(": out of memory.")


@pytest.fixture
def limited():
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (2**44, hard))
    yield
    resource.setrlimit(resource.RLIMIT_AS, (soft, hard))


def test_under_a_limit_a_segmentation_fault_is_told_as_the_limit(limited):
    end = failure(-signal.SIGSEGV, "", JOB)
    assert end.summary == (
        "The engine ended with SIGSEGV: its memory is limited to 16.00 TiB (ulimit -v), which is probably why."
    )
    assert end.remedy.startswith("Raise the limit.")
    assert failure(-signal.SIGABRT, "std::bad_alloc", JOB).summary.endswith("limited to 16.00 TiB (ulimit -v).")


def test_without_a_limit_it_is_told_as_it_is():
    assert failure(-signal.SIGSEGV, "", JOB).summary == "The engine ended with SIGSEGV."


def test_an_unsound_design_has_no_forecast_and_is_told_all_the_same():
    wrong = replace(JOB, design=replace(JOB.design, num_classes=-1))
    assert failure(-signal.SIGKILL, "", wrong, MemoryState(0, 1)).summary.startswith("The engine was killed")


def test_the_counters_of_the_system_are_read(tmp_path, monkeypatch):
    (tmp_path / "events").write_text("low 0\noom 2\noom_kill 7\n")
    (tmp_path / "broken").write_text("oom_kill many\n")
    monkeypatch.setattr(cause, "_counters", lambda: [tmp_path / "events", tmp_path / "broken", tmp_path / "none"])
    assert memory_state().kills == 7
