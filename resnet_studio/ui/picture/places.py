"""Back and forward: the places of the picture that were left, as a browser keeps its pages."""

from __future__ import annotations

from dataclasses import dataclass

_KEPT = 100


@dataclass(frozen=True, slots=True)
class Place:
    """How the picture is looked at. zoom: pixels a point; centre: the point of the scene in the view's middle."""

    detail: str
    layout: str
    fold: bool | None
    unfolded: frozenset[str]
    fitted: bool
    zoom: float
    centre: tuple[float, float]
    selected: frozenset[str]  # names of operations


class Places:
    """Two stacks of places."""

    def __init__(self) -> None:
        self._back: list[Place] = []
        self._forward: list[Place] = []

    @property
    def can_go_back(self) -> bool:
        """Whether a place was left."""
        return bool(self._back)

    @property
    def can_go_forward(self) -> bool:
        """Whether one went back."""
        return bool(self._forward)

    def leave(self, place: Place) -> None:
        """Keeps the place that is about to be left for a new one."""
        if not self._back or self._back[-1] != place:
            self._back = [*self._back[1 - _KEPT :], place]
        self._forward.clear()

    def back(self, now: Place) -> Place | None:
        """The place before, with `now` kept for going forward; None where there is none."""
        return self._turn(self._back, self._forward, now)

    def forward(self, now: Place) -> Place | None:
        """The place that one went back from."""
        return self._turn(self._forward, self._back, now)

    @staticmethod
    def _turn(take: list[Place], keep: list[Place], now: Place) -> Place | None:
        if not take:
            return None
        keep.append(now)
        return take.pop()
