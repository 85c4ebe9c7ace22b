"""Files read and written with care: only plain files, only up to a size, and written whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path

from .bounds import shorten

_PATH_LENGTH = 200  # characters of a path that a message shows


class FileError(ValueError):
    """A file that can't be read, written or understood. The text is a finished sentence with place, value and remedy."""


def read_file(path: Path, most_bytes: int) -> bytes:
    """The bytes of a plain file of at most `most_bytes`. Raises FileError for a larger one and for anything else.

    A pipe or a device is never waited for: it is opened without blocking, looked at, and refused.
    """
    try:
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_CLOEXEC", 0))
        with os.fdopen(handle, "rb") as file:
            found = os.fstat(file.fileno())
            if stat.S_ISDIR(found.st_mode):
                raise FileError(f"{shown(path)}: can't be read: it is a folder. Choose a file in it.")
            if not stat.S_ISREG(found.st_mode):
                raise FileError(f"{shown(path)}: can't be read: it is no plain file. Choose another.")
            # The size is asked again of what was read: the file may grow in between.
            data = file.read(most_bytes + 1) if found.st_size <= most_bytes else b""
            if max(found.st_size, len(data)) > most_bytes:
                limit = f"{most_bytes // 2**20} MiB" if most_bytes >= 2**20 else f"{most_bytes:,} bytes"
                raise FileError(f"{shown(path)}: is larger than {limit}. Choose another file.")
            return data
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path, half a character
        if isinstance(error, FileError):
            raise
        raise FileError(f"{shown(path)}: can't be read: {why(error)}.") from error


def write_whole(path: Path, data: bytes, check: Callable[[Path], None] | None = None) -> None:
    """Writes a file so that after a crash or a kill the old one is there or the new one. Raises FileError.

    The new file is written beside the old one, flushed to the disk and then takes its name. A link is followed. An existing
    file keeps its mode, and its owner where that is allowed. What is no plain file, or is read-only, is left alone, also
    for root. check: is given the new file before it takes the name; what it raises leaves the old one in place.
    """
    try:
        target = path.resolve()
        old = target.stat() if target.exists() else None
        if old is not None:
            _refuse_special(path, old)
        handle, temporary = tempfile.mkstemp(prefix=f".{target.name[:40]}.", dir=target.parent)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            if check is not None:
                check(Path(temporary))
            _replace(Path(temporary), target, old)
        except BaseException:
            with contextlib.suppress(OSError):
                Path(temporary).unlink()
            raise
    except (OSError, ValueError, RuntimeError) as error:  # RuntimeError: links in a circle
        if isinstance(error, FileError):
            raise
        raise FileError(f"{shown(path)}: can't be written: {why(error)}. Choose another place.") from error


def shown(path: Path) -> str:
    """A path as a message shows it: shortened, and every character one that can be written."""
    return shorten(str(path).encode("utf-8", "replace").decode(), _PATH_LENGTH)


def why(error: Exception) -> str:
    """The cause that an error tells, as the end of a sentence."""
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return "its links lead in a circle" if isinstance(error, RuntimeError) else str(error) or type(error).__name__


def _refuse_special(path: Path, found: os.stat_result) -> None:
    if stat.S_ISDIR(found.st_mode):
        raise FileError(f"{shown(path)}: can't be written: it is a folder. Name a file in it.")
    if not stat.S_ISREG(found.st_mode):
        raise FileError(f"{shown(path)}: can't be written: it is no plain file. Choose another name.")
    if not found.st_mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH):
        raise FileError(f"{shown(path)}: is read-only. Make it writable, or choose another name.")


def _replace(new: Path, target: Path, old: os.stat_result | None) -> None:
    """Gives `new` the name `target`, with the mode and owner of the old file."""
    if old is None:
        new.chmod(0o666 & ~_umask())
    else:
        new.chmod(old.st_mode & 0o777)
        found = new.stat()
        if old.st_nlink > 1 or not _take_owner(new, found, old):
            _copy_into(new, target)
            return
    new.replace(target)
    _flush_folder(target.parent)


def _take_owner(new: Path, found: os.stat_result, old: os.stat_result) -> bool:
    if (found.st_uid, found.st_gid) == (old.st_uid, old.st_gid):
        return True
    try:
        os.chown(new, old.st_uid, old.st_gid)
    except OSError:
        return False
    return True


def _copy_into(new: Path, target: Path) -> None:
    """Writes over a file that has other names, or another owner: taking its name would part it from them.

    That is not done at one blow. Until it is done the whole new text lies beside it, and a failure says where.
    """
    try:
        with target.open("r+b") as file:
            file.write(new.read_bytes())
            file.truncate()
            file.flush()
            os.fsync(file.fileno())
    except OSError as error:
        kept = target.with_name(f"{target.name[:200]}.new")
        new.replace(kept)
        raise FileError(f"{shown(target)}: {why(error)}. What was to be written is in {shown(kept)}.") from error
    new.unlink()


def _flush_folder(folder: Path) -> None:
    """Makes the new name last: a rename is in the folder's own data, which a power cut may lose."""
    with contextlib.suppress(OSError):  # some file systems know no such thing
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
