"""PictureView: one frozen value that decides what a picture shows and how."""

from __future__ import annotations

from dataclasses import dataclass, replace

from resnet_studio.network.network import Network
from resnet_studio.network.partial import Missing

from .colouring import Colouring
from .graph import Detail
from .palette import LIGHT, Theme
from .path_marks import PathMarks, mark_paths
from .picture import coloured, make_picture
from .shapes import Picture


@dataclass(frozen=True, slots=True)
class PictureView:
    """All that decides how a network looks on the screen.

    network: what is drawn.
    missing: the parts of the design that are missing behind it.
    detail, layout, aspect, fold, unfolded, colouring: see `make_picture`.
    marks: a path and a lesion.
    theme: the colours.
    selected: the names of the selected operations.
    blocks: the names of the blocks whose rows are selected in the table.
    found: the names of the operations that a search has found.
    found_at: those of them that the search stands at.
    """

    network: Network
    missing: tuple[Missing, ...] = ()
    detail: Detail = "units"
    layout: str = "layered"
    aspect: float = 1.6
    fold: bool | None = None
    unfolded: frozenset[str] = frozenset()
    colouring: Colouring | None = None
    marks: PathMarks | None = None
    theme: Theme = LIGHT
    selected: frozenset[str] = frozenset()
    blocks: frozenset[str] = frozenset()
    found: frozenset[str] = frozenset()
    found_at: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Drawn:
    """A view and its picture. plain: the same picture without the marks of a path or lesion."""

    view: PictureView
    plain: Picture
    picture: Picture


def draw(view: PictureView, before: Drawn | None = None) -> Drawn:
    """Draws `view`. In place of a layout that is not offered for so large a graph it takes 'layered'.

    before: what was drawn last. The parts that are still right are taken from it and not computed again.
    """
    if before is not None and places_are_the_same(view, before.view):
        plain = before.plain if view.colouring == before.view.colouring else coloured(before.plain, view.colouring)
    else:
        plain = _picture(view)
        view = replace(view, layout=plain.layout)
    marks = view.marks
    if before is not None and plain is before.plain and marks == before.view.marks:
        return Drawn(view, plain, before.picture)
    shown = mark_paths(plain, view.network, marks.path, marks.lesion, marks.until) if marks else plain
    return Drawn(view, plain, shown)


def places_are_the_same(a: PictureView, b: PictureView) -> bool:
    """Whether the boxes and lines of two views have the same places: the views differ at most in colours and marks."""
    return a.network is b.network and _places(a) == _places(b)


def _places(view: PictureView) -> tuple[object, ...]:
    """All values besides the network that decide the places of boxes and lines."""
    return view.missing, view.detail, view.layout, view.aspect, view.fold, view.unfolded


def _picture(view: PictureView) -> Picture:
    try:
        return make_picture(
            view.network, view.detail, view.layout, view.aspect, fold=view.fold, unfolded=view.unfolded,
            missing=view.missing, colouring=view.colouring,
        )  # fmt: skip
    except ValueError:  # the layout is offered for smaller graphs only
        if view.layout == "layered":
            raise
        return _picture(replace(view, layout="layered"))
