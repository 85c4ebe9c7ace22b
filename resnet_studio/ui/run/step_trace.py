"""One mode's steps on the live plot: its dots, its mean line and the band of one standard deviation about it."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from resnet_studio.bench.events import Step
from resnet_studio.bench.plan import Mode
from resnet_studio.bench.stats import Summary, mean_and_sd, outliers, summarise
from resnet_studio.picture.palette import Theme

SYMBOLS_UP_TO = 2_000  # steps; beyond, a line one pixel wide paints in a fiftieth of the time
MARKS_UP_TO = 500  # outliers that are marked
SYMBOL: dict[Mode, str] = {"forward": "o", "forward-backward": "t1"}
GLYPH: dict[Mode, str] = {"forward": "●", "forward-backward": "▲"}


class StepTrace:
    """What one mode has on the plot. Burn-in steps stand at -burn_in ... -1, timed ones at 0, 1, ... as in the log."""

    def __init__(self, plot: Any, mode: Mode, burn_in: int, batch: int) -> None:
        self.mode = mode
        self.burn_in = burn_in
        self.batch = batch
        # array, not list: numpy reads it without a copy, and a million steps take 8 MB.
        self.burn_in_seconds = array("d")
        self.step_seconds = array("d")
        self._nanoseconds = array("q")
        self._total = self._squares = 0  # of the timed steps' nanoseconds: a redraw must not add up a million steps
        self._outliers: tuple[int, ...] = ()
        self._looked_at = 0
        self._stale = False
        self._color = QColor()
        self._band = QGraphicsRectItem()
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._mean = pg.PlotCurveItem()
        self._marks = pg.ScatterPlotItem(symbol="x", size=9)
        self._curves = (pg.PlotDataItem(), pg.PlotDataItem())
        # ignoreBounds: the plot sets its range itself, from the steps.
        for depth, item in (
            (-5, self._band),
            (5, self._mean),
            (2, self._marks),
            (1, self._curves[0]),
            (1, self._curves[1]),
        ):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        for curve in self._curves:
            curve.setDownsampling(auto=True, method="peak")  # only works once the curve is in a plot
            curve.setClipToView(True)

    def add(self, step: Step) -> None:
        """Keeps a step; `redraw` shows it."""
        (self.burn_in_seconds if step.burn_in else self.step_seconds).append(step.seconds)
        if not step.burn_in:
            self._nanoseconds.append(step.nanoseconds)
            self._total += step.nanoseconds
            self._squares += step.nanoseconds**2
        self._stale = True

    @property
    def summary(self) -> Summary | None:
        """All figures of the timed steps so far. Takes time with their number: not for each redraw."""
        return summarise(self._nanoseconds, self.batch)

    @property
    def mean_and_sd(self) -> tuple[float, float] | None:
        """Mean and standard deviation of the timed steps so far, in seconds; None before the first."""
        count = len(self._nanoseconds)
        return mean_and_sd(count, self._total, self._squares) if count else None

    @property
    def outliers(self) -> tuple[int, ...]:
        """The timed steps that stand out, by their index; looked for again as the run grows by a twentieth."""
        count = len(self._nanoseconds)
        if count >= self._looked_at * 1.05 or count < self._looked_at:
            self._outliers, self._looked_at = outliers(self._nanoseconds), count
        return self._outliers

    def highest(self) -> float:
        """The longest step, in seconds; 0 before the first."""
        return max((float(np.max(part)) for part in self._parts() if part), default=0.0)

    def lowest(self) -> float:
        """The shortest step, in seconds; infinity before the first."""
        return min((float(np.min(part)) for part in self._parts() if part), default=float("inf"))

    def at(self, x: int) -> float | None:
        """The seconds of the step drawn at `x`."""
        part, index = (self.step_seconds, x) if x >= 0 else (self.burn_in_seconds, x + self.burn_in)
        return part[index] if 0 <= index < len(part) else None

    def redraw(self, unit: float, force: bool = False) -> None:
        """Draws what is new, or all with `force`. unit: the axis's unit, in seconds."""
        if not self._stale and not force:
            return
        self._stale = False
        for curve, part, first in zip(self._curves, self._parts(), (-self.burn_in, 0), strict=True):
            x = np.arange(first, first + len(part))
            curve.setData(x, np.array(part) / unit, **self._look(len(part), burn_in=first < 0))
        if found := self.mean_and_sd:
            mean, sd = found
            # Half a step of air at either end, so that the first step's mean is a line and not a point.
            left, width = -0.5, float(len(self.step_seconds))
            self._band.setRect(QRectF(left, (mean - sd) / unit, width, 2 * sd / unit))
            self._mean.setData([left, left + width], [mean / unit] * 2)
            marked = self.outliers[:MARKS_UP_TO]
            self._marks.setData(list(marked), [self.step_seconds[index] / unit for index in marked])

    def set_theme(self, theme: Theme) -> None:
        """Takes the mode's colour in `theme`; `redraw(force=True)` shows it."""
        self._color = QColor(theme.mode(self.mode))
        fill = QColor(self._color)
        fill.setAlpha(48)
        self._band.setBrush(fill)
        self._mean.setPen(pg.mkPen(self._color, width=2))
        self._marks.setPen(pg.mkPen(theme.text, width=1))

    def remove_from(self, plot: Any) -> None:
        """Takes the items off the plot."""
        for item in (self._band, self._mean, self._marks, *self._curves):
            plot.removeItem(item)

    def drawn(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """All x and y (in the axis's unit) that the curves were given, burn-in first."""
        pairs = [curve.getOriginalDataset() for curve in self._curves]
        x, y = ([p[i] for p in pairs if p[i] is not None] for i in (0, 1))
        return (np.concatenate(x), np.concatenate(y)) if x else (np.empty(0), np.empty(0))

    def _parts(self) -> tuple[array[float], array[float]]:
        return self.burn_in_seconds, self.step_seconds

    def _look(self, count: int, burn_in: bool) -> dict[str, Any]:
        """Pen and symbols for `count` points. Burn-in is hollow: it is kept apart from what counts."""
        if count > SYMBOLS_UP_TO:
            faint = QColor(self._color)
            faint.setAlpha(110)  # the mean line and its band show through
            return {"pen": pg.mkPen(faint, width=1), "symbol": None}
        fill = QColor(self._color)
        fill.setAlpha(0 if burn_in else 110)
        return {
            "pen": None,
            "symbol": SYMBOL[self.mode],
            "symbolSize": 6 if count <= 300 else 4,
            "symbolPen": pg.mkPen(self._color, width=1),
            "symbolBrush": fill,
        }
