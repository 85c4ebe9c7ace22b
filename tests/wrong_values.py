"""Designs in which one field is wrong: every field of Design, Block and Unit in turn, several wrong values each."""

import math
from dataclasses import fields, replace

from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.design.validate import validate

SOUND = Design("tiny", (block("block1", 2, 8, 4, 2), block("block2", 3, 16, 4, 2)), (32, 32), 10)

# What a file, a table cell or a pasted notation may hold in a field's place.
VALUES = ("", "x", "<img src=x>&amp;", "a\nb", None, True, -1, 0, 1.5, 10**400, math.inf, math.nan)
SIZES = ("", (), (32,), (0, 32), (32, 9999), (32, "x"), (None, 32), (32, 32, 32))
TEXTS = ("", "x", "0", "9" * 5_000)  # of `typed_count`, which is always a text

FIELDS = [f"{kind.__name__}.{field.name}" for kind in (Design, Block, Unit) for field in fields(kind)]


def wrong_designs(place: str) -> list[tuple[object, Design]]:
    """(value, design) pairs in which the field 'Block.name' holds a value that is not allowed there.

    Of blocks and units a middle one is wrong, so that some of the network is sound and some is missing.
    """
    kind, field = place.split(".")
    found = [(value, _with(kind, field, value)) for value in _values(kind, field)]
    return [(value, design) for value, design in found if validate(design)]


def _values(kind: str, field: str) -> tuple[object, ...]:
    match field:
        case "blocks":
            return ((), SOUND.blocks * 40)
        case "units":
            return ((),)  # two thousand and one take seconds to draw as far as they are sound
        case "image":
            return SIZES
        case "typed_count":
            return TEXTS
    return VALUES


def _with(kind: str, field: str, value: object) -> Design:
    changes: dict[str, object] = {field: value}
    if kind == "Design":
        return replace(SOUND, **changes)  # type: ignore[arg-type]
    second = SOUND.blocks[1]
    if kind == "Block":
        return SOUND.with_block(1, replace(second, **changes))  # type: ignore[arg-type]
    units = (second.units[0], replace(second.units[1], **changes), second.units[2])  # type: ignore[arg-type]
    return SOUND.with_block(1, replace(second, units=units))
