"""What the picture shows, as one value, and when it is drawn: once for each change, whoever changes how much of it."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from resnet_studio.picture.shapes import Box
from resnet_studio.picture.view import Drawn, PictureView, places_are_the_same
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.selection import Selection, is_another

from .colour_chooser import ColourChooser
from .eye import Held, look
from .picture_selection import rect_of
from .stage import Stage


class Drawing(QObject):
    """Holds `shows`, a PictureView, and keeps the stage true to it.

    While a change of the design goes round, what the panels change is only noted down; when all have heard of it, it is
    drawn. Nothing is drawn before somebody sees it or asks for it.
    """

    drawn_anew = Signal(object)  # Drawn, before it is painted

    def __init__(
        self, document: DesignDocument, selection: Selection, stage: Stage, colours: ColourChooser, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._document, self._selection, self._stage, self._colours = document, selection, stage, colours
        part = document.derived.part
        self.shows = PictureView(part.network, part.missing)
        self._waiting = False
        self._begun = False
        self._held: Held | None = None
        document.design_changed.connect(self._take_design)
        document.settled.connect(self._settle)
        selection.changed.connect(self._selection_changed)
        selection.blocks_changed.connect(self._blocks_changed)
        colours.chosen.connect(self._colour)

    @property
    def now(self) -> Drawn | None:
        """What is on the screen; None before anything is."""
        return self._stage.drawn

    def seen(self) -> Drawn:
        """What is on the screen; it is drawn now where nothing is yet."""
        if not self._begun:
            self._begun = True
            self._show()
        assert self._stage.drawn is not None
        return self._stage.drawn

    def change(self, held: Held | None = None, **fields: object) -> None:
        """Shows something else. fields: of `PictureView`. held: what is to stay where it is on the screen."""
        self.shows = replace(self.shows, **fields)  # type: ignore[arg-type]
        self._held = held or self._held
        if self._begun and not self._waiting:
            self._show()

    def eye(self, box: Box | None = None) -> Held | None:
        """What is to stay where it is, see `look`."""
        return look(self._stage.view, self._stage.drawn, box) if self._stage.drawn else None

    def fill(self) -> None:
        """Draws for the shape that the view has by now: rows are cut to it."""
        if self._begun:
            self.change(None if self._stage.view.fitted else self.eye(), aspect=self._stage.view.aspect)

    def _show(self) -> None:
        held, self._held = self._held, None
        self.shows = replace(self.shows, colouring=self._colours.colouring())
        if self.now is None or not places_are_the_same(self.shows, self.now.view):
            self.shows = replace(self.shows, aspect=self._stage.view.aspect)
        drawn = self._stage.prepare(self.shows)
        self.shows = drawn.view
        self.drawn_anew.emit(drawn)
        self._stage.show(drawn, held)

    @Slot()
    def _take_design(self) -> None:
        part, before, view = self._document.derived.part, self.shows.network, self._stage.view
        self._waiting = True
        held, unfolded = (None if view.fitted else self.eye()), self.shows.unfolded
        if is_another(before, part.network):
            held, unfolded = None, frozenset()
            view.fit()
        self.change(held, network=part.network, missing=part.missing, unfolded=unfolded, selected=self._selection.ops)

    @Slot()
    def _settle(self) -> None:
        self._waiting = False
        self.change()

    @Slot(object)
    def _selection_changed(self, by: QObject | None) -> None:
        self.change(selected=self._selection.ops)
        if by is not self._stage and (chosen := self._stage.chosen) and not self._stage.view.fitted:
            self._stage.view.reveal(rect_of(chosen))

    @Slot()
    def _blocks_changed(self) -> None:
        self.change(blocks=self._selection.blocks)

    @Slot()
    def _colour(self) -> None:
        self.change()
