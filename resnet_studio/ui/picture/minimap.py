"""The whole picture in a corner of its view, where it is larger than the view: what is seen is framed, dragging moves it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPointF, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QPen, QPixmap
from PySide6.QtWidgets import QWidget

from resnet_studio.picture.box_look import box_ink
from resnet_studio.picture.palette import LIGHT, Theme, mix
from resnet_studio.picture.shapes import Picture
from resnet_studio.ui.widgets.guard import guarded

from .graph_view import GraphView

_LARGEST = QSize(190, 130)
_MARGIN = 10


@guarded
class Minimap(QWidget):
    """Lies over the bottom right corner of a view."""

    jumped = Signal()  # before the view is moved from here

    def __init__(self, view: GraphView) -> None:
        super().__init__(view)
        self._view = view
        self._picture: Picture | None = None
        self._theme = LIGHT
        self._pixmap: QPixmap | None = None
        self.setToolTip(
            "The whole picture: click or drag to move the view. In the picture itself the arrow keys do the same"
        )
        self.setAccessibleName("Minimap")
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.hide()
        view.moved.connect(self.follow)
        view.installEventFilter(self)

    def set_picture(self, picture: Picture, theme: Theme) -> None:
        """Takes what the view shows; it is painted once it is seen."""
        self._picture, self._theme, self._pixmap = picture, theme, None
        self.follow()

    @Slot()
    def follow(self) -> None:
        """Frames what is seen now; hides where that is all."""
        scene = self._view.scene()
        if self._picture is None:
            return
        whole, seen = scene.sceneRect(), self._view.seen
        larger = whole.width() > seen.width() * 1.02 or whole.height() > seen.height() * 1.02
        # Where hardly anything would be left of the view, it would only be in the way.
        self.setVisible(larger and not self._view.fitted and self._view.width() > 2 * _LARGEST.width())
        size = whole.size().scaled(_LARGEST, Qt.AspectRatioMode.KeepAspectRatio).toSize().expandedTo(QSize(24, 24))
        corner = self._view.rect().bottomRight()
        self.setGeometry(
            corner.x() - size.width() - _MARGIN, corner.y() - size.height() - _MARGIN, size.width(), size.height()
        )
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self.follow()
        return super().eventFilter(watched, event)

    def frame(self) -> QRectF:
        """What the view sees, on the minimap."""
        whole, seen = self._view.scene().sceneRect(), self._view.seen
        scale = self.width() / whole.width()
        return QRectF((seen.x() - whole.x()) * scale, (seen.y() - whole.y()) * self.height() / whole.height(),
                      seen.width() * scale, seen.height() * self.height() / whole.height())  # fmt: skip

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.jumped.emit()
        self._move(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(event.position())

    def _move(self, place: QPointF) -> None:
        whole, size = self._view.scene().sceneRect(), self._view.viewport().size()
        x = whole.x() + min(max(place.x() / self.width(), 0.0), 1.0) * whole.width()
        y = whole.y() + min(max(place.y() / self.height(), 0.0), 1.0) * whole.height()
        self._view.put(QPointF(x, y), QPointF(size.width() / 2, size.height() / 2))

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._pixmap is None or self._pixmap.size() != self.size() * self.devicePixelRatio():
            self._pixmap = self._paint_whole()
        painter = QPainter(self)
        painter.drawPixmap(0, 0, self._pixmap)
        theme = self._theme
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        fill = QColor(theme.accent)
        fill.setAlpha(40)
        painter.setPen(QPen(QColor(theme.accent), 1.5))
        painter.setBrush(fill)
        painter.drawRect(self.frame().intersected(QRectF(self.rect()).adjusted(1, 1, -2, -2)))

    def _paint_whole(self) -> QPixmap:
        assert self._picture is not None
        theme, whole, ratio = self._theme, self._view.scene().sceneRect(), self.devicePixelRatio()
        pixmap = QPixmap(self.size() * ratio)
        pixmap.fill(QColor(theme.surface))
        pixmap.setDevicePixelRatio(ratio)
        painter = QPainter(pixmap)
        painter.scale(self.width() / whole.width(), self.height() / whole.height())
        painter.translate(-whole.topLeft())
        for band in self._picture.bands:
            if not band.outline:
                painter.fillRect(QRectF(*band.rect), QColor(mix(*theme.band, band.level)))
        for box in self._picture.boxes:
            ink = box_ink(box, theme)
            painter.fillRect(QRectF(*box.rect), QColor(box.fill or ink.edge))
        painter.end()
        return pixmap
