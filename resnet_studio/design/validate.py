"""What is wrong with a design: every problem with its place, what is allowed there and what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .bounds import BOUNDS, parse_whole, shorten, value_text
from .density import grid_faults
from .design_fields import BLOCK_FIELDS, DESIGN, SIDE, UNIT
from .fields import Field
from .spec import Block, Design, Unit

MOST_PROBLEMS = 100  # that are told one by one
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
    """Every problem of `design`, in the order of the table; none means that `expand` accepts it.

    Of more than `MOST_PROBLEMS` the rest are counted, in the last of the problems that are told.
    """
    found = _options(design)
    blocks: Any = design.blocks  # which may be anything, as every field may
    if not isinstance(blocks, tuple) or not all(isinstance(block, Block) for block in blocks):
        return (*found, Problem(Place("blocks"), f"{value_text(blocks)} is not a table of blocks", "Give blocks."))
    if not BOUNDS["blocks"].low <= len(blocks) <= BOUNDS["blocks"].high:
        message = "the table is empty" if not blocks else f"{len(blocks):,} blocks are too many"
        found.append(Problem(Place("blocks"), message, f"Keep {BOUNDS['blocks'].text}."))
    names = Counter(block.name for block in blocks if isinstance(block.name, str))
    total = sum(len(block.units) for block in blocks if isinstance(block.units, tuple))
    too_many = total > BOUNDS["all_units"].high
    for index, block in enumerate(blocks[: int(BOUNDS["blocks"].high) + 1]):
        found.extend(_block(index, block, names, each_unit=not too_many))
    if too_many:  # then none is judged by itself: there may be more than anyone would read
        message = f"{total:,} units in all are too many"
        found.append(Problem(Place("units"), message, f"Keep {BOUNDS['all_units'].text} in all."))
    if not any(problem.place.field in _GRID for problem in found):
        found.extend(_grids(design))
    return _capped(found)


def _capped(found: list[Problem]) -> tuple[Problem, ...]:
    if (more := len(found) - MOST_PROBLEMS) <= 0:
        return tuple(found)
    told = found[:MOST_PROBLEMS]
    return (*told, Problem(Place("design"), f"{more:,} more problems are not told", "Mend those above first."))


def _grids(design: Design) -> list[Problem]:
    """Problems of strides, rates and the output stride with one another, where each is sound by itself."""
    found = []
    for fault in grid_faults(design):
        name = "" if fault.block is None else shorten(design.blocks[fault.block].name)
        found.append(Problem(Place(fault.field, fault.block, fault.unit, name), fault.message, fault.remedy))
    return found


def _options(design: Design) -> list[Problem]:
    found = []
    for field in DESIGN:
        value = getattr(design, field.name)
        if fault := field.fault(value):
            found.append(Problem(Place(field.name), *fault))
        elif field.name == "image":
            for side, pixels in zip(("height", "width"), value, strict=True):
                found.extend(_field(SIDE, pixels, Place(f"image {side}")))
    return found


def _block(index: int, block: Block, names: Counter[str], *, each_unit: bool) -> list[Problem]:
    units: Any = block.units
    typed: Any = block.typed_count
    given: Any = block.name
    name = given if isinstance(given, str) else ""

    def place(field: str, unit: int | None = None) -> Place:
        return Place(field, index, unit, shorten(name))

    found = _field(BLOCK_FIELDS["name"], block.name, place("name"))
    if name in _RESERVED:
        found.append(Problem(place("name"), f"'{name}' names another part of the network", "Choose another."))
    elif not found and names[name] > 1:
        found.append(Problem(place("name"), f"'{name}' names two blocks", "Give each block its own name."))
    found.extend(_field(BLOCK_FIELDS["kind"], block.kind, place("kind")))
    bound = BOUNDS["units"]
    if not isinstance(units, tuple) or not all(isinstance(unit, Unit) for unit in units):
        found.append(Problem(place("units"), f"{value_text(units)} is not a row of units", f"Use {bound.text}."))
        return found
    if typed is not None:
        fault = bound.fault(parse_whole(typed) if isinstance(typed, str) else typed)
        told = fault or "the number of units is not taken over yet"
        found.append(Problem(place("units"), told, f"Use {bound.text}."))
    elif fault := bound.fault(len(units)):
        found.append(Problem(place("units"), fault, f"Use {bound.text}."))
    for field in UNIT if each_unit else ():
        found.extend(_of_units(field, block, place))
    return found


def _of_units(field: Field, block: Block, place: Callable[..., Place]) -> list[Problem]:
    """The problems of one field of a block's units."""
    values = [getattr(unit, field.name) for unit in block.units]
    if block.kind == "basic" and field.name == "depth_bottleneck":
        # A basic unit has no use for it, so any number will do; but what is no number could not be kept in a file.
        faults = [(i, value) for i, value in enumerate(values) if isinstance(value, bool) or not isinstance(value, int)]
    else:
        faults = [(i, value) for i, value in enumerate(values) if field.fault(value)]
    # The same mistake in every unit was made once, in the block's row: tell it once.
    if len(faults) == len(values) > 1 and len({(type(value), str(value)[:100]) for _, value in faults}) == 1:
        return _field(field, faults[0][1], place(field.name))
    return [problem for unit, value in faults for problem in _field(field, value, place(field.name, unit))]


def _field(field: Field, value: object, place: Place) -> list[Problem]:
    fault = field.fault(value)
    return [Problem(place, *fault)] if fault else []
