"""What the benchmarks find, as plain values, and how it is written: one Markdown and one JSON file.

    from benchmarks.table import Row, attempt, write_table

A benchmark is a module with `rows(...)`, which gives one Row after another; run as a program, it prints them.
"""

import json
import math
import os
import platform
import re
import statistics
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass, field
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from resnet_studio.bench.comparison import compare

PACKAGES = (
    "tensorflow", "keras", "tf-slim", "tf_keras", "torch", "pydot", "numpy", "scipy", "networkx", "PySide6-Essentials", "pyqtgraph",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Row:
    """One figure.

    benchmark: the module's name. name: what is compared, as `ours / keras.applications`. unit: of the value: "x" for a
    ratio, "s", "ms", "%" and so on. value: None where there is none; `note` then says why. low, high: `spread` says
    what they are ("quartiles", "95 % interval (sign test)"). rounds: how many times it was measured. target: what is
    asked of it, as a sentence (">= 5"), with met: whether it is reached, None where nothing is asked.
    raw: every single figure, by side, in the unit that the key names.
    """

    benchmark: str
    name: str
    value: float | None
    unit: str = "x"
    low: float | None = None
    high: float | None = None
    spread: str = ""
    rounds: int = 0
    target: str = ""
    met: bool | None = None
    note: str = ""
    raw: dict[str, list[float]] = field(default_factory=dict)


class NotInstalledError(Exception):
    """A peer is not installed; its argument is the peer's package."""


def attempt(benchmark: str, name: str, work: Callable[[], Iterable[Row]]) -> Iterator[Row]:
    """What `work` finds; where it fails, a row that says why."""
    try:
        yield from work()
    except NotInstalledError as missing:
        yield not_installed(benchmark, name, str(missing))
    except Exception as error:  # noqa: BLE001 - the other rows are to be measured, whatever became of this one
        yield Row(benchmark, name, None, note=f"failed: {type(error).__name__}: {error}")


def in_turn(benchmark: str, name: str, pairs: Sequence[tuple[int, int]], sides: tuple[str, str], **rest: Any) -> Row:
    """b against a, from rounds (a, b) in nanoseconds: the median ratio and the sign test's interval, where there is one.

    sides: what a and b are. rest: further fields of the Row.
    """
    found = compare(pairs)
    low, high = (found.low, found.high) if math.isfinite(found.high) else (None, None)
    raw = {f"{side} ns": [pair[index] for pair in pairs] for index, side in enumerate(sides)}
    return Row(benchmark, name, found.ratio, "x", low, high, "95 % interval (sign test)", found.rounds, raw=raw, **rest)


def not_installed(benchmark: str, name: str, peer: str) -> Row:
    """The row of a peer that there is not."""
    return Row(benchmark, name, None, note=f"{peer} is not installed: make benchmarks PEERS=1")


def quartiles(values: Sequence[float]) -> tuple[float, float, float]:
    """(median, lower quartile, upper quartile); of one value that value."""
    if len(values) == 1:
        return values[0], values[0], values[0]
    low, middle, high = statistics.quantiles(values, n=4, method="inclusive")
    return middle, low, high


def machine() -> dict[str, Any]:
    """What was measured on: processor, cores, system, versions. No path and no name of the machine."""
    versions = {}
    for package in PACKAGES:
        try:
            versions[package] = version(package)
        except PackageNotFoundError:
            versions[package] = "not installed"
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory_bytes": os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"),
        "load": os.getloadavg()[0] if hasattr(os, "getloadavg") else None,
        "system": f"{platform.system()} {platform.release()}",
        "python": platform.python_version(),
        "versions": versions,
    }


def to_markdown(rows: Iterable[Row], about: dict[str, Any]) -> str:
    """The rows as one table, below what they were measured on."""
    versions = ", ".join(f"{name} {value}" for name, value in about["versions"].items())
    on = (
        f"{about['processor']}, {about['cores']} cores, {about['memory_bytes'] / 2**30:.0f} GiB, load {about['load']}, "
        f"{about['system']}, Python {about['python']}. {versions}."
    )
    lines = [
        on,
        "",
        "| benchmark | what | measured | spread | rounds | asked | reached |",
        "|---|---|---|---|---|---|---|",
    ]
    for row in rows:
        measured = f"{row.value:.4g} {row.unit}" if row.value is not None else row.note
        spread = f"{row.low:.4g} to {row.high:.4g}, {row.spread}" if None not in (row.low, row.high) else ""
        reached = {None: "", True: "yes", False: "no"}[row.met]
        note = f" ({row.note})" if row.note and row.value is not None else ""
        cells = (row.benchmark, row.name + note, measured, spread, row.rounds or "", row.target, reached)
        lines.append("| " + " | ".join(_cell(str(cell)) for cell in cells) + " |")
    return "\n".join(lines) + "\n"


def _cell(text: str) -> str:
    """`text` as one cell of a Markdown table: one line, in which nothing ends the cell or is read as a tag."""
    text = re.sub(r"<(?=[a-zA-Z/!])", "&lt;", text.replace("\\", "\\\\").replace("|", "\\|"))
    return " ".join(text.split())


def to_json(rows: Iterable[Row], about: dict[str, Any]) -> str:
    """The rows with every raw figure, and what they were measured on."""
    return json.dumps({"machine": about, "rows": [asdict(row) for row in rows]}, indent=1, allow_nan=False) + "\n"


def write_table(rows: Sequence[Row], folder: Path, about: dict[str, Any], name: str = "benchmarks") -> None:
    """Writes folder/name.md and folder/name.json. about: see `machine`."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.md").write_text(to_markdown(rows, about), encoding="utf-8")
    (folder / f"{name}.json").write_text(to_json(rows, about), encoding="utf-8")


def show(rows: Iterable[Row]) -> None:
    """Prints the table."""
    about = machine()
    print(to_markdown(rows, about), end="")


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    return next((line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.machine())
