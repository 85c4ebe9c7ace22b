"""Brings a `PictureView` onto the screen: the picture is worked out as far as it must be, and the scene changes once."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal, Slot

from resnet_studio.picture.shapes import Box
from resnet_studio.picture.view import Drawn, PictureView, draw

from .box_item import BoxItem
from .colour_bar import ColourBarStrip
from .eye import Held
from .graph_view import GraphView
from .minimap import Minimap
from .picture_selection import boxes_of
from .scene import PictureScene


class Stage(QObject):
    """The view with all that shows the picture beside it: minimap and colour bar."""

    selected = Signal(object)  # frozenset of operations: what the person has selected in the picture

    def __init__(self, view: GraphView, minimap: Minimap, bar: ColourBarStrip, parent: QObject) -> None:
        super().__init__(parent)
        self.view, self._minimap, self._bar = view, minimap, bar
        self._selecting = False
        self.drawn: Drawn | None = None

    @property
    def scene(self) -> PictureScene | None:
        """What the view shows."""
        scene = self.view.scene()
        return scene if isinstance(scene, PictureScene) else None

    def prepare(self, value: PictureView) -> Drawn:
        """The picture of `value`. What is right of the last one is taken over."""
        return draw(value, self.drawn)

    def show(self, drawn: Drawn, held: Held | None = None) -> None:
        """Brings a picture onto the screen. held: what stays where it is there."""
        before, self.drawn = self.drawn, drawn
        if before is None or drawn.picture is not before.picture or drawn.view.theme is not before.view.theme:
            self._show_picture(drawn, held)
        elif held is not None and (place := held.place(drawn.plain, drawn.view.network)):
            self.view.put(*place)
        self._mark(None if before is None else before.view, drawn.view)

    @property
    def chosen(self) -> list[Box]:
        """The boxes of what is selected."""
        return boxes_of(self.drawn.plain, self.drawn.view.selected) if self.drawn else []

    def _show_picture(self, drawn: Drawn, held: Held | None) -> None:
        picture, theme = drawn.picture, drawn.view.theme
        self._bar.set_bar(picture.bar)
        scene = self.scene
        self._selecting = True  # a scene tells of the end of its items as of a choice
        if scene is not None and scene.keeps(picture):
            scene.show_picture(picture, theme)
        else:
            scene = PictureScene()
            scene.show_picture(picture, theme)
            scene.selectionChanged.connect(self._selection_changed)
        self.view.set_scene(scene, held.place(picture, drawn.view.network) if held else None)
        self._selecting = False
        self._minimap.set_picture(picture, theme)

    def _mark(self, before: PictureView | None, value: PictureView) -> None:
        """Selection, blocks and hits: each item is told, and paints itself anew only where it is marked otherwise."""
        scene = self.scene
        assert scene is not None
        self._selecting = True
        if value.selected or (before is not None and before.selected):
            scene.select({box.name for box in self.chosen})
        self._selecting = False
        if value.blocks or (before is not None and before.blocks):
            scene.mark_blocks(value.blocks)
        if value.found or value.found_at or (before is not None and (before.found or before.found_at)):
            scene.mark_found(value.found, value.found_at)

    @Slot()
    def _selection_changed(self) -> None:
        if self._selecting or self.scene is None:
            return
        chosen = [item.box for item in self.scene.selectedItems() if isinstance(item, BoxItem)]
        self.selected.emit(frozenset(op for box in chosen for op in box.ops))
