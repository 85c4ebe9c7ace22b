"""A design as JSON values, and back: the form of a design file, as typed structures that msgspec checks.

The form is strict, the values are not: a wrong value in a right place is kept for `validate` to tell. Every value is a
single one of JSON's own (text, number, yes or no, nothing), so a design that was read can be hashed, shown and written.
`docs/design.schema.json` is the JSON Schema of these structures.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import MISSING, asdict, fields
from typing import Annotated, Any, Literal, NoReturn

import msgspec

from .bounds import BOUNDS, shorten, value_text
from .disk import FileError
from .spec import Block, Design, Unit

FORMAT, VERSION = "resnet-studio design", 1
_MOST_BLOCKS, _MOST_UNITS = int(BOUNDS["blocks"].high), int(BOUNDS["units"].high)
# What files of before these fields existed stand for. They are written only where they say something else, so that
# an older program opens every file that it can mean, and refuses the others by the field's name.
_LATER: dict[str, object] = {"channels": 3, "output_stride": None, "version": "v2"}
# In the file `version` is the form's own, so the design's has another name there.
_KEY_OF_VERSION = "resnet_version"

Value = str | int | float | bool | None  # what was typed or written, right or wrong


def _fields_of(kind: type, less: tuple[str, ...] = ()) -> list[tuple[str, Any] | tuple[str, Any, Any]]:
    """The fields of `Design` or `Unit` as a file's form has them: one that is new there is new here."""
    found: list[tuple[str, Any] | tuple[str, Any, Any]] = []
    for field in fields(kind):
        key = _KEY_OF_VERSION if field.name == "version" else field.name
        form = tuple[Value, Value] if field.name == "image" else Value
        if field.name not in less:
            found.append((key, form) if field.default is MISSING else (key, form, field.default))
    return found


def _form(name: str, doc: str, parts: list[tuple[str, Any] | tuple[str, Any, Any]]) -> type[msgspec.Struct]:
    return msgspec.defstruct(
        name, parts, forbid_unknown_fields=True, kw_only=True, frozen=True, namespace={"__doc__": doc}
    )


UnitsInFile = _form(
    "Units",
    "Equal units in a row, written once with how often they repeat.",
    [("repeat", Value, 1), *_fields_of(Unit)],
)
BlockInFile = _form(
    "Block",
    "A block. typed_count: what was typed for the number of its units, where that is no number allowed.",
    [
        ("name", Value),
        ("kind", Value, "bottleneck"),
        ("units", Annotated[list[UnitsInFile], msgspec.Meta(max_length=_MOST_UNITS)]),  # type: ignore[valid-type]
        ("typed_count", str | None, None),
    ],
)
DesignInFile = _form(
    "Design",
    "A design file. The fields are those of a design; resnet_version is its version.",
    [
        ("format", Literal["resnet-studio design"]),
        ("version", Literal[1]),
        ("blocks", Annotated[list[BlockInFile], msgspec.Meta(max_length=_MOST_BLOCKS)]),  # type: ignore[valid-type]
        *_fields_of(Design, less=("blocks",)),
    ],
)


def design_to_json(design: Design) -> dict[str, Any]:
    """`design` as plain JSON values. Equal units in a row are written once, with how often they repeat."""
    options = {f.name: getattr(design, f.name) for f in fields(Design) if f.name != "blocks"}
    options = {k: each for k, each in options.items() if k not in _LATER or not _same(each, _LATER[k])}
    if "version" in options:
        options[_KEY_OF_VERSION] = options.pop("version")
    blocks = []
    for block in design.blocks:
        runs = [
            {"repeat": len(list(run)), **_unit_to_json(unit)}
            for (unit, _), run in itertools.groupby(block.units, key=_exactly)
        ]
        extra = {} if block.typed_count is None else {"typed_count": block.typed_count}
        blocks.append({"name": block.name, "kind": block.kind, "units": runs, **extra})
    return {"format": FORMAT, "version": VERSION, **options, "image": list(design.image), "blocks": blocks}


