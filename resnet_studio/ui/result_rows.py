"""Results as rows and columns, for the table, the clipboard and files. Units stand in the headers."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QSaveFile

from resnet_studio.bench.cautions import Caution
from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.record import Record, Run, record_to_json
from resnet_studio.bench.report import end_text
from resnet_studio.bench.time_text import median_decimals

Figure = Literal["mean", "sd", "median", "images_per_second"]
Value = str | int | float | None


@dataclass(frozen=True)  # no slots: cautions are worked out once
class Row:
    """One mode of one run. when: the end of the run."""

    when: datetime
    record: Record
    run: Run

    @property
    def partial(self) -> bool:
        """Whether the run ended before this mode had all its steps."""
        return self.run.ended_by is None and len(self.run.step_nanoseconds) < self.record.job.plan.most_steps

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:
        """What makes the row's figures less sure than they look."""
        return self.record.cautions(self.run)

    @property
    def note(self) -> str:
        """'stopped after 37 of 100 steps' for a run that did not get to its end; how one until precise ended; cautions."""
        return "; ".join(part for part in (self._end, *(caution.kind for caution in self.cautions)) if part)

    @property
    def explanation(self) -> str:
        """The note in sentences, each caution with its remedy, a line each."""
        end = self._end[:1].upper() + self._end[1:]
        return "\n".join(part for part in (end and f"{end}.", *map(str, self.cautions)) if part)

    @property
    def _end(self) -> str:
        if not self.partial:
            return end_text(self.run)
        how = {"Cancelled": "stopped", "Failed": "failed"}.get(self.record.end, "ended")
        if not (done := len(self.run.step_nanoseconds)):
            return f"{how} before the first timed step"
        plan = self.record.job.plan
        of = f" of {plan.steps:,}" if plan.until_precise is None else ""
        return f"{how} after {done:,}{of} steps"

    @property
    def time(self) -> str:
        """The time of day; the date too where it was not today."""
        today = self.when.date() == datetime.now(self.when.tzinfo).date()
        return f"{self.when:%H:%M:%S}" if today else f"{self.when:%Y-%m-%d %H:%M}"

    @property
    def decimals(self) -> int:
        """Of figures in seconds: those that the interval of the median supports."""
        return median_decimals(self.run.summary) if self.run.summary else 0

    @property
    def interval(self) -> str:
        """The median's interval in seconds: '0.2335 – 0.2349'; '' for too few steps to have one."""
        found = self.run.summary.median_interval if self.run.summary else None
        return " – ".join(f"{end:,.{self.decimals}f}" for end in found) if found else ""

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
        value = row.figure(name)
        return "–" if value is None else f"{value:,.{row.decimals}f}"

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
    Column(
        "95 % of median (s)",
        "The interval that holds the median with 95 %: order statistics, six steps or more",
        lambda r: " – ".join(map(str, r.run.summary.median_interval or ())) if r.run.summary else "",
        lambda r: r.interval or "–",
    ),
    Column("Images/s", "Images a second: batch × steps / total time", lambda r: r.figure("images_per_second"), _rate),
    Column(
        "GFLOP/s",
        "Achieved: 2 × MACs × batch / mean time; forward-backward counts three times forward’s",
        lambda r: r.record.gigaflops(r.run),
        lambda r: "–" if (value := r.record.gigaflops(r.run)) is None else f"{value:.3g}",
    ),
    Column(
        "Memory (MiB)",
        "The engine’s peak above what TensorFlow itself takes",
        lambda r: r.run.memory_bytes / 2**20 if r.run.memory_bytes else None,
        lambda r: f"{r.run.memory_bytes / 2**20:,.0f}" if r.run.memory_bytes else "–",
    ),
    Column(
        "Forecast (MiB)",
        "What the run was forecast to take: weights, gradients, activations and workspace",
        lambda r: r.record.forecast(r.run).total / 2**20,
        lambda r: f"{r.record.forecast(r.run).total / 2**20:,.0f}",
    ),
    _words(
        "Note", "How the run ended, and what makes its figures less sure: point at one for what to do", lambda r: r.note
    ),
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
