"""The columns of the results: those that the table shows, what is read first on the left, and those that files hold."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from resnet_studio.bench.plan import MODE_TITLES

from .result_rows import Row

Value = str | int | float | None


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the table: header with its unit, tooltip, what it is sorted by, and how the table writes it."""

    title: str
    tip: str
    value: Callable[[Row], Value]
    text: Callable[[Row], str]
    numeric: bool = True


def _rate(row: Row) -> str:
    value = row.figure("images_per_second")
    return "–" if value is None else f"{value:,.1f}" if value >= 10 else f"{value:.2f}"


def _words(title: str, tip: str, value: Callable[[Row], str]) -> Column:
    return Column(title, tip, value, value, numeric=False)


def _count(title: str, tip: str, value: Callable[[Row], int]) -> Column:
    return Column(title, tip, value, lambda row: f"{value(row):,}")


def _memory(row: Row) -> float | None:
    return row.run.memory_bytes / 2**20 if row.run.memory_bytes else None


def _forecast(row: Row) -> float:
    return row.record.forecast(row.run).total / 2**20


def _interval(row: Row) -> str:
    return " – ".join(map(str, row.run.summary.median_interval or ())) if row.run.summary else ""


SHOWN: tuple[Column, ...] = (
    _words("Design", "The network that was timed", lambda r: r.record.job.design.name),
    _words("Mode", "What a step is", lambda r: MODE_TITLES[r.run.mode]),
    _count("Batch", "Images a step", lambda r: r.run.batch),
    Column(
        "Median [95 %] (ms)",
        "Median of the timed steps, milliseconds a batch, and the interval that holds it with 95 %: order statistics, six steps or more",
        lambda r: r.figure("median"),
        lambda r: r.median,
    ),
    Column(
        "Mean ± sd (ms)",
        "Mean and standard deviation of the timed steps, milliseconds a batch",
        lambda r: r.figure("mean"),
        lambda r: r.mean,
    ),
    Column("Images/s", "Images a second: batch × steps / total time", lambda r: r.figure("images_per_second"), _rate),
    _words(
        "Note", "How the run ended, and what makes its figures less sure: point at one for what to do", lambda r: r.note
    ),
    Column("When", "When the run ended", lambda r: r.when.isoformat(" ", "seconds"), lambda r: r.time, numeric=False),
    _count("Steps", "Timed steps; burn-in is not among them", lambda r: len(r.run.step_nanoseconds)),
    Column(
        "GFLOP/s",
        "Achieved: 2 × MACs × batch / mean time; forward-backward counts three times forward’s",
        lambda r: r.record.gigaflops(r.run),
        lambda r: "–" if (value := r.record.gigaflops(r.run)) is None else f"{value:.3g}",
    ),
    Column(
        "Memory (MiB)",
        "The engine’s peak above what TensorFlow itself takes",
        _memory,
        lambda r: "–" if (value := _memory(r)) is None else f"{value:,.0f}",
    ),
    Column(
        "Forecast (MiB)",
        "What the run was forecast to take: weights, gradients, activations and workspace",
        _forecast,
        lambda r: f"{_forecast(r):,.0f}",
    ),
)

WRITTEN: dict[str, Callable[[Row], Value]] = {
    "When": lambda r: r.when.isoformat(" ", "seconds"),
    "Design": lambda r: r.record.job.design.name,
    "Mode": lambda r: MODE_TITLES[r.run.mode],
    "Batch": lambda r: r.run.batch,
    "Steps": lambda r: len(r.run.step_nanoseconds),
    "Mean (s)": lambda r: r.figure("mean"),
    "sd (s)": lambda r: r.figure("sd"),
    "Median (s)": lambda r: r.figure("median"),
    "95 % of median (s)": _interval,
    "Images/s": lambda r: r.figure("images_per_second"),
    "GFLOP/s": lambda r: r.record.gigaflops(r.run),
    "Memory (MiB)": _memory,
    "Forecast (MiB)": _forecast,
    "Note": lambda r: r.note,
}
