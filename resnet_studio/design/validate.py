"""What is wrong with a design: every problem with its place, what is allowed there and what to do."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from .bounds import BOUNDS, NAME_LENGTH, parse_whole, shorten
from .density import grid_faults
from .spec import Block, Design

_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-]*")
_CHOICES = (
    ("root", "a root block", ("imagenet", "cifar")),
    ("stride_conv", "a convolution that may stride", ("conv2", "conv1")),
    ("version", "a version", ("v2", "v1", "plain")),
)
# While one of these is faulty, there is no telling what stride a network reaches.
_GRID = ("blocks", "units", "stride", "rate", "output_stride", "include_root_block", "root")
_RESERVED = frozenset({"conv1", "pool1", "postnorm", "pool5", "logits", "predictions", "input"})


@dataclass(frozen=True, slots=True)
class Place:
    """Where a problem is. `block` and `unit` count from 0; None where the problem is the whole design's or block's."""

    field: str
    block: int | None = None
    unit: int | None = None
    block_name: str = ""

    def __str__(self) -> str:
        where = [] if self.block is None else [self.block_name or f"block {self.block + 1}"]
        if self.unit is not None:
            where.append(f"unit_{self.unit + 1}")
        return ", ".join([*where, self.field])


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that keeps a design from being a network, and the way out."""

    place: Place
    message: str
    remedy: str

    def __str__(self) -> str:
        return f"{self.place}: {self.message}. {self.remedy}"


class DesignError(ValueError):
    """A design that has problems was to be expanded, saved as a network or run."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        self.problems = problems
        more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
        super().__init__(f"{problems[0]}{more}")


def validate(design: Design) -> tuple[Problem, ...]:
    """Every problem of `design`, in the order of the table; none means that `expand` accepts it."""
    found = [*_options(design)]
    blocks = design.blocks
    if not BOUNDS["blocks"].low <= len(blocks) <= BOUNDS["blocks"].high:
        message = "the table is empty" if not blocks else f"{len(blocks):,} blocks are too many"
        found.append(Problem(Place("blocks"), message, f"Keep {BOUNDS['blocks'].text}."))
    names = Counter(b.name for b in blocks)
    for index, block in enumerate(blocks[: int(BOUNDS["blocks"].high) + 1]):
        found.extend(_block(index, block, names))
    total = sum(len(b.units) for b in blocks)
    if total > BOUNDS["all_units"].high:
        found.append(
            Problem(Place("units"), f"{total:,} units in all are too many", f"Keep {BOUNDS['all_units'].text} in all.")
        )
    if not any(problem.place.field in _GRID for problem in found):
        found.extend(_grids(design))
    return tuple(found)


def _grids(design: Design) -> list[Problem]:
    """Problems of strides, rates and the output stride with one another, where each is sound by itself."""
    found = []
    for fault in grid_faults(design):
        name = "" if fault.block is None else shorten(design.blocks[fault.block].name)
        found.append(Problem(Place(fault.field, fault.block, fault.unit, name), fault.message, fault.remedy))
    return found


def check_name(name: object) -> str | None:
    """Why `name` can't name a network or block, or None. The rule is TensorFlow's for scopes."""
    if not isinstance(name, str) or not name:
        return "the name is empty" if name == "" else f"{shorten(repr(name))} is not a name"
    if len(name) > NAME_LENGTH:
        return f"the name has {len(name):,} characters"
    if not _NAME.fullmatch(name):
        return f"'{shorten(name)}' has characters that TensorFlow does not take in a name"
    return None


def _options(design: Design) -> list[Problem]:
    found = []
    if fault := check_name(design.name):
        found.append(Problem(Place("name"), fault, _NAME_REMEDY))
    found.extend(_image(design.image))
    fields = ["channels", "root_depth", "weight_decay", "batch_norm_decay", "batch_norm_epsilon"]
    if design.num_classes is not None:
        fields.insert(0, "num_classes")
    if design.output_stride is not None:
        fields.insert(0, "output_stride")
    for field in fields:
        found.extend(_number(field, getattr(design, field), Place(field)))
    for field in ("global_pool", "include_root_block", "conv_biases", "batch_norm_scale"):
        value = getattr(design, field)
        if not isinstance(value, bool):
            found.append(Problem(Place(field), f"{shorten(repr(value))} is not yes or no", "Use true or false."))
    for field, what, allowed in _CHOICES:
        value = getattr(design, field)
        if value not in allowed:
            words = " or ".join(f"'{each}'" for each in allowed)
            found.append(Problem(Place(field), f"{shorten(repr(value))} is not {what}", f"Use {words}."))
    return found


def _image(image: object) -> list[Problem]:
    if not isinstance(image, tuple) or len(image) != 2:
        return [Problem(Place("image"), f"{shorten(repr(image))} is not a size", "Give height and width.")]
    height, width = image
    return _number("image", height, Place("image height")) + _number("image", width, Place("image width"))


def _block(index: int, block: Block, names: Counter[str]) -> list[Problem]:
    def place(field: str, unit: int | None = None) -> Place:
        return Place(field, index, unit, shorten(block.name))

    found = []
    if fault := check_name(block.name):
        found.append(Problem(place("name"), fault, _NAME_REMEDY))
    elif block.name in _RESERVED:
        found.append(Problem(place("name"), f"'{block.name}' names another part of the network", "Choose another."))
    elif names[block.name] > 1:
        found.append(Problem(place("name"), f"'{block.name}' names two blocks", "Give each block its own name."))
    if block.kind not in ("bottleneck", "basic"):
        message = f"{shorten(repr(block.kind))} is not a kind of unit"
        found.append(Problem(place("kind"), message, "Use 'bottleneck' or 'basic'."))
    if block.typed_count is not None:
        fault = BOUNDS["units"].fault(parse_whole(block.typed_count)) or "the number of units is not taken over yet"
        found.append(Problem(place("units"), fault, f"Use {BOUNDS['units'].text}."))
    elif not block.units or len(block.units) > BOUNDS["units"].high:
        message = f"{len(block.units):,} is out of range"
        found.append(Problem(place("units"), message, f"Use {BOUNDS['units'].text}."))
    fields = ("depth", "depth_bottleneck", "stride", "rate") if block.kind != "basic" else ("depth", "stride", "rate")
    for field in fields:
        faulty = [(i, getattr(u, field)) for i, u in enumerate(block.units) if BOUNDS[field].fault(getattr(u, field))]
        # The same mistake in every unit was made once, in the block's row: tell it once.
        if len(faulty) == len(block.units) > 1 and len({repr(value) for _, value in faulty}) == 1:
            found.extend(_number(field, faulty[0][1], place(field)))
        else:
            for unit, value in faulty:
                found.extend(_number(field, value, place(field, unit)))
    return found


def _number(field: str, value: object, place: Place) -> list[Problem]:
    fault = BOUNDS[field].fault(value)
    return [Problem(place, fault, f"Use {BOUNDS[field].text}.")] if fault else []


_NAME_REMEDY = f"Use 1 to {NAME_LENGTH} letters, digits, '_', '-' and '.', beginning with a letter or digit."
