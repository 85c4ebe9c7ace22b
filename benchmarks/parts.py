"""The parts of the suite, each of which is run in a process of its own, with a time limit.

python -m benchmarks.parts PART ARGUMENTS     one part, a row a line as JSON; ARGUMENTS: those of its rows(), as JSON
"""

import contextlib
import importlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.table import Row
from resnet_studio.driver.children import python_child

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = (ROOT / "benchmarks",)  # where the modules of the parts are


@dataclass(frozen=True, slots=True)
class Part:
    """name: of its module. limit: seconds that it may take. quick: the arguments of its `rows` for a quick look."""

    name: str
    about: str
    limit: float
    quick: dict[str, Any] = field(default_factory=dict)


# The short ones first, so that what is broken off has most of them.
PARTS = (
    Part("start", "the start of the window beside a bare one with the same libraries", 300, {"rounds": 3}),
    Part("expansion", "growth of expansion, cost and graph with a design's units", 120, {"rounds": 5}),
    Part(
        "picture", "edit to redraw beside Keras's build and plot_model; first paint, frames, layout", 600, {"rounds": 3}
    ),
    Part("heartbeat", "how long the window is held up while a run is timed", 300, {"steps": 20}),
    Part("observer", "step time with the window live and without it", 900, {"rounds": 8}),
    Part("memory", "the forecast of memory beside what is measured", 900, {"cases": 1}),
    Part(
        "aa_ab",
        "a design against itself and against its other form",
        1800,
        {"rounds": 12, "times": 1, "runs": 2, "images": [(64, 64)]},
    ),
    Part("first_step", "time to the first step, beside Keras and TF-Slim", 3600, {"rounds": 1, "cases": 2}),
    Part("steady_step", "the steady step, beside TF-Slim, Keras and PyTorch", 3600, {"rounds": 10}),
)


def run(part: Part, log: Path, *, quick: bool = False) -> Iterator[Row]:
    """Runs `part`: yields its rows as they come, and one that says why where it did not come to its end.

    log: where what its programs print goes. Closing the generator ends the part.
    """
    arguments = (part.name, json.dumps(part.quick if quick else {}))
    command = python_child("benchmarks.parts", *arguments, packages=FOLDERS)
    late = threading.Event()

    def stop() -> None:
        late.set()
        _kill(program)

    with contextlib.ExitStack() as stack:
        errors = stack.enter_context(log.open("wb"))
        own = stack.enter_context(tempfile.TemporaryDirectory())  # the window keeps its settings there, not a person's
        folders = {f"XDG_{kind}_HOME": own for kind in ("CACHE", "CONFIG", "DATA", "STATE")}
        program = stack.enter_context(
            subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=errors, cwd=own, text=True,
                env={"QT_QPA_PLATFORM": "offscreen", **os.environ, **folders}, start_new_session=True,
            )
        )  # fmt: skip
        timer = threading.Timer(part.limit, stop)
        stack.callback(_kill, program)
        stack.callback(timer.cancel)
        timer.start()
        for line in program.stdout:
            yield Row(**json.loads(line))
        status = program.wait()
    if late.is_set():
        yield Row(part.name, part.about, None, note=f"stopped at its limit of {part.limit:g} s; see {log.name}")
    elif status:
        said = log.read_text(encoding="utf-8", errors="replace").strip().rpartition("\n")[2][:300]
        yield Row(part.name, part.about, None, note=f"failed with status {status}; see {log.name}: {said}")


def _kill(program: subprocess.Popen[str]) -> None:
    """Ends a part, and whatever it started in its session."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(program.pid, signal.SIGKILL)


def main(name: str, arguments: str) -> None:
    """Runs a part here."""
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)  # TensorFlow, and whatever else prints, writes there
    for row in importlib.import_module(f"benchmarks.{name}").rows(**json.loads(arguments)):
        print(json.dumps(asdict(row), allow_nan=False), file=out, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
