"""What a picture in the window has besides its boxes: bands, lines, the words on them, and words that stand free.

Each item shows one value of `picture.shapes` and can be made to show another: `put` changes nothing where it is the same.
"""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QStyleOptionGraphicsItem, QWidget

from resnet_studio.picture.box_look import GAIN, OPACITY
from resnet_studio.picture.palette import DASHES, Theme, mix
from resnet_studio.picture.shapes import BADGE_SIZE, Band, Line, Path, Text
from resnet_studio.picture.svg import line_width
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

from .painted_text import LEFT, MIDDLE, MIN_TEXT, RIGHT, colour_of, draw_text

_ALIGN = {"start": LEFT, "middle": MIDDLE, "end": RIGHT}


def painter_path(path: Path) -> QPainterPath:
    """A route as Qt's path."""
    result = QPainterPath()
    for step in path:
        match step[0]:
            case "M":
                result.moveTo(step[1], step[2])
            case "L":
                result.lineTo(step[1], step[2])
            case _:
                result.quadTo(*step[1:])
    return result


@lru_cache(maxsize=64)
def line_pen(kind: str, theme: Theme, gain: float = 1.0) -> QPen:
    """The pen of a kind of line: its colour, width and dashes. gain: how much thicker it is. Nobody may change it."""
    pen = QPen(QColor(theme.shortcut(kind)), line_width(kind) * gain)
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if DASHES[kind]:
        pen.setDashPattern(list(DASHES[kind]))
    return pen


@guarded
class BandItem(QGraphicsItem):
    """A block's rows, named at their left."""

    def __init__(self, band: Band, theme: Theme) -> None:
        super().__init__()
        self._marked = False
        self._band, self._theme = band, theme
        self._rect = QRectF(*band.rect)

    @property
    def block(self) -> str:
        """The name of the block that it is of."""
        return self._band.block

    def put(self, band: Band, theme: Theme) -> None:
        """Shows another band, or the same in other colours."""
        if band == self._band and theme == self._theme:
            return
        if band.rect != self._band.rect:
            self.prepareGeometryChange()
            self._rect = QRectF(*band.rect)
        self._band, self._theme = band, theme
        self.update()

    def mark(self, marked: bool) -> None:
        """Draws the band as the selected block's, or not."""
        if marked != self._marked:
            self._marked = marked
            self.update()

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-2, -2, 2, 2)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        theme = self._theme
        if self._band.outline:
            painter.setPen(QPen(QColor(theme.muted), 1.2, Qt.PenStyle.DotLine))
            painter.setBrush(Qt.BrushStyle.NoBrush)
        else:
            painter.setPen(QPen(QColor(theme.accent), 1.6) if self._marked else Qt.PenStyle.NoPen)
            painter.setBrush(colour_of(mix(*theme.band, self._band.level)))
        painter.drawRoundedRect(self._rect, 8, 8)
        for text in self._band.texts:
            write(painter, text, theme)


@guarded
class LineItem(QGraphicsPathItem):
    """An edge of the network."""

    def __init__(self, line: Line, theme: Theme) -> None:
        super().__init__(painter_path(line.path))
        self._line, self._theme, self._opacity = line, theme, 1.0
        self._look()

    @property
    def line(self) -> Line:
        """The line that it shows."""
        return self._line

    def put(self, line: Line, theme: Theme) -> None:
        """Shows another line, or the same in other colours."""
        before, old = self._line, self._theme
        self._line, self._theme = line, theme
        if line is before and theme is old:
            return
        if line.path != before.path:
            self.setPath(painter_path(line.path))
        if line.mark != before.mark or line.kind != before.kind or theme != old:
            self._look()

    def toolTip(self) -> str:
        return plain_tip(self._line.tooltip)

    def _look(self) -> None:
        line = self._line
        self.setPen(line_pen(line.kind, self._theme, GAIN.get(line.mark, 1.0)))
        if (opacity := OPACITY.get(line.mark, 1.0)) != self._opacity:
            self._opacity = opacity
            self.setOpacity(opacity)


@guarded
class BadgeItem(QGraphicsItem):
    """A word on a shortcut."""

    def __init__(self, line: Line, theme: Theme) -> None:
        super().__init__()
        self._line, self._theme = line, theme
        self._rect = QRectF(*line.badge_rect)
        self.setOpacity(OPACITY.get(line.mark, 1.0))

    def put(self, line: Line, theme: Theme) -> None:
        """Shows another line's word, or the same in other colours."""
        if line is self._line and theme is self._theme:
            return
        rect = QRectF(*line.badge_rect)
        if rect != self._rect:
            self.prepareGeometryChange()
            self._rect = rect
        if line.badge != self._line.badge or theme != self._theme:
            self.update()
        self._line, self._theme = line, theme
        if (opacity := OPACITY.get(line.mark, 1.0)) != self.opacity():
            self.setOpacity(opacity)

    def toolTip(self) -> str:
        return plain_tip(self._line.tooltip)

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colour, scale = self._theme.shortcut(self._line.kind), painter.worldTransform().m11()
        if BADGE_SIZE * scale < MIN_TEXT:
            return
        painter.setPen(QPen(colour_of(colour), 1.0))
        painter.setBrush(colour_of(self._theme.surface))
        painter.drawRoundedRect(self._rect, 8, 8)
        left, top, width, height = self._line.badge_rect
        draw_text(painter, (left + 2, top, width - 4, height), self._line.badge, BADGE_SIZE, True, colour, scale)


@guarded
class TextItem(QGraphicsItem):
    """A text that stands free."""

    def __init__(self, text: Text, theme: Theme) -> None:
        super().__init__()
        self._text, self._theme = text, theme
        self._rect = QRectF(*text.rect)

    def put(self, text: Text, theme: Theme) -> None:
        """Shows another text, or the same in other colours."""
        if text == self._text and theme == self._theme:
            return
        if text.rect != self._text.rect:
            self.prepareGeometryChange()
            self._rect = QRectF(*text.rect)
        self._text, self._theme = text, theme
        self.update()

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        write(painter, self._text, self._theme)


def write(painter: QPainter, text: Text, theme: Theme) -> None:
    """A text that stands free, in its rectangle."""
    colour, scale = theme.text if text.bold else theme.muted, painter.worldTransform().m11()
    draw_text(painter, text.rect, text.text, text.size, text.bold, colour, scale, _ALIGN[text.align])
