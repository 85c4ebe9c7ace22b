"""Picture -> QGraphicsScene: the same boxes and lines that the SVG has, with tooltips and a selection."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from resnet_studio.arch.box_look import EMPTY_DASHES, GAIN, OPACITY, box_ink, box_rows
from resnet_studio.arch.palette import DASHES, Theme, mix
from resnet_studio.arch.path_marks import LESION
from resnet_studio.arch.shapes import BADGE_SIZE, Band, Box, Line, Path, Picture, Text
from resnet_studio.arch.svg import line_width

from .style import plain_tip

SWITCHED_OFF = "\nresidual branch switched off: only the shortcut is left"
MIN_TEXT = 4.5  # pixels: smaller text is left out, for shape and colour to speak


def make_scene(picture: Picture, theme: Theme) -> QGraphicsScene:
    """`picture` in `theme`'s colours. Scenes are replaced, never cleared: that is ten times as fast."""
    scene = QGraphicsScene()
    scene.setBackgroundBrush(QColor(theme.surface))
    for band in picture.bands:
        scene.addItem(BandItem(band, theme))
    for line in picture.lines:
        scene.addItem(_line_item(line, theme))
    for box in picture.boxes:
        scene.addItem(BoxItem(box, theme))
    for line in picture.lines:
        if line.badge:
            scene.addItem(_BadgeItem(line, theme))
    for text in picture.texts:
        scene.addItem(_TextItem(text, theme))
    x, y, width, height = picture.rect
    scene.setSceneRect(QRectF(x - 12, y - 12, width + 24, height + 24))
    return scene


def mark_block(scene: QGraphicsScene, block: str) -> None:
    """Marks a block as the one that is selected in the table: its band, or its boxes where there are no bands."""
    items = scene.items()
    bands = [item for item in items if isinstance(item, BandItem)]
    for item in bands or items:
        if isinstance(item, BandItem | BoxItem):
            item.mark(bool(block) and item.block == block)


def select_box(scene: QGraphicsScene, name: str) -> BoxItem | None:
    """Selects the box of that name, and gives it; None where there is none."""
    for item in scene.items():
        if isinstance(item, BoxItem) and item.box.name == name:
            item.setSelected(True)
            return item
    return None


def painter_path(path: Path) -> QPainterPath:
    """A route as Qt's path."""
    result = QPainterPath()
    for step in path:
        match step:
            case ("M", x, y):
                result.moveTo(x, y)
            case ("L", x, y):
                result.lineTo(x, y)
            case ("Q", cx, cy, x, y):
                result.quadTo(cx, cy, x, y)
    return result


def line_pen(kind: str, theme: Theme) -> QPen:
    """The pen of a kind of line: its colour, width and dashes."""
    pen = QPen(QColor(theme.shortcut(kind)), line_width(kind))
    pen.setCapStyle(Qt.PenCapStyle.FlatCap)
    if DASHES[kind]:
        pen.setDashPattern(list(DASHES[kind]))
    return pen


class BoxItem(QGraphicsItem):
    """A node."""

    def __init__(self, box: Box, theme: Theme) -> None:
        super().__init__()
        self.box = box
        self._theme = theme
        self._ink = box_ink(box, theme)
        self.block = box.block
        self._marked = False
        self._rect = QRectF(*box.rect)
        self.setOpacity(OPACITY.get(box.mark, 1.0))
        self.setToolTip(plain_tip(box.hover + (SWITCHED_OFF if box.mark == LESION else "")))
        self.setFlag(QGraphicsItem.GraphicsItemFlag.ItemIsSelectable)

    def mark(self, marked: bool) -> None:
        """Draws the box as one of the selected block's, or not."""
        self._marked = marked
        self.update()

    def boundingRect(self) -> QRectF:
        more = 8 if self.box.stacked else 3
        return self._rect.adjusted(-3, -3, more, more)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        theme, box, rect, ink = self._theme, self.box, self._rect, self._ink
        chosen = self.isSelected() or self._marked
        pen = QPen(QColor(theme.accent if chosen else ink.edge), 2.6 if chosen else 1.4)
        if ink.empty and box.form != "add" and (box.mark == LESION or not chosen):
            pen.setDashPattern([length / 1.4 for length in EMPTY_DASHES])
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush if ink.fill == "none" else QBrush(QColor(ink.fill)))
        scale = painter.worldTransform().m11()
        if box.form == "add":
            painter.drawEllipse(rect)
            arm, middle = rect.width() * 0.26, rect.center()
            painter.setPen(QPen(QColor(ink.title), 1.4))
            painter.drawLine(middle - QPointF(arm, 0), middle + QPointF(arm, 0))
            painter.drawLine(middle - QPointF(0, arm), middle + QPointF(0, arm))
            return
        radius = min(rect.height() / 2, 16.0) if box.kind == "norm" else 8.0 if box.form == "card" else 6.0
        for step in (6.0, 3.0) if box.stacked else ():
            painter.drawRoundedRect(rect.translated(step, step), radius, radius)
        painter.drawRoundedRect(rect, radius, radius)
        rows = [row for row in box_rows(box) if row[1] * scale >= MIN_TEXT]
        top = rect.center().y() - sum(size * 1.3 for _, size, _ in rows) / 2
        for text, size, bold in rows:
            line = QRectF(rect.left() + 3, top, rect.width() - 6, size * 1.3)
            colour = ink.title if bold else ink.text
            draw_text(painter, line, text, size, bold, colour, scale, Qt.AlignmentFlag.AlignCenter)
            top += size * 1.3


