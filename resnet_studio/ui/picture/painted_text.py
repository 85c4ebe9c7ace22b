"""Text on a picture in the window: never wider than its place, and left out where it is too small to read."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

MIN_TEXT = 4.5  # pixels: smaller text is left out, for shape and colour to speak
LEFT, MIDDLE, RIGHT = 0.0, 0.5, 1.0  # where a text stands in its place


@lru_cache(maxsize=64)
def _font(size: float, bold: bool) -> tuple[QFont, float]:
    """A font, and how far below the middle of a line its letters stand."""
    font = QFont()
    font.setPixelSize(max(round(size), 1))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    metrics = QFontMetricsF(font)
    return font, (metrics.ascent() - metrics.descent()) / 2


@lru_cache(maxsize=20_000)
def _width(text: str, size: float, bold: bool) -> float:
    """Measured once a text: that takes as long as painting it."""
    return QFontMetricsF(_font(size, bold)[0]).horizontalAdvance(text)


@lru_cache(maxsize=256)
def colour_of(name: str) -> QColor:
    """A colour by its #rrggbb. Nobody may change it."""
    return QColor(name)


def draw_text(
    painter: QPainter, place: tuple[float, float, float, float], text: str, size: float, bold: bool, colour: str,
    scale: float, align: float = MIDDLE,
) -> None:  # fmt: skip
    """Writes `text` into `place` (left, top, width, height), no wider than it; nothing where it would be too small to read."""
    if size * scale < MIN_TEXT:
        return
    left, top, room, height = place
    (font, drop), width = _font(size, bold), _width(text, size, bold)
    painter.setPen(colour_of(colour))
    painter.setFont(font)
    if width <= room:
        painter.drawText(QPointF(left + (room - width) * align, top + height / 2 + drop), text)
        return
    painter.save()
    painter.translate(left + room / 2, top + height / 2)
    painter.scale(room / width, room / width)
    painter.drawText(QPointF(-width / 2, drop), text)
    painter.restore()
