"""The live plot of a comparison: rounds on x, time of B / time of A on y, as far below 1 as above it."""

from __future__ import annotations

import html
import math
from collections.abc import Iterable, Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from resnet_studio.bench.comparison import NOISE_FLOOR, Comparison
from resnet_studio.bench.plan import MODE_TITLES, Mode
from resnet_studio.bench.rounds import ENGINES_APART
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.run.step_trace import GLYPH
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label

from .ratio_trace import RatioTrace

_LEVELS = (1.005, 1.01, 1.02, 1.05, 1.1, 1.2, 1.5, 2, 3, 5, 10, 20, 50, 100, 1_000, 10_000)
_APART = 22  # pixels between two figures on the axis
_LABEL_HEIGHT = 150  # pixels: below it the plot has no name of its x axis
_LEAST_REACH = math.log(1.03)
_HINT = "Choose what to compare and press Compare: each round’s ratio appears here"


@guarded
class RatioAxis(pg.AxisItem):
    """Ticks at round ratios, above 1 and as many below it. The axis itself is in natural logarithms."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """1, and what has room on either side of it."""
        per_pixel = max(maxVal - minVal, 1e-9) / max(size, 1)
        shown = [0.0]
        for level in map(math.log, _LEVELS):
            if level - max(shown) >= _APART * per_pixel and level <= max(maxVal, -minVal):
                shown += [level, -level]
        return [(1.0, sorted(value for value in shown if minVal <= value <= maxVal))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """The ratios to three digits."""
        return [f"{math.exp(value):.3g}" for value in values]


@guarded
class RatioPlot(QWidget):
    """One or two modes of one side against the first. `add` only keeps a round; `redraw` is for a timer to call."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._traces: dict[Mode, RatioTrace] = {}
        self._rounds = 100
        self._names = ("A", "B")
        self.plot = pg.PlotWidget(self, axisItems={"left": RatioAxis("left")}, enableMenu=False)
        self.plot.setAccessibleName("Ratio of times: time of B / time of A")
        self.plot.setMinimumHeight(96)
        self.plot.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._item = self.plot.getPlotItem()
        self._item.hideButtons()
        self._item.setMenuEnabled(False)
        self._item.setContentsMargins(0, 2, 8, 0)
        self._item.getViewBox().setMouseEnabled(x=False, y=False)  # the range is set from the rounds
        for side in ("left", "bottom"):
            axis = self._item.getAxis(side)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-4)
        floor = math.log1p(NOISE_FLOOR)
        self._floor = pg.LinearRegionItem((-floor, floor), orientation="horizontal", movable=False)
        self._floor.setZValue(-10)
        self._one = pg.InfiniteLine(0.0, angle=0)
        for item in (self._floor, self._one):
            self._item.addItem(item, ignoreBounds=True)
        self.legend = QLabel(self)
        self.legend.setTextFormat(Qt.TextFormat.RichText)  # markup of our own
        self.legend.setAccessibleName("Legend")
        self.legend.setToolTip(
            "A dot a round; the line is the median so far, the band its 95 % interval. "
            f"Grey is the noise floor, ±{100 * NOISE_FLOOR:.0f} %. Two engines of one design may differ by "
            f"{100 * ENGINES_APART:.0f} %: that is added to the band, in quadrature, before a difference is told."
        )
        self._hint = plain_label(_HINT, self.plot)
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.legend)
        column.addWidget(self.plot, 1)
        self.set_theme(LIGHT)
        self._fit()
        self._describe()

    def begin(self, modes: Iterable[Mode], rounds: int, a: str, b: str) -> None:
        """Empties the plot for `rounds` rounds of b against a."""
        self.clear("")
        self._rounds, self._names = rounds, (a, b)
        self._traces = {mode: RatioTrace(self._item, mode) for mode in modes}
        self.set_theme(self._theme)
        self._fit()

    def clear(self, hint: str) -> None:
        """Empties the plot and writes a sentence in its place."""
        for trace in self._traces.values():
            trace.remove_from(self._item)
        self._traces = {}
        self._hint.setText(hint)
        self._hint.setVisible(bool(hint))
        self.set_theme(self._theme)
        self._describe()

    def add(self, mode: Mode, a: int, b: int) -> None:
        """Keeps a round (nanoseconds) of a mode."""
        self._traces[mode].add(a, b)

    def redraw(self) -> None:
        """Draws what was added since the last call."""
        for trace in self._traces.values():
            trace.redraw()
        self._fit()

    def finish(self) -> None:
        """The contest ended: the last rounds are drawn, and the text for screen readers is brought up to date."""
        self.redraw()
        self._describe()

    def comparison(self, mode: Mode) -> Comparison | None:
        """The verdict on what is drawn of a mode."""
        return self._traces[mode].comparison

    def trace(self, mode: Mode) -> RatioTrace:
        """What is drawn of a mode. Raises KeyError for one that is not in the contest."""
        return self._traces[mode]

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours: pyqtgraph knows nothing of the palette."""
        self._theme = theme
        self.plot.setBackground(theme.surface)
        style = {"color": theme.muted}
        for side, title in (("left", "B / A"), ("bottom", "Round")):
            axis = self._item.getAxis(side)
            axis.setPen(theme.border)
            axis.setTextPen(theme.muted)
            self._item.setLabel(side, title, **style)
        for set_brush in (self._floor.setBrush, self._floor.setHoverBrush):
            set_brush(QColor(theme.band[0]))
        for line in self._floor.lines:
            line.setPen(pg.mkPen(theme.band[1], width=1))
        self._one.setPen(pg.mkPen(theme.line, width=1))
        self._hint.setStyleSheet(f"color: {theme.muted}")
        for trace in self._traces.values():
            trace.set_theme(theme)
            trace.redraw(force=True)
        # Nothing lies under the sentence that an empty plot has.
        for item in (self._floor, self._one):
            item.setVisible(bool(self._traces))
        for side in ("left", "bottom"):
            self._item.getAxis(side).setStyle(showValues=bool(self._traces))
        self._write_legend()

    def _fit(self) -> None:
        reach = max([_LEAST_REACH, *(trace.reach() * 1.15 for trace in self._traces.values())])
        self._item.setRange(xRange=(0, self._rounds + 1), yRange=(-reach, reach), padding=0)

    def _write_legend(self) -> None:
        a, b = self._names
        marks = [
            f'<span style="color: {self._theme.mode(mode)}">{GLYPH[mode]}</span> {MODE_TITLES[mode]}'
            for mode in self._traces
        ]
        self.legend.setText(
            f"{' &nbsp; '.join(marks)} &nbsp; A: {html.escape(a)} &nbsp; B: {html.escape(b)}" if marks else ""
        )

    def _describe(self) -> None:
        """The plot in words, for those who do not see it."""
        words = [
            f"{MODE_TITLES[mode]}: {len(trace.pairs):,} rounds, ratio {value.ratio:.3f}, from {value.low:.3f} to {value.high:.3f}."
            for mode, trace in self._traces.items()
            if (value := trace.comparison)
        ]
        self.plot.setAccessibleDescription(" ".join(words) or "No round was timed yet.")

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keeps the hint in the middle; where there is little room it is the rounds'."""
        super().resizeEvent(event)
        self._hint.setGeometry(self.plot.rect().adjusted(48, 0, -16, 0))
        self._item.showLabel("bottom", event.size().height() >= _LABEL_HEIGHT)
