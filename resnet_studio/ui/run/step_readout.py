"""The figure of one step, beside the pointer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QPointF

from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.time_text import duration
from resnet_studio.picture.palette import Theme

from .step_trace import StepTrace


class StepReadout:
    """A ring about a step's dot, and its mode, number and time beside it."""

    def __init__(self, plot: Any) -> None:
        self._view = plot.getViewBox()
        self._ring = pg.ScatterPlotItem(size=11, brush=None)
        self._ring.setZValue(19)
        self.label = pg.TextItem()
        self.label.setZValue(20)
        for item in (self._ring, self.label):
            plot.addItem(item, ignoreBounds=True)
        self.hide()

    def hide(self) -> None:
        """Takes the figure away."""
        self._ring.setVisible(False)
        self.label.setVisible(False)

    def show_nearest(self, point: QPointF, traces: Iterable[StepTrace], unit: float) -> None:
        """Names the step nearest to `point` along x, and of two modes' the nearer along y. unit: y's, in seconds."""
        x = round(point.x())
        found = [(seconds / unit, trace) for trace in traces if (seconds := trace.at(x)) is not None]
        if not found:
            self.hide()
            return
        y, trace = min(found, key=lambda pair: abs(pair[0] - point.y()))
        step = f"step {x:,}" if x >= 0 else f"burn-in step {x + trace.burn_in:,}"
        self.label.setText(
            f"{MODE_TITLES[trace.mode]}, {step}: {duration(y * unit)}{' (outlier)' if x in trace.outliers else ''}"
        )
        (left, right), (bottom, top) = self._view.viewRange()
        # On the side where there is room.
        self.label.setAnchor((1.05 if x > (left + right) / 2 else -0.05, 0 if y > (bottom + top) / 2 else 1))
        self.label.setPos(x, y)
        self._ring.setData([x], [y])
        self._ring.setVisible(True)
        self.label.setVisible(True)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours."""
        self._ring.setPen(pg.mkPen(theme.text, width=1))
        self.label.setColor(theme.text)
        self.label.fill = pg.mkBrush(theme.raised)
        self.label.border = pg.mkPen(theme.border)
