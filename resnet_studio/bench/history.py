"""Runs that outlive the program: in one SQLite file, the newest only, each as its `bench --json`, less the seconds.

Two windows may read and write at once (write-ahead log). A file that is damaged is put aside, never overwritten.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from .record import Record
from .record_json import record_from_json, record_to_json

VERSION = 1  # of the tables, as PRAGMA user_version
MOST_RECORDS = 200
MOST_BYTES = 8 * 2**20  # of all records: read in a quarter of a second
_WAIT = 2.0  # seconds for another window that writes


class HistoryError(Exception):
    """The history can't be read or written. The text is a finished sentence."""


@dataclass(frozen=True, slots=True)
class Past:
    """A run of an earlier time. ended: when it ended, with its time zone."""

    ended: datetime
    record: Record


def keep(path: Path, ended: datetime, record: Record) -> None:
    """Adds a run, and drops the oldest beyond 200 runs and 8 MiB. Raises HistoryError; what was there stays."""
    value = record_to_json(record)
    for run in value["runs"]:
        del run["step_seconds"], run["burn_in_seconds"]  # the nanoseconds say the same in half the space
    text = json.dumps(value, separators=(",", ":"), allow_nan=False)
    if len(text) > MOST_BYTES:
        raise HistoryError(f"The run is too long for the history ({len(text) / 2**20:.0f} MiB): export it to keep it.")
    with _opened(path) as database, database:
        database.execute("INSERT INTO runs (ended, record) VALUES (?, ?)", (ended.isoformat(), text))
        database.execute(
            "DELETE FROM runs WHERE id IN (SELECT id FROM (SELECT id, row_number() OVER newest AS place, "
            "sum(length(record)) OVER newest AS bytes FROM runs WINDOW newest AS (ORDER BY id DESC)) "
            "WHERE place > ? OR bytes > ?)",
            (MOST_RECORDS, MOST_BYTES),
        )


def forget(path: Path, ended: Iterable[datetime]) -> None:
    """Drops the runs that ended then. Raises HistoryError."""
    if path.exists():
        with _opened(path) as database, database:
            database.executemany("DELETE FROM runs WHERE ended = ?", [(when.isoformat(),) for when in ended])


def past(path: Path) -> tuple[tuple[Past, ...], str]:
    """All runs, the oldest first, and a notice ('' mostly): of a damaged file, which is put aside, or of damaged runs in it.

    Raises HistoryError where the file can't be opened or is of a newer program.
    """
    if not path.exists():
        return (), ""
    try:
        with _opened(path) as database:
            rows = database.execute("SELECT ended, record FROM runs ORDER BY id").fetchall()
    except HistoryError as error:
        if not isinstance(error.__cause__, sqlite3.DatabaseError) or isinstance(
            error.__cause__, sqlite3.OperationalError
        ):
            raise
        return (), f"The history of runs was damaged; it was put aside as {_put_aside(path).name} and a new one begun."
    found, unread = [], 0
    for ended, text in rows:
        try:
            found.append(Past(datetime.fromisoformat(ended), record_from_json(json.loads(text))))
        except (ValueError, TypeError, RecursionError):
            unread += 1
    return tuple(found), f"{unread:,} of the earlier runs can’t be read and are not shown." if unread else ""


@contextmanager
def _opened(path: Path) -> Iterator[sqlite3.Connection]:
    """A connection to the history with its table there. Raises HistoryError, from what SQLite says."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(path, timeout=_WAIT)) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            if version > VERSION:
                raise HistoryError(
                    f"The history of runs ({path}) is of a newer version of the program; it is left alone."
                )
            if version < VERSION:
                database.execute("PRAGMA journal_mode = WAL")
                with database:
                    database.execute(
                        "CREATE TABLE IF NOT EXISTS runs (id INTEGER PRIMARY KEY, ended TEXT NOT NULL, record TEXT NOT NULL)"
                    )
                    database.execute(f"PRAGMA user_version = {VERSION}")
            yield database
    except (sqlite3.Error, OSError) as error:
        raise HistoryError(f"The history of runs ({path}) can’t be used: {error}.") from error


def _put_aside(path: Path) -> Path:
    """Renames a damaged history, with its log, to a name that is free; the new path."""
    stamp = datetime.now(UTC).strftime("%Y%m%d-%H%M%S-%f")
    aside = path.with_name(f"{path.stem}-damaged-{stamp}{path.suffix}")
    try:
        path.rename(aside)
        for end in ("-wal", "-shm"):
            beside = path.with_name(path.name + end)
            if beside.exists():
                beside.rename(aside.with_name(aside.name + end))
    except OSError as error:
        raise HistoryError(f"The history of runs ({path}) is damaged and can’t be put aside: {error}.") from error
    return aside
