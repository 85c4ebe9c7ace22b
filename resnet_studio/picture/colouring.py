"""Colours for numbers on the picture: the number of each node, the scale, and the colour bar that explains it.

Any mapping from operations to numbers can be shown, such as the costs of the network or measured times.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from resnet_studio.design.words import bytes_text, count_text
from resnet_studio.network.cost import op_costs
from resnet_studio.network.network import Network
from resnet_studio.network.receptive_field import receptive_fields

from .palette import mix

Combine = Literal["sum", "max"]
COLOURINGS = ("kind", "parameters", "macs", "memory", "receptive-field")

# Viridis at steps of a tenth, rounded to bytes (N. Smith & S. van der Walt, 2015, CC0). Interpolation between the steps
# is off by at most 3/255. Its lightness rises evenly, so that it can be read without colour. Cividis won't do: its middle
# is grey, and grey means "nothing" here.
VIRIDIS = (
    "#440154", "#482475", "#414487", "#355f8d", "#2a788e", "#21918c", "#22a884", "#44bf70", "#7ad151", "#bddf26",
    "#fde725",
)  # fmt: skip

FAR = 20.0  # the ratio of the largest to the smallest value up to which a linear scale is used
TICK_ROOM = 0.16  # the least distance of two ticks, as a part of the bar: nearer texts would overlap


@dataclass(frozen=True, slots=True)
class Colouring:
    """The numbers that nodes are coloured by.

    title: what the numbers are.
    unit: 'parameters', 'MACs', 'bytes', '%' and the like.
    values: a number for each operation, by its name. A missing operation, or a zero, has nothing to show.
    combine: the number of a node is the sum of its operations' numbers, or the largest of them.
    nothing: what the grey of a node without a number means.
    linear: always use a linear scale, as for parts of a whole, where small values don't matter.
    """

    title: str
    unit: str
    values: Mapping[str, float]
    combine: Combine = "sum"
    nothing: str = "none"
    linear: bool = False

    def of(self, ops: Iterable[str]) -> float:
        """The value of the node that stands for these operations; 0 where there is nothing to show."""
        found = [self.values[op] for op in ops if op in self.values]
        return max(found, default=0.0) if self.combine == "max" else math.fsum(found)


@dataclass(frozen=True, slots=True)
class ColourBar:
    """A scale of colours.

    low, high: the values at its ends; `high` is the largest value.
    least: the smallest value that is shown.
    log: whether the scale is logarithmic.
    ticks: (place on the bar from 0 to 1, text); the first and the last are the ends.
    nothing: what grey means; '' where no node is grey.
    """

    title: str
    unit: str
    low: float
    high: float
    least: float
    log: bool
    ticks: tuple[tuple[float, str], ...]
    nothing: str

    @property
    def heading(self) -> str:
        """A line over the bar: what it shows, its scale, and the smallest and the largest value."""
        if not self.ticks:
            return f"{self.title}: {self.nothing}"
        scale = "logarithmic scale" if self.log else "linear scale"
        return f"{self.title}, {scale}: {short_text(self.least, self.unit)} to {amount_text(self.high, self.unit)}"

    def colour(self, value: float) -> str:
        """The colour of a value."""
        return map_colour(_share(value, self.low, self.high, self.log))


def colouring(network: Network, by: str) -> Colouring | None:
    """The colouring called `by`, one of COLOURINGS; None for 'kind', whose colours are the theme's. Raises ValueError."""
    costs = op_costs(network) if by in ("parameters", "macs", "memory") else {}
    match by:
        case "kind":
            return None
        case "parameters":
            values = {name: float(cost.parameters) for name, cost in costs.items()}
            return Colouring("Parameters", "parameters", values)
        case "macs":
            return Colouring("Multiply-adds of one image", "MACs", {n: float(cost.macs) for n, cost in costs.items()})
        case "memory":
            kept = {name: float(cost.activation_bytes) for name, cost in costs.items()}
            return Colouring("Activations kept for the backward pass, one image", "bytes", kept)
        case "receptive-field":
            sizes = {name: float(field.size) for name, field in receptive_fields(network).items()}
            return Colouring("Receptive field, a side", "pixels", sizes, "max")
    raise ValueError(f"{by!r} is not one of {', '.join(COLOURINGS)}")


