"""How many paths have each length, as bars, with the lengths that carry the gradient marked; and the measured gradient."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from resnet_studio.bench.path_events import PathGradient
from resnet_studio.design.words import large_text, percent_text
from resnet_studio.picture.palette import LIGHT, Theme


class PathsPlot(QWidget):
    """Two plots, one above the other: shares of paths and of gradient by length; the gradient of one path, log scale."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._counts: Mapping[int, int] = {}
        self._unit = "units"
        self.shares = _plot("Share of paths by length", "share (%)")
        self.norms = _plot("Gradient of one path by length", "gradient norm")
        self.norms.getPlotItem().setLogMode(x=False, y=True)
        self._band = pg.LinearRegionItem(movable=False)
        self._band.setZValue(-10)
        self._bars = pg.BarGraphItem(x=[0], height=[0], width=0.8)
        self._gradient = pg.PlotDataItem(symbol="o", symbolSize=4)
        self._points = pg.PlotDataItem(symbol="o", symbolSize=4)
        self.shares.getPlotItem().addItem(self._band, ignoreBounds=True)
        for item in (self._bars, self._gradient):
            self.shares.getPlotItem().addItem(item)
        self.norms.getPlotItem().addItem(self._points)
        self.norms.setXLink(self.shares)
        self.shares.scene().sigMouseMoved.connect(self._hover)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        for plot in (self.shares, self.norms):
            column.addWidget(plot)
        self.norms.hide()
        self.set_theme(LIGHT)

    def set_counts(self, counts: Mapping[int, int], unit: str, band: tuple[int, int]) -> None:
        """Shows how many paths have each length. unit: what lengths are counted in."""
        self._counts, self._unit = counts, unit
        total = sum(counts.values())
        heights = [100 * count / total for count in counts.values()]
        self._bars.setOpts(x=list(counts), height=heights, width=0.8)
        self._band.setRegion((band[0] - 0.5, band[1] + 0.5))
        for plot in (self.shares, self.norms):
            plot.getPlotItem().setLabel("bottom", f"length ({unit})")
        self.shares.getPlotItem().setXRange(min(counts) - 0.5, max(counts) + 0.5, padding=0.02)
        self.shares.getPlotItem().enableAutoRange(axis="y")

    def set_gradients(self, gradients: Sequence[PathGradient], shares: Mapping[int, float]) -> None:
        """Shows what was measured, by length in units; nothing hides it."""
        self._gradient.setData(list(shares), [100 * share for share in shares.values()])
        positive = [(each.length, sum(each.norms) / len(each.norms)) for each in gradients]
        positive = [(length, norm) for length, norm in positive if norm > 0]
        self._points.setData([length for length, _ in positive], [norm for _, norm in positive])
        self.norms.setVisible(bool(positive))

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self._theme = theme
        for plot in (self.shares, self.norms):
            plot.setBackground(theme.surface)
            for side in ("left", "bottom"):
                axis = plot.getPlotItem().getAxis(side)
                axis.setPen(pg.mkPen(theme.border))
                axis.setTextPen(pg.mkPen(theme.muted))
        self._bars.setOpts(brush=pg.mkBrush(theme.muted), pen=pg.mkPen(None))
        fill = QColor(theme.accent)
        fill.setAlpha(50)
        self._band.setBrush(fill)
        for line in self._band.lines:
            line.setPen(pg.mkPen(theme.accent, width=1))
        for item in (self._gradient, self._points):
            item.setPen(pg.mkPen(theme.projection, width=1))
            item.setSymbolBrush(pg.mkBrush(theme.projection))
            item.setSymbolPen(pg.mkPen(None))

    def _hover(self, place: QPointF) -> None:
        view = self.shares.getPlotItem().getViewBox()
        length = round(view.mapSceneToView(place).x())
        if not view.sceneBoundingRect().contains(place) or length not in self._counts:
            QToolTip.hideText()
            return
        count = self._counts[length]
        part = percent_text(count / sum(self._counts.values()))
        where = self.shares.viewport().mapToGlobal(self.shares.mapFromScene(place))
        QToolTip.showText(where, f"{length:,} {self._unit}: {large_text(count)} paths, {part} of all", self.shares)


def _plot(name: str, label: str) -> pg.PlotWidget:
    plot = pg.PlotWidget(enableMenu=False)
    plot.setAccessibleName(name)
    plot.setFixedHeight(150)
    item = plot.getPlotItem()
    item.hideButtons()
    item.setMenuEnabled(False)
    item.setMouseEnabled(x=False, y=False)
    item.setContentsMargins(0, 8, 8, 0)  # room for a figure at the very top
    item.setLabel("left", label)
    item.getAxis("left").setWidth(52)  # so that the two plots' lengths stand one above the other
    for side in ("left", "bottom"):
        item.getAxis(side).enableAutoSIPrefix(False)
        item.getAxis(side).setStyle(tickLength=-4)
    plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)
    return plot
