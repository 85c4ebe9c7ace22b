"""The colour bar under the picture: what its colours mean, on which scale."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QLinearGradient, QPainter, QPen
from PySide6.QtWidgets import QWidget

from resnet_studio.picture.box_look import EMPTY_DASHES
from resnet_studio.picture.colouring import VIRIDIS, ColourBar
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded

_HEIGHT, _WIDEST, _EDGE = 12, 420, 12


@guarded
class ColourBarStrip(QWidget):
    """Shows the bar of a picture, and nothing where it has none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self._bar: ColourBar | None = None
        self.setAccessibleName("Colour bar")
        self.hide()

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self._theme = theme
        self.update()

    def set_bar(self, bar: ColourBar | None) -> None:
        """Shows another bar; None for none."""
        self._bar = bar
        self.setVisible(bar is not None)
        if bar is not None:
            grey = f"; grey: {bar.nothing}" if bar.nothing and bar.ticks else ""
            self.setAccessibleDescription(bar.heading + grey)
            self.setToolTip(bar.heading + grey)
            self.setFixedHeight(2 * self.fontMetrics().height() + (_HEIGHT + 18 if bar.ticks else 10))
            self.update()

    def ticks(self) -> list[tuple[float, str]]:
        """(x, text) of the ticks that have room: the ends, and of the others those that do not write over one another."""
        if self._bar is None:
            return []
        metrics, places = self.fontMetrics(), self._bar.ticks
        left, width = self._span()

        def reach(place: tuple[float, str]) -> tuple[float, float]:
            half = metrics.horizontalAdvance(place[1]) / 2 + 4
            return left + place[0] * width - half, left + place[0] * width + half

        kept = list(places[:1])
        for place in places[1:-1]:
            if reach(place)[0] >= reach(kept[-1])[1] and reach(place)[1] <= reach(places[-1])[0]:
                kept.append(place)
        kept += places[1:][-1:]
        return [(left + share * width, text) for share, text in kept]

    def _span(self) -> tuple[float, float]:
        """Left end and width of the coloured bar: its outer ticks stand half outside it."""
        metrics = self.fontMetrics()
        ends = [text for _, text in (*self._bar.ticks[:1], *self._bar.ticks[-1:])] if self._bar else []
        outside = max((metrics.horizontalAdvance(text) / 2 for text in ends), default=0.0)
        nothing = metrics.horizontalAdvance(self._bar.nothing) + 52 if self._bar and self._bar.nothing else 0
        left = _EDGE + outside
        return left, max(min(_WIDEST, self.width() - 2 * left - nothing), 40.0)

    def paintEvent(self, event: object) -> None:
        if self._bar is None:
            return
        theme, metrics = self._theme, self.fontMetrics()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(theme.surface))
        plain, bold = painter.font(), QFont(painter.font())
        bold.setWeight(QFont.Weight.DemiBold)
        painter.setFont(bold)
        painter.setPen(QColor(theme.text))
        line = metrics.height()
        painter.drawText(
            QRectF(_EDGE, 4, self.width() - _EDGE, line), int(Qt.AlignmentFlag.AlignVCenter), self._bar.heading
        )
        painter.setFont(plain)
        left, width = self._span()
        top = line + 7.0
        if not self._bar.ticks:
            painter.end()
            return
        gradient = QLinearGradient(left, 0, left + width, 0)
        for i, colour in enumerate(VIRIDIS):
            gradient.setColorAt(i / (len(VIRIDIS) - 1), QColor(colour))
        painter.setPen(QPen(QColor(theme.line), 1.0))
        painter.setBrush(gradient)
        painter.drawRect(QRectF(left, top, width, _HEIGHT))
        for x, text in self.ticks():
            painter.setPen(QPen(QColor(theme.line), 1.0))
            painter.drawLine(round(x), round(top) + _HEIGHT, round(x), round(top) + _HEIGHT + 4)
            painter.setPen(QColor(theme.muted))
            half = metrics.horizontalAdvance(text) / 2 + 2
            painter.drawText(
                QRectF(x - half, top + _HEIGHT + 4, 2 * half, line), int(Qt.AlignmentFlag.AlignCenter), text
            )
        if self._bar.nothing:
            x = 2 * left + width - _EDGE + 12
            pen = QPen(QColor(theme.line), 1.0)
            pen.setDashPattern(list(EMPTY_DASHES))
            painter.setPen(pen)
            painter.setBrush(QColor(theme.chip_strong))
            painter.drawRoundedRect(QRectF(x, top - 1, 22, _HEIGHT + 2), 3, 3)
            painter.setPen(QColor(theme.text))
            words = QRectF(x + 30, top - 6, self.width() - x - 30, _HEIGHT + 12)
            painter.drawText(words, int(Qt.AlignmentFlag.AlignVCenter), self._bar.nothing)
        painter.end()
