"""The whole suite, or parts of it: each in a program of its own, its rows written as they come.

    python -m benchmarks [--quick] [--folder FOLDER] [PART ...]

A part that fails or takes too long, and a peer that is not installed, is a row that says so. Ctrl+C keeps what is done.
"""

import argparse
import contextlib
import importlib
import json
import math
import os
import signal
import subprocess
import sys
import time
from dataclasses import asdict, replace
from pathlib import Path

from benchmarks.table import Row, show, write_table

MINUTE = 60
# name: (seconds at most, arguments of its rows() with --quick)
PARTS = {
    "first_step": (25 * MINUTE, {"rounds": 1}),
    "steady_step": (25 * MINUTE, {"rounds": 12, "batch": 1}),
    "aa_ab": (20 * MINUTE, {"rounds": 20, "repeats": 1}),
    "observer": (10 * MINUTE, {"pairs": 4}),
    "memory": (20 * MINUTE, {}),
    "picture": (15 * MINUTE, {}),
    "expansion": (5 * MINUTE, {"rounds": 5}),
    "heartbeat": (10 * MINUTE, {"steps": 5}),
}
MARK = "rows: "


def part_rows(name, quick, command=(sys.executable, "-m", "benchmarks", "--part")):
    """The rows of one part, run as a program."""
    limit, _ = PARTS[name]
    program = subprocess.Popen(
        [*command, name, *(["--quick"] if quick else [])], stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        out, _ = program.communicate(timeout=limit)
    except subprocess.TimeoutExpired:
        return [Row(name, "the whole part", None, note=f"it took more than {limit // MINUTE} minutes and was ended")]
    finally:
        _end(program)
    line = next((line for line in out.splitlines() if line.startswith(MARK)), None)
    if line is None:
        return [Row(name, "the whole part", None, note=f"it failed with status {program.returncode}")]
    return [_finite(Row(**row)) for row in json.loads(line.removeprefix(MARK))]


def _finite(row):
    """A row without an interval where there were too few rounds to give one."""
    if row.high is None or math.isfinite(row.high):
        return row
    return replace(row, low=None, high=None, note=f"{row.note}; too few rounds for an interval".removeprefix("; "))


def _end(program):
    """Ends a part with all that it has started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)
    program.stdout.close()
    program.wait()


def main(arguments=None):
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__.splitlines()[0])
    parser.add_argument("parts", metavar="PART", nargs="*", help=f"of {', '.join(PARTS)} (default: all)")
    parser.add_argument("--quick", action="store_true", help="few rounds: to see that it runs")
    parser.add_argument("--folder", type=Path, default=Path("build/benchmarks"), help="where the tables are written")
    parser.add_argument("--part", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.part:
        rows = importlib.import_module(f"benchmarks.{chosen.part}").rows(
            **(PARTS[chosen.part][1] if chosen.quick else {})
        )
        print(MARK + json.dumps([asdict(row) for row in rows]), flush=True)
        return 0
    if unknown := [part for part in chosen.parts if part not in PARTS]:
        parser.error(f"there is no part {unknown[0]!r}: choose from {', '.join(PARTS)}")
    rows = []
    try:
        for name in chosen.parts or PARTS:
            began = time.monotonic()
            print(f"{name} …", file=sys.stderr, flush=True)
            rows += part_rows(name, chosen.quick)
            write_table(rows, chosen.folder)
            print(f"{name}: {time.monotonic() - began:.0f} s", file=sys.stderr, flush=True)
    except KeyboardInterrupt:
        print("interrupted: what is done is written", file=sys.stderr)
        return 130
    finally:
        if rows:
            show(rows)
    print(f"the tables are in {chosen.folder}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
