"""Results as rows and columns, for the table, the clipboard and files. Units stand in the headers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSaveFile

from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.record import Record, Run, record_to_json

Figure = Literal["mean", "sd", "median", "images_per_second"]
Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Row:
    """One mode of one run. when: the end of the run."""

    when: datetime
    record: Record
    run: Run

    @property
    def partial(self) -> bool:
        """Whether the run ended before this mode had all its steps."""
        return len(self.run.step_nanoseconds) < self.record.job.plan.steps

    @property
    def note(self) -> str:
        """'stopped after 37 of 100 steps' for a run that did not get to its end."""
        if not self.partial:
            return ""
        how = {"Cancelled": "stopped", "Failed": "failed"}.get(self.record.end, "ended")
        if not (done := len(self.run.step_nanoseconds)):
            return f"{how} before the first timed step"
        return f"{how} after {done:,} of {self.record.job.plan.steps:,} steps"

    @property
    def time(self) -> str:
        """The time of day; the date too where it was not today."""
        today = self.when.date() == datetime.now(self.when.tzinfo).date()
        return f"{self.when:%H:%M:%S}" if today else f"{self.when:%Y-%m-%d %H:%M}"

    def figure(self, name: Figure) -> float | None:
        """A figure of the timed steps, in full precision; None without a step."""
        summary = self.run.summary
        return getattr(summary, name) if summary else None


@dataclass(frozen=True, slots=True)
class Column:
    """A column: header, tooltip, the value in full, and how the table writes it."""

    title: str
    tip: str
    value: Callable[[Row], Value]
    text: Callable[[Row], str]
    numeric: bool = True


def _seconds(title: str, tip: str, name: Figure) -> Column:
    """Seconds in every row, so that a column compares at a glance; one row's figures to the same digit."""

    def text(row: Row) -> str:
        mean, value = row.figure("mean"), row.figure(name)
        return "–" if mean is None or value is None else f"{value:,.{4 if mean >= 0.1 else 6}f}"

    return Column(title, tip, lambda row: row.figure(name), text)


def _rate(row: Row) -> str:
    value = row.figure("images_per_second")
    return "–" if value is None else f"{value:,.1f}" if value >= 10 else f"{value:.2f}"


def _words(title: str, tip: str, value: Callable[[Row], str]) -> Column:
    return Column(title, tip, value, value, numeric=False)


def _count(title: str, tip: str, value: Callable[[Row], int]) -> Column:
    return Column(title, tip, value, lambda row: f"{value(row):,}")


COLUMNS: tuple[Column, ...] = (
    Column("When", "When the run ended", lambda r: r.when.isoformat(" ", "seconds"), lambda r: r.time, numeric=False),
    _words("Design", "The network that was timed", lambda r: r.record.job.design.name),
    _words("Mode", "What a step is", lambda r: MODE_TITLES[r.run.mode]),
    _count("Batch", "Images a step", lambda r: r.run.batch),
    _count("Steps", "Timed steps; burn-in is not among them", lambda r: len(r.run.step_nanoseconds)),
    _seconds("Mean (s)", "Mean of the timed steps, seconds a batch", "mean"),
    _seconds("sd (s)", "Standard deviation of the timed steps, seconds a batch", "sd"),
    _seconds("Median (s)", "Median of the timed steps, seconds a batch", "median"),
    Column("Images/s", "Images a second: batch × steps / total time", lambda r: r.figure("images_per_second"), _rate),
    _words("Note", "How the run ended, where it did not get to its end", lambda r: r.note),
)


def as_text(rows: Sequence[Row], delimiter: str) -> str:
    """`rows` under a header, in full precision."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(column.title for column in COLUMNS)
    for row in rows:
        writer.writerow("" if (value := column.value(row)) is None else value for column in COLUMNS)
    return out.getvalue()


def as_json(rows: Sequence[Row]) -> str:
    """The records of `rows` in the shape of `bench --json`, each once, with every step and when it ended."""
    records = {id(row.record): (row.when, row.record) for row in rows}
    values = [{"when": when.isoformat(timespec="seconds"), **record_to_json(r)} for when, r in records.values()]
    return json.dumps(values, indent=1)


def write_results(path: Path, rows: Sequence[Row]) -> str | None:
    """Writes `rows` whole or not at all: CSV by the file's ending, else JSON. What went wrong, or None."""
    text = as_text(rows, ",") if path.suffix.lower() == ".csv" else as_json(rows)
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        return file.errorString()
    file.write(text.encode())
    return None if file.commit() else file.errorString()
