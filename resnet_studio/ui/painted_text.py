"""Text on a picture in the window: never wider than its place, and left out where it is too small to read."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

MIN_TEXT = 4.5  # pixels: smaller text is left out, for shape and colour to speak


def draw_text(
    painter: QPainter, rect: QRectF, text: str, size: float, bold: bool, colour: str, scale: float,
    align: Qt.AlignmentFlag,
) -> None:  # fmt: skip
    """Writes `text` no wider than `rect`; nothing where it would be too small to read."""
    if size * scale < MIN_TEXT:
        return
    font = QFont()
    font.setPixelSize(max(round(size), 1))
    font.setWeight(QFont.Weight.DemiBold if bold else QFont.Weight.Normal)
    width = QFontMetricsF(font).horizontalAdvance(text)
    painter.save()
    painter.setPen(QColor(colour))
    painter.setFont(font)
    if width > rect.width():
        shrink = rect.width() / width
        painter.translate(rect.center())
        painter.scale(shrink, shrink)
        painter.translate(-rect.center())
        rect = QRectF(0, 0, width + 1, rect.height()).translated(rect.center() - QPointF(width / 2, rect.height() / 2))
    painter.drawText(rect, int(align | Qt.TextFlag.TextDontClip), text)
    painter.restore()
