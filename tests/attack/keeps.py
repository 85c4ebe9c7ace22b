"""What must hold for every design and every record that a reader of the program has accepted."""

from __future__ import annotations

import json
import types
from dataclasses import fields
from pathlib import Path
from typing import Any, Literal, get_args, get_origin, get_type_hints

from resnet_studio.bench.record import Record
from resnet_studio.bench.record_json import record_from_json, record_to_json
from resnet_studio.bench.report import report_lines
from resnet_studio.design import notation
from resnet_studio.design.disk import FileError
from resnet_studio.design.files import load, save
from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.design.validate import validate
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand
from resnet_studio.network.partial import sound_part
from resnet_studio.picture.graph import DETAILS
from resnet_studio.picture.picture import make_picture

LONGEST_MESSAGE = 1_000
MANY_UNITS = 300  # above it a design is not drawn here: that is slow, and no new case


def is_kept(design: Design, file: Path, draw: bool = True) -> bool:
    """Checks a design that was accepted, and tells whether it is sound. `file` is written and read back.

    It can be hashed, validated, told about, saved, read back equal and drawn. Raises AssertionError, or whatever the
    program raised.
    """
    hash(design)
    problems = validate(design)
    for problem in problems:
        assert len(str(problem)) <= LONGEST_MESSAGE, f"a message of {len(str(problem)):,} characters"
    file.unlink(missing_ok=True)  # to replace a file waits for the disk on some systems
    try:
        save(design, file)
    except FileError as error:
        raise AssertionError(f"what was accepted can't be saved: {error}") from error
    again = load(file)
    assert again == design, f"read back it is another: {again!r:.300}"
    if not problems:
        for value in (design, *design.blocks, *(unit for block in design.blocks for unit in block.units)):
            check_types(value)
        assert notation.parse(notation.format(design)) == design
    if draw and sum(len(block.units) for block in design.blocks) <= MANY_UNITS:
        is_drawn(design)
    return not problems


def is_drawn(design: Design, layouts: tuple[str, ...] = ("layered",)) -> None:
    """Draws what of a design is sound, at every detail, and counts what is drawn."""
    part = sound_part(design)
    if not validate(design):
        assert network_cost(expand(design)) == network_cost(part.network)
    names = sorted(op.name for op in part.network.ops)
    for detail in DETAILS:
        for layout in layouts:
            picture = make_picture(part.network, detail, layout, missing=part.missing)
            assert sorted(op for box in picture.boxes for op in box.ops) == names
            assert sum(not box.ops for box in picture.boxes) == len(part.missing)


def check_types(value: Design | Block | Unit) -> None:
    """Asserts that each field holds exactly what its annotation says."""
    hints = get_type_hints(type(value))
    for field in fields(value):
        found = getattr(value, field.name)
        assert _is(found, hints[field.name]), f"{type(value).__name__}.{field.name} holds {found!r:.80}"


def _is(value: object, hint: Any) -> bool:
    origin, arguments = get_origin(hint), get_args(hint)
    if origin is Literal:
        return value in arguments
    if origin is types.UnionType or (origin is not None and type(None) in arguments):
        return any(_is(value, each) for each in arguments)
    if origin is tuple:
        if not isinstance(value, tuple):
            return False
        if arguments[-1] is Ellipsis:
            return all(_is(each, arguments[0]) for each in value)
        return len(value) == len(arguments) and all(map(_is, value, arguments))
    if hint is float:  # a whole number will do where any number is meant
        return type(value) in (int, float)
    return type(value) is hint


def is_told(record: Record) -> None:
    """A record that was accepted can be told about, hashed by its design, and written and read back equal."""
    hash(record.job.design)
    assert sum(map(len, report_lines(record))) < 200_000
    text = json.dumps(record_to_json(record), allow_nan=False)
    assert record_from_json(json.loads(text)) == record
