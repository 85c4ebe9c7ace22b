"""The Compare tab against a fake engine: run, verdict, Stop, one side that fails, what is refused, two saved runs."""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QItemSelectionModel
from pytestqt.qtbot import QtBot

from resnet_studio.bench.comparison import NOT_INTERLEAVED, NOT_INTERLEAVED_REMEDY
from resnet_studio.bench.events import PhaseBegan
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.rounds import Contest, RoundEnded, Told
from resnet_studio.design.files import save
from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import DARK
from resnet_studio.ui.compare.compare_form import ITSELF, MOST_OPPONENTS, OTHERWISE
from resnet_studio.ui.compare.ratio_plot import RatioPlot
from resnet_studio.ui.design.design_choice import FILE
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.contest_progress import ContestProgress
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.benchmark_panel import BenchmarkPanel

FAKE = str(Path(__file__).parent.parent.parent / "fake_engine.py")
DESIGN = PRESETS["resnet_v2_50"]
PLAN = TimingPlan(modes=("forward",), batch=2, burn_in=1, steps=12)
LIMIT = 15_000


@pytest.fixture
def make(qtbot: QtBot) -> Iterator[Callable[..., BenchmarkPanel]]:
    runners: list[TimingRunner] = []

    def build(*options: str, plan: TimingPlan = PLAN, rounds: int = 8) -> BenchmarkPanel:
        runner = TimingRunner([sys.executable, FAKE, "--step-seconds", "0.02", *options])
        runners.append(runner)
        panel = BenchmarkPanel(DesignDocument(DESIGN), runner)
        qtbot.addWidget(panel)
        panel.resize(1200, 400)
        panel.set_plan(plan)
        panel.compare.form.rounds.set_value(rounds)
        panel.views.setCurrentWidget(panel.compare)
        panel.show()
        return panel

    yield build
    for runner in runners:
        runner.shutdown()


def run_to_end(qtbot: QtBot, panel: BenchmarkPanel) -> Any:
    with qtbot.waitSignal(panel._runner.ended, timeout=LIMIT) as ended:
        panel.compare.compare_action.trigger()
    return ended.args[0].outcome


def test_a_slower_design_is_told_live_and_at_the_end(qtbot: QtBot, make: Any) -> None:
    panel = make("--slower", "4", "--only-design", "resnet_v2_50_paper")
    compare = panel.compare
    record = run_to_end(qtbot, panel)
    text = compare.view.verdict.text()
    assert text.startswith("Forward: resnet_v2_50_paper takes ")
    assert text.endswith("]: slower")
    dots, low, high = compare.view.plot.trace("forward").drawn()
    pairs = [each.nanoseconds for each in record.rounds]
    assert dots == pytest.approx([np.log(b / a) for a, b in pairs])
    judged = compare.view.plot.comparison("forward")
    assert (np.exp(low[-1]), np.exp(high[-1])) == pytest.approx((judged.low, judged.high))
    assert len(low) == 3  # after rounds six, seven and eight: under six there is no interval
    assert compare.view.status.result.text() == "8 rounds, timed in turn."
    assert not compare.view.badge.isVisible()
    assert "8 rounds, ratio" in compare.view.plot.plot.accessibleDescription()
    assert panel.results.rows() == []  # steps that were timed in turn are no run of their own


def test_the_y_axis_is_symmetrical_about_one_and_its_ticks_are_ratios(qtbot: QtBot) -> None:
    plot = RatioPlot()
    qtbot.addWidget(plot)
    plot.resize(500, 300)
    plot.begin(("forward",), 20, "a", "b")
    for _ in range(20):
        plot.add("forward", 1_000, 1_500)
    plot.redraw()
    low, high = plot._item.getViewBox().viewRange()[1]
    assert low == pytest.approx(-high)
    assert high > np.log(1.5)
    axis = plot._item.getAxis("left")
    ((_, ticks),) = axis.tickValues(low, high, 250)
    texts = axis.tickStrings(ticks, 1, 1)
    assert "1" in texts
    assert {"0.667", "1.5"} <= set(texts)
    assert len(texts) % 2 == 1


