"""Runs that outlive the program: in one SQLite file, the newest only, each as its `bench --json`, less the seconds.

Two windows may read and write at once (write-ahead log). A file that is damaged is put aside, never overwritten. Only the
person whose runs they are can read them.
"""

from __future__ import annotations

import fcntl
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import quote

from resnet_studio.design.state_folder import make_private

from .record import Record
from .record_json import record_from_json, record_to_json

VERSION = 1  # of the tables, as PRAGMA user_version
MOST_RECORDS = 200
MOST_BYTES = 8 * 2**20  # of all records: read in a quarter of a second
WAIT = 2.0  # seconds for another program that writes
_OLD = "The history of runs was damaged"


class HistoryError(Exception):
    """The history can't be read or written. The text is a finished sentence."""


class HistoryLockedError(HistoryError):
    """Another program holds the history just now: try again later."""


@dataclass(frozen=True, slots=True)
class Past:
    """A run of an earlier time. ended: when it ended, with its time zone."""

    ended: datetime
    record: Record


def keep(path: Path, ended: datetime, record: Record, wait: float = WAIT) -> None:
    """Adds a run, and drops the oldest beyond 200 runs and 8 MiB. Raises HistoryError; what was there stays.

    wait: seconds for another program that holds the file.
    """
    value = record_to_json(record)
    for run in value["runs"]:
        del run["step_seconds"], run["burn_in_seconds"]  # the nanoseconds say the same in half the space
    try:
        text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    except (ValueError, TypeError) as error:
        raise HistoryError(f"The run can’t be kept in the history ({error}): export it to keep it.") from error
    if len(text) > MOST_BYTES:
        raise HistoryError(f"The run is too long for the history ({len(text) / 2**20:.0f} MiB): export it to keep it.")
    with _opened(path, wait) as database, database:
        database.execute("INSERT INTO runs (ended, record) VALUES (?, ?)", (ended.isoformat(), text))
        database.execute(
            "DELETE FROM runs WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER newest AS place, "
            "sum(length(record)) OVER newest AS bytes FROM runs WINDOW newest AS (ORDER BY id DESC)) "
            "WHERE place > ? OR bytes > ?)",
            (MOST_RECORDS, MOST_BYTES),
        )


def forget(path: Path, ended: Iterable[datetime], wait: float = WAIT) -> None:
    """Drops the runs that ended then. Raises HistoryError."""
    if _is_there(path):
        with _opened(path, wait) as database, database:
            database.executemany("DELETE FROM runs WHERE ended = ?", [(when.isoformat(),) for when in ended])


def past(path: Path, wait: float = WAIT) -> tuple[tuple[Past, ...], str]:
    """All runs, the oldest first, and a notice ('' mostly): of a damaged file, which is put aside, or of damaged runs in it.

    A history that can only be read is read. Raises HistoryError where the file can't be opened or is of a newer program,
    HistoryLockedError where another program holds it just now.
    """
    if not _is_there(path):
        return (), ""
    read_only = ""
    seen = _identity(path)
    try:
        try:
            rows = _rows(path, wait)
        except HistoryError as error:
            if not _can_only_be_read(error.__cause__):
                raise
            rows = _rows_of_read_only(path)
            read_only = "The history of runs can only be read here: new runs are shown, and not kept."
    except HistoryError as error:
        if not isinstance(error.__cause__, sqlite3.DatabaseError) or isinstance(
            error.__cause__, sqlite3.OperationalError
        ):
            raise
        return (), _put_aside(path, seen)
    found, unread = [], 0
    for ended, text in rows:
        try:
            found.append(Past(datetime.fromisoformat(ended), record_from_json(json.loads(text))))
        except Exception:  # noqa: BLE001 - a row may hold anything, and none may keep the others from being read
            unread += 1
    damaged = f"{unread:,} of the earlier runs can’t be read and are not shown." if unread else ""
    return tuple(found), " ".join(filter(None, (read_only, damaged)))


