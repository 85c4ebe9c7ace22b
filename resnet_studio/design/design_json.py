"""A design as JSON values, and back: the form of a design file, as typed structures that msgspec checks.

The form is strict, the values are not: a wrong value in a right place is kept for `validate` to tell. Every value is a
single one of JSON's own (text, number, yes or no, nothing), so a design that was read can be hashed, shown and written.
`docs/design.schema.json` is the JSON Schema of these structures.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import asdict, fields
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


class UnitsInFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """Equal units in a row, written once with how often they repeat."""

    repeat: Value = 1
    depth: Value
    depth_bottleneck: Value
    stride: Value = 1
    rate: Value = 1


class BlockInFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A block. typed_count: what was typed for the number of its units, where that is no number allowed."""

    name: Value
    kind: Value = "bottleneck"
    units: Annotated[list[UnitsInFile], msgspec.Meta(max_length=_MOST_UNITS)]
    typed_count: str | None = None


class DesignInFile(msgspec.Struct, forbid_unknown_fields=True, kw_only=True, frozen=True):
    """A design file. The fields are those of `Design`; `resnet_version` is its `version`."""

    format: Literal["resnet-studio design"]
    version: Literal[1]
    name: Value
    blocks: Annotated[list[BlockInFile], msgspec.Meta(max_length=_MOST_BLOCKS)]
    image: tuple[Value, Value] = (224, 224)
    num_classes: Value = 1000
    global_pool: Value = True
    include_root_block: Value = True
    root: Value = "imagenet"
    root_depth: Value = 64
    conv_biases: Value = True
    stride_conv: Value = "conv2"
    weight_decay: Value = 1e-4
    batch_norm_decay: Value = 0.997
    batch_norm_epsilon: Value = 1e-5
    batch_norm_scale: Value = True
    channels: Value = 3
    output_stride: Value = None
    resnet_version: Value = "v2"


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
        read = msgspec.convert(value, DesignInFile)
    except msgspec.ValidationError as error:
        raise FileError(_told(str(error), value)) from None
    own = {"format", "version", "blocks", _KEY_OF_VERSION}
    options: dict[str, Any] = {name: getattr(read, name) for name in read.__struct_fields__ if name not in own}
    blocks = tuple(_block(f"blocks[{i}]", block) for i, block in enumerate(read.blocks))
    design: Any = {**options, "blocks": blocks, "version": read.resnet_version}
    _refuse_half_characters(value)
    return Design(**design)


def _block(place: str, read: BlockInFile) -> Block:
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


def _refuse_half_characters(value: dict[str, Any]) -> None:
    """JSON may spell half a character (U+D800 to U+DFFF), which no file and no window can show."""
    for place, text in _texts("", value):
        if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
            _fail(f"{place}: holds half a character (U+D800 to U+DFFF), which is no text. Write it anew")


def _texts(place: str, value: object) -> list[tuple[str, str]]:
    if isinstance(value, str):
        return [(place, value)]
    if isinstance(value, dict):
        return [t for key, each in value.items() for t in _texts(f"{place}.{key}".lstrip("."), each)]
    if isinstance(value, list):
        return [t for index, each in enumerate(value) for t in _texts(f"{place}[{index}]", each)]
    return []


def _fail(text: str) -> NoReturn:
    raise FileError(f"{text}.")