def test_run_and_compare_exclude_each_other(qtbot: QtBot, make: Any) -> None:
    panel = make("--fault", "hang")
    compare = panel.compare
    compare.compare_action.trigger()
    assert not panel.run_action.isEnabled()
    assert not compare.compare_action.isEnabled()
    assert panel.stop_action.isEnabled()
    began = time.monotonic()
    with qtbot.waitSignal(panel._runner.ended, timeout=LIMIT):
        panel.stop_action.trigger()
    assert time.monotonic() - began < 1
    assert panel.run_action.isEnabled()
    assert compare.compare_action.isEnabled()
    panel.run_action.trigger()
    assert not compare.compare_action.isEnabled()
    with qtbot.waitSignal(panel._runner.ended, timeout=LIMIT):
        panel.stop_action.trigger()
    assert compare.compare_action.isEnabled()


def test_stop_keeps_the_rounds_so_far(qtbot: QtBot, make: Any) -> None:
    panel = make(rounds=10_000)
    compare = panel.compare
    compare.compare_action.trigger()
    qtbot.waitUntil(lambda: len(compare.view._rounds) >= 7 and compare.view.status.left.text() != "", timeout=LIMIT)
    assert compare.view.status.count.text().endswith("/10,000")
    assert compare.view.status.count.text().startswith("round ")
    assert compare.view.status.left.text().endswith("left")
    with qtbot.waitSignal(panel._runner.ended, timeout=LIMIT) as ended:
        compare.stop_action.trigger()
    done = len(ended.args[0].outcome.rounds)
    assert compare.view.status.result.text() == f"Stopped after {done} of 10,000 rounds."
    assert compare.view.verdict.text().startswith("Forward: resnet_v2_50_paper takes ")


def test_a_side_that_fails_is_named_and_the_rounds_before_are_kept(qtbot: QtBot, make: Any) -> None:
    panel = make("--fault", "failed", "--fault-at", "10", "--only-design", "resnet_v2_50_paper", rounds=9)
    record = run_to_end(qtbot, panel)
    compare = panel.compare
    assert "resnet_v2_50_paper: It ran out of memory. Use a smaller batch." in compare.view.status.result.text()
    assert (
        len(compare.view.plot.trace("forward").pairs)
        == sum(None not in each.nanoseconds for each in record.rounds)
        >= 4
    )
    assert len(record.records[0].runs[0].step_nanoseconds) == 9
    assert "takes" in compare.view.verdict.text()


def test_several_designs_and_which_of_them_is_drawn(qtbot: QtBot, make: Any) -> None:
    panel = make(rounds=6)
    compare = panel.compare
    assert not compare.view.shown_side.isVisible()
    compare.form.more.click()
    compare.form.opponents[1].choice.setCurrentIndex(compare.form.opponents[1].choice.findData(ITSELF))
    record = run_to_end(qtbot, panel)
    assert compare.view.verdict.text().startswith("Forward: resnet_v2_50_paper takes ")
    assert compare.view.shown_side.isVisible()
    compare.view.shown_side.setCurrentIndex(1)
    assert compare.view.verdict.text().startswith("Forward: resnet_v2_50 (C) takes ")
    assert compare.view.plot.trace("forward").pairs == [(r.nanoseconds[0], r.nanoseconds[2]) for r in record.rounds]
    for _ in range(MOST_OPPONENTS):
        compare.form.more.click()
    assert len(compare.form.opponents) == MOST_OPPONENTS
    assert not compare.form.more.isEnabled()
    compare.form.fewer.click()
    compare.form.fewer.click()
    assert not compare.form.fewer.isEnabled()


def test_what_is_chosen_becomes_the_jobs(qtbot: QtBot, make: Any, tmp_path: Path) -> None:
    panel = make()
    form = panel.compare.form
    small = replace(DESIGN, image=(64, 64))
    (row,) = form.opponents
    assert [job.design.name for job in form.contest(small, PLAN).jobs] == ["resnet_v2_50", "resnet_v2_50_paper"]
    assert {job.design.image for job in form.contest(small, PLAN).jobs} == {(64, 64)}
    row.choice.setCurrentIndex(row.choice.findData(OTHERWISE))
    row.settings.setText("batch=8, form=paper")
    second = form.contest(small, PLAN).jobs[1]
    assert (second.plan.batch, second.design.conv_biases) == (8, False)
    save(replace(DESIGN, name="of_a_file", num_classes=7), tmp_path / "own.json")
    row.choice.open_file(tmp_path / "own.json")
    assert row.choice.currentData() == FILE
    assert row.choice.currentText() == "own.json"
    assert form.contest(small, PLAN).jobs[1].design.num_classes == 7


