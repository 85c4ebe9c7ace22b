"""How large a node is drawn: its height follows the spatial size, its width the channels, each by its square root and
against the largest in the network, as in the papers' figures. So a drop in resolution and a widening are seen.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

from .graph import Graph

# Of a chip or card at each detail, in points: (least width, more at most, least height, more at most).
_RANGES = {"blocks": (66.0, 116.0, 54.0, 120.0), "units": (50.0, 38.0, 36.0, 34.0), "layers": (68.0, 34.0, 46.0, 22.0)}
_ADD = {"blocks": 22.0, "units": 18.0, "layers": 18.0}
_APART = {"blocks": 88.0, "units": 88.0, "layers": 84.0}  # least width of what stands outside the blocks: it has words
_LINE, _TITLE = 16.0, 18.0  # height of a line of text: a chip of three takes 50 points
FAULT, MISSING = (256.0, 84.0), (118.0, 44.0)
FAULT_COLUMNS = 42  # characters a line that tells a fault

Size = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Scale:
    """What sizes are measured against: the largest side in pixels and the most channels, of the units if there are any."""

    detail: str
    side: int
    depth: int

    def size(self, node: dict[str, Any]) -> Size:
        """(width, height) of a node in points, from its attributes in the graph."""
        if node["role"] == "add":
            return (_ADD[self.detail], _ADD[self.detail])
        if node["kind"] in ("fault", "missing"):
            return FAULT if node["kind"] == "fault" else MISSING
        height, width, depth = node["shape"]
        least_width, wider, least_height, higher = _RANGES[self.detail]
        across = least_width + wider * math.sqrt(min(depth / self.depth, 1.0))
        down = least_height + higher * math.sqrt(min(max(height, width) / self.side, 1.0))
        if not node["block"]:
            across = max(across, _APART[self.detail])
        if self.detail == "units" and (more := (node["count"] > 1) + (node["rate"] > 1)):
            down = max(down, _TITLE + _LINE * (1 + more))
        return (round(across, 2), round(down, 2))


def scale_of(graph: Graph) -> Scale:
    """The scale for `graph`. Cards are measured against the image, chips against what the units see."""
    detail = graph.graph["detail"]
    shapes = [node["shape"] for node in graph.nodes.values() if node["block"] and "shape" in node]
    seen = shapes if shapes and detail != "blocks" else [node["shape"] for node in graph.nodes.values()]
    side = max((max(height, width) for height, width, _ in seen), default=1)
    return Scale(detail, side, max((depth for *_, depth in shapes), default=64))
