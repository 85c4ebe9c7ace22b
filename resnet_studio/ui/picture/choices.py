"""What a person chooses at the picture: detail, layout, folds, hits of a search, what is selected, places to go back to."""

from __future__ import annotations

from PySide6.QtCore import QObject, QPointF, Slot

from resnet_studio.network.search import Hit
from resnet_studio.ui.design.selection import Selection

from .drawing import Drawing
from .find_bar import FindBar
from .picture_bar import PictureBar
from .picture_selection import boxes_of, rect_of
from .place_keeper import PlaceKeeper
from .places import Place
from .stage import Stage


class Choices(QObject):
    """Listens to the bar over the picture, the view and the find bar, and changes what the picture shows.

    Before each choice that leads away from where one looks, that place is kept for Back.
    """

    def __init__(
        self, drawing: Drawing, stage: Stage, selection: Selection, bar: PictureBar, find_bar: FindBar, parent: QObject
    ) -> None:
        super().__init__(parent)
        self._drawing, self._stage, self._selection = drawing, stage, selection
        self._bar, self._find_bar = bar, find_bar
        self.places = PlaceKeeper(self._here, self._go)
        stage.selected.connect(self._selected)
        stage.view.opened.connect(self._toggle_run)
        bar.details.currentTextChanged.connect(self._detail_chosen)
        bar.layouts.textActivated.connect(self._layout_chosen)
        bar.folding.clicked.connect(self.set_fold)
        find_bar.found.connect(self._found)
        find_bar.stepped.connect(self._stepped)

    def set_layout_name(self, name: str) -> None:
        """Draws another layout; one that is not offered for so large a picture gives way to 'layered'."""
        self._drawing.change(self._drawing.eye(), layout=name)

    @Slot(object)
    def set_fold(self, fold: bool | None) -> None:
        """Folds all runs of equal units, or none; None: where there are many nodes."""
        self.places.leave()
        self._drawing.change(self._drawing.eye(), fold=fold, unfolded=frozenset())

    @Slot()
    def zoom_to_selection(self) -> None:
        """Shows what is selected as large as it goes; the whole picture where nothing is."""
        self.places.leave()
        if chosen := self._stage.chosen:
            self._stage.view.show_rect(rect_of(chosen))
        else:
            self._stage.view.fit()

    @Slot()
    def fit(self) -> None:
        """Shows the whole picture."""
        self.places.leave()
        self._stage.view.fit()

    @Slot(object)
    def _selected(self, ops: frozenset[str]) -> None:
        self._selection.choose(ops, self._stage)

    @Slot(str)
    def _detail_chosen(self, _: str) -> None:
        self.places.leave()
        self._drawing.change(self._drawing.eye(), detail=self._bar.detail)

    @Slot(str)
    def _layout_chosen(self, name: str) -> None:
        self.places.leave()
        self.set_layout_name(name)

    @Slot(str)
    def _toggle_run(self, run: str) -> None:
        if self._drawing.seen().plain.folded:
            first = next((box for box in self._drawing.seen().plain.boxes if box.run == run), None)
            self.places.leave()
            self._drawing.change(self._drawing.eye(first), unfolded=self._drawing.shows.unfolded ^ {run})

    @Slot(object)
    def _found(self, hits: tuple[Hit, ...]) -> None:
        self._drawing.change(found=frozenset(op for hit in hits for op in hit.ops), found_at=frozenset())

    @Slot(object)
    def _stepped(self, hit: Hit) -> None:
        self.places.leave()
        unfolded = self._drawing.shows.unfolded
        if boxes := boxes_of(self._drawing.seen().plain, hit.ops):
            box = boxes[0]
            within = [each for each in self._find_bar.hits if not frozenset(each.ops).isdisjoint(box.ops)]
            if box.folded and len(within) == 1:  # the run would hide which of its units it is
                unfolded |= {box.run}
        held = self._drawing.eye() if unfolded != self._drawing.shows.unfolded else None
        self._drawing.change(held, unfolded=unfolded, found_at=frozenset(hit.ops))
        self._selection.choose(hit.ops)

    # ---- places

    def _here(self) -> Place | None:
        if self._drawing.now is None:
            return None
        view, shows = self._stage.view, self._drawing.shows
        centre = view.seen.center()
        return Place(
            shows.detail, shows.layout, shows.fold, shows.unfolded, view.fitted, view.zoom,
            (centre.x(), centre.y()), self._selection.ops,
        )  # fmt: skip

    def _go(self, place: Place) -> None:
        self._bar.details.blockSignals(True)
        self._bar.details.setCurrentText(place.detail)
        self._bar.details.blockSignals(False)
        self._drawing.change(detail=self._bar.detail, layout=place.layout, fold=place.fold, unfolded=place.unfolded)
        if place.fitted:
            self._stage.view.fit()
        else:
            size = self._stage.view.viewport().size()
            self._stage.view.put(QPointF(*place.centre), QPointF(size.width() / 2, size.height() / 2), place.zoom)
        self._selection.choose(place.selected, self._stage)
