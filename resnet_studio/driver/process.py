"""The parent's handle on an engine program: start it ahead, run one job, stop it at any moment.

One EngineProcess is one program and one job: TensorFlow never gives memory back, and a program that was stopped is
gone. Whoever wants the next run quick makes the next EngineProcess and starts it ahead (the warm spare).

This module never imports TensorFlow, starts no thread and needs POSIX (process groups, poll).
"""

from __future__ import annotations

import contextlib
import os
import select
import signal
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence

from resnet_studio.bench.events import (
    Cancelled,
    End,
    Event,
    Failed,
    Finished,
    PhaseBegan,
    PhaseEnded,
    Ready,
    decode,
)
from resnet_studio.bench.job import Job, encode_job

from .cause import MemoryState, failure, memory_state
from .children import own_folder, python_child
from .pipes import Pipes, TooLongError

_GRACE = 1.0  # seconds that a program whose output ended gets to die of what it is dying of
_GLANCE = 0.1  # seconds for what a program that prints rubbish may have to say about it


class EngineProcess:
    """An engine program. `run` belongs to one thread; `start`, `stop`, `close` and `is_warm` may be called from any.

    command: the program, which speaks the protocol of bench.events; by default the real engine.
    """

    def __init__(self, command: Sequence[str] | None = None) -> None:
        self._command = command
        self._lock = threading.Lock()  # guards all below, and that no signal goes to a process id already reaped
        self._process: subprocess.Popen[bytes] | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = (
            None  # for its temporary files: killed, it can't tidy up
        )
        self._pipes: Pipes | None = None  # of the thread that runs
        self._before: MemoryState | None = None  # ahead of its start
        self._running = False
        self._used = False
        self._stopped = False

    @property
    def is_warm(self) -> bool:
        """Whether the program is up, its Ready waiting to be read: a job given now starts at once."""
        with self._lock:
            return not self._used and self._has_output()

    def start(self) -> None:
        """Starts the program, unless it runs already or was stopped. Returns at once. Raises OSError if it can't."""
        with self._lock:
            if self._stopped or self._lives():
                return
            if self._process is not None:
                _bury(self._process)  # a spare that died while it waited
            pipe = subprocess.PIPE
            if self._folder is None:
                self._folder = own_folder()
            self._before = memory_state()
            self._process = subprocess.Popen(
                self._command or python_child("resnet_studio.engine.serve"),
                stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, cwd=self._folder.name, start_new_session=True,
                env={**os.environ, "TMPDIR": self._folder.name},
            )  # fmt: skip

    def stop(self) -> None:
        """Kills the program at once, or keeps it from starting: `run`, now or later, ends in Cancelled."""
        with self._lock:
            self._stopped = True
            self._kill()
            if self._running:
                return  # `run` reads the end of the pipes, and buries
            dead, self._process = self._process, None
        self._bury(dead)

    def close(self) -> None:
        """Ends a program that was started and is not needed, and gives its pipes back. The same as `stop`."""
        self.stop()

    def run(self, job: Job) -> Iterator[Event]:
        """Times `job`: yields events as they come, the last of which, and no other, is a Finished, Cancelled or Failed.

        A program not ready yet is waited for, in the phase "start". Raises RuntimeError when called a second time.
        A generator that is closed early kills the program.
        """
        with self._lock:
            if self._used:
                raise RuntimeError("An EngineProcess runs one job. Make another for the next.")
            warm = self._has_output()
            self._used = self._running = True
        try:
            yield from self._run(job, warm)
        finally:
            self._pipes = None
            with self._lock:
                self._kill()
                self._running = False
                dead, self._process = self._process, None
            self._bury(dead)

    def give_turn(self, steps: int) -> None:
        """Lets the program of a stepped job time `steps` steps; 0: this mode has had its steps. From `run`'s thread."""
        if self._pipes is not None:
            self._pipes.send(b"%d\n" % steps)

    def _run(self, job: Job, warm: bool) -> Iterator[Event]:
        began = time.perf_counter_ns()
        if not warm:
            yield PhaseBegan("start")
        try:
            self.start()
        except OSError as error:
            yield Failed(f"The engine could not be started: {error.strerror or error}.", repr(self._command))
            return
        process = self._process
        if process is None:
            yield Cancelled()
            return
        data = encode_job(job).encode() + b"\n"
        pipes = self._pipes = Pipes(process, data, lambda: self._status() is not None, keep_input=job.stepped)
        for event in self._events(pipes):
            if self._stopped:
                break
            yield event
            if isinstance(event, (Finished, Cancelled, Failed)):
                return
            if isinstance(event, Ready) and not warm:
                yield PhaseEnded("start", time.perf_counter_ns() - began)
        yield Cancelled() if self._stopped else self._post_mortem(pipes, job)

    def _events(self, pipes: Pipes) -> Iterator[Event]:
        """The program's lines, decoded; a Failed in place of the first that is no event."""
        try:
            for line in pipes.lines():
                yield decode(line.decode("utf-8", "replace"))
        except TooLongError as error:
            pipes.drain_errors(_GLANCE)
            yield Failed(f"The engine printed a line that did not end: {error}.", pipes.errors)
        except ValueError as error:
            pipes.drain_errors(_GLANCE)
            yield Failed(f"The engine printed something that is no event: {error}.", pipes.errors)

    def _post_mortem(self, pipes: Pipes, job: Job) -> End:
        """Why a program's output ended without an end of the run."""
        limit = time.monotonic() + _GRACE
        pipes.drain_errors(_GRACE)
        while self._status() is None and time.monotonic() < limit:
            time.sleep(0.005)
        status = self._status()
        return Cancelled() if self._stopped else failure(status, pipes.errors, job, self._before)

    def _bury(self, dead: subprocess.Popen[bytes] | None) -> None:
        """Puts away what is left of a program that was killed, and its temporary files. The lock is not held."""
        if dead is not None:
            _bury(dead)
        with self._lock:
            folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()

    def _status(self) -> int | None:
        with self._lock:
            return None if self._process is None else self._process.poll()

    def _lives(self) -> bool:
        """The lock is held, here and below."""
        return self._process is not None and self._process.poll() is None

    def _has_output(self) -> bool:
        if self._process is None or self._process.stdout is None or not self._lives():
            return False
        poller = select.poll()
        poller.register(self._process.stdout, select.POLLIN)
        return bool(poller.poll(0))

    def _kill(self) -> None:
        """SIGKILL to the program and whatever it started."""
        if self._process is not None and self._lives():
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)


def _bury(process: subprocess.Popen[bytes]) -> None:
    """Reaps a program that is dead or dying, and closes its pipes."""
    process.wait()
    for pipe in (process.stdin, process.stdout, process.stderr):
        if pipe is not None:
            pipe.close()
