"""Picture -> QGraphicsScene: the same boxes and lines that the SVG has. What stays the same from picture to picture stays."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSceneHelpEvent, QToolTip

from resnet_studio.picture.palette import Theme
from resnet_studio.picture.shapes import Box, Picture
from resnet_studio.ui.widgets.guard import guarded

from .box_item import BoxItem, FarBoxes
from .scene_items import BadgeItem, BandItem, LineItem, TextItem

_BANDS, _LINES, _FAR, _, _BADGES, _TEXTS = range(
    -3, 3
)  # from the lowest to the highest; boxes have 0, as Qt's items do
_KEPT = 0.5  # of the boxes: where fewer stay, it is quicker to make a new scene than to change the old one


@guarded
class PictureScene(QGraphicsScene):
    """A picture. It keeps its items at hand: asking a scene of thousands of items for them takes long."""

    def __init__(self) -> None:
        super().__init__()
        self.changes = 0  # how often another picture or theme was shown
        self._theme: Theme | None = None
        self._boxes: dict[str, BoxItem] = {}
        self._lines: dict[tuple[str, str, str], LineItem] = {}
        self._badges: dict[tuple[str, str, str], BadgeItem] = {}
        self._bands: list[BandItem] = []
        self._texts: list[TextItem] = []
        self._far = FarBoxes(self._boxes)
        self._far.setZValue(_FAR)
        self.addItem(self._far)

    @property
    def boxes(self) -> list[BoxItem]:
        """The items of the boxes, in the picture's order."""
        return list(self._boxes.values())

    def show_picture(self, picture: Picture, theme: Theme) -> None:
        """Shows `picture` in the theme's colours. Items whose box, line or text is the same are left alone."""
        self.changes += 1
        if theme != self._theme:
            self.setBackgroundBrush(QColor(theme.surface))
        signs = fold_signs(picture)
        self._bands = self._put_row(self._bands, picture.bands, theme, BandItem, _BANDS)
        lines = {(*line.ends, line.kind): line for line in picture.lines}
        self._put_by_name(self._lines, lines, theme, LineItem, _LINES)
        badges = {key: line for key, line in lines.items() if line.badge}
        self._put_by_name(self._badges, badges, theme, BadgeItem, _BADGES)
        self._put_boxes(picture.boxes, theme, signs)
        self._texts = self._put_row(self._texts, picture.texts, theme, TextItem, _TEXTS)
        self._far.show_boxes(QRectF(*picture.rect))
        x, y, width, height = picture.rect
        self.setSceneRect(QRectF(x - 12, y - 12, width + 24, height + 24))
        self._theme = theme

    def keeps(self, picture: Picture) -> bool:
        """Whether enough of the boxes of another picture are here already for this scene to show it."""
        return sum(box.name in self._boxes for box in picture.boxes) >= _KEPT * max(
            len(picture.boxes), len(self._boxes)
        )

    def mark_blocks(self, names: Collection[str]) -> None:
        """Marks blocks as those that are selected in the table: their bands, or their boxes where there are no bands."""
        bands = self._bands
        for band in bands:
            band.mark(bool(band.block) and band.block in names)
        for box in self._boxes.values():
            box.mark(not bands and bool(box.block) and box.block in names)

    def select(self, names: Collection[str]) -> None:
        """Selects the boxes of these names, and no others."""
        for name, item in self._boxes.items():
            if item.isSelected() != (name in names):
                item.setSelected(name in names)

    def mark_found(self, ops: frozenset[str], at: frozenset[str]) -> None:
        """Marks the boxes with operations that a search has found, and those that it stands at."""
        for item in self._boxes.values():
            hit, here = not ops.isdisjoint(item.box.ops), not at.isdisjoint(item.box.ops)
            item.set_found("current" if here else "hit" if hit else "")

    def helpEvent(self, event: QGraphicsSceneHelpEvent) -> None:
        # Tooltips are put together when one is due: a picture of a thousand layers has as many, and shows few.
        under = self.items(event.scenePos())
        text = next((tip for item in under if (tip := item.toolTip())), "")
        QToolTip.showText(event.screenPos(), text, event.widget())
        event.setAccepted(bool(text))

    def _put_boxes(self, boxes: Iterable[Box], theme: Theme, signs: dict[str, str]) -> None:
        found: dict[str, BoxItem] = {}
        old = self._boxes
        for box in boxes:
            item = old.pop(box.name, None)
            sign = signs.get(box.name, "")
            if item is None:
                item = BoxItem(box, theme, sign)
                self.addItem(item)
            else:
                item.put(box, theme, sign)
            found[box.name] = item
        for item in old.values():
            self.removeItem(item)
        old.clear()
        old.update(found)  # the same dictionary: FarBoxes reads it

    def _put_by_name(self, items: dict, values: dict, theme: Theme, make: type, level: int) -> None:  # type: ignore[type-arg]
        for key in [key for key in items if key not in values]:
            self.removeItem(items.pop(key))
        for key, value in values.items():
            if key in items:
                items[key].put(value, theme)
            else:
                items[key] = item = make(value, theme)
                item.setZValue(level)
                self.addItem(item)

    def _put_row(self, items: list, values: Sequence[object], theme: Theme, make: type, level: int) -> list:  # type: ignore[type-arg]
        for item in items[len(values) :]:
            self.removeItem(item)
        kept = items[: len(values)]
        for item, value in zip(kept, values, strict=False):
            item.put(value, theme)
        for value in values[len(kept) :]:
            item = make(value, theme)
            item.setZValue(level)
            self.addItem(item)
            kept.append(item)
        return kept


def make_scene(picture: Picture, theme: Theme) -> PictureScene:
    """A new scene that shows `picture` in `theme`'s colours."""
    scene = PictureScene()
    scene.show_picture(picture, theme)
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
