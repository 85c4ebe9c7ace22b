"""The engine program: `python -m resnet_studio.engine.serve`.

It prints Ready once TensorFlow is imported, reads one job (a line of JSON) from its input, and prints each event as a line.
It does only one job, because TensorFlow never gives memory back. It ends after the job, when its input is closed
without a job, and when its parent is gone.
"""

from __future__ import annotations

import gc
import os
import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from resnet_studio.bench.events import Event, Failed, Ready, Step, encode

_FLUSH_SECONDS = 0.025
_MAX_JOB = 16 * 1024 * 1024
_MAX_TURN = 16  # the longest line with a number of steps, in characters


class EventLines:
    """Prints events at once, except steps that follow one another within 25 ms, which it prints together.

    So the loop of a fast network makes one system call in 25 ms, and a long step is reported as soon as it ends.
    """

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._flushed = time.monotonic()

    def emit(self, event: Event) -> None:
        """Prints one event. A step may be held until the next event if the last one was printed less than 25 ms ago."""
        self._stream.write(encode(event) + "\n")
        if not isinstance(event, Step) or time.monotonic() - self._flushed >= _FLUSH_SECONDS:
            self.flush()

    def flush(self) -> None:
        """Prints what is still held."""
        self._stream.flush()
        self._flushed = time.monotonic()


class Turns:
    """The gate of a stepped job for `measure`. Within a turn the steps run as in a plain job.

    Before each turn it prints the events of the last one and reads a line with the number of steps in the turn. 0, or the
    end of the input, ends the mode.
    """

    def __init__(self, stream: TextIO, tell: Callable[[], None]) -> None:
        self._stream = stream
        self._tell = tell
        self._left = 0

    def __call__(self) -> bool:
        """Whether the next step may run. Between turns it waits for the answer."""
        if self._left == 0:
            self._tell()
            line = self._stream.readline(_MAX_TURN).strip()
            self._left = int(line) if line.isdecimal() else 0
            if self._left == 0:
                return False
        self._left -= 1
        return True


def main() -> int:
    """Serves one job. Returns the exit status: 1 without TensorFlow, otherwise 0, even for a job that failed."""
    began = time.perf_counter()
    lines = EventLines(_claim_stdout())
    threading.Thread(target=_end_with, args=(os.getppid(),), daemon=True).start()
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")  # errors only: Failed.detail tells them
    try:
        from .measure import measure
    except Exception as error:  # noqa: BLE001  a broken installation raises anything; the window has to say so
        lines.emit(Failed(f"TensorFlow could not be imported: {error}", remedy="Run the set-up again: make run."))
        return 1
    from resnet_studio.bench.job import decode_job
    from resnet_studio.network.lesion import without_residuals
    from resnet_studio.network.network import expand

    gc.freeze()  # the garbage collector skips the objects of TensorFlow's import: that saves a fifth of tracing
    lines.emit(Ready(time.perf_counter() - began))
    line = sys.stdin.readline(_MAX_JOB)
    if not line:
        return 0
    try:
        job = decode_job(line)
        whole = expand(job.design)
        network = without_residuals(whole, job.lesions)
    except ValueError as error:  # also FileError, DesignError and LesionError, whose text is a finished sentence
        lines.emit(Failed(f"The engine can't take this job: {error}"))
        return 0
    if job.task == "time":
        events = measure(network, job.plan, gate=Turns(sys.stdin, lines.flush) if job.stepped else None)
    else:
        from .study import study

        events = study(job, whole, network)
    for event in events:
        lines.emit(event)
    return 0


def _claim_stdout() -> TextIO:
    """Takes the program's output for events alone. TensorFlow also writes to descriptor 1, which becomes the error output."""
    events = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)
    return events


def _end_with(parent: int) -> None:
    """Ends this program within a second of its parent's end, whatever it is doing.

    Linux's parent-death signal won't do: it comes when the parent's *thread* ends, and worker threads start the runs.
    """
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    sys.exit(main())
