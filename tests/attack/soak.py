"""The long attack: `make soak`, or `python -m tests.attack.soak [--files N] [--events N] [--seed S]`.

Mutated files are read, by as many programs as there are kinds, and the monkey is let loose on the window for several
seeds. It prints a table of figures and each fault with what brings it back. It ends with 1 where there was a fault.
"""

from __future__ import annotations

import argparse
import faulthandler
import json
import os
import random
import resource
import sqlite3
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from resnet_studio.bench.history import HistoryError, past
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.record_json import record_to_json
from resnet_studio.design.disk import FileError
from resnet_studio.design.files import load
from resnet_studio.design.presets import PRESETS
from tests.attack.keeps import is_kept, is_told
from tests.attack.mutate import design_files, mutated_bytes, mutated_json, mutated_notation, notation_texts

ROOT = Path(__file__).parent.parent.parent
LISTING = ROOT / "tests/data/notation/listing.txt"
SLOW_SECONDS = 1.0  # of reading one file; more is told as a fault
_EVENTS_A_SEED = 2_000
_MOST_TOLD = 8
WHEN = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)
RUN = Run("forward", 4, {"build": 5, "steps": 9}, (900,), (123, 234) * 10, "precise", {"devices": ["CPU"]}, 7)


class Kind:
    """A kind of file: how the next one is made, and what reads it. `accepted` is the reader's answer."""

    def __init__(
        self, make: Callable[[random.Random], bytes], read: Callable[[Path], Callable[[], object] | None], suffix: str
    ) -> None:
        self.make, self.read, self.suffix = make, read, suffix


def kinds(folder: Path) -> dict[str, Kind]:
    """Each kind of file by its name."""
    files = design_files()
    trees = [json.loads(text) for text in files]
    texts = notation_texts(LISTING.read_text())
    row = record_to_json(
        Record(Job(PRESETS["resnet_v2_18"], TimingPlan(modes=("forward",))), {"cores": 2}, (RUN,), 9, "Finished")
    )

    def bytes_of(sources: list[str]) -> Callable[[random.Random], bytes]:
        data = [text.encode("utf-8", "surrogatepass") for text in sources]
        return lambda draw: mutated_bytes(draw, draw.choice(data), data)

    def design(path: Path) -> Callable[[], object] | None:
        try:
            found = load(path)
        except FileError as error:
            if len(str(error)) >= 3_000:
                raise AssertionError(f"a message of {len(str(error)):,} characters") from error
            return None
        return lambda: is_kept(found, folder / "again.json", draw=int(path.stem.removeprefix("file")) % 4 == 0)

    def history(path: Path) -> Callable[[], object] | None:
        base = folder / "history.sqlite"
        with sqlite3.connect(base) as database:
            database.execute("DELETE FROM runs")
            text = path.read_bytes().decode("utf-8", "surrogateescape")
            text_or_bytes = text if text.isprintable() or "\n" in text else path.read_bytes()
            try:
                database.execute("INSERT INTO runs (ended, record) VALUES (?, ?)", (WHEN.isoformat(), text_or_bytes))
            except UnicodeEncodeError:
                database.execute(
                    "INSERT INTO runs (ended, record) VALUES (?, ?)", (WHEN.isoformat(), path.read_bytes())
                )
        database.close()
        try:
            found, _ = past(base)
        except HistoryError:
            return None
        return (lambda: [is_told(each.record) for each in found]) if found else None

    def make_row(draw: random.Random) -> bytes:
        if draw.random() < 0.3:
            return mutated_bytes(draw, json.dumps(row).encode(), [json.dumps(row).encode()])
        return mutated_json(draw, row).encode("utf-8", "surrogatepass")

    def make_database(draw: random.Random) -> bytes:
        return mutated_bytes(draw, base_file, [base_file])

    def database_file(path: Path) -> Callable[[], object] | None:
        try:
            found, _ = past(path)
        except HistoryError:
            return None
        return lambda: [is_told(each.record) for each in found]

    past_file = folder / "history.sqlite"
    from resnet_studio.bench.history import keep

    keep(past_file, WHEN, Record(Job(PRESETS["resnet_v2_18"], TimingPlan()), {"cores": 2}, (RUN,), 9, "Finished"))
    with sqlite3.connect(past_file) as database:
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    database.close()
    base_file = past_file.read_bytes()
    return {
        "design, bytes": Kind(bytes_of(files), design, ".json"),
        "design, structure": Kind(
            lambda draw: mutated_json(draw, draw.choice(trees)).encode("utf-8", "surrogatepass"), design, ".json"
        ),
        "notation, bytes": Kind(bytes_of(texts), design, ".txt"),
        "notation, structure": Kind(
            lambda draw: mutated_notation(draw, draw.choice(texts)).encode("utf-8", "surrogatepass"), design, ".txt"
        ),
        "history, rows": Kind(make_row, history, ".json"),
        "history, file": Kind(make_database, database_file, ".sqlite"),
    }


