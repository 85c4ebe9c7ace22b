"""The panel from its fields to its results, against a fake engine; and the pure parts under it."""

import json
import re
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractSpinBox, QComboBox, QDialogButtonBox, QLabel, QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from resnet_studio.bench.events import PhaseBegan, Step
from resnet_studio.bench.history import past
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.time_text import clock, duration, elapsed, rate, spread
from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import DARK
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.results.result_columns import SHOWN, WRITTEN
from resnet_studio.ui.results.result_files import write_results
from resnet_studio.ui.run.memory_question import MemoryQuestion
from resnet_studio.ui.run.run_progress import RunProgress
from resnet_studio.ui.run.run_status import outcome_text
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.number_field import by_doubling
from resnet_studio.ui.window.benchmark_panel import BenchmarkPanel

FAKE = str(Path(__file__).parent.parent.parent / "fake_engine.py")
DESIGN = PRESETS["resnet_v2_50"]
PLAN = TimingPlan(batch=2, burn_in=2, steps=12)
LIMIT = 15_000


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., BenchmarkPanel]]:
    runners: list[TimingRunner] = []

    def build(*options: str, plan: TimingPlan = PLAN) -> BenchmarkPanel:
        runner = TimingRunner([sys.executable, FAKE, *options])
        runners.append(runner)
        panel = BenchmarkPanel(DesignDocument(DESIGN), runner)
        qtbot.addWidget(panel)
        panel.resize(900, 260)
        panel.set_plan(plan)
        panel.show()
        return panel

    yield build
    for runner in runners:
        runner.shutdown()


def run_to_end(qtbot: QtBot, panel: BenchmarkPanel) -> None:
    with qtbot.waitSignal(panel._runner.ended, timeout=LIMIT):
        panel.run_action.trigger()


def cells(panel: BenchmarkPanel, row: int) -> dict[str, str]:
    model = panel.results.model()
    return {column.title: model.index(row, i).data() for i, column in enumerate(SHOWN)}


# ---- runs


def test_a_run_fills_plot_log_table_and_sentence_with_the_same_figures(qtbot: QtBot, make: Any) -> None:
    panel = make("--step-seconds", "0.004")
    run_to_end(qtbot, panel)
    forward, both = panel.results.rows()
    x, y = panel.plot.drawn("forward")
    assert x.tolist() == list(range(-2, 12))
    unit = panel.plot._unit[1]
    assert y * unit == pytest.approx([*forward.run.burn_in_seconds, *forward.run.step_seconds])
    mean, sd = np.mean(forward.run.step_seconds), np.std(forward.run.step_seconds)
    row = cells(panel, 0)
    assert (row["Design"], row["Mode"], row["Batch"], row["Steps"]) == ("resnet_v2_50", "Forward", "2", "12")
    digit = 0.5001 * 10**-forward.decimals  # no more digits than the interval supports
    assert list(map(float, row["Mean ± sd (ms)"].split(" ± "))) == pytest.approx([mean * 1e3, sd * 1e3], abs=digit)
    low, high = forward.run.summary.median_interval
    median, *ends = map(float, re.findall(r"[\d.]+", row["Median [95 %] (ms)"]))
    assert [median, *ends] == pytest.approx(
        [np.median(forward.run.step_seconds) * 1e3, low * 1e3, high * 1e3], abs=digit
    )
    assert float(row["Images/s"].replace(",", "")) == pytest.approx(2 / mean, abs=0.06)
    assert row["Note"] == "; ".join(caution.kind for caution in forward.cautions)
    assert cells(panel, 1)["Mode"] == "Forward-backward"
    text = panel.status.result.text()
    assert text.startswith(f"Forward {spread(mean, sd)} a batch (")
    assert f"forward-backward {spread(np.mean(both.run.step_seconds), np.std(both.run.step_seconds))}" in text
    log = panel.log.toPlainText()
    assert f"Forward across 12 steps, {mean:.3f} +/- {sd:.3f} sec / batch" in log
    assert log.count(": step 0, duration = ") == 2
    assert log.count(": step 10, duration = ") == 2
    assert "resnet_v2_50, 224 x 224: forward and forward-backward, batch 2" in log
    assert panel.run_action.isEnabled()
    assert not panel.stop_action.isEnabled()


