"""Feeds a program its input and yields the lines it prints, in one loop: no thread, no deadlock, bounded memory."""

from __future__ import annotations

import os
import select
import subprocess
import time
from collections.abc import Callable, Iterator
from typing import IO

MAX_LINE = 4 * 1024 * 1024  # the longest event is a profile of as many operations as one may have
MAX_ERRORS = 64 * 1024
_CHUNK = 64 * 1024
_LOOK = 0.25  # seconds between looks at whether the program lives, for when something else holds its pipes open


class TooLongError(Exception):
    """A program printed more than MAX_LINE bytes without ending the line."""


class Pipes:
    """The three pipes of `process`, opened unbuffered; `data` is fed to its input, which is then closed.

    is_dead: asks whether the program has ended. keep_input: the input stays open, for `send`.
    """

    def __init__(
        self, process: subprocess.Popen[bytes], data: bytes, is_dead: Callable[[], bool], keep_input: bool = False
    ) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._is_dead = is_dead
        self._keep_input = keep_input
        self._in, self._out, self._err = process.stdin, process.stdout, process.stderr
        self._unsent = memoryview(data)
        self._errors = bytearray()
        self._poller = select.poll()
        self._open: dict[int, IO[bytes]] = {}
        for pipe, event in ((self._in, select.POLLOUT), (self._out, select.POLLIN), (self._err, select.POLLIN)):
            os.set_blocking(pipe.fileno(), False)
            self._poller.register(pipe, event)
            self._open[pipe.fileno()] = pipe

    @property
    def errors(self) -> str:
        """The last MAX_ERRORS bytes of what the program printed as errors."""
        return self._errors.decode("utf-8", "replace")

    def lines(self) -> Iterator[bytes]:
        """Each whole line of the program's output, without its end, until the output is closed. Raises TooLongError."""
        pending = b""
        while self._out.fileno() in self._open:
            for pipe in self._ready(_LOOK):
                if pipe is self._out:
                    *ended, pending = (pending + self._read(pipe)).split(b"\n")
                    yield from ended
                    if len(pending) > MAX_LINE:
                        raise TooLongError(f"{pending[:40]!r}…")

    def send(self, data: bytes) -> None:
        """Feeds the program a little more input, at once where it takes it. Nothing happens where it is closed."""
        if self._in.closed:
            return
        self._unsent = memoryview(bytes(self._unsent) + data)
        if self._in.fileno() not in self._open:
            self._poller.register(self._in, select.POLLOUT)
            self._open[self._in.fileno()] = self._in
        self._feed()

    def drain_errors(self, seconds: float) -> None:
        """Reads on what is printed as errors, for as long as that is open, at most for `seconds`."""
        limit = time.monotonic() + seconds
        while self._err.fileno() in self._open and (left := limit - time.monotonic()) > 0:
            list(self._ready(min(left, _LOOK)))

    def _ready(self, seconds: float) -> Iterator[IO[bytes]]:
        """Waits for the pipes, feeds the input, keeps the errors, and yields the output if it has to be read."""
        ready = self._poller.poll(seconds * 1000)
        if not ready and self._is_dead():
            # It is dead and said all it had to say; a child of its own may hold the pipes open for ever.
            for pipe in list(self._open.values()):
                self._forget(pipe)
        for descriptor, _ in ready:
            pipe = self._open[descriptor]
            if pipe is self._in:
                self._feed()
            elif pipe is self._err:
                self._errors += self._read(pipe)
                del self._errors[:-MAX_ERRORS]
            else:
                yield pipe

    def _read(self, pipe: IO[bytes]) -> bytes:
        chunk = os.read(pipe.fileno(), _CHUNK)
        if not chunk:
            self._forget(pipe)
        return chunk

    def _feed(self) -> None:
        """Writes what the program takes now; after the last byte nothing waits for the input, which may be closed."""
        try:
            self._unsent = self._unsent[os.write(self._in.fileno(), self._unsent) :]
        except BlockingIOError:
            return  # it is full: the poller tells when it is not
        except BrokenPipeError:
            self._unsent = self._unsent[:0]  # it died, or wants no job: its output will tell
        if not self._unsent:
            self._forget(self._in)
            if not self._keep_input:
                self._in.close()

    def _forget(self, pipe: IO[bytes]) -> None:
        self._poller.unregister(pipe)
        del self._open[pipe.fileno()]
