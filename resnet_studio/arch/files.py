"""Designs on disk: JSON, versioned, written whole or not at all. Nothing read is ever unpickled or evaluated."""

from __future__ import annotations

import contextlib
import itertools
import json
import os
import tempfile
from collections.abc import Mapping
from dataclasses import MISSING, asdict, dataclass, fields
from pathlib import Path
from typing import Any, NoReturn

from .bounds import BOUNDS, shorten
from .notation import NotationError, Reading
from .notation import read as read_notation
from .presets import PRESETS
from .spec import Block, Design, Unit
from .validate import check_name

FORMAT, VERSION = "resnet-studio design", 1
MAX_BYTES = 4 * 1024 * 1024
# In the file `version` is the form's own, so the design's has another name there.
_KEY_OF_VERSION = "resnet_version"
# What files of before these fields existed stand for. They are written only where they say something else, so that
# an older program opens every file that it can mean, and refuses the others by the field's name.
_LATER: dict[str, object] = {"channels": 3, "output_stride": None, "version": "v2"}
_SCALARS = (str, int, float, bool, type(None))


class FileError(ValueError):
    """A file that is no design. The text is a finished sentence with place, value and remedy."""


@dataclass(frozen=True, slots=True)
class Opened:
    """A design, and what a person should know of how it was read: finished sentences."""

    design: Design
    notes: tuple[str, ...] = ()


def find_design(text: str) -> Design:
    """The design that a person names: a preset, or a file's path. Raises FileError."""
    return find(text).design


def find(text: str, network: str | None = None) -> Opened:
    """As `find_design`, with notes. network: which of the networks in a text is meant. Raises FileError."""
    if text in PRESETS:
        return Opened(PRESETS[text])
    if Path(text).exists():
        return open_file(Path(text), network)
    raise FileError(f"{shorten(text, 200)}: no such preset or file. The presets are {', '.join(PRESETS)}.")


def load(path: Path) -> Design:
    """The design in a file, JSON or a text in the Slim notation. Raises FileError for anything else.

    The design may still have problems (see `validate`). One in the notation is named after the file, unless it says.
    """
    return open_file(path).design


def open_file(path: Path, network: str | None = None) -> Opened:
    """As `load`, with notes. network: which of the networks in a text is meant. Raises FileError."""
    found = read_file(path)
    if isinstance(found, Design):
        return Opened(found)
    try:
        taken = found.chosen(network)
    except NotationError as error:
        raise FileError(f"{path}: {error}") from error
    return Opened(taken.design, found.notes_of(taken))


def read_file(path: Path, known: Mapping[str, object] | None = None) -> Design | Reading:
    """What is in a file: a design (JSON), or a reading of a text or notebook in the Slim notation. Raises FileError.

    known: values of what a text doesn't tell. The FileError for a text that lacks some has the NotationError as its cause.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise FileError(f"{path}: can't be read: {error.strerror or error}.") from error
    if len(data) > MAX_BYTES:
        raise FileError(f"{path}: is larger than {MAX_BYTES // 2**20} MiB, so it is no design file.")
    try:
        if path.suffix.lower() != ".json" and not _is_json(data):
            return read_notation(data, "resnet_v2" if check_name(path.stem) else path.stem, known)
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_unique, parse_constant=_no_constant)
    except UnicodeDecodeError as error:
        remedy = "Choose a .json design, or a text in the Slim notation"
        raise FileError(f"{path}: is not a text file, so it is no design file. {remedy}.") from error
    except NotationError as error:
        raise FileError(f"{path}: {error}") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"{path}: {where}: {error.msg}; a design file is JSON.") from error
    except (ValueError, RecursionError) as error:
        raise FileError(f"{path}: {error}.") from error
    try:
        return design_from_json(value)
    except FileError as error:
        raise FileError(f"{path}: {error}") from error


def _is_json(data: bytes) -> bool:
    """Whether a file is an object of JSON that is no notebook."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"nbformat"' not in data


def save(design: Design, path: Path) -> None:
    """Writes `design`, which may have problems, so that a crash leaves the old file or the new one. Raises FileError."""
    text = json.dumps(design_to_json(design), indent=2, ensure_ascii=False) + "\n"
    write_whole(path, text.encode())


def write_whole(path: Path, data: bytes) -> None:
    """Writes a file whole or not at all. A link is followed, and an existing file keeps its mode. Raises FileError."""
    target = path.resolve()
    try:
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
            Path(temporary).replace(target)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
    except OSError as error:
        raise FileError(f"{path}: can't be written: {error.strerror or error}.") from error


def design_to_json(design: Design) -> dict[str, Any]:
    """`design` as plain JSON values. Equal units in a row are written once, with how often they repeat."""
    options = {f.name: getattr(design, f.name) for f in fields(Design) if f.name != "blocks"}
    options = {k: each for k, each in options.items() if k not in _LATER or not _same(each, _LATER[k])}
    if "version" in options:
        options[_KEY_OF_VERSION] = options.pop("version")
    blocks = []
    for block in design.blocks:
        runs = [{"repeat": len(list(run)), **_unit_to_json(unit)} for unit, run in itertools.groupby(block.units)]
        extra = {} if block.typed_count is None else {"typed_count": block.typed_count}
        blocks.append({"name": block.name, "kind": block.kind, "units": runs, **extra})
    return {"format": FORMAT, "version": VERSION, **options, "image": list(design.image), "blocks": blocks}


