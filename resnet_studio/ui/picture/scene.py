"""Picture -> QGraphicsScene: the same boxes and lines that the SVG has, with tooltips and a selection."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QGraphicsItem, QGraphicsPathItem, QGraphicsScene, QStyleOptionGraphicsItem, QWidget

from resnet_studio.picture.box_look import GAIN, OPACITY
from resnet_studio.picture.palette import DASHES, Theme, mix
from resnet_studio.picture.shapes import BADGE_SIZE, Band, Line, Path, Picture, Text
from resnet_studio.picture.svg import line_width
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

from .box_item import BoxItem, FarBoxes
from .painted_text import MIN_TEXT, draw_text


class PictureScene(QGraphicsScene):
    """A picture. It keeps its boxes at hand: asking a scene of thousands of items for them takes long."""

    def __init__(self) -> None:
        super().__init__()
        self.boxes: list[BoxItem] = []
        self.bands: list[BandItem] = []

    def mark_blocks(self, names: Collection[str]) -> None:
        """Marks blocks as those that are selected in the table: their bands, or their boxes where there are no bands."""
        for item in self.bands or self.boxes:
            item.mark(bool(item.block) and item.block in names)

    def select(self, names: Collection[str]) -> None:
        """Selects the boxes of these names, and no others."""
        for item in self.boxes:
            if item.isSelected() != (item.box.name in names):
                item.setSelected(item.box.name in names)

    def mark_found(self, ops: frozenset[str], at: frozenset[str]) -> None:
        """Marks the boxes with operations that a search has found, and those that it stands at."""
        for item in self.boxes:
            hit, here = not ops.isdisjoint(item.box.ops), not at.isdisjoint(item.box.ops)
            item.set_found("current" if here else "hit" if hit else "")


def make_scene(picture: Picture, theme: Theme) -> PictureScene:
    """`picture` in `theme`'s colours. Scenes are replaced, never cleared: that is ten times as fast."""
    scene = PictureScene()
    scene.setBackgroundBrush(QColor(theme.surface))
    for band in picture.bands:
        scene.bands.append(BandItem(band, theme))
        scene.addItem(scene.bands[-1])
    for line in picture.lines:
        scene.addItem(_line_item(line, theme))
    signs = fold_signs(picture)
    scene.boxes = [BoxItem(box, theme, signs.get(box.name, "")) for box in picture.boxes]
    for item in (FarBoxes(scene.boxes, QRectF(*picture.rect)), *scene.boxes):
        scene.addItem(item)
    for line in picture.lines:
        if line.badge:
            scene.addItem(_BadgeItem(line, theme))
    for text in picture.texts:
        scene.addItem(_TextItem(text, theme))
    x, y, width, height = picture.rect
    scene.setSceneRect(QRectF(x - 12, y - 12, width + 24, height + 24))
    return scene


def fold_signs(picture: Picture) -> dict[str, str]:
    """The boxes, by name, that a run of equal units is opened or folded at: its first, with + or -."""
    signs: dict[str, str] = {}
    runs: set[str] = set()
    for box in picture.boxes if picture.folded else ():
        if box.run and box.run not in runs:
            runs.add(box.run)
            signs[box.name] = "+" if box.count > 1 else "-"
    return signs


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


@guarded
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


@guarded
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


@guarded
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


def _line_item(line: Line, theme: Theme) -> QGraphicsPathItem:
    item = QGraphicsPathItem(painter_path(line.path))
    pen = line_pen(line.kind, theme)
    pen.setWidthF(pen.widthF() * GAIN.get(line.mark, 1.0))
    item.setPen(pen)
    item.setOpacity(OPACITY.get(line.mark, 1.0))
    item.setToolTip(plain_tip(line.tooltip))
    item.setData(0, line.ends)
    return item