class BandItem(QGraphicsItem):
    """A block's rows, named at their left."""

    def __init__(self, band: Band, theme: Theme) -> None:
        super().__init__()
        self._band = band
        self._theme = theme
        self.block = band.block
        self._marked = False
        self._rect = QRectF(*band.rect)

    def mark(self, marked: bool) -> None:
        """Draws the band as the selected block's, or not."""
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
            painter.setBrush(QColor(mix(*theme.band, self._band.level)))
        painter.drawRoundedRect(self._rect, 8, 8)
        for text in self._band.texts:
            write(painter, text, theme)


class _BadgeItem(QGraphicsItem):
    """A word on a shortcut."""

    def __init__(self, line: Line, theme: Theme) -> None:
        super().__init__()
        self._line = line
        self._theme = theme
        self._rect = QRectF(*line.badge_rect)
        self.setOpacity(OPACITY.get(line.mark, 1.0))
        self.setToolTip(plain_tip(line.tooltip))

    def boundingRect(self) -> QRectF:
        return self._rect.adjusted(-1, -1, 1, 1)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        colour, scale = self._theme.shortcut(self._line.kind), painter.worldTransform().m11()
        if BADGE_SIZE * scale < MIN_TEXT:
            return
        painter.setPen(QPen(QColor(colour), 1.0))
        painter.setBrush(QColor(self._theme.surface))
        painter.drawRoundedRect(self._rect, 8, 8)
        text = self._rect.adjusted(2, 0, -2, 0)
        draw_text(painter, text, self._line.badge, BADGE_SIZE, True, colour, scale, Qt.AlignmentFlag.AlignCenter)


class _TextItem(QGraphicsItem):
    """A text that stands free."""

    def __init__(self, text: Text, theme: Theme) -> None:
        super().__init__()
        self._text = text
        self._theme = theme
        self._rect = QRectF(*text.rect)

    def boundingRect(self) -> QRectF:
        return self._rect

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        write(painter, self._text, self._theme)


def write(painter: QPainter, text: Text, theme: Theme) -> None:
    """A text that stands free, in its rectangle."""
    align = {"start": Qt.AlignmentFlag.AlignLeft, "middle": Qt.AlignmentFlag.AlignHCenter}.get(
        text.align, Qt.AlignmentFlag.AlignRight
    )
    colour, scale = theme.text if text.bold else theme.muted, painter.worldTransform().m11()
    rect = QRectF(*text.rect)
    draw_text(painter, rect, text.text, text.size, text.bold, colour, scale, align | Qt.AlignmentFlag.AlignVCenter)


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


def _line_item(line: Line, theme: Theme) -> QGraphicsPathItem:
    item = QGraphicsPathItem(painter_path(line.path))
    pen = line_pen(line.kind, theme)
    pen.setWidthF(pen.widthF() * GAIN.get(line.mark, 1.0))
    item.setPen(pen)
    item.setOpacity(OPACITY.get(line.mark, 1.0))
    item.setToolTip(plain_tip(line.tooltip))
    item.setData(0, line.ends)
    return item