def colour_bar(what: Colouring, values: Sequence[float]) -> ColourBar:
    """The bar for a picture whose nodes have these values. Zeros are grey. Without any value the bar has no ticks."""
    shown = sorted(value for value in values if value)
    nothing = what.nothing if len(shown) < len(values) else ""
    if not shown:
        return ColourBar(what.title, what.unit, 0.0, 0.0, 0.0, False, (), nothing)
    least, high = shown[0], shown[-1]
    # A linear scale begins at zero, so that the middle of the bar is half the amount. A logarithmic scale is used only where
    # the values reach far and it separates the middle half of them better.
    low = min(least, 0.0)
    far = not what.linear and 0 < FAR * least < high
    log = far and _spread(shown, least, high, log=True) > _spread(shown, low, high, log=False)
    low = least if log else low
    return ColourBar(what.title, what.unit, low, high, least, log, _ticks(low, high, log, what.unit), nothing)


def map_colour(share: float) -> str:
    """A colour of VIRIDIS as #rrggbb. share: from 0 (the least) to 1 (the most)."""
    place = min(max(share, 0.0), 1.0) * (len(VIRIDIS) - 1)
    number = min(int(place), len(VIRIDIS) - 2)
    return mix(VIRIDIS[number], VIRIDIS[number + 1], place - number)


def amount_text(value: float, unit: str) -> str:
    """A value with its unit: 2.36 M parameters, 218.7 MMACs, 3.06 MiB, 483 pixels, 4.1 %."""
    text = short_text(value, unit)
    if unit == "bytes":
        return text
    if unit == "MACs" and text[-1].isalpha():
        return text + unit
    return f"{text} {unit.removesuffix('s') if text == '1' else unit}"


def short_text(value: float, unit: str) -> str:
    """A value in few characters, for a tick. Bytes have their unit."""
    if unit == "bytes" and value >= 0:
        return _trimmed(bytes_text(round(value)))
    if abs(value) >= 1000:
        return ("−" if value < 0 else "") + _trimmed(count_text(round(abs(value))))
    return f"{value:.3g}".replace("-", "−")


def _trimmed(text: str) -> str:
    """`text` without zeros at the end of its decimals: 2.00 M becomes 2 M."""
    number, space, unit = text.partition(" ")
    return (number.rstrip("0").rstrip(".") if "." in number else number) + space + unit


def _spread(values: Sequence[float], low: float, high: float, *, log: bool) -> float:
    """The part of the scale that the middle half of the sorted values takes."""
    quarter = len(values) // 4
    return _share(values[-1 - quarter], low, high, log) - _share(values[quarter], low, high, log)


def _share(value: float, low: float, high: float, log: bool) -> float:
    if high <= low:
        return 1.0
    if log:
        return math.log(max(value, low) / low) / math.log(high / low)
    return (value - low) / (high - low)


def _ticks(low: float, high: float, log: bool, unit: str) -> tuple[tuple[float, str], ...]:
    """Ticks at the two ends, and at the round values that fit between them."""
    base = 1024.0 if unit == "bytes" else 1000.0
    places = [(0.0, short_text(low, unit))] if high > low else []
    round_values = _round_logarithmic if log else _round_linear
    between = [(_share(value, low, high, log), short_text(value, unit)) for value in round_values(low, high, base)]
    places += [place for place in between if TICK_ROOM <= place[0] <= 1 - TICK_ROOM]
    return (*places, (1.0, short_text(high, unit)))


def _round_linear(low: float, high: float, base: float) -> list[float]:
    unit = base ** math.floor(math.log(max(abs(low), abs(high)), base))
    exact = (high - low) / unit * TICK_ROOM
    step = unit * next(size for size in _steps(exact) if size >= exact)
    return [step * count for count in range(math.ceil(low / step), math.floor(high / step) + 1)]


def _steps(near: float) -> list[float]:
    ten = 10.0 ** math.floor(math.log10(near))
    return [ten, 2 * ten, 5 * ten, 10 * ten, 20 * ten]


def _round_logarithmic(low: float, high: float, base: float) -> list[float]:
    """Powers of ten (for bytes, of two). Where not all fit side by side, every second, third ... of them."""
    ratio = 2.0 if base == 1024.0 else 10.0
    first, last = math.ceil(math.log(low, ratio)), math.floor(math.log(high, ratio))
    every = math.ceil(TICK_ROOM * math.log(high / low, ratio))
    return [ratio**power for power in range(first, last + 1) if power % every == 0]


NodeColour = tuple[str, str]  # a fill as #rrggbb, '' for grey; the value in words


def node_colours(
    what: Colouring | None, nodes: Mapping[str, Iterable[str]]
) -> tuple[dict[str, NodeColour], ColourBar | None]:
    """(the colour of each node, the colour bar). Without a colouring it is ({}, None). nodes: the operations of each node."""
    if what is None:
        return {}, None
    values = {node: what.of(ops) for node, ops in nodes.items()}
    bar = colour_bar(what, list(values.values()))
    colours = {
        node: (bar.colour(value), amount_text(value, bar.unit)) if value else ("", what.nothing)
        for node, value in values.items()
    }
    return colours, bar
