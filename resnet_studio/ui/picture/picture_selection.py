"""Which boxes of a picture stand for a set of operations, and where they are."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import QRectF

from resnet_studio.network.network import Network
from resnet_studio.picture.shapes import Box, Picture


def boxes_of(picture: Picture, ops: Collection[str]) -> list[Box]:
    """The boxes of nothing but these operations, and for those that are in none of them the boxes that they are in."""
    wanted = ops if isinstance(ops, frozenset) else frozenset(ops)
    if not wanted:
        return []
    chosen = {box.name for box in picture.boxes if box.ops and wanted.issuperset(box.ops)}
    rest = wanted.difference(*(box.ops for box in picture.boxes if box.name in chosen))
    return [box for box in picture.boxes if box.name in chosen or (rest and not rest.isdisjoint(box.ops))]


def rect_of(boxes: Sequence[Box]) -> QRectF:
    """What bounds them."""
    result = QRectF()
    for box in boxes:
        result = result.united(QRectF(*box.rect))
    return result


def unit_ops(network: Network, box: Box) -> frozenset[str]:
    """The operations of the unit that a box is of, of a folded run or a block the first, less the addition at its end.

    Of a box outside the units, or an addition by itself, its own.
    """
    first = network.by_name[box.ops[0]]
    if not first.unit or first.role == "add":
        return frozenset(box.ops)
    place = (first.block, first.unit)
    return frozenset(op.name for op in network.ops if (op.block, op.unit) == place and op.role != "add")