def test_a_phase_is_named_within_300_ms_and_the_progress_counts(
    qtbot: QtBot, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resnet_studio.ui.widgets.throttle._SHARE", 100.0)  # each tick is drawn: it shows every phase
    plan = TimingPlan(batch=2, burn_in=6, steps=40)
    panel = make("--step-seconds", "0.05", "--start-seconds", "0.4", "--trace-seconds", "0.4", plan=plan)
    status = panel.status
    began = time.monotonic()
    panel.run_action.trigger()
    qtbot.waitUntil(lambda: "Starting TensorFlow" in status.phase.text(), timeout=LIMIT)
    assert time.monotonic() - began < 0.3
    assert not panel.run_action.isEnabled()
    assert panel.stop_action.isEnabled()
    qtbot.waitUntil(lambda: status.phase.text().startswith("Forward: tracing, "), timeout=LIMIT)
    assert status.bar.busy
    assert status.left.text() == ""
    qtbot.waitUntil(lambda: status.phase.text().startswith("Forward: burn-in, "), timeout=LIMIT)
    qtbot.waitUntil(lambda: status.phase.text().startswith("Forward: timing steps, "), timeout=LIMIT)
    qtbot.waitUntil(lambda: status.count.text() in {f"step {i}/40" for i in range(2, 40)}, timeout=LIMIT)
    done = int(status.count.text().split()[1].split("/")[0])
    assert status.bar.value() == int(done / 40 * 1000)
    assert status.left.text() in {"0:02 left of forward", "0:01 left of forward"}
    panel.stop_action.trigger()
    assert status.phase.text().startswith("Stopping")
    qtbot.waitUntil(lambda: not panel._runner.running, timeout=LIMIT)


def test_drawing_leaves_the_processor_to_the_steps(make: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    panel = make("--fault", "hang")
    drawn: list[float] = []
    clock = [100.0, 5.0]  # by the wall, and by the thread
    monkeypatch.setattr("resnet_studio.ui.widgets.throttle._SHARE", 0.02)
    monkeypatch.setattr("resnet_studio.ui.widgets.throttle.time.monotonic", lambda: clock[0])
    monkeypatch.setattr("resnet_studio.ui.widgets.throttle.time.thread_time", lambda: clock[1])
    panel.follower._progress = RunProgress(PLAN, 100.0)
    panel.follower._progress.take(PhaseBegan("steps", "forward"), 100.0)
    follow = panel.follower._follow
    follow.running = follow.measuring = True

    def redraw() -> None:
        drawn.append(clock[0])
        clock[1] += 0.0101  # 2 % of half a second and a bit

    monkeypatch.setattr(panel.plot, "redraw", redraw)
    follow.draw()
    for _ in range(19):
        clock[0] += 0.1
        follow._tick()
    assert np.diff(drawn) == pytest.approx([0.6, 0.6, 0.6])
    panel.follower._progress = None
    follow.running = False


def test_stop_keeps_what_was_measured_and_says_so(qtbot: QtBot, make: Any) -> None:
    panel = make("--step-seconds", "0.005", "--fault", "hang", "--fault-at", "7")
    panel.run_action.trigger()
    qtbot.waitUntil(lambda: panel.plot.drawn("forward")[0].size == 9, timeout=LIMIT)
    with qtbot.waitSignal(panel._runner.ended, timeout=1000):
        panel.stop_action.trigger()
    assert panel.status.result.text().startswith("Stopped after 7 of 12 steps of forward. Forward ")
    assert cells(panel, 0)["Note"].startswith("stopped after 7 of 12 steps")
    assert cells(panel, 0)["Steps"] == "7"
    assert panel.plot.drawn("forward")[0].size == 9
    assert panel.log.toPlainText().endswith("Stopped")
    assert panel.run_action.isEnabled()


def test_a_failure_says_what_happened_and_folds_its_details(qtbot: QtBot, make: Any) -> None:
    panel = make("--fault", "failed", "--fault-at", "3")
    run_to_end(qtbot, panel)
    status = panel.status
    text = status.result.text()
    assert text.startswith("It ran out of memory. Use a smaller batch. Measured until then: Forward ")
    assert not status.details.isVisible()
    status.unfold.click()
    assert status.details.isVisible()
    assert status.details.toPlainText() == "a traceback"
    status.copy.click()
    assert QGuiApplication.clipboard().text() == "It ran out of memory.\n\nUse a smaller batch.\n\na traceback"
    assert cells(panel, 0)["Note"].startswith("failed after 3 of 12 steps")
    assert "Failed: It ran out of memory." in panel.log.toPlainText()
    assert panel.run_action.isEnabled()
    run_to_end(qtbot, panel)
    assert not status.details.isVisible()


def test_the_log_follows_its_end_unless_somebody_reads_further_up(qtbot: QtBot, make: Any) -> None:
    panel = make()
    panel.resize(900, 300)
    panel.log.append([f"line {i}" for i in range(300)])  # behind the other tab
    panel.tabs.setCurrentWidget(panel.log)
    bar = panel.log.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 200 and bar.value() == bar.maximum(), timeout=1000)
    panel.log.append(["one more"])
    assert bar.value() == bar.maximum()
    bar.setValue(20)
    panel.log.append(["and another"] * 50)
    assert bar.value() == 20


def test_two_runs_stand_newest_on_top_and_sort_by_number(qtbot: QtBot, make: Any) -> None:
    panel = make("--step-seconds", "0", plan=TimingPlan(modes=("forward",), batch=2, burn_in=0, steps=3))
    run_to_end(qtbot, panel)
    panel.set_plan(TimingPlan(modes=("forward",), batch=16, burn_in=0, steps=3))
    run_to_end(qtbot, panel)
    assert [row.run.batch for row in panel.results.rows()] == [16, 2]
    panel.results.sortByColumn(2, Qt.SortOrder.AscendingOrder)
    assert [row.run.batch for row in panel.results.rows()] == [2, 16]


# ---- fields


def test_what_is_typed_wrong_stays_is_marked_and_keeps_run_off(qtbot: QtBot, make: Any) -> None:
    panel = make()
    field = panel.form.fields["batch"]
    for typed, said in (("5000", "5,000 is out of range"), ("many", "'many' is not a whole number"), ("", "is not")):
        with qtbot.waitSignal(panel.problems_changed, timeout=1000):
            field.lineEdit().setText(typed)
        assert field.text() == typed
        assert said in field.toolTip()
        assert "1 to 4,096 images" in field.toolTip()
        assert not panel.run_action.isEnabled()
        assert said in panel.status.result.text()
        assert panel.plan is None
        panel.run()
        assert not panel._runner.running
    panel.set_theme(DARK)
    assert field.lineEdit().palette().base().color().name() == DARK.error_fill
    with qtbot.waitSignal(panel.plan_changed, timeout=1000) as changed:
        field.lineEdit().setText("1,024")
    assert changed.args[0].batch == 1024
    assert panel.plan == changed.args[0]
    assert panel.problems == ()
    assert panel.run_action.isEnabled()
    assert field.lineEdit().palette().base().color().name() != DARK.error_fill
    assert panel.status.result.text() == "Ready to time resnet_v2_50 with 1,024 images of 224 × 224 a step."


def test_a_wrong_field_keeps_its_text_when_it_loses_the_focus(qtbot: QtBot, make: Any) -> None:
    panel = make()
    field = panel.form.fields["steps"]
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "12x")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    panel.form.fields["batch"].setFocus()
    assert field.text() == "12x"


