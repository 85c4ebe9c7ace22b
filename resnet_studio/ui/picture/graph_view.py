"""The view of a picture: zoom, pan and fit, folds opened by a click, and a point held still while the scene changes."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QFrame, QGraphicsScene, QGraphicsView, QWidget

from resnet_studio.ui.widgets.guard import guarded

from .box_item import BoxItem

MAX_SCALE = 6.0
MIN_SCALE = 0.02
LIFE_SIZE = 1.25  # a picture that is fitted is not made larger than this


@guarded
class GraphView(QGraphicsView):
    """Shows a picture. The wheel zooms at the pointer, dragging pans; a picture that was fitted stays fitted."""

    resized = Signal()
    moved = Signal()  # another part of the picture is seen
    opened = Signal(str)  # the run of equal units that is to be opened or folded: see `Box.run`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setOptimizationFlag(QGraphicsView.OptimizationFlag.DontSavePainterState)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(240, 160)
        self.setAccessibleName("Network graph")
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self._fitted = True
        self._just_opened = False

    @property
    def fitted(self) -> bool:
        """Whether the whole picture is in view, and stays so."""
        return self._fitted

    @property
    def zoom(self) -> float:
        """Pixels on the screen for one point of the picture."""
        return self.transform().m11()

    @property
    def seen(self) -> QRectF:
        """The part of the scene that is in view."""
        return self.mapToScene(self.viewport().rect()).boundingRect()

    def set_scene(self, scene: QGraphicsScene, held: tuple[QPointF, QPointF] | None = None) -> None:
        """Exchanges the scene and keeps the view: fitted, or at the same scale and place.

        held: a point of the new scene, and where on the viewport it is to be; None: the view's middle stays.
        """
        middle = QPointF(self.viewport().rect().center())
        point, at = held or (self.mapToScene(self.viewport().rect().center()), middle)
        old = self.scene()
        self.setScene(scene)
        scene.setParent(self)
        if old is not None:
            old.deleteLater()
        if self._fitted:
            self.fit()
        else:
            self.put(point, at)

    def put(self, point: QPointF, at: QPointF, zoom: float | None = None) -> None:
        """Moves the view so that `point` of the scene is seen at `at` of the viewport, to the pixel."""
        self._fitted = False
        if zoom is not None:
            self.resetTransform()
            self.scale(zoom, zoom)
        self._make_room()
        size = self.viewport().size()
        self.centerOn(point + (QPointF(size.width() / 2, size.height() / 2) - at) / self.zoom)
        self.moved.emit()

    def show_rect(self, rect: QRectF) -> None:
        """Moves and zooms to a part of the scene, with some room around it."""
        size = self.viewport().size()
        room = rect.adjusted(-30, -30, 30, 30)
        zoom = min(size.width() / room.width(), size.height() / room.height(), 1.2 * LIFE_SIZE)
        self.put(room.center(), QPointF(size.width() / 2, size.height() / 2), max(zoom, MIN_SCALE))

    @Slot()
    def fit(self) -> None:
        """The whole picture, as large as it goes but not larger than life."""
        self._fitted = True
        if self.scene() is None:
            return
        rect = self.scene().sceneRect()
        self.setSceneRect(rect)
        self.fitInView(rect, Qt.AspectRatioMode.KeepAspectRatio)
        if self.zoom > LIFE_SIZE:
            self.resetTransform()
            self.scale(LIFE_SIZE, LIFE_SIZE)
            self.centerOn(rect.center())
        self.moved.emit()

    @Slot()
    def zoom_in(self) -> None:
        """A quarter larger."""
        self._zoom(1.25)

    @Slot()
    def zoom_out(self) -> None:
        """A fifth smaller."""
        self._zoom(0.8)

    def _zoom(self, factor: float) -> None:
        if MIN_SCALE <= self.zoom * factor <= MAX_SCALE and self.scene() is not None:
            self._fitted = False
            self._make_room(factor)
            self.scale(factor, factor)
            self.moved.emit()

    def _make_room(self, factor: float = 1.0) -> None:
        """Lets every point of the picture come to every place of the view: what is held would slip at the edges else."""
        size = self.viewport().size() / (self.zoom * min(factor, 1.0))
        self.setSceneRect(self.scene().sceneRect().adjusted(-size.width(), -size.height(), size.width(), size.height()))

    def scrollContentsBy(self, dx: int, dy: int) -> None:
        super().scrollContentsBy(dx, dy)
        self.moved.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom(1.0015 ** max(min(event.angleDelta().y(), 480), -480))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_out()
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.scene() is not None:
            self._open(next(iter(self.scene().selectedItems()), None))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position().toPoint()
        item = self.itemAt(place)
        if isinstance(item, BoxItem):
            if event.button() == Qt.MouseButton.RightButton and not item.isSelected():
                # The menu is about the node that it was called up on.
                self.scene().clearSelection()
                item.setSelected(True)
            elif event.button() == Qt.MouseButton.LeftButton and item.on_fold_mark(self.mapToScene(place), self.zoom):
                self._just_opened = True
                self._open(item)
                return
        self._just_opened = False
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        # The first press of a double click on a fold mark has opened it already.
        if not self._just_opened:
            self._open(self.itemAt(event.position().toPoint()))
        self._just_opened = False

    def _open(self, item: object) -> None:
        if isinstance(item, BoxItem) and item.box.run:
            self.opened.emit(item.box.run)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        self.resized.emit()