def design_from_json(value: object) -> Design:
    """The design in JSON values. Sizes are bounded before anything is built.

    Raises FileError, which names the place, where the form is wrong.
    """
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        _fail(f'is not a ResNet Studio design: it has no "format": "{FORMAT}". Save one from the program')
    if value.get("version") != VERSION:
        _fail(f"version: {value_text(value.get('version'))} is not {VERSION}. Open it with the program that wrote it")
    try:
        read: Any = msgspec.convert(value, DesignInFile)
    except msgspec.ValidationError as error:
        raise FileError(_told(str(error), value)) from None
    own = {"format", "version", "blocks", _KEY_OF_VERSION}
    options: dict[str, Any] = {name: getattr(read, name) for name in read.__struct_fields__ if name not in own}
    blocks = tuple(_block(f"blocks[{i}]", block) for i, block in enumerate(read.blocks))
    design: Any = {**options, "blocks": blocks, "version": read.resnet_version}
    return Design(**design)


def _block(place: str, read: Any) -> Block:
    units: list[Unit] = []
    typed_count = read.typed_count
    for run in read.units:
        unit: Any = (run.depth, run.depth_bottleneck, run.stride, run.rate)
        repeat = run.repeat
        # A count out of bounds is kept as it was typed, and never allocated.
        if BOUNDS["units"].fault(repeat) or not isinstance(repeat, int) or len(units) + repeat > _MOST_UNITS:
            typed_count, repeat = typed_count or shorten(repeat), 1
        units.extend([Unit(*unit)] * repeat)
        if len(units) > _MOST_UNITS:
            _fail(f"{place}.units: are more than {_MOST_UNITS:,}. Keep {BOUNDS['units'].text}")
    fields_read: Any = {"name": read.name, "kind": read.kind, "typed_count": typed_count}
    return Block(**fields_read, units=tuple(units))


def _unit_to_json(unit: Unit) -> dict[str, Any]:
    value = asdict(unit)
    if _same(unit.rate, 1):
        del value["rate"]
    return value


def _exactly(unit: Unit) -> tuple[Unit, tuple[type, ...]]:
    """What tells units apart in a file: True, 1 and 1.0 are equal, and must come back as what they were."""
    return unit, (type(unit.depth), type(unit.depth_bottleneck), type(unit.stride), type(unit.rate))


def _same(value: object, other: object) -> bool:
    """Whether these are one value of one type: what was typed as True or 1.0 must come back as such."""
    return type(value) is type(other) and value == other


_AT = re.compile(r"(?P<what>.*?)(?: - at `\$\.?(?P<place>.*)`)?", re.DOTALL)
_MISSING = re.compile(r"Object missing required field `(.+)`")
_UNKNOWN = re.compile(r"Object contains unknown field `(.+)`", re.DOTALL)


def _told(message: str, value: object) -> str:
    """msgspec's message as a sentence of ours: the place, the value that stands there, and what to do."""
    found = _AT.fullmatch(message)
    what, place = (found["what"], found["place"] or "design") if found else (message, "design")
    if missing := _MISSING.fullmatch(what):
        return f"{place}: '{missing[1]}' is missing. Add it."
    if unknown := _UNKNOWN.fullmatch(what):
        kind = (
            BlockInFile if re.fullmatch(r"blocks\[\d+\]", place) else UnitsInFile if "units[" in place else DesignInFile
        )
        known = ", ".join(sorted(kind.__struct_fields__))
        return f"{place}: there is no field '{shorten(unknown[1])}'. The fields are {known}."
    here = value_text(_at(place, value))
    match place.rpartition(".")[2]:
        case "image":
            return f"image: {here} is not a size. Write [height, width] in pixels."
        case "blocks":
            return f"blocks: {here} is not a list of at most {_MOST_BLOCKS:,} blocks. Write one."
        case "units":
            return f"{place}: {here} is not a list of at most {_MOST_UNITS:,} units. Write one."
        case "typed_count":
            return f"{place}: {here} is not a text. Leave it out."
        case last if last.startswith("blocks["):
            return f"{place}: {here} is not a block. Write an object with name, kind and units."
        case last if last.startswith("units["):
            return f"{place}: {here} is not a unit. Write an object with depth, depth_bottleneck and stride."
    return f"{place}: {here} is not a single value. Write one."


def _at(place: str, value: object) -> object:
    """What stands at 'blocks[0].units[3].depth' of JSON values."""
    for name, index in re.findall(r"(\w+)|\[(\d+)\]", place):
        if isinstance(value, dict) and name:
            value = value.get(name)
        elif isinstance(value, list) and index:
            value = value[int(index)]
    return value


def _fail(text: str) -> NoReturn:
    raise FileError(f"{text}.")
