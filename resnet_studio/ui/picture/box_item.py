"""A node of the picture in the window: selected, marked, found, with the mark that its run is opened or folded at."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.picture.box_look import EMPTY_DASHES, OPACITY, box_ink, box_rows
from resnet_studio.picture.palette import Theme
from resnet_studio.picture.path_marks import LESION
from resnet_studio.picture.shapes import Box
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

from .painted_text import MIN_TEXT, draw_text

SWITCHED_OFF = "\nresidual branch switched off: only the shortcut is left"
COARSE = 0.35  # pixels a point: below it nobody sees a round corner or a smooth edge
_MARK, _LARGEST_MARK = 6.5, 14.0  # points: the fold mark's radius, and how far marks may stand out far away

Found = Literal["", "hit", "current"]


@guarded
class BoxItem(QGraphicsItem):
    """A node. sign: '+' or '-' where a click on its corner opens or folds a run of equal units."""

    def __init__(self, box: Box, theme: Theme, sign: str = "") -> None:
        super().__init__()
        self.box = box
        self.block = box.block
        self._sign = sign
        self._theme = theme
        self.ink = box_ink(box, theme)
        self._marked = False
        self._found: Found = ""
        self.rect = QRectF(*box.rect)
        left, bottom = self.rect.left(), self.rect.bottom()
        self._corner = QPointF(left, bottom)
        self._brush = QBrush(Qt.BrushStyle.NoBrush) if self.ink.fill == "none" else QBrush(QColor(self.ink.fill))
        self._pen = QPen(QColor(self.ink.edge), 1.4)
        self._rows: list[tuple[str, float, bool]] = []
        faded = OPACITY.get(box.mark, 1.0)
        if faded != 1.0:
            self.setOpacity(faded)
        self.plain_far_away = (
            not sign and faded == 1.0 and box.form != "card" and not self.ink.empty and self.ink.fill != "none"
        )
        self.setToolTip(plain_tip(box.hover + (SWITCHED_OFF if box.mark == LESION else "") + self._what_a_click_does()))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)

    def _what_a_click_does(self) -> str:
        return {"+": "\nA click on + shows its units", "-": "\nA click on − folds the run"}.get(self._sign, "")

    @property
    def middle(self) -> QPointF:
        """Its middle, in the scene."""
        return self.rect.center()

    @property
    def fold_mark(self) -> QPointF | None:
        """The middle of the mark that a click opens or folds its run at; None where it has none."""
        return self._corner if self._sign else None

    def on_fold_mark(self, point: QPointF, scale: float) -> bool:
        """Whether a point of the scene, seen at a scale, is on the mark that opens or folds a run of units."""
        away = point - self._corner
        return bool(self._sign) and max(abs(away.x()), abs(away.y())) <= _mark_radius(scale) + 1

    def mark(self, marked: bool) -> None:
        """Draws the box as one of the selected block's, or not."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def set_found(self, found: Found) -> None:
        """Draws the box as one that a search has found, as the one that it stands at, or as neither."""
        if found != self._found:
            self._found = found
            self.update()

    def boundingRect(self) -> QRectF:
        room = _LARGEST_MARK + 2
        return self.rect.adjusted(-room, -room, room, room)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        theme, box, rect, ink = self._theme, self.box, self.rect, self.ink
        scale = painter.worldTransform().m11()
        chosen = self.isSelected() or self._marked
        if scale < COARSE and self.plain_far_away and not chosen and not self._found:
            return  # painted together with the others: see FarBoxes
        pen = self._pen
        if chosen:
            # Far away an outline of 2.6 points would be thinner than a pixel.
            pen = QPen(QColor(theme.accent), max(2.6, 1.6 / scale))
        if ink.empty and box.form != "add" and (box.mark == LESION or not chosen):
            pen = QPen(pen)
            pen.setDashPattern([length / 1.4 for length in EMPTY_DASHES])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self._found:
            self._draw_ring(painter, scale)
        painter.setPen(pen)
        painter.setBrush(self._brush)
        if scale < COARSE:
            self._draw_coarse(painter, scale)
            return
        if box.form == "add":
            painter.drawEllipse(rect)
            arm, middle = rect.width() * 0.26, rect.center()
            painter.setPen(QPen(QColor(ink.title), 1.4))
            painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))
        else:
            radius = min(rect.height() / 2, 16.0) if box.kind == "norm" else 8.0 if box.form == "card" else 6.0
            for step in (6.0, 3.0) if box.stacked else ():
                painter.drawRoundedRect(rect.translated(step, step), radius, radius)
            painter.drawRoundedRect(rect, radius, radius)
            self._write(painter, scale)
        if self._sign:
            self._draw_sign(painter, scale)

    def _draw_coarse(self, painter: QPainter, scale: float) -> None:
        if painter.pen().widthF() * scale < 1.0 and not self.ink.empty:
            painter.setPen(QPen(painter.pen().color(), 0))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.drawRect(self.rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
        if self.box.form != "add" and 15.0 * scale >= MIN_TEXT:
            self._write(painter, scale)
        if self._sign:
            self._draw_sign(painter, scale)

    def _draw_ring(self, painter: QPainter, scale: float) -> None:
        strong = self._found == "current"
        colour = QColor(self._theme.changed)
        painter.setPen(QPen(colour, max(2.0, 1.5 / scale)) if strong else Qt.PenStyle.NoPen)
        colour.setAlpha(150 if strong else 110)
        painter.setBrush(colour)
        room = min(max(5.0, 3.0 / scale), _LARGEST_MARK - 2)
        painter.drawRoundedRect(self.rect.adjusted(-room, -room, room, room), 8, 8)

    def _draw_sign(self, painter: QPainter, scale: float) -> None:
        theme, middle, radius = self._theme, self._corner, _mark_radius(scale)
        painter.setPen(QPen(QColor(theme.accent), radius / 5))
        painter.setBrush(QColor(theme.surface))
        painter.drawEllipse(middle, radius, radius)
        arm = 0.55 * radius
        painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
        if self._sign == "+":
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))

    def _write(self, painter: QPainter, scale: float) -> None:
        rect, ink = self.rect, self.ink
        self._rows = self._rows or box_rows(self.box)
        rows = [row for row in self._rows if row[1] * scale >= MIN_TEXT]
        top = rect.center().y() - sum(size * 1.3 for _, size, _ in rows) / 2
        for text, size, bold in rows:
            line = QRectF(rect.left() + 3, top, rect.width() - 6, size * 1.3)
            colour = ink.title if bold else ink.text
            draw_text(painter, line, text, size, bold, colour, scale, Qt.AlignmentFlag.AlignCenter)
            top += size * 1.3


def _mark_radius(scale: float) -> float:
    """In points: large enough to be hit with a pointer where the picture is small."""
    return min(max(_MARK, _MARK / scale), _LARGEST_MARK)


@guarded
class FarBoxes(QGraphicsItem):
    """All boxes of a scene, painted at once where they are too small to tell more than their shape and colour."""

    def __init__(self, boxes: Iterable[BoxItem], bounds: QRectF) -> None:
        super().__init__()
        self._bounds = bounds
        self._groups: dict[tuple[str, str], list[QRectF]] = {}
        for item in boxes:
            if item.plain_far_away:
                self._groups.setdefault((item.ink.fill, item.ink.edge), []).append(item.rect)

    def boundingRect(self) -> QRectF:
        return self._bounds

    def shape(self) -> QPainterPath:
        return QPainterPath()  # never under the pointer: the boxes themselves are

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        if painter.worldTransform().m11() >= COARSE:
            return
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        for (fill, edge), rects in self._groups.items():
            painter.setPen(QPen(QColor(edge), 0))  # a pixel, however far away
            painter.setBrush(QColor(fill))
            painter.drawRects(rects)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, True)
