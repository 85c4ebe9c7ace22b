"""What a picture shows and how: one frozen value, from which the picture follows."""

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
    """All that decides what is seen of a network.

    network, missing: the network, and what of the design is missing behind it. detail, layout, aspect, fold, unfolded,
    colouring: see `make_picture`. marks: a path and a lesion. theme: its colours. selected: operations, by name. blocks:
    names of blocks whose rows are selected in the table. found, found_at: operations that a search has found, and those
    that it stands at.
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
    """A view with its picture. plain: the picture without the marks of a path or lesion."""

    view: PictureView
    plain: Picture
    picture: Picture


def draw(view: PictureView, before: Drawn | None = None) -> Drawn:
    """The picture of `view`. A layout that is not offered for so large a graph gives way to 'layered'.

    before: what was drawn last. What of it is still right is taken over, and not worked out again.
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
    """Whether everything stands in the same places in two views: they differ at most in colours and marks."""
    return a.network is b.network and _places(a) == _places(b)


def _places(view: PictureView) -> tuple[object, ...]:
    """What decides where everything stands, besides the network."""
    return view.missing, view.detail, view.layout, view.aspect, view.fold, view.unfolded


def _picture(view: PictureView) -> Picture:
    try:
        return make_picture(
            view.network, view.detail, view.layout, view.aspect, fold=view.fold, unfolded=view.unfolded,
            missing=view.missing, colouring=view.colouring,
        )  # fmt: skip
    except ValueError:  # offered for smaller graphs only
        if view.layout == "layered":
            raise
        return _picture(replace(view, layout="layered"))