def test_a_design_with_problems_keeps_run_off(make: Any) -> None:
    panel = make()
    panel._document.edit(DESIGN.with_block(2, DESIGN.blocks[2].with_all("depth", "x")), "Set depth")
    assert not panel.run_action.isEnabled()
    assert (
        panel.status.result.text() == "Run is off. block3, depth: 'x' is not a whole number. Use 1 to 8,192 channels."
    )
    panel._document.undo_stack.undo()
    assert panel.run_action.isEnabled()


def test_arrows_step_and_stop_at_the_bounds(qtbot: QtBot, make: Any) -> None:
    panel = make()
    batch, steps = panel.form.fields["batch"], panel.form.fields["steps"]
    batch.set_value(24)
    qtbot.keyClick(batch, Qt.Key.Key_Up)
    assert batch.value == 32
    batch.set_value(4096)
    qtbot.keyClick(batch, Qt.Key.Key_Up)
    assert batch.value == 4096
    steps.set_value(5)
    qtbot.keyClick(steps, Qt.Key.Key_Down)
    assert steps.value == 1
    assert [by_doubling(v, 1) for v in (1, 2, 3, 32)] == [2, 4, 4, 64]
    assert [by_doubling(v, -1) for v in (1, 2, 3, 32, 33)] == [1, 1, 2, 16, 32]


