"""What stays where it is on the screen while the picture changes: the unit that one looks at."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QPointF

from resnet_studio.network.network import Network
from resnet_studio.picture.shapes import Box, Picture
from resnet_studio.picture.view import Drawn

from .graph_view import GraphView
from .picture_selection import boxes_of, rect_of, unit_ops


@dataclass(frozen=True, slots=True)
class Held:
    """Operations, by name, and the point of the viewport at which their boxes are to stay."""

    ops: frozenset[str]
    at: QPointF

    def place(self, picture: Picture, network: Network) -> tuple[QPointF, QPointF] | None:
        """The point of the scene that is to come to `at`, and `at`; None where none of the operations is there."""
        boxes = boxes_of(picture, self.ops & network.by_name.keys())
        return (rect_of(boxes).center(), self.at) if boxes else None


def look(view: GraphView, drawn: Drawn, box: Box | None = None) -> Held | None:
    """What is to stay where it is: the unit of `box`, else the selected or the middlemost unit that is in view.

    None while the whole picture is in view and nothing is selected.
    """
    selected = drawn.view.selected
    if box is None and view.fitted and not selected:
        return None
    if box is None:
        seen = view.seen
        inside = [each for each in drawn.plain.boxes if each.ops and seen.contains(rect_of([each]).center())]
        chosen = [each for each in inside if selected.issuperset(each.ops)] if selected else []
        middle = seen.center()
        near = sorted(chosen or inside, key=lambda each: (rect_of([each]).center() - middle).manhattanLength())
        if not near or (view.fitted and not chosen):
            return None
        box = near[0]
    ops = unit_ops(drawn.view.network, box)
    return Held(ops, view.viewportTransform().map(rect_of(boxes_of(drawn.plain, ops)).center()))
