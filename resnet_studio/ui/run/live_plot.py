"""The live plot: every step's time as it comes, burn-in shaded, mean and one standard deviation for each mode."""

from __future__ import annotations

import math

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal, Slot
from PySide6.QtGui import QAction, QColor, QGuiApplication, QKeySequence, QResizeEvent
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from resnet_studio.bench.events import Step
from resnet_studio.bench.plan import MODE_TITLES, Mode, TimingPlan
from resnet_studio.bench.stats import Summary
from resnet_studio.bench.time_text import duration, spread, unit_of
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label

from .plot_legend import PlotLegend
from .step_readout import StepReadout
from .step_trace import StepTrace

_FIRST_SPAN = 100  # steps: the x axis shows the whole run up to this many and doubles as a longer run goes on


@guarded
class LivePlot(QWidget):
    """Steps on x, time a batch on y. `add` only keeps a step; `redraw` draws, and is for a timer to call."""

    view_all_changed = Signal(bool)  # whether the view follows the run (False once somebody zoomed)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._traces: dict[Mode, StepTrace] = {}
        self._plan: TimingPlan | None = None
        self._unit = ("s", 1.0)
        self._following = True
        self._legend_stale = True
        self._build()
        self.set_theme(LIGHT)

    def _build(self) -> None:
        self.plot = pg.PlotWidget(self, enableMenu=False)
        self.plot.setAccessibleName("Step times")
        self.plot.setToolTip("")
        self.plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._item = self.plot.getPlotItem()
        self._item.hideButtons()
        self._item.setMenuEnabled(False)  # its menu changes what a curve says (transforms); ours is below
        self._view = self._item.getViewBox()
        self._view.sigRangeChangedManually.connect(self._stop_following)
        self._view.setLimits(minYRange=1e-9)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-4, showValues=False)
            axis.setTickDensity(1.4)
        self._item.setContentsMargins(0, 2, 8, 0)

        self._burn_in = pg.LinearRegionItem(movable=False)
        self._burn_in.setZValue(-10)
        self._burn_in_label = pg.InfLineLabel(self._burn_in.lines[0], "burn-in", position=1.0, anchors=[(0, 0), (0, 0)])
        self._item.addItem(self._burn_in, ignoreBounds=True)
        self._readout = StepReadout(self._item)
        self.plot.scene().sigMouseMoved.connect(self._hover)

        self.legend = PlotLegend(self)
        self.from_zero = QCheckBox("&y from 0", self)
        self.from_zero.setToolTip(
            "Begin the time axis at zero. Off: at zero where the times differ by a factor of two or more, else near the shortest."
        )
        self.from_zero.toggled.connect(self._fit)
        self.view_all = QAction("View all", self, shortcut=QKeySequence("Home"))
        self.view_all.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        self.view_all.setToolTip("Show the whole run again, after zooming (wheel) or moving (drag) (Home)")
        self.view_all.triggered.connect(self.follow)
        self.view_all.setEnabled(False)
        copy = QAction("Copy picture", self)
        copy.setToolTip("Copy the plot to the clipboard")
        copy.triggered.connect(self._copy_picture)
        self.plot.addActions([self.view_all, copy])
        self.plot.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        button = QToolButton(self)
        button.setDefaultAction(self.view_all)
        button.setAutoRaise(True)

        self._hint = plain_label("Press Run: each step’s time appears here", self.plot)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)

        head = QHBoxLayout()
        head.setContentsMargins(4, 0, 4, 0)
        head.addWidget(self.legend, 1)
        head.addWidget(self.from_zero)
        head.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addWidget(self.plot, 1)
        self._describe()

    # What comes in

    def begin(self, plan: TimingPlan) -> None:
        """Empties the plot for a run of `plan`."""
        for trace in self._traces.values():
            trace.remove_from(self._item)
        self._plan = plan
        self._unit = ("s", 1.0)
        self._traces = {mode: StepTrace(self._item, mode, plan.burn_in, plan.batch) for mode in plan.modes}
        self._burn_in.setRegion((-plan.burn_in - 0.5, -0.5))
        self._hint.hide()
        self._readout.hide()
        for side in ("left", "bottom"):
            self._item.getAxis(side).setStyle(showValues=True)
        self.set_theme(self._theme)
        self.follow()
        self._describe()

    def add(self, step: Step) -> None:
        """Keeps a step of a mode of the plan."""
        if trace := self._traces.get(step.mode):
            trace.add(step)
            self._legend_stale = True

    def redraw(self) -> None:
        """Draws what was added since the last call. Costs nothing where nothing was."""
        if not self._legend_stale:
            return
        self._legend_stale = False
        highest = max((trace.highest() for trace in self._traces.values()), default=0.0)
        rescaled = (unit := unit_of(highest or 1.0)) != self._unit
        self._unit = unit
        for trace in self._traces.values():
            trace.redraw(unit[1], force=rescaled)
        if rescaled:
            self._label_axes()
        if self._following or rescaled:
            self._fit()
        self._write_legend()

    def finish(self) -> None:
        """The run ended: the last steps are drawn, and the text for screen readers is brought up to date."""
        self.redraw()
        self._describe()

    def summary(self, mode: Mode) -> Summary | None:
        """The figures of a mode's timed steps so far."""
        trace = self._traces.get(mode)
        return trace.summary if trace else None

    def trace(self, mode: Mode) -> StepTrace:
        """What is drawn of a mode. Raises KeyError for one that is not in the plan."""
        return self._traces[mode]

    # What it looks like

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours: pyqtgraph knows nothing of the palette."""
        self._theme = theme
        self.plot.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
        self._item.showGrid(x=False, y=self._plan is not None, alpha=0.35)
        self._label_axes()
        self._burn_in.setBrush(QColor(theme.band[0]))
        self._burn_in.setHoverBrush(QColor(theme.band[0]))
        for line in self._burn_in.lines:
            line.setPen(pg.mkPen(theme.band[1], width=1))
        self._burn_in_label.setColor(theme.muted)
        shown = self._plan is not None and self._plan.burn_in > 0
        self._burn_in.setVisible(shown)
        self._readout.set_theme(theme)
        self._hint.setStyleSheet(f"color: {theme.muted}")
        for trace in self._traces.values():
            trace.set_theme(theme)
            trace.redraw(self._unit[1], force=True)
        self._write_legend()

    @Slot()
    def follow(self) -> None:
        """Shows the whole run, and goes on doing so as it grows."""
        self._following = True
        self.view_all.setEnabled(False)
        self._fit()
        self.view_all_changed.emit(True)

    @Slot()
    def _stop_following(self) -> None:
        if self._plan is not None:
            self._following = False
            self.view_all.setEnabled(True)
            self.view_all_changed.emit(False)

    @Slot()
    def _fit(self) -> None:
        """Sets the range from the steps; the x axis shows what is still to come as well."""
        plan = self._plan
        if plan is None:
            self._view.setRange(xRange=(-10.5, 99.5), yRange=(0, 1), padding=0)
            return
        done = max((len(trace.step_seconds) for trace in self._traces.values()), default=0)
        span = min(plan.most_steps, _FIRST_SPAN * 2 ** max(math.ceil(math.log2(max(done, 1) / _FIRST_SPAN)), 0))
        margin = max(span / 100, 0.6)
        self._view.setXRange(-plan.burn_in - margin, span - 1 + margin, padding=0)
        high = max((trace.highest() for trace in self._traces.values()), default=0.0) / self._unit[1]
        low = min((trace.lowest() for trace in self._traces.values()), default=0.0) / self._unit[1]
        if high <= 0:
            low, high = 0.0, 1.0
        zero = self.from_zero.isChecked() or low < high / 2
        low = 0.0 if zero else low
        padding = 0.08 * ((high - low) or high)
        # A little below zero: pyqtgraph leaves out a figure that would stand at the very end of its axis.
        self._view.setYRange(low - padding / 2 if zero else low - padding, high + 2 * padding, padding=0)

    def _label_axes(self) -> None:
        style = {"color": self._theme.muted}
        self._item.setLabel("left", f"{self._unit[0]} a batch", **style)
        self._item.setLabel("bottom", "Step", **style)

    def _write_legend(self) -> None:
        self.legend.write(tuple(self._traces.values()), self._theme)

    def _describe(self) -> None:
        """The plot in words, for those who do not see it."""
        words = []
        for mode, trace in self._traces.items():
            if figures := trace.mean_and_sd:
                last = duration(trace.step_seconds[-1])
                marked = f", {len(trace.outliers):,} of them outliers" if trace.outliers else ""
                count = f"{len(trace.step_seconds):,} steps{marked}"
                words.append(f"{MODE_TITLES[mode]}: {count}, mean {spread(*figures)}, last {last}.")
        self.plot.setAccessibleDescription(" ".join(words) or "No step was timed yet.")

    @Slot(object)
    def _hover(self, position: QPointF) -> None:
        """Names the step under the pointer, while it is over the plot."""
        if self._view.sceneBoundingRect().contains(position):
            self._readout.show_nearest(self._view.mapSceneToView(position), self._traces.values(), self._unit[1])
        else:
            self._readout.hide()

    @Slot()
    def _copy_picture(self) -> None:
        QGuiApplication.clipboard().setPixmap(self.grab())

    def drawn(self, mode: Mode) -> tuple[np.ndarray, np.ndarray]:
        """x and y of a mode as they were given to its curves."""
        return self._traces[mode].drawn()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the hint in the middle."""
        super().resizeEvent(event)
        self._hint.setGeometry(self.plot.rect())