def test_the_mode_is_part_of_the_plan(make: Any) -> None:
    panel = make()
    panel.set_plan(TimingPlan(modes=("forward-backward",), batch=8, burn_in=0, steps=20, seed=7))
    assert panel.plan == TimingPlan(modes=("forward-backward",), batch=8, burn_in=0, steps=20, seed=7)
    assert panel.form.mode.currentText() == "Forward-backward"


def test_every_control_has_a_name_a_tooltip_and_every_field_a_label(make: Any) -> None:
    panel = make()
    form, options = panel.form, panel.form.options
    for field in (form.mode, form.end, form.more, *form.fields.values(), *options.findChildren(QAbstractSpinBox)):
        assert field.accessibleName()
        assert field.toolTip()
    for window, fields in (
        (panel, [form.mode, form.end, form.fields["batch"], form.fields["burn_in"]]),
        (options, [*options.findChildren(QComboBox), *options.findChildren(QAbstractSpinBox)]),
    ):
        labels = [label for label in window.findChildren(QLabel) if label.buddy() and label.window() is window]
        buddies = {label.buddy(): label.text() for label in labels}
        for field in fields:
            assert "&" in buddies[field]
        mnemonics = [text[text.index("&") + 1].lower() for text in buddies.values()]
        assert len(set(mnemonics)) == len(mnemonics)
    for widget in (panel.plot.plot, panel.plot.legend, panel.results, panel.log, panel.status.bar):
        assert widget.accessibleName()
    for action in (panel.run_action, panel.stop_action, panel.plot.view_all, panel.results.copy_action):
        assert action.toolTip()


def test_a_panel_900_wide_and_260_high_clips_nothing(qtbot: QtBot, make: Any) -> None:
    panel = make()
    assert panel.minimumSizeHint().width() <= 900
    assert panel.minimumSizeHint().height() <= 260
    assert panel.size().width() == 900
    outside = [
        child
        for child in panel.form.findChildren(QWidget)
        if child.isVisible() and not panel.rect().contains(child.mapTo(panel, child.rect().bottomRight()))
    ]
    assert outside == []


def test_until_precise_takes_the_place_of_steps_and_comes_with_a_limit(qtbot: QtBot, make: Any) -> None:
    panel = make("--step-seconds", "0.005")
    form = panel.form
    form.end.setCurrentIndex(1)
    assert not form.fields["steps"].isVisible()
    assert form.fields["until_precise"].isVisible()
    assert (panel.plan.until_precise, panel.plan.max_seconds) == (2, 120)
    form.fields["until_precise"].lineEdit().setText("0")
    assert panel.problems[0].place.field == "until-precise"
    assert not panel.run_action.isEnabled()
    form.fields["until_precise"].lineEdit().setText("2.5")
    assert panel.plan.until_precise == 2.5
    assert panel.minimumSizeHint().width() <= 1280
    run_to_end(qtbot, panel)
    assert panel.results.rows()[0].run.ended_by == "precise"
    form.end.setCurrentIndex(0)
    assert (panel.plan.until_precise, panel.plan.max_seconds, panel.plan.steps) == (None, None, PLAN.steps)


def test_progress_until_precise_tells_the_steps_and_how_precise_they_are() -> None:
    progress = RunProgress(TimingPlan(("forward",), until_precise=2.0, max_seconds=10), 0.0)
    progress.take(PhaseBegan("steps", "forward"), 1.0)
    assert (progress.count_text, progress.done_of_total) == ("0 steps", (0, 30))
    for index in range(30):
        progress.take(Step("forward", index, 1_000_000 + index * 1_000, False), 2.0)
    assert re.fullmatch(r"30 steps, ± 0\.\d+ % so far", progress.count_text)
    assert progress.done_of_total == (30, 30)
    assert progress.seconds_left(3.0) == 8.0
    assert progress.at_most
    progress.take(Step("forward", 30, 1_000_000, False), 2.0)
    assert progress.done_of_total == (31, 60)


