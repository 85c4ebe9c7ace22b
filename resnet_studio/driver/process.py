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
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import resnet_studio
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
from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.job import Job, encode_job
from resnet_studio.bench.memory_text import remedy
from resnet_studio.network.network import expand

from .pipes import Pipes, TooLongError

_LESS = "Use a smaller batch or image."
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
            # By default the program runs from the folder that holds the package, which `-m` looks into first:
            # it finds this very package, and no stray file of the person's own folder.
            folder = None if self._command else Path(resnet_studio.__file__).parent.parent
            pipe = subprocess.PIPE
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="resnet-studio-", ignore_cleanup_errors=True)
            self._process = subprocess.Popen(
                self._command or [sys.executable, "-m", "resnet_studio.engine.serve"],
                stdin=pipe, stdout=pipe, stderr=pipe, bufsize=0, cwd=folder, start_new_session=True,
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
        return Cancelled() if self._stopped else failure(status, pipes.errors, job)

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


def failure(status: int | None, errors: str, job: Job | None = None) -> Failed:
    """The end of a program that said none. status: its exit status, below zero for a signal, None if it lives.

    job: what it was to time, if that was its work. Its memory is free again, so the batch that fits can be told.
    """
    if status is None:
        return Failed("The engine closed its output without saying how the run ended.", errors)
    if status == -signal.SIGKILL or "std::bad_alloc" in errors:
        # Nobody else sends it: that is the kernel's way to take memory back.
        how = "was killed (SIGKILL)" if status == -signal.SIGKILL else f"ended with {_status(status)}"
        return Failed(f"The engine {how}: probably out of memory.", errors, _way_out(job) if job else _LESS)
    if status == 0:
        return Failed("The engine ended without saying how the run ended.", errors)
    return Failed(f"The engine ended with {_status(status)}.", errors)


def _way_out(job: Job) -> str:
    try:
        network = expand(job.design)
    except ValueError:  # an unsound design; the engine was killed before it could refuse it
        return _LESS
    return remedy(network, job.plan, available_memory())


def _status(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
