"""A thin progress bar that does not look full while nobody knows how far it is."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QProgressBar, QWidget

from .guard import guarded

_HEIGHT = 8
_SEGMENT = 0.2  # of the bar's width
_ROUND = 2.0  # seconds in which the segment crosses the bar


@guarded
class ThinProgressBar(QProgressBar):
    """Fusion's busy bar is a full one with faint stripes, and it repaints 60 times a second beside a measurement.

    This one moves only when it is told the time.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._seconds = 0.0
        self.setTextVisible(False)
        self.setFixedHeight(_HEIGHT)
        self.setMinimumWidth(60)

    @property
    def busy(self) -> bool:
        """Whether there is no count to show."""
        return self.maximum() == 0

    def set_share(self, share: float | None, seconds: float) -> None:
        """How much is done, 0 to 1, or None where nobody knows. seconds: of this phase, so far."""
        parts = 0 if share is None else 1_000
        if self.maximum() != parts:
            self.setRange(0, parts)
        if share is not None:
            self.setValue(int(min(max(share, 0.0), 1.0) * parts))  # a run may count further than was asked for
        elif seconds != self._seconds:
            self._seconds = seconds
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A track, and on it what is done or, busy, a segment that goes to and fro."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self.height() / 2
        track = QRectF(self.rect())
        painter.setBrush(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRoundedRect(track, radius, radius)
        if self.busy:
            turn = self._seconds / _ROUND % 2
            done = QRectF(track)
            done.setWidth(track.width() * _SEGMENT)
            done.moveLeft((turn if turn < 1 else 2 - turn) * (track.width() - done.width()))
        else:
            done = QRectF(track)
            done.setWidth(track.width() * self.value() / self.maximum())
        painter.setBrush(self.palette().color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(done, radius, radius)