def test_the_options_come_with_the_plan_and_the_button_counts_what_was_changed(make: Any) -> None:
    panel = make()
    assert panel.form.more.text() == "&Options…"
    plan = TimingPlan(
        intra_op_threads=1, inter_op_threads=2, seed=3, precision="bfloat16", compiler="xla", batch_norm="inference",
        input="step", profile=True,
    )  # fmt: skip
    panel.set_plan(plan)
    assert panel.plan == plan
    assert panel.form.more.text() == "&Options (8)…"
    assert "XLA" in panel.form.more.toolTip()
    panel.form.options.findChildren(QAbstractSpinBox)[0].lineEdit().setText("9999")
    assert panel.plan is None
    assert panel.problems[0].place.field == "threads"
    panel.form.options.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.RestoreDefaults).click()
    assert panel.plan == TimingPlan()


def test_a_run_that_takes_most_of_the_memory_is_asked_about_first(
    qtbot: QtBot, make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    panel = make("--step-seconds", "0.001", plan=replace(PLAN, batch=64))
    monkeypatch.setattr("resnet_studio.ui.run.memory_question.available_memory", lambda: 2**30)

    def answer(which: str) -> None:
        panel.run_action.trigger()
        assert not panel._runner.running
        (question,) = panel.findChildren(MemoryQuestion)
        assert question.text().startswith(
            "A batch of 64 is forecast to take 4.4 GiB (forward-backward); 1.0 GiB are free."
        )
        button = getattr(question, which) if which else question.button(QMessageBox.StandardButton.Cancel)
        button.click()
        qtbot.waitUntil(lambda: not panel.findChildren(MemoryQuestion))

    answer("")
    assert not panel._runner.running
    with qtbot.waitSignal(panel._runner.ended, timeout=LIMIT):
        answer("anyway")
    assert panel.results.rows()[0].run.batch == 64
    with qtbot.waitSignal(panel._runner.ended, timeout=LIMIT):
        answer("smaller")
    assert panel.results.rows()[0].run.batch == panel.plan.batch == 7


# ---- copy and export


def test_copy_gives_tabs_headers_and_full_precision(qtbot: QtBot, make: Any) -> None:
    panel = make("--step-seconds", "0.003")
    run_to_end(qtbot, panel)
    panel.results.selectRow(1)
    panel.results.copy_action.trigger()
    header, row, *rest = QGuiApplication.clipboard().text().splitlines()
    assert rest == []
    assert header.split("\t") == list(WRITTEN)
    values = dict(zip(header.split("\t"), row.split("\t"), strict=True))
    assert values["Mode"] == "Forward-backward"
    assert float(values["Mean (s)"]) == panel.results.rows()[1].run.summary.mean


def test_export_writes_records_once_and_figures(qtbot: QtBot, make: Any, tmp_path: Path) -> None:
    panel = make("--step-seconds", "0")
    run_to_end(qtbot, panel)
    rows = panel.results.rows()
    assert write_results(tmp_path / "a.json", rows) is None
    (value,) = json.loads((tmp_path / "a.json").read_text())
    assert [run["mode"] for run in value["runs"]] == ["forward", "forward-backward"]
    assert value["runs"][0]["step_seconds"] == list(rows[0].run.step_seconds)
    assert write_results(tmp_path / "a.csv", rows) is None
    assert len((tmp_path / "a.csv").read_text().splitlines()) == 3
    fault = write_results(tmp_path / "none" / "a.json", rows)
    assert fault
    assert not (tmp_path / "none").exists()


# ---- the pure parts


def test_time_left_is_known_from_the_first_step_of_a_mode_and_runs_down() -> None:
    progress = RunProgress(TimingPlan(burn_in=2, steps=10), now=100.0)
    assert progress.title == "Starting"
    progress.take(PhaseBegan("trace", "forward"), 101.0)
    assert progress.title == "Forward: tracing"
    assert progress.seconds_left(102.0) is None
    progress.take(PhaseBegan("burn_in", "forward"), 103.0)
    assert progress.seconds_left(103.0) is None
    progress.take(Step("forward", 0, 2_000_000_000, True), 105.0)
    assert progress.seconds_left(105.0) == pytest.approx(11 * 2.0)
    assert progress.seconds_left(106.5) == pytest.approx(11 * 2.0 - 1.5)
    progress.take(Step("forward", 1, 4_000_000_000, True), 109.0)
    progress.take(PhaseBegan("steps", "forward"), 109.0)
    assert progress.done_of_total == (0, 10)
    assert progress.seconds_left(109.0) == pytest.approx(10 * 3.0)
    assert not progress.is_last_mode
    progress.take(PhaseBegan("trace", "forward-backward"), 140.0)
    assert progress.seconds_left(140.0) is None
    progress.take(PhaseBegan("burn_in", "forward-backward"), 141.0)
    assert progress.seconds_left(141.0) is None, "another mode's steps say nothing of this one's"
    assert progress.is_last_mode


@pytest.mark.parametrize(
    ("mean", "sd", "text"),
    [
        (0.2341, 0.0031, "0.234 ± 0.003 s"),
        (0.2341, 0.014, "0.234 ± 0.014 s"),
        (0.0123, 0.0005, "12.3 ± 0.5 ms"),
        (31.4, 2.2, "31.4 ± 2.2 s"),
        (0.5, 0.0, "0.5000 ± 0.0000 s"),
        (12.0, 25.0, "12 ± 25 s"),
    ],
)
def test_figures_have_the_digits_that_their_spread_supports(mean: float, sd: float, text: str) -> None:
    assert spread(mean, sd) == text


def test_times_as_people_read_them() -> None:
    assert (duration(0.23456), duration(0.0123456), duration(31.2)) == ("0.2346 s", "12.35 ms", "31.2 s")
    assert (clock(0.2), clock(41), clock(3725), clock(-3)) == ("0:01", "0:41", "1:02:05", "0:00")
    assert (elapsed(3.24), elapsed(41.9), elapsed(125.9)) == ("3.2 s", "41 s", "2:05")
    assert (rate(1370.4), rate(13.53), rate(4.274)) == ("1,370 images/s", "13.5 images/s", "4.27 images/s")


def stopped(*runs: Run) -> Record:
    return Record(Job(DESIGN, TimingPlan(batch=2, steps=10)), runs=runs, end="Cancelled")


def test_the_sentence_of_a_stopped_run_names_the_mode_that_was_cut() -> None:
    whole = Run("forward", 2, {}, (), (500_000_000,) * 10)
    assert outcome_text(stopped()) == "Stopped before the timed steps of forward."
    assert outcome_text(stopped(whole)).startswith("Stopped before the timed steps of forward-backward. Forward 0.5")
    partly = Run("forward-backward", 2, {}, (), (1_000_000_000,) * 4)
    assert outcome_text(stopped(whole, partly)).startswith("Stopped after 4 of 10 steps of forward-backward. Forward ")


def test_a_result_of_another_day_shows_its_date(make: Any) -> None:
    panel = make()
    panel.results.add(datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC), stopped(Run("forward", 2, {}, (), (500_000_000,) * 3)))
    assert cells(panel, 0)["When"] == "2020-02-03 04:05"


