"""The part of a design with problems that can be drawn: the network ahead of its first fault, and what is missing behind it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields, replace

from resnet_studio.design.bounds import shorten
from resnet_studio.design.spec import Block, Design
from resnet_studio.design.validate import Place, Problem, validate

from .network import Network, expand_part

_ROOT = ("version", "include_root_block", "root", "root_depth")
_TAIL = ("num_classes", "global_pool")
_UNITS = ("stride_conv", "output_stride")
_INPUT = ("image", "channels")
_SHOWN = 12  # so many blocks behind a fault are listed one by one


@dataclass(frozen=True, slots=True)
class Missing:
    """A part that is not drawn.

    title: its name.
    fault: what is wrong with it; '' where it is sound but stands behind a fault.
    block, unit: its place, where its block is drawn in part; '' and 0 otherwise.
    """

    title: str
    fault: str = ""
    block: str = ""
    unit: int = 0


@dataclass(frozen=True, slots=True)
class Part:
    """The network of the sound part of a design, and the missing parts behind it, in order."""

    network: Network
    missing: tuple[Missing, ...] = ()


def sound_part(design: Design, problems: tuple[Problem, ...] | None = None) -> Part:
    """The part of `design` ahead of its first fault. Without a fault it is the whole network.

    problems: what `validate` found in the design; None to ask it here.
    """
    problems = validate(design) if problems is None else problems
    faults = {problem.place.field.split()[0]: problem for problem in reversed(problems) if problem.place.block is None}
    sound = _without_harmless_faults(design, faults)
    if fault := next((faults[field] for field in _INPUT if field in faults), None):
        parts = [Missing("input", _words(fault)), Missing("root block"), *_blocks(design, problems, 0)]
        return Part(_named(Network(design, (), (), ""), design), (*parts, Missing("tail")))
    if fault := next((faults[field] for field in _ROOT if field in faults), None):
        network = expand_part(replace(sound, blocks=()), with_root=False, with_tail=False)
        parts = [Missing("root block", _words(fault)), *_blocks(design, problems, 0)]
        return Part(_named(network, design), (*parts, Missing("tail")))
    unsound = any(field in faults for field in _UNITS)
    count = 0 if unsound else _longest(len(design.blocks), _blocks_are_sound(sound))
    if count == len(design.blocks) > 0:
        fault = next((faults[field] for field in _TAIL if field in faults), None)
        network = expand_part(sound, with_root=True, with_tail=fault is None)
        return Part(_named(network, design), (Missing("tail", _words(fault)),) if fault else ())
    blocks, behind = ((), 0) if unsound else _cut(sound, count)
    network = expand_part(replace(sound, blocks=blocks), with_root=True, with_tail=False)
    missing = [*_behind_units(design, problems, count, behind), *_blocks(design, problems, count + (behind > 0))]
    if not any(each.fault for each in missing):
        # The fault is that of the whole table of blocks: it is empty or too long.
        words = next((_words(faults[f]) for f in ("blocks", "units", *_UNITS) if f in faults), _words(problems[0]))
        missing.insert(0, Missing("blocks", words))
    return Part(_named(network, design), (*missing, Missing("tail")))


def _without_harmless_faults(design: Design, faults: dict[str, Problem]) -> Design:
    """`design` with default values in place of faulty options that do not change the picture."""
    kept = {"blocks", *_INPUT, *_ROOT, *_TAIL, *_UNITS}
    defaults = {f.name: "design" if f.name == "name" else f.default for f in fields(design) if f.name not in kept}
    return replace(design, **{name: value for name, value in defaults.items() if name in faults})  # type: ignore[arg-type]


def _blocks_are_sound(design: Design) -> Callable[[int], bool]:
    """A function that says whether the first `count` blocks have no problem."""

    def sound(count: int) -> bool:
        found = validate(replace(design, blocks=design.blocks[:count]))
        return not any(
            problem.place.block is not None or problem.place.field in ("blocks", "units") for problem in found
        )

    return sound


def _longest(length: int, sound: Callable[[int], bool]) -> int:
    """The largest count up to `length` that is sound, by bisection: if a count is sound, every smaller one is sound, too."""
    low, high = 0, length
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if sound(middle) else (low, middle - 1)
    return low


def _cut(design: Design, count: int) -> tuple[tuple[Block, ...], int]:
    """The first `count` blocks, with the sound units of the next block, and the number of those units."""
    blocks = design.blocks[:count]
    if count == len(design.blocks):
        return blocks, 0
    block = design.blocks[count]

    def sound(units: int) -> bool:
        part = replace(block, units=block.units[:units])
        return _blocks_are_sound(replace(design, blocks=(*blocks, part)))(count + 1)

    # A block without units is not valid. It only serves as the lower end of the search.
    units = _longest(len(block.units), sound)
    return (*blocks, replace(block, units=block.units[:units])) if units else blocks, units


def _behind_units(design: Design, problems: tuple[Problem, ...], index: int, units: int) -> list[Missing]:
    """The missing units of a block that is drawn in part: the faulty one, and those behind it."""
    if not units:
        return []
    block = design.blocks[index]
    fault = next((p for p in problems if p.place == Place(p.place.field, index, units, p.place.block_name)), None)
    left = len(block.units) - units - 1
    rest = [Missing(f"{left} more {'unit' if left == 1 else 'units'}", "", block.name, units + 2)] if left else []
    words = _words(fault) if fault else "the network has too many units"
    return [Missing(f"{block.name}, unit {units + 1}", words, block.name, units + 1), *rest]


def _blocks(design: Design, problems: tuple[Problem, ...], begin: int) -> list[Missing]:
    """The blocks from number `begin` on, each with its first problem."""
    first: dict[int, Problem] = {}
    for problem in problems:
        if problem.place.block is not None:
            first.setdefault(problem.place.block, problem)
    behind = range(begin, len(design.blocks))
    found = [
        Missing(shorten(design.blocks[i].name, 24) or f"block {i + 1}", _words(first.get(i))) for i in behind[:_SHOWN]
    ]
    more = len(behind) - _SHOWN
    return [*found, Missing(f"{more:,} more blocks")] if more > 0 else found


def _named(network: Network, design: Design) -> Network:
    """`network` under the name that was typed, shortened. The name is only shown."""
    return replace(network, design=replace(network.design, name=shorten(design.name, 64)))


def _words(problem: Problem | None) -> str:
    if problem is None:
        return ""
    return f"{problem.place.field}: {problem.message}. {problem.remedy}"
