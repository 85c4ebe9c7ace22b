"""The live plot: what it draws are the events' values, its ranges, units, figures and colours."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from pytestqt.qtbot import QtBot

from resnet_studio.bench.events import Step
from resnet_studio.bench.plan import Mode, TimingPlan
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.ui.run.live_plot import LivePlot
from resnet_studio.ui.run.step_trace import SYMBOLS_UP_TO

FORWARD = np.array([0.30, 0.32, 0.28, 0.31, 0.29])


@pytest.fixture
def plot(qtbot: QtBot) -> Iterator[LivePlot]:
    widget = LivePlot()
    qtbot.addWidget(widget)
    widget.resize(700, 300)
    widget.show()
    return widget


def feed(plot: LivePlot, mode: Mode, seconds: Any, burn_in: bool = False) -> None:
    for index, value in enumerate(seconds):
        plot.add(Step(mode, index, round(value * 1e9), burn_in))


def test_before_a_run_it_says_what_to_do(plot: LivePlot) -> None:
    assert plot._hint.isVisible()
    assert "Press Run" in plot._hint.text()
    plot.begin(TimingPlan())
    assert not plot._hint.isVisible()


def test_it_draws_the_values_of_the_events_burn_in_first(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=2, steps=100))
    feed(plot, "forward", [0.5, 0.4], burn_in=True)
    feed(plot, "forward", FORWARD)
    feed(plot, "forward-backward", FORWARD * 3)
    plot.redraw()
    x, y = plot.drawn("forward")
    assert x.tolist() == [-2, -1, 0, 1, 2, 3, 4]
    assert y == pytest.approx([0.5, 0.4, *FORWARD])
    x, y = plot.drawn("forward-backward")
    assert x.tolist() == [0, 1, 2, 3, 4]
    assert y == pytest.approx(FORWARD * 3)


def test_nothing_is_drawn_until_redraw(plot: LivePlot) -> None:
    plot.begin(TimingPlan())
    feed(plot, "forward", FORWARD)
    assert plot.drawn("forward")[0].size == 0
    plot.redraw()
    assert plot.drawn("forward")[0].size == 5


def test_the_mean_line_and_the_band_are_of_the_timed_steps_only(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=2))
    feed(plot, "forward", [5.0, 5.0], burn_in=True)
    feed(plot, "forward", FORWARD)
    plot.redraw()
    trace = plot.trace("forward")
    assert trace._mean.yData == pytest.approx([FORWARD.mean()] * 2)
    band = trace._band.rect()
    assert (band.top(), band.bottom()) == pytest.approx(
        (FORWARD.mean() - FORWARD.std(), FORWARD.mean() + FORWARD.std())
    )
    assert (band.left(), band.right()) == (-0.5, 4.5)


def test_the_burn_in_is_shaded_where_there_is_one(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=10))
    assert plot._burn_in.isVisible()
    assert plot._burn_in.getRegion() == (-10.5, -0.5)
    plot.begin(TimingPlan(burn_in=0))
    assert not plot._burn_in.isVisible()


def test_short_steps_are_shown_in_milliseconds(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=0))
    feed(plot, "forward", FORWARD / 100)
    plot.redraw()
    assert plot.drawn("forward")[1] == pytest.approx(FORWARD * 10)
    assert plot._item.getAxis("left").labelText == "ms a batch"
    feed(plot, "forward-backward", [0.5])  # now seconds are the better unit, for what was drawn before as well
    plot.redraw()
    assert plot.drawn("forward")[1] == pytest.approx(FORWARD / 100)
    assert plot._item.getAxis("left").labelText == "s a batch"


def y_range(plot: LivePlot) -> tuple[float, float]:
    low, high = plot._view.viewRange()[1]
    return low, high


def test_times_that_lie_close_fill_the_plot_and_others_begin_at_zero(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=0))
    feed(plot, "forward", FORWARD)
    plot.redraw()
    low, high = y_range(plot)
    assert 0.2 < low < 0.28
    assert 0.32 < high < 0.36
    plot.from_zero.setChecked(True)
    assert -0.05 < y_range(plot)[0] <= 0
    plot.from_zero.setChecked(False)
    assert y_range(plot)[0] > 0.2
    feed(plot, "forward-backward", FORWARD * 3)
    plot.redraw()
    low, high = y_range(plot)
    assert -0.1 < low <= 0
    assert high > 0.96


def test_the_x_axis_shows_a_short_run_whole_and_doubles_for_a_long_one(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=10, steps=50))
    left, right = plot._view.viewRange()[0]
    assert -12 < left < -10
    assert 49 < right < 51
    plot.begin(TimingPlan(burn_in=0, steps=100_000, modes=("forward",)))
    assert plot._view.viewRange()[0][1] == pytest.approx(100)
    feed(plot, "forward", np.full(101, 0.1))
    plot.redraw()
    assert plot._view.viewRange()[0][1] == pytest.approx(201)


def test_a_zoomed_view_stays_until_view_all(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=0))
    feed(plot, "forward", FORWARD)
    plot.redraw()
    plot._view.setRange(xRange=(1, 2), yRange=(0.3, 0.31), padding=0)
    plot._view.sigRangeChangedManually.emit([True, True])
    feed(plot, "forward-backward", FORWARD * 3)
    plot.redraw()
    assert y_range(plot) == pytest.approx((0.3, 0.31))
    assert plot.view_all.isEnabled()
    plot.view_all.trigger()
    assert y_range(plot)[1] > 0.96
    assert not plot.view_all.isEnabled()


def test_many_steps_are_a_thin_line_and_few_are_dots(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=0, steps=1_000_000, modes=("forward",)))
    feed(plot, "forward", np.full(SYMBOLS_UP_TO, 0.1))
    plot.redraw()
    curve = plot.trace("forward")._curves[1]
    assert curve.opts["symbol"] == "o"
    assert curve.opts["pen"] is None
    feed(plot, "forward", [0.1])
    plot.redraw()
    assert curve.opts["symbol"] is None
    assert curve.opts["pen"].width() == 1
    assert curve.opts["autoDownsample"]
    assert curve.opts["downsampleMethod"] == "peak"
    assert curve.opts["clipToView"]


def test_a_hundred_thousand_steps_redraw_within_a_frame_or_two(plot: LivePlot) -> None:
    import time

    plot.begin(TimingPlan(burn_in=0, steps=1_000_000, modes=("forward",)))
    feed(plot, "forward", np.random.default_rng(0).lognormal(-2, 0.1, 100_000))
    plot.redraw()
    plot.grab()
    feed(plot, "forward", [0.1])
    began = time.perf_counter()
    plot.redraw()
    plot.grab()
    assert time.perf_counter() - began < 0.25


def test_both_themes_colour_what_pyqtgraph_does_not_take_from_the_palette(plot: LivePlot) -> None:
    plot.begin(TimingPlan())
    feed(plot, "forward", FORWARD)
    plot.redraw()
    for theme in (LIGHT, DARK):
        plot.set_theme(theme)
        assert plot.plot.backgroundBrush().color() == QColor(theme.surface)
        assert plot._item.getAxis("left").textPen().color() == QColor(theme.muted)
        assert plot.trace("forward")._curves[1].opts["symbolPen"].color() == QColor(theme.forward)
        assert plot.trace("forward")._mean.opts["pen"].color() == QColor(theme.forward)
        assert theme.forward in plot.legend.text()
        assert theme.forward_backward in plot.legend.text()


def test_the_legend_carries_the_figures_where_there_is_room(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=0))
    feed(plot, "forward", FORWARD)
    feed(plot, "forward-backward", FORWARD * 3)
    plot.redraw()
    assert "0.300 ± 0.014 s" in plot.legend.text()
    plot.resize(330, 300)
    assert "±" not in plot.legend.text()
    assert "±" in plot.legend.toolTip()


def test_hovering_names_the_nearest_step(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=1))
    feed(plot, "forward", [0.4], burn_in=True)
    feed(plot, "forward", FORWARD)
    feed(plot, "forward-backward", FORWARD * 3)
    plot.redraw()
    plot.grab()
    plot._hover(plot._view.mapViewToScene(QPointF(2.2, 0.9)))
    assert plot._readout.label.toPlainText() == "Forward-backward, step 2: 0.84 s"
    plot._hover(plot._view.mapViewToScene(QPointF(-1, 0.4)))
    assert plot._readout.label.toPlainText() == "Forward, burn-in step 0: 0.4 s"
    plot._hover(QPointF(-50, -50))
    assert not plot._readout.label.isVisible()


def test_the_plot_is_told_in_words(plot: LivePlot) -> None:
    assert plot.plot.accessibleDescription() == "No step was timed yet."
    plot.begin(TimingPlan(burn_in=0))
    feed(plot, "forward", FORWARD)
    plot.finish()
    assert plot.plot.accessibleDescription() == "Forward: 5 steps, mean 0.300 ± 0.014 s, last 0.29 s."


def test_a_second_run_begins_empty(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=0))
    feed(plot, "forward", FORWARD)
    plot.redraw()
    items = len(plot._item.items)
    plot.begin(TimingPlan(burn_in=0))
    assert plot.drawn("forward")[0].size == 0
    assert len(plot._item.items) == items
    assert plot.summary("forward") is None


def test_outliers_are_crossed_named_and_counted(plot: LivePlot) -> None:
    plot.begin(TimingPlan(burn_in=0))
    seconds = [0.3, 0.31, 0.29] * 10
    seconds[4] = 0.9
    feed(plot, "forward", seconds[:3])
    plot.redraw()
    assert "outlier" not in plot.legend.toolTip()
    feed(plot, "forward", seconds[3:])
    plot.finish()
    trace = plot.trace("forward")
    assert trace.outliers == (4,)
    assert trace._marks.getData()[0].tolist() == [4]
    assert trace._marks.getData()[1].tolist() == [0.9]
    assert "outlier" in plot.legend.toolTip()
    assert "30 steps, 1 of them outliers" in plot.plot.accessibleDescription()
    assert trace.mean_and_sd == (trace.summary.mean, trace.summary.sd)
    plot._readout.show_nearest(QPointF(4, 0.9), [trace], 1.0)
    assert plot._readout.label.toPlainText().endswith("0.9 s (outlier)")