def test_a_row_shows_the_medians_interval_and_its_cautions_with_their_remedies(make: Any) -> None:
    panel = make()
    steps = (200_000_000,) * 12 + (100_000_000, 101_000_000, 102_000_000, 103_000_000) * 20
    record = Record(
        Job(DESIGN, TimingPlan(batch=2, steps=92)), {}, (Run("forward", 2, {}, (0,) * 5, steps, "steps"),), 0
    )
    panel.results.add(datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC), record)
    row = cells(panel, 0)
    assert row["Median [95 %] (ms)"] == "102.0 [101.0, 102.0]"
    assert row["Note"] == "burn-in; spread"
    model = panel.results.model()
    tip = model.index(0, 6).data(Qt.ItemDataRole.ToolTipRole)
    assert tip.startswith(
        "Not steady yet: the first 12 timed steps took 97 % longer than the rest. Raise burn-in from 5 to 17."
    )
    assert "\nWide spread: " in tip
    assert float(row["GFLOP/s"]) == pytest.approx(record.gigaflops(record.runs[0]), rel=0.01)


def test_the_note_of_a_run_until_precise_says_what_ended_it(make: Any) -> None:
    panel = make()
    plan = TimingPlan(batch=2, until_precise=2.0)
    run = Run("forward", 2, {}, (), (100_000_000, 101_000_000) * 15, "precise")
    panel.results.add(datetime(2020, 2, 3, 4, 5, 6, tzinfo=UTC), Record(Job(DESIGN, plan), {}, (run,), 0, "Finished"))
    assert cells(panel, 0)["Note"] == "precise to ± 0.5 %"
    assert not panel.results.rows()[0].partial


