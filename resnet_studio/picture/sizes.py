"""The size of a node on the page, as in the figures of the papers.

The height follows the spatial size and the width the number of channels. Each grows with the square root, relative to the
largest in the network. So a reader sees where the resolution drops and where the network widens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .graph import Graph, nodes_of

# The size of a node at each detail, in points: (least width, most added to it, least height, most added to it).
_RANGES = {"blocks": (66.0, 116.0, 54.0, 120.0), "units": (50.0, 38.0, 36.0, 34.0), "layers": (68.0, 34.0, 46.0, 22.0)}
_ADD = {"blocks": 22.0, "units": 18.0, "layers": 18.0}
_OUTSIDE = {
    "blocks": 88.0,
    "units": 88.0,
    "layers": 84.0,
}  # least width of a node outside the blocks, which shows words
_LINE, _TITLE = 16.0, 18.0  # heights of a line and of a title: a node with a title and two lines takes 50 points
FAULT, MISSING = (256.0, 84.0), (118.0, 44.0)
FAULT_COLUMNS = 42  # characters in each line of a fault's text

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """The largest node, which sizes are relative to.

    detail: of the graph. side: the largest side in pixels. depth: the largest number of channels.
    """

    detail: str
    side: int
    depth: int

    def size(self, node: dict[str, Any]) -> Size:
        """The (width, height) of a node in points. node: its attributes in the graph."""
        if node["role"] == "add":
            return (_ADD[self.detail], _ADD[self.detail])
        if node["kind"] in ("fault", "missing"):
            return FAULT if node["kind"] == "fault" else MISSING
        height, width, depth = node["shape"]
        least_width, wider, least_height, higher = _RANGES[self.detail]
        across = least_width + wider * math.sqrt(min(depth / self.depth, 1.0))
        down = least_height + higher * math.sqrt(min(max(height, width) / self.side, 1.0))
        if not node["block"]:
            across = max(across, _OUTSIDE[self.detail])
        if self.detail == "units" and (more := (node["count"] > 1) + (node["rate"] > 1)):
            down = max(down, _TITLE + _LINE * (1 + more))
        return (round(across, 2), round(down, 2))


def scale_of(graph: Graph) -> Scale:
    """The scale for `graph`: relative to the image at blocks detail, else to the largest output in the blocks."""
    detail = graph.graph["detail"]
    nodes = nodes_of(graph).values()
    shapes = [node["shape"] for node in nodes if node["block"] and "shape" in node]
    seen = shapes if shapes and detail != "blocks" else [node["shape"] for node in nodes]
    side = max((max(height, width) for height, width, _ in seen), default=1)
    return Scale(detail, side, max((depth for *_, depth in shapes), default=64))
