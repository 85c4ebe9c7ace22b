"""Text on a picture in the window: never wider than its place, and left out where it is too small to read."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

MIN_TEXT = 4.5  # pixels: smaller text is left out, for shape and colour to speak


@lru_cache(maxsize=64)
def _font(size: float, bold: bool) -> QFont:
    font = QFont()
    font.setPixelSize(max(round(size), 1))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    return font


@lru_cache(maxsize=20_000)
def _width(text: str, size: float, bold: bool) -> float:
    """Measured once a text: that takes as long as painting it."""
    return QFontMetricsF(_font(size, bold)).horizontalAdvance(text)


def draw_text(
    painter: QPainter, rect: QRectF, text: str, size: float, bold: bool, colour: str, scale: float,
    align: Qt.AlignmentFlag,
) -> None:  # fmt: skip
    """Writes `text` no wider than `rect`; nothing where it would be too small to read."""
    if size * scale < MIN_TEXT:
        return
    font, width = _font(size, bold), _width(text, size, bold)
    painter.setPen(QColor(colour))
    painter.setFont(font)
    if width <= rect.width():
        painter.drawText(rect, int(align | Qt.TextFlag.TextDontClip), text)
        return
    painter.save()
    shrink = rect.width() / width
    painter.translate(rect.center())
    painter.scale(shrink, shrink)
    painter.translate(-rect.center())
    rect = QRectF(0, 0, width + 1, rect.height()).translated(rect.center() - QPointF(width / 2, rect.height() / 2))
    painter.drawText(rect, int(align | Qt.TextFlag.TextDontClip), text)
    painter.restore()
