"""The ceiling is measured once, kept, and measured anew where what was kept makes no sense."""

import itertools
from types import SimpleNamespace

import pytest
import tensorflow as tf

from resnet_studio.bench.plan import TimingPlan
from resnet_studio.engine import ceiling
from resnet_studio.engine.ceiling import known_ceiling, measure_ceiling

pytestmark = pytest.mark.tensorflow
PLAN, THREADS = TimingPlan(), {"intra_op": 1, "inter_op": 1}


@pytest.fixture
def measured(monkeypatch):
    """A quick measurement, with the processor to itself whatever else runs beside the tests."""
    monkeypatch.setattr(ceiling, "_best_gflops", lambda precision: 123.5)
    tick = itertools.count().__next__  # as much of the processor as of the time
    monkeypatch.setattr(ceiling, "time", SimpleNamespace(perf_counter=tick, process_time=tick))


def test_what_was_measured_undisturbed_is_kept_for_this_machine_and_these_settings(tmp_path, measured):
    folder = tmp_path / "not there yet"
    assert known_ceiling(PLAN, THREADS, folder) is None
    assert measure_ceiling(PLAN, THREADS, folder) == 123.5
    assert known_ceiling(PLAN, THREADS, folder) == 123.5
    assert known_ceiling(PLAN, {**THREADS, "intra_op": 2}, folder) is None
    assert known_ceiling(TimingPlan(precision="bfloat16"), THREADS, folder) is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"ceiling_gflops": "fast"}', '{"ceiling_gflops": -1.0}', "NaN",
                                  '{"ceiling_gflops": NaN}', "[" * 100_000])  # fmt: skip
def test_a_broken_file_is_as_good_as_none_and_is_written_anew(tmp_path, measured, text):
    measure_ceiling(PLAN, THREADS, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_text(text)
    assert known_ceiling(PLAN, THREADS, tmp_path) is None
    measure_ceiling(PLAN, THREADS, tmp_path)
    assert known_ceiling(PLAN, THREADS, tmp_path) == 123.5


def test_what_was_measured_while_others_had_the_processor_is_not_kept(tmp_path, monkeypatch, measured):
    monkeypatch.setattr(ceiling.time, "process_time", lambda: 0.0)
    assert measure_ceiling(PLAN, THREADS, tmp_path) == 123.5
    assert known_ceiling(PLAN, THREADS, tmp_path) is None


def test_a_folder_that_cannot_be_written_is_no_fault(tmp_path, measured):
    (tmp_path / "file").write_text("")
    assert measure_ceiling(PLAN, THREADS, tmp_path / "file" / "below") == 123.5


def test_one_who_has_no_home_keeps_nothing(monkeypatch, measured):
    def nowhere():
        raise RuntimeError("Could not determine home directory.")

    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setattr(ceiling.Path, "home", nowhere)
    assert known_ceiling(PLAN, THREADS) is None
    assert measure_ceiling(PLAN, THREADS) == 123.5


def test_the_product_is_timed_in_operations_a_second():
    tf.config.list_logical_devices()
    assert 0.5 < ceiling._best_gflops("float32") < 1e6
