"""What the lines of the picture mean, in a strip under it."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter
from PySide6.QtWidgets import QWidget

from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.picture.shapes import LEGEND
from resnet_studio.ui.widgets.guard import guarded

from .scene import line_pen


@guarded
class Legend(QWidget):
    """What the lines of the picture mean."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = LIGHT
        self.setAccessibleName("Legend")
        self.setAccessibleDescription("; ".join(words for _, words in LEGEND))
        self.setFixedHeight(self.fontMetrics().height() + 12)

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self._theme = theme
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self._entries()[-1][1], self.height())

    def _entries(self) -> list[tuple[int, int, str, str]]:
        """(left, right, kind, words) of each entry."""
        found, x = [], 12
        for kind, words in LEGEND:
            # The words in brackets give way where the window is narrow.
            text = words if self.width() > 760 else words.split(" (")[0]
            right = x + 40 + self.fontMetrics().horizontalAdvance(text)
            found.append((x, right, kind, text))
            x = right + (24 if self.width() > 540 else 12)
        return found

    def paintEvent(self, event: object) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.fillRect(self.rect(), QColor(self._theme.surface))
        middle = self.height() / 2
        for left, right, kind, words in self._entries():
            painter.setPen(line_pen(kind, self._theme))
            painter.drawLine(QPointF(left, middle), QPointF(left + 32, middle))
            painter.setPen(QColor(self._theme.text))
            painter.drawText(
                QRectF(left + 40, 0, right - left, self.height()), int(Qt.AlignmentFlag.AlignVCenter), words
            )
        painter.end()
