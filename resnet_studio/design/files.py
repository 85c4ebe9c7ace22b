"""Designs on disk: JSON, versioned, written whole or not at all. Nothing read is ever unpickled or evaluated."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from .bounds import shorten
from .design_fields import check_name
from .design_json import design_from_json, design_to_json
from .disk import FileError, read_file, shown, why, write_whole
from .notation import NotationError, Reading
from .notation import read as read_notation
from .presets import PRESETS
from .spec import Design

MAX_BYTES = 1024 * 1024


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
    path = Path(text)
    try:
        there = path.exists()
    except PermissionError as error:  # in a folder that may not be searched
        raise FileError(f"{shown(path)}: can't be read: {why(error)}.") from error
    except (OSError, ValueError):  # a name of thousands of characters, or with a NUL, is none of a file's
        there = False
    if there:
        return open_file(path, network)
    raise FileError(f"{shown(path)}: no such preset or file. The presets are {', '.join(PRESETS)}.")


def load(path: Path) -> Design:
    """The design in a file, JSON or a text in the Slim notation. Raises FileError for anything else.

    The design may still have problems (see `validate`). One in the notation is named after the file, unless it says.
    """
    return open_file(path).design


def open_file(path: Path, network: str | None = None) -> Opened:
    """As `load`, with notes. network: which of the networks in a text is meant. Raises FileError."""
    found = contents(path)
    if isinstance(found, Design):
        return Opened(found)
    try:
        taken = found.chosen(network)
    except NotationError as error:
        raise FileError(f"{shown(path)}: {error}") from error
    return Opened(taken.design, found.notes_of(taken))


def contents(path: Path, known: Mapping[str, object] | None = None) -> Design | Reading:
    """What is in a file: a design (JSON), or a reading of a text or notebook in the Slim notation. Raises FileError.

    known: values of what a text doesn't tell. The FileError for a text that lacks some has the NotationError as its cause.
    """
    data = read_file(path, MAX_BYTES)
    try:
        if path.suffix.lower() != ".json" and not _is_json(data):
            return read_notation(data, "resnet_v2" if check_name(path.stem) else path.stem, known)
        text = data.decode("utf-8-sig")
        value = json.loads(text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_float=_finite)
        return design_from_json(value)
    except UnicodeDecodeError as error:
        remedy = "Choose a .json design, or a text in the Slim notation"
        raise FileError(f"{shown(path)}: is not a text file, so it is no design file. {remedy}.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise FileError(f"{shown(path)}: {where}: {error.msg}; a design file is JSON.") from error
    except (FileError, NotationError) as error:
        raise FileError(f"{shown(path)}: {error}") from error
    except RecursionError as error:
        raise FileError(
            f"{shown(path)}: its brackets are nested too deep (recursion). A design has four levels."
        ) from error
    except ValueError as error:
        raise FileError(f"{shown(path)}: {error}.") from error


def _is_json(data: bytes) -> bool:
    """Whether a file is an object of JSON that is no notebook."""
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"{") and b'"nbformat"' not in data


def save(design: Design, path: Path) -> None:
    """Writes `design`, which may have problems, so that a crash leaves the old file or the new one. Raises FileError.

    What was written is read back before it takes the old file's place: what would not come back as it is is never kept.
    """
    try:
        data = _text(design).encode()
    except (ValueError, TypeError) as error:  # NaN, a value that is none of JSON's
        raise FileError(
            f"{shown(path)}: the design can't be written: {shorten(error, 100)}. Mend that value."
        ) from error

    def check(written: Path) -> None:
        if not _same(read_design(written), design):
            raise FileError(f"{shown(path)}: the design would not come back as it is. Please report this.")

    write_whole(path, data, check)


def _text(design: Design) -> str:
    value = design_to_json(design)
    text = json.dumps(value, indent=2, ensure_ascii=False, allow_nan=False)
    # Half a character (U+D800 to U+DFFF) is no text, and JSON can spell it all the same: as an escape in ASCII.
    half = any("\ud800" <= letter <= "\udfff" for letter in text) if not text.isascii() else False
    return (json.dumps(value, indent=2, ensure_ascii=True) if half else text) + "\n"


def read_design(path: Path) -> Design:
    """The design in a file in JSON, whatever the file is called. Raises FileError."""
    value = json.loads(read_file(path, MAX_BYTES), object_pairs_hook=_unique, parse_constant=_no_constant)
    return design_from_json(value)


def _same(a: Design, b: Design) -> bool:
    """Whether two designs are equal in every value's type too: True is not 1."""
    return a == b and repr(a) == repr(b)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"'{shorten(twice)}' stands twice in one object. Keep one of them")
    return value


def _no_constant(text: str) -> NoReturn:
    raise ValueError(f"{text} is not a number of JSON. Write a finite number")


def _finite(text: str) -> float:
    if not math.isfinite(value := float(text)):
        raise ValueError(f"{shorten(text)} is beyond every finite number. Write a smaller one")
    return value
