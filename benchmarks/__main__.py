"""The suite: every figure that the project is measured by, side by side with its peers, as one table.

    python -m benchmarks [--quick] [--folder FOLDER] [PART ...]

Writes FOLDER/benchmarks.md and .json (build/benchmarks by default) after every part, and prints the table. A part that fails,
is late or lacks a peer is a row that says so; Ctrl+C leaves what was done so far.
"""

import argparse
import contextlib
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.parts import PARTS, ROOT, Part, run
from benchmarks.table import Row, machine, to_markdown, write_table


def main(argv: Sequence[str] | None = None, parts: Sequence[Part] = PARTS) -> int:
    """Runs the parts that `argv` names, or all; gives the exit status: 130 where somebody broke it off."""
    names = [part.name for part in parts]
    about_parts = "\n".join(f"  {part.name:12} {part.about}" for part in parts)
    parser = argparse.ArgumentParser(
        "python -m benchmarks", epilog=f"parts:\n{about_parts}", formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("part", nargs="*", help="what to measure, by name; all without one")
    parser.add_argument("--quick", action="store_true", help="few rounds: to see that it works, not for the figures")
    parser.add_argument("--folder", type=Path, default=ROOT / "build" / "benchmarks", help="the folder of the table")
    options = parser.parse_args(argv)
    if unknown := set(options.part) - set(names):
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(names)}")
    chosen = [part for part in parts if not options.part or part.name in options.part]
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options.folder.mkdir(parents=True, exist_ok=True)
    about = {**machine(), "quick": options.quick, "seconds": {}}
    rows: list[Row] = []
    status = 0
    try:
        for part in chosen:
            _measure(part, rows, about, options)
    except KeyboardInterrupt:
        status = 130
        print("broken off: the table has what was measured so far", file=sys.stderr)
    write_table(rows, options.folder, about)
    print(to_markdown(rows, about), end="")
    return status


def _measure(part, rows, about, options):
    print(f"{part.name}: {part.about}", file=sys.stderr, flush=True)
    began = time.monotonic()
    with contextlib.closing(run(part, options.folder / f"{part.name}.log", quick=options.quick)) as found:
        for row in found:
            rows.append(row)
            value = row.note if row.value is None else f"{row.value:.4g} {row.unit}"
            print(f"  {row.name}: {value}", file=sys.stderr, flush=True)
    about["seconds"][part.name] = round(time.monotonic() - began)
    write_table(rows, options.folder, about)


if __name__ == "__main__":
    sys.exit(main())