@pytest.mark.parametrize(
    ("settings", "said"),
    [("", "B: '' sets nothing"), ("batch=0", "B: batch: 0 is out of range"), ("colour=red", "B: 'colour=red'")],
)
def test_a_wrong_setting_turns_compare_off_and_says_why(qtbot: QtBot, make: Any, settings: str, said: str) -> None:
    panel = make()
    compare = panel.compare
    (row,) = compare.form.opponents
    row.choice.setCurrentIndex(row.choice.findData(OTHERWISE))
    row.settings.setText(settings)
    assert not compare.compare_action.isEnabled()
    assert f"Compare is off. {said}" in compare.view.status.result.text()
    assert panel.run_action.isEnabled()
    row.settings.setText("batch=4")
    assert compare.compare_action.isEnabled()


def test_wrong_rounds_a_missing_file_and_a_broken_design_turn_compare_off(make: Any, tmp_path: Path) -> None:
    panel = make()
    compare = panel.compare
    compare.form.rounds.set_value(0)
    assert "rounds: 0 is out of range" in compare.view.status.result.text()
    compare.form.rounds.set_value(8)
    assert compare.compare_action.isEnabled()
    compare.form.opponents[0].choice.open_file(tmp_path / "none.json")
    assert not compare.compare_action.isEnabled()
    assert "none.json" in compare.view.status.result.text()
    compare.form.opponents[0].choice.setCurrentIndex(1)
    panel.form.fields["batch"].set_value(0)
    assert not compare.compare_action.isEnabled()
    assert "batch" in compare.view.status.result.text()


def finished(when: datetime, nanoseconds: list[int], name: str = "net") -> tuple[datetime, Record]:
    job = Job(replace(DESIGN, name=name), PLAN)
    return when, Record(job, runs=(Run("forward", 2, {}, (), tuple(nanoseconds)),), end="Finished")


def test_two_saved_runs_carry_a_badge(qtbot: QtBot, make: Any) -> None:
    panel = make()
    now = datetime.now(UTC)
    panel.results.add(*finished(now - timedelta(hours=1), [1_000_000] * 12, "before"))
    panel.results.add(*finished(now, [2_000_000] * 12, "after"))
    assert not panel.results.compare_action.isEnabled()
    flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
    for row in (0, 1):
        panel.results.selectionModel().select(panel.results.model().index(row, 0), flags)
    panel.views.setCurrentIndex(0)
    panel.results.compare_action.trigger()
    compare = panel.compare
    assert panel.views.currentWidget() is compare
    assert compare.view.badge.isVisible()
    assert compare.view.badge.text() == NOT_INTERLEAVED
    text = compare.view.verdict.text()
    assert text.startswith("after forward of ")
    assert "takes 2.00 times as long as before forward of" in text
    assert "]: slower" in text
    assert NOT_INTERLEAVED_REMEDY in text
    assert not compare.view.plot.isVisible()
    run_to_end(qtbot, panel)
    assert not compare.view.badge.isVisible()
    assert compare.view.plot.isVisible()


def test_every_control_has_a_name_and_a_tooltip(make: Any) -> None:
    panel = make()
    panel.set_theme(DARK)
    form = panel.compare.form
    for widget in (form.rounds, form.opponents[0].choice, form.opponents[0].settings, panel.compare.view.shown_side):
        assert widget.accessibleName()
        assert widget.toolTip()
    for widget in (form.more, form.fewer):
        assert widget.text()
        assert widget.toolTip()


def test_progress_names_the_side_and_forecasts_from_rounds() -> None:
    jobs = (Job(DESIGN, PLAN), Job(PRESETS["resnet_v2_50_paper"], PLAN))
    progress = ContestProgress(Contest(jobs, 10), ("a", "b"), 0.0)
    progress.take(Told(1, PhaseBegan("trace", "forward")), 1.0)
    assert progress.title == "b, forward: tracing"
    assert progress.done_of_total is None
    for side in (0, 1):
        progress.take(Told(side, PhaseBegan("steps", "forward")), 2.0)
    assert progress.seconds_left(2.0) is None
    for index in range(4):
        progress.take(RoundEnded("forward", index, (1, 1), (0, 1)), 4.0 + 2 * index)
    assert progress.title == "Forward: rounds in turn"
    assert progress.done_of_total == (4, 10)
    assert progress.seconds_left(10.5) == pytest.approx(6 * 2.0 - 0.5, rel=0.3)
    assert progress.is_last_mode
