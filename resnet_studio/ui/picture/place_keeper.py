"""Back and Forward: the actions that bring back the places of the picture that were left."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction

from .places import Place, Places


class PlaceKeeper:
    """Keeps `Places`, and the two actions enabled where there is something to go to.

    here: tells how the picture is looked at now; None before there is a picture. go: looks at a place.
    """

    def __init__(self, here: Callable[[], Place | None], go: Callable[[Place], None]) -> None:
        self._here, self._go = here, go
        self._places = Places()
        self._actions: tuple[QAction, ...] = ()

    def enable(self, back: QAction, forward: QAction) -> None:
        """Takes the two actions."""
        self._actions = (back, forward)
        self._tell()

    def leave(self) -> None:
        """Keeps the place where one is, which is about to be left for a new one."""
        if here := self._here():
            self._places.leave(here)
            self._tell()

    def go_back(self) -> None:
        """Looks again at the place that was left last."""
        if here := self._here():
            self._look_at(self._places.back(here))

    def go_forward(self) -> None:
        """Looks again at the place that one went back from."""
        if here := self._here():
            self._look_at(self._places.forward(here))

    def _look_at(self, place: Place | None) -> None:
        if place is not None:
            self._go(place)
            self._tell()

    def _tell(self) -> None:
        for action, can in zip(self._actions, (self._places.can_go_back, self._places.can_go_forward), strict=False):
            action.setEnabled(can)