def attack_files(name: str, seed: int, count: int, first: int = 0) -> dict[str, Any]:
    """Reads `count` mutated files of a kind and counts what came of them. The number of each is written ahead."""
    os.fsync = lambda handle: None  # type: ignore[assignment]  # nothing here needs to outlive a loss of power
    figures: dict[str, Any] = {"inputs": 0, "accepted": 0, "refused": 0, "faults": 0, "slowest_ms": 0.0, "told": []}
    with tempfile.TemporaryDirectory() as base:
        folder = Path(base)
        kind = kinds(folder)[name]
        for number in range(first, first + count):
            print(number, file=sys.stderr, flush=True)
            draw = random.Random(f"{name}/{seed}/{number}")
            path = folder / f"file{number % 50}{kind.suffix}"
            path.write_bytes(kind.make(draw))
            began = time.perf_counter()
            try:
                keeps = kind.read(path)
                took = time.perf_counter() - began
                assert took < SLOW_SECONDS, f"{took:.2f} s"
                if keeps:
                    keeps()
                figures["accepted" if keeps else "refused"] += 1
            except Exception as error:  # noqa: BLE001 - it is what is looked for
                took = time.perf_counter() - began
                figures["faults"] += 1
                where = traceback.extract_tb(error.__traceback__)[-1]
                told = f"{type(error).__name__} at {Path(where.filename).name}:{where.lineno}: {str(error)[:160]!r}"
                if len(figures["told"]) < _MOST_TOLD and not any(told[:60] == each[1][:60] for each in figures["told"]):
                    figures["told"].append((number, told))
            figures["inputs"] += 1
            if 1_000 * took > figures["slowest_ms"]:
                figures["slowest_ms"], figures["slowest"] = 1_000 * took, number
            path.unlink(missing_ok=True)
    figures["peak_mb"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    return figures


def attack_window(seed: int, events: int) -> dict[str, Any]:
    """The monkey's figures for one seed."""
    with tempfile.TemporaryDirectory() as base:
        command = [
            sys.executable,
            "-P",
            "-m",
            "tests.attack.monkey",
            "--seed",
            str(seed),
            "--events",
            str(events),
            "--folder",
            base,
        ]
        done = subprocess.run(command, capture_output=True, text=True, errors="replace", env=_environment(), cwd=base)
        lines = done.stdout.strip().splitlines()
        if lines and lines[-1].startswith("{"):
            return dict(json.loads(lines[-1]))
        last = (Path(base) / "events").read_text(errors="replace").splitlines()[-3:]
        return {
            "seed": seed,
            "events": len(last),
            "fault": f"died ({done.returncode}): {done.stderr[-1500:]}\n{last}",
            "slowest_ms": 0,
            "peak_mb": 0,
        }


def _environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONHASHSEED": "0", "QT_QPA_PLATFORM": "offscreen"}


def _in_a_program(name: str, seed: int, count: int) -> dict[str, Any]:
    command = [
        sys.executable,
        "-P",
        "-m",
        "tests.attack.soak",
        "--kind",
        name,
        "--seed",
        str(seed),
        "--files",
        str(count),
    ]
    with tempfile.TemporaryFile("w+") as errors:
        done = subprocess.run(command, stdout=subprocess.PIPE, stderr=errors, text=True, env=_environment())
        if done.returncode == 0:
            return dict(json.loads(done.stdout))
        errors.seek(0)
        lines = errors.read().splitlines()
    number = next((line for line in reversed(lines) if line.isdigit()), "?")
    return {"inputs": number, "accepted": "", "refused": "", "faults": 1, "slowest_ms": 0, "peak_mb": 0,
            "told": [(number, f"the program died ({done.returncode}): {lines[-12:]}")]}  # fmt: skip


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=50_000)
    parser.add_argument("--events", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--kind", help="read files of one kind in this program, and print its figures as JSON")
    parser.add_argument("--first", type=int, default=0, help="the number of the first file: brings one back")
    options = parser.parse_args()
    faulthandler.enable()
    if options.kind:
        print(json.dumps(attack_files(options.kind, options.seed, options.files, options.first)))
        return 0
    with tempfile.TemporaryDirectory() as base:
        names = list(kinds(Path(base)))
    shares = {name: 2 if name.startswith("history") else 4 for name in names}
    print(
        "| what | inputs | accepted | refused | faults | slowest ms | peak MB |\n|---|---|---|---|---|---|---|",
        flush=True,
    )
    faults: list[str] = []
    for name in names if options.files else []:
        count = options.files * shares[name] // sum(shares.values())
        found = _in_a_program(name, options.seed, count)
        columns = [found[column] for column in ("inputs", "accepted", "refused", "faults", "slowest_ms", "peak_mb")]
        print(
            f"| {name} | " + " | ".join(f"{x:,.0f}" if isinstance(x, (int, float)) else str(x) for x in columns) + " |",
            flush=True,
        )
        faults += [
            f'--kind "{name}" --seed {options.seed} --first {number} --files 1: {told}'
            for number, told in found["told"]
        ]
    for number in range(-(-options.events // _EVENTS_A_SEED)):
        seed = options.seed + number
        found = attack_window(seed, min(_EVENTS_A_SEED, options.events - number * _EVENTS_A_SEED))
        print(
            f"| window, seed {seed} | {found['events']:,} | | | {int(bool(found['fault']))} | {found['slowest_ms']:,} | {found['peak_mb']:,} |",
            flush=True,
        )
        if found["fault"]:
            faults.append(
                f"python -m tests.attack.monkey --seed {seed}, at event {found['events']}: {found['fault'][-1200:]}"
            )
    print("\n".join(["", *faults]) if faults else "\nNo faults.")
    return bool(faults)


if __name__ == "__main__":
    sys.exit(main())