def _unit_to_json(unit: Unit) -> dict[str, Any]:
    value = asdict(unit)
    if _same(unit.rate, 1):
        del value["rate"]
    return value


def _same(value: object, other: object) -> bool:
    """Whether these are one value of one type: what was typed as True or 1.0 must come back as such."""
    return type(value) is type(other) and value == other


def design_from_json(value: object) -> Design:
    """The design in JSON values. Sizes are bounded before anything is built.

    Raises FileError where the form is wrong; a wrong value in a right place is kept for `validate` to tell.
    """
    if not isinstance(value, dict) or value.get("format") != FORMAT:
        _fail(f'is not a ResNet Studio design: it has no "format": "{FORMAT}". Save one from the program')
    if value.get("version") != VERSION:
        _fail(
            f"version: {shorten(repr(value.get('version')))} is not {VERSION}. Open it with the program that wrote it"
        )
    options = {key: each for key, each in value.items() if key not in ("format", "version", "blocks", "image")}
    known = {f.name for f in fields(Design)} - {"version"} | {_KEY_OF_VERSION}
    _keys("design", options, known, {f.name for f in fields(Design) if f.default is MISSING} - {"blocks"})
    if _KEY_OF_VERSION in options:
        options["version"] = options.pop(_KEY_OF_VERSION)
    image = value.get("image", [224, 224])
    if not isinstance(image, list) or len(image) != 2 or not all(isinstance(side, _SCALARS) for side in image):
        _fail(f"image: {shorten(repr(image))} is not a size. Write [height, width] in pixels")
    blocks = value.get("blocks")
    if not isinstance(blocks, list):
        _fail("blocks: is missing or no list. Write a list of blocks")
    if len(blocks) > BOUNDS["blocks"].high:
        _fail(f"blocks: {len(blocks):,} blocks are too many. Keep {BOUNDS['blocks'].text}")
    return Design(
        **options, image=(image[0], image[1]), blocks=tuple(_block(f"blocks[{i}]", b) for i, b in enumerate(blocks))
    )


def _block(place: str, value: object) -> Block:
    if not isinstance(value, dict):
        _fail(f"{place}: {shorten(repr(value))} is not a block. Write an object with name, kind and units")
    runs = value.get("units")
    if not isinstance(runs, list) or len(runs) > BOUNDS["units"].high:
        _fail(f"{place}.units: is not a list of at most {BOUNDS['units'].high:,} units. Write one")
    rest = {key: each for key, each in value.items() if key != "units"}
    _keys(place, rest, {"name", "kind", "typed_count"}, {"name"})
    typed_count = rest.pop("typed_count", None)
    if typed_count is not None and not isinstance(typed_count, str):
        _fail(f"{place}.typed_count: {shorten(repr(typed_count))} is not a text. Leave it out")
    units: list[Unit] = []
    for i, run in enumerate(runs):
        here = f"{place}.units[{i}]"
        if not isinstance(run, dict):
            _fail(
                f"{here}: {shorten(repr(run))} is not a unit. Write an object with depth, depth_bottleneck and stride"
            )
        unit = {key: each for key, each in run.items() if key != "repeat"}
        _keys(here, unit, {f.name for f in fields(Unit)}, {"depth", "depth_bottleneck"})
        repeat = run.get("repeat", 1)
        # A count out of bounds is kept as it was typed, and never allocated.
        if BOUNDS["units"].fault(repeat) or len(units) + repeat > BOUNDS["units"].high:
            typed_count, repeat = typed_count or shorten(repeat), 1
        units.extend([Unit(**unit)] * repeat)
        if len(units) > BOUNDS["units"].high:
            _fail(f"{place}.units: are more than {BOUNDS['units'].high:,.0f}. Keep {BOUNDS['units'].text}")
    return Block(**rest, units=tuple(units), typed_count=typed_count)


def _keys(place: str, value: dict[str, Any], known: set[str], needed: set[str]) -> None:
    for key, each in value.items():
        if key not in known:
            _fail(f"{place}: there is no field '{shorten(key)}'. The fields are {', '.join(sorted(known))}")
        if not isinstance(each, _SCALARS):
            _fail(f"{place}.{key}: {shorten(repr(each))} is not a single value. Write one")
    for key in sorted(needed - value.keys()):
        _fail(f"{place}: '{key}' is missing. Add it")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        twice = next(key for i, (key, _) in enumerate(pairs) if key in dict(pairs[:i]))
        raise ValueError(f"'{shorten(twice)}' stands twice in one object. Keep one of them")
    return value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON. Write a finite number")


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def _fail(text: str) -> NoReturn:
    raise FileError(f"{text}.")
