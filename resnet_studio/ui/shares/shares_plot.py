"""The picture of shares: a pair of bars, forward and backward, for each unit or layer in the network's order."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import pyqtgraph as pg
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QToolTip, QVBoxLayout, QWidget

from resnet_studio.bench.share_rows import ShareRow
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.plain import plain_tip

_PARTS = (("forward", 0), ("backward", 1))
_BESIDE = "rest"  # the name on the axis of what belongs to no operation of the network


class SharesPlot(QWidget):
    """Bars on x in the order of the rows, percent of the part on y. Blocks are set apart by lines, and named below."""

    row_chosen = Signal(int)  # the place of the bars that were clicked

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows: Sequence[ShareRow] = ()
        self._backward = False
        self._theme = LIGHT
        self._chosen = -1
        self.plot = pg.PlotWidget(self, enableMenu=False)
        self.plot.setAccessibleName("Shares of time in the network's order")
        self.plot.setFocusPolicy(Qt.FocusPolicy.NoFocus)  # the table beside it says the same, and is for the keyboard
        self._item = self.plot.getPlotItem()
        self._item.hideButtons()
        self._item.setMenuEnabled(False)
        self._item.setMouseEnabled(x=False, y=False)
        self._item.setContentsMargins(0, 4, 8, 0)
        for side in ("left", "bottom"):
            self._item.getAxis(side).enableAutoSIPrefix(False)
            self._item.getAxis(side).setStyle(tickLength=0 if side == "bottom" else -4)
        self._item.setLabel("left", "share (%)")
        self._mark = pg.LinearRegionItem(movable=False)
        self._mark.setZValue(-10)
        self._mark.hide()
        self._item.addItem(self._mark, ignoreBounds=True)
        self._bars = [pg.BarGraphItem(x=[], height=[], width=0.4) for _ in _PARTS]
        for bars in self._bars:
            self._item.addItem(bars)
        self._borders: list[pg.InfiniteLine] = []
        self.plot.scene().sigMouseMoved.connect(self._hover)
        self.plot.scene().sigMouseClicked.connect(self._clicked)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.plot)
        self.set_theme(LIGHT)

    def show_rows(self, rows: Sequence[ShareRow], backward: bool) -> None:
        """Draws other rows. backward: whether there is a backward part."""
        self._rows, self._backward = rows, backward
        width = 0.4 if backward else 0.8
        for bars, (_, part) in zip(self._bars, _PARTS, strict=True):
            left = [place - (0.4 - part * 0.4) + width / 2 for place in range(len(rows))]
            shown = part == 0 or backward
            bars.setOpts(x=left if shown else [], height=[row.pair[part] for row in rows] if shown else [], width=width)
        self._set_groups()
        self._item.setXRange(-0.7, max(len(rows), 1) - 0.3, padding=0)
        highest = max((max(row.pair) for row in rows), default=1.0)
        self._item.setYRange(0, 1.05 * highest or 1.0, padding=0)
        self.choose(-1)

    def choose(self, row: int) -> None:
        """Marks a row's bars; -1 for none."""
        self._chosen = row
        self._mark.setVisible(0 <= row < len(self._rows))
        self._mark.setRegion((row - 0.5, row + 0.5))

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours: the two parts have those of the two modes."""
        self._theme = theme
        self.plot.setBackground(theme.surface)
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
        for bars, colour in zip(self._bars, (theme.forward, theme.forward_backward), strict=True):
            bars.setOpts(brush=pg.mkBrush(colour), pen=pg.mkPen(None))
        fill = QColor(theme.muted)
        fill.setAlpha(70)
        self._mark.setBrush(fill)
        for line in self._mark.lines:
            line.setPen(pg.mkPen(None))
        for line in self._borders:
            line.setPen(pg.mkPen(theme.border, width=1))

    @property
    def legend(self) -> str:
        """Which colour is which part, as rich text."""
        colours = (self._theme.forward, self._theme.forward_backward)
        shown = [(name, colours[part]) for name, part in _PARTS if part == 0 or self._backward]
        return " &nbsp; ".join(f'<span style="color:{colour}">■</span> {name}' for name, colour in shown)

    def text_of(self, row: int) -> str:
        """What is told where a pointer rests on a row's bars."""
        found = self._rows[row]
        parts = [f"{name} {found.pair[part]:.2f} %" for name, part in _PARTS if part == 0 or self._backward]
        return f"{found.name}: {', '.join(parts)}"

    def _set_groups(self) -> None:
        for line in self._borders:
            self._item.removeItem(line)
        self._borders, ticks, begin = [], [], 0
        for name, rows in groupby(self._rows, key=lambda row: row.block if row.in_network else _BESIDE):
            end = begin + len(list(rows))
            if name:
                ticks.append(((begin + end - 1) / 2, name))
            if begin:
                line = pg.InfiniteLine(begin - 0.5, angle=90, pen=pg.mkPen(self._theme.border, width=1))
                self._item.addItem(line, ignoreBounds=True)
                self._borders.append(line)
            begin = end
        self._item.getAxis("bottom").setTicks([ticks])

    def _row_at(self, place: QPointF) -> int:
        """The row whose bars stand at a place in the scene; -1 for none."""
        view = self._item.getViewBox()
        row = round(view.mapSceneToView(place).x())
        return row if view.sceneBoundingRect().contains(place) and 0 <= row < len(self._rows) else -1

    def _hover(self, place: QPointF) -> None:
        if (row := self._row_at(place)) < 0:
            QToolTip.hideText()
            return
        where = self.plot.viewport().mapToGlobal(self.plot.mapFromScene(place))
        QToolTip.showText(where, plain_tip(self.text_of(row)), self.plot)

    def _clicked(self, event: object) -> None:
        if (row := self._row_at(event.scenePos())) >= 0:  # type: ignore[attr-defined]  # pyqtgraph has no types
            self.row_chosen.emit(row)
