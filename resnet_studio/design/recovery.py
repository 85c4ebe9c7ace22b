"""Unsaved changes that outlive a killed window: one file a window, in the state folder, until the changes are saved.

A window writes its file a moment after each edit. The next window that starts takes over the file of one that is gone;
two that start at one time never take the same, for taking is renaming.
"""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec

from .design_json import design_from_json, design_to_json
from .disk import FileError, read_file, write_whole
from .process_mark import lives, process_mark
from .spec import Design
from .state_folder import make_private

FORMAT, VERSION = "resnet-studio unsaved changes", 1
_MAX_BYTES = 2 * 2**20
_PREFIX = "unsaved-"


class _InFile(msgspec.Struct, frozen=True):
    format: str
    version: int
    path: str | None
    design: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Unsaved:
    """A design with changes that no file holds. path: the file that it was opened from or saved to last."""

    design: Design
    path: Path | None


def own_file(folder: Path) -> Path:
    """The file of this process in `folder`."""
    return folder / f"{_PREFIX}{process_mark()}.json"


def write_unsaved(path: Path, unsaved: Unsaved) -> None:
    """Writes a window's file, for nobody else to read. Raises FileError."""
    where = None if unsaved.path is None else str(unsaved.path)
    value = {"format": FORMAT, "version": VERSION, "path": where, "design": design_to_json(unsaved.design)}
    try:
        make_private(path.parent)
        path.touch(0o600)
        text = json.dumps(value, allow_nan=False)
    except (OSError, ValueError, TypeError) as error:
        raise FileError(f"{path}: unsaved changes can't be kept: {error}.") from error
    write_whole(path, text.encode())


def drop_unsaved(path: Path) -> None:
    """Removes a window's file: its changes were saved, or are not wanted."""
    with suppress(OSError):
        path.unlink()


def take_unsaved(folder: Path) -> tuple[Unsaved | None, int, int]:
    """(the newest unsaved changes of a window that is gone, how many more there are, how many files were damaged).

    The file becomes this process's own. A damaged one is set aside under a name that ends in '.damaged'.
    """
    found, damaged = [], 0
    for path in sorted(_left_behind(folder), key=_written, reverse=True):
        try:
            read = msgspec.convert(json.loads(read_file(path, _MAX_BYTES)), _InFile)
            if (read.format, read.version) != (FORMAT, VERSION):
                raise ValueError("another form")
            unsaved = Unsaved(design_from_json(read.design), None if read.path is None else Path(read.path))
        except (ValueError, msgspec.MsgspecError, RecursionError):
            damaged += 1
            with suppress(OSError):
                path.rename(path.with_suffix(".damaged"))
        else:
            found.append((path, unsaved))
    for index, (path, unsaved) in enumerate(found):
        try:
            path.rename(own_file(folder))
        except OSError:  # another window was quicker
            continue
        return unsaved, len(found) - index - 1, damaged
    return None, 0, damaged


def _left_behind(folder: Path) -> list[Path]:
    """The files of windows that are gone."""
    try:
        files = list(folder.glob(f"{_PREFIX}*.json"))
    except OSError:
        return []
    return [path for path in files if not lives(path.stem.removeprefix(_PREFIX))]


def _written(path: Path) -> float:
    with suppress(OSError):
        return path.stat().st_mtime
    return 0.0
