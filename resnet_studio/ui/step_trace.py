"""One mode's steps on the live plot: its dots, its mean line and the band of one standard deviation about it."""

from __future__ import annotations

from array import array
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsRectItem

from resnet_studio.arch.palette import Theme
from resnet_studio.bench.events import Step
from resnet_studio.bench.plan import Mode
from resnet_studio.bench.stats import Summary, summarise

SYMBOLS_UP_TO = 2_000  # steps; beyond, a line one pixel wide paints in a fiftieth of the time
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
        self._stale = False
        self._color = QColor()
        self._band = QGraphicsRectItem()
        self._band.setPen(QPen(Qt.PenStyle.NoPen))
        self._mean = pg.PlotCurveItem()
        self._curves = (pg.PlotDataItem(), pg.PlotDataItem())
        # ignoreBounds: the plot sets its range itself, from the steps.
        for depth, item in ((-5, self._band), (5, self._mean), (1, self._curves[0]), (1, self._curves[1])):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        for curve in self._curves:
            curve.setDownsampling(auto=True, method="peak")  # only works once the curve is in a plot
            curve.setClipToView(True)

    def add(self, step: Step) -> None:
        """Keeps a step; `redraw` shows it."""
        (self.burn_in_seconds if step.burn_in else self.step_seconds).append(step.seconds)
        self._stale = True

    @property
    def summary(self) -> Summary | None:
        """The figures of the timed steps so far."""
        return summarise(self.step_seconds, self.batch)

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
        if summary := self.summary:
            # Half a step of air at either end, so that the first step's mean is a line and not a point.
            left, width = -0.5, float(summary.count)
            low, high = (summary.mean - summary.sd) / unit, (summary.mean + summary.sd) / unit
            self._band.setRect(QRectF(left, low, width, high - low))
            self._mean.setData([left, left + width], [summary.mean / unit] * 2)

    def set_theme(self, theme: Theme) -> None:
        """Takes the mode's colour in `theme`; `redraw(force=True)` shows it."""
        self._color = QColor(theme.mode(self.mode))
        fill = QColor(self._color)
        fill.setAlpha(48)
        self._band.setBrush(fill)
        self._mean.setPen(pg.mkPen(self._color, width=2))

    def remove_from(self, plot: Any) -> None:
        """Takes the items off the plot."""
        for item in (self._band, self._mean, *self._curves):
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