def test_the_sentence_of_a_finished_run_ends_in_its_gravest_caution_and_remedy() -> None:
    steps = (200_000_000,) * 12 + (100_000_000, 101_000_000, 102_000_000, 103_000_000) * 20
    plan = TimingPlan(modes=("forward",), batch=2, steps=92)
    run = Run("forward", 2, {}, (0,) * 5, steps, "steps")
    text = outcome_text(Record(Job(DESIGN, plan), {}, (run,), 0, "Finished"))
    assert text.endswith("than the rest. Raise burn-in from 5 to 17. (1 more in Results)")
    assert ". Not steady yet: " in text
    quiet = Run("forward", 2, {}, (), (100_000_000,) * 92, "steps")
    assert outcome_text(Record(Job(DESIGN, plan), {}, (quiet,), 0, "Finished")).endswith(" images/s).")


# ---- the history


def test_runs_of_an_earlier_window_are_in_the_table_again(qtbot: QtBot, make: Any, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    first = make("--step-seconds", "0.001")
    first.open_history(path)
    assert first.results.rows() == []
    run_to_end(qtbot, first)
    second = make()
    second.open_history(path)
    assert [(row.when, row.run) for row in second.results.rows()] == [
        (row.when, row.run) for row in first.results.rows()
    ]
    assert cells(second, 0) == cells(first, 0)


def test_deleted_runs_are_asked_about_and_gone_from_table_and_history(qtbot: QtBot, make: Any, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    panel = make("--step-seconds", "0.001")
    panel.open_history(path)
    assert not panel.results.clear_action.isEnabled()
    run_to_end(qtbot, panel)
    panel.set_plan(replace(PLAN, batch=4))
    run_to_end(qtbot, panel)
    assert not panel.results.delete_action.isEnabled()
    panel.results.selectRow(0)
    panel.results.delete_action.trigger()
    panel.results.findChild(QMessageBox).reject()
    assert len(panel.results.rows()) == 4
    panel.results.delete_action.trigger()
    box = panel.results.findChildren(QMessageBox)[-1]
    next(button for button in box.buttons() if button.text() == "&Delete").click()
    assert [row.run.batch for row in panel.results.rows()] == [2, 2]
    again = make()
    again.open_history(path)
    assert [row.run.batch for row in again.results.rows()] == [2, 2]
    again.results.clear_action.trigger()
    again.results.findChild(QMessageBox).accept()
    assert again.results.rows() == []
    assert past(path) == ((), "")


def test_a_damaged_history_is_told_and_kept_and_a_run_goes_on(qtbot: QtBot, make: Any, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite"
    path.write_bytes(b"rubbish" * 1000)
    panel = make("--step-seconds", "0.001")
    panel.open_history(path)
    assert "was damaged; it was put aside as history-damaged-" in panel.status.result.text()
    assert "was damaged" in panel.log.toPlainText()
    assert len(list(tmp_path.glob("history-damaged-*"))) == 1
    run_to_end(qtbot, panel)
    assert len(panel.results.rows()) == 2


def test_a_history_that_cannot_be_written_is_told_and_the_run_is_shown(qtbot: QtBot, make: Any, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    panel = make("--step-seconds", "0.001")
    panel.open_history(tmp_path / "file" / "history.sqlite")
    run_to_end(qtbot, panel)
    assert len(panel.results.rows()) == 2
    assert "can’t be used" in panel.log.toPlainText()
    assert panel.status.result.text().startswith("Forward ")
    assert panel.status.result.text().endswith(panel.log.toPlainText().splitlines()[-1])