def _rows(path: Path, wait: float) -> list[tuple[str, str]]:
    with _opened(path, wait) as database:
        return database.execute("SELECT ended, record FROM runs ORDER BY id").fetchall()


def _rows_of_read_only(path: Path) -> list[tuple[str, str]]:
    """What stands in a file that can't be written to. What another program has only in its log so far is not seen."""
    try:
        where = f"file:{quote(str(path.absolute()))}?mode=ro&immutable=1"
        with closing(sqlite3.connect(where, uri=True, timeout=WAIT)) as database:
            _check_version(path, database)
            database.text_factory = _text
            return database.execute("SELECT ended, record FROM runs ORDER BY id").fetchall()
    except sqlite3.Error as error:
        raise HistoryError(f"The history of runs ({path}) can’t be used: {error}.") from error


def _can_only_be_read(cause: BaseException | None) -> bool:
    if isinstance(cause, OSError):
        return True
    text = str(cause).lower()
    return isinstance(cause, sqlite3.OperationalError) and ("readonly" in text or "unable to open" in text)


def _is_there(path: Path) -> bool:
    try:
        return path.exists()
    except (OSError, ValueError) as error:  # a folder that may not be searched
        raise HistoryError(f"The history of runs ({path}) can’t be used: {error}.") from error


def _check_version(path: Path, database: sqlite3.Connection) -> int:
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise HistoryError(f"The history of runs ({path}) is of a newer version of the program; it is left alone.")
    return int(version)


@contextmanager
def _opened(path: Path, wait: float) -> Iterator[sqlite3.Connection]:
    """A connection to the history with its table there. Raises HistoryError, from what SQLite says."""
    try:
        make_private(path.parent)
        _make_file_private(path)
        with closing(sqlite3.connect(path, timeout=wait)) as database:
            if _check_version(path, database) < VERSION:
                database.execute("PRAGMA journal_mode = WAL")
                with database:
                    database.execute(
                        "CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, ended TEXT NOT NULL, record TEXT NOT NULL)"
                    )
                    database.execute(f"PRAGMA user_version = {VERSION}")
            database.text_factory = _text
            yield database
    except sqlite3.OperationalError as error:
        if "locked" in str(error) or "busy" in str(error):
            raise HistoryLockedError("The history of runs is in use by another program.") from error
        raise HistoryError(f"The history of runs ({path}) can’t be used: {error}.") from error
    except (sqlite3.Error, OSError) as error:
        raise HistoryError(f"The history of runs ({path}) can’t be used: {error}.") from error


def _make_file_private(path: Path) -> None:
    """Makes the file, or takes others' rights off it; SQLite gives its log the same. A folder of others may not allow it."""
    os.close(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600))
    for each in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        with suppress(OSError):
            if each.stat().st_mode & 0o077:
                each.chmod(0o600)


def _text(data: bytes) -> str:
    """Any bytes as a text: a row that is none is then no run, and is counted."""
    return data.decode("utf-8", "replace")


def _identity(path: Path) -> tuple[int, int]:
    with suppress(OSError):
        found = path.stat()
        return found.st_dev, found.st_ino
    return 0, 0


def _put_aside(path: Path, seen: tuple[int, int]) -> str:
    """Renames a damaged history, with its log, to a name that is free; a sentence about it.

    Two windows may find it damaged at one time. One of them renames it, under a lock; the other finds another file, or
    none, in its place, and must not touch that.
    """
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    try:
        with _locked(path.with_name(f".{path.name}.lock")):
            if _identity(path) != seen:
                return f"{_OLD}; another window has put it aside and begun a new one."
            path.rename(aside)
            for end in ("-wal", "-shm"):
                beside = path.with_name(path.name + end)
                if beside.exists():
                    beside.rename(aside.with_name(aside.name + end))
    except OSError as error:
        raise HistoryError(f"The history of runs ({path}) is damaged and can’t be put aside: {error}.") from error
    return f"{_OLD}; it was put aside as {aside.name} and a new one begun."


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)  # held for two renames, so nobody waits long
        yield
    finally:
        os.close(handle)
