"""The differences between two networks, marked on the picture of one of them."""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from resnet_studio.network.diff import SIGNS, Diff

from .shapes import Picture


def mark_differences(picture: Picture, found: Diff, side: Literal["a", "b"]) -> Picture:
    """`picture` of one side, in which all that differs from the other side is marked by colour and sign and told in tooltips.

    side: the network of `found` that the picture shows. A box with several operations gets the gravest of their marks.
    """
    of_op = {name: part for part in found.different for name in getattr(part, f"ops_{side}")}
    boxes = []
    for box in picture.boxes:
        parts = list({id(part): part for name in box.ops if (part := of_op.get(name))}.values())
        if parts:
            status = next(status for status in SIGNS if any(part.status == status for part in parts))
            title = box.title if box.form == "add" else f"{SIGNS[status]} {box.title}"
            told = parts[0].text if len(parts) == 1 else f"{len(parts):,} parts differ"
            box = replace(box, mark=status, title=title, tooltip=f"{box.tooltip}\n{SIGNS[status]} {told}")  # noqa: PLW2901 - the same box, marked
        boxes.append(box)
    return replace(picture, boxes=tuple(boxes))
