"""One comparison on the ratio plot: a dot a round, the running median, and its interval as a band that narrows."""

from __future__ import annotations

import math
from array import array
from typing import Any

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from resnet_studio.bench.comparison import Comparison
from resnet_studio.bench.plan import Mode
from resnet_studio.bench.rounds import judge
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.run.step_trace import SYMBOL, SYMBOLS_UP_TO

_JUDGED_APART = 50  # new rounds at a redraw that are each judged; of more, the last alone


class RatioTrace:
    """What one mode has on the plot. All y are natural logarithms of ratios, so that 2 and 1/2 are as far from 1."""

    def __init__(self, plot: Any, mode: Mode) -> None:
        self.mode = mode
        self.pairs: list[tuple[int, int]] = []
        self.comparison: Comparison | None = None
        self._logs = array("d")
        self._running: list[tuple[int, float, float, float]] = []  # rounds so far, and log ratio, low, high
        self._color = QColor()
        self._low, self._high, self._median = (pg.PlotCurveItem() for _ in range(3))
        self._band = pg.FillBetweenItem(self._low, self._high)
        self._dots = pg.PlotDataItem()
        for depth, item in ((-5, self._band), (-4, self._low), (-4, self._high), (1, self._dots), (5, self._median)):
            item.setZValue(depth)
            plot.addItem(item, ignoreBounds=True)
        self._dots.setDownsampling(auto=True, method="peak")
        self._dots.setClipToView(True)

    def add(self, a: int, b: int) -> None:
        """Keeps a round; `redraw` shows it."""
        self.pairs.append((a, b))
        self._logs.append(math.log(b / a))

    def redraw(self, force: bool = False) -> None:
        """Judges and draws what is new, or draws all with `force`."""
        judged = self._running[-1][0] if self._running else 0
        count = len(self.pairs)
        if count == judged and not force:
            return
        new = range(judged + 1, count + 1) if count - judged <= _JUDGED_APART else range(count, count + 1)
        for end in new:
            self.comparison = judge(self.pairs[:end])
            self._running.append((end, *_logs_of(self.comparison)))
        self._dots.setData(np.arange(1, count + 1), np.array(self._logs), **self._look(count))
        rounds, median, low, high = np.array(self._running or np.empty((0, 4))).T
        self._median.setData(rounds, median)
        sound = np.isfinite(low) & np.isfinite(high)
        self._low.setData(rounds[sound], low[sound])
        self._high.setData(rounds[sound], high[sound])

    def reach(self) -> float:
        """How far from 0 what is drawn goes, but for one dot in twenty."""
        dots = float(np.quantile(np.abs(np.array(self._logs)), 0.95)) if self._logs else 0.0
        ends = [abs(end) for end in self._running[-1][1:] if math.isfinite(end)] if self._running else []
        return max([dots, *ends])

    def set_theme(self, theme: Theme) -> None:
        """Takes the mode's colour in `theme`; `redraw(force=True)` shows it on the dots."""
        self._color = QColor(theme.mode(self.mode))
        fill, edge = QColor(self._color), QColor(self._color)
        fill.setAlpha(56)
        edge.setAlpha(150)
        self._band.setBrush(fill)
        for curve in (self._low, self._high):
            curve.setPen(pg.mkPen(edge, width=1))
        self._median.setPen(pg.mkPen(self._color, width=2))

    def remove_from(self, plot: Any) -> None:
        """Takes the items off the plot."""
        for item in (self._band, self._low, self._high, self._median, self._dots):
            plot.removeItem(item)

    def drawn(self) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any], np.ndarray[Any, Any]]:
        """The dots' logarithms, and the band's lower and upper end, as they were given to the curves."""
        dots = self._dots.getOriginalDataset()[1]
        return (np.empty(0) if dots is None else dots), self._low.getData()[1], self._high.getData()[1]

    def _look(self, count: int) -> dict[str, Any]:
        fill = QColor(self._color)
        fill.setAlpha(110)
        if count > SYMBOLS_UP_TO:
            return {"pen": pg.mkPen(fill, width=1), "symbol": None}
        pen = pg.mkPen(self._color, width=1)
        size = 6 if count <= 300 else 4
        return {"pen": None, "symbol": SYMBOL[self.mode], "symbolSize": size, "symbolPen": pen, "symbolBrush": fill}


def _logs_of(value: Comparison) -> tuple[float, float, float]:
    low = math.log(value.low) if value.low > 0 else -math.inf
    return math.log(value.ratio), low, math.log(value.high) if math.isfinite(value.high) else math.inf
