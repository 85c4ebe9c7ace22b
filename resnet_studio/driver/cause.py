"""Why a program ended that said no end of its own: only what is known is told as the cause."""

from __future__ import annotations

import resource
import signal
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from resnet_studio.bench.events import Failed
from resnet_studio.bench.forecast import forecast
from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.job import Job
from resnet_studio.bench.memory_text import remedy
from resnet_studio.design.words import bytes_text
from resnet_studio.network.network import Network, expand

_LESS = "Use a smaller batch or image."
_NO_MEMORY = ("std::bad_alloc", "MemoryError", "Cannot allocate memory")


@dataclass(frozen=True, slots=True)
class MemoryState:
    """What the system says of memory at one time. kills: programs that the kernel has ended for it. free: bytes; None unknown."""

    kills: int
    free: int | None


def memory_state() -> MemoryState:
    """How it stands now."""
    return MemoryState(max(_count(path) for path in _counters()), available_memory())


def failure(status: int | None, errors: str, job: Job | None = None, before: MemoryState | None = None) -> Failed:
    """The end of a program that said none. status: its exit status, below zero for a signal, None if it lives.

    job: what it was to time, if that was its work. Its memory is free again, so the batch that fits can be told.
    before: how memory stood ahead of its start. Lack of memory is told as the cause only where something says so: the
    kernel's count of the programs that it ended, the program's own last words, a limit on it, or the forecast.
    """
    if status is None:
        return Failed("The engine closed its output without saying how the run ended.", errors)
    if status == 0:
        return Failed("The engine ended without saying how the run ended.", errors)
    network = _network(job)
    less = remedy(network, job.plan, available_memory()) if job and network else _LESS
    how = "was killed (SIGKILL)" if status == -signal.SIGKILL else f"ended with {_status(status)}"
    limit = _limit()
    if limit is not None and (
        any(words in errors for words in _NO_MEMORY) or status in (-signal.SIGSEGV, -signal.SIGABRT)
    ):
        known = any(words in errors for words in _NO_MEMORY)
        cause = f"its memory is limited to {bytes_text(limit)} (ulimit -v)"
        return Failed(
            f"The engine {how}: {cause}{'' if known else ', which is probably why'}.",
            errors,
            f"Raise the limit. {less}",
        )
    if any(words in errors for words in _NO_MEMORY):
        return Failed(f"The engine {how}: out of memory.", errors, less)
    if status == -signal.SIGKILL:
        if before is not None and memory_state().kills > before.kills:
            return Failed("The engine was killed: the kernel ran out of memory.", errors, less)
        if before is not None and before.free is not None and job and network:
            wanted = forecast(network, job.plan).total
            if wanted > before.free:
                figures = f"{bytes_text(wanted)} were forecast, {bytes_text(before.free)} were free"
                return Failed(f"The engine {how}: probably out of memory ({figures}).", errors, less)
        return Failed(
            f"The engine {how}. Nothing says that memory was short: another program or a person ended it.", errors,
            "Run it again.",
        )  # fmt: skip
    return Failed(f"The engine {how}.", errors)


def _network(job: Job | None) -> Network | None:
    try:
        return expand(job.design) if job else None
    except ValueError:  # an unsound design; the engine was killed before it could refuse it
        return None


def _limit() -> int | None:
    """Bytes of address space that a child may have; None without a limit."""
    soft = resource.getrlimit(resource.RLIMIT_AS)[0]
    return None if soft == resource.RLIM_INFINITY else soft


def _counters() -> list[Path]:
    """Files that count the programs ended for lack of memory: the machine's, and that of the container that this runs in."""
    groups: list[str] = []
    with suppress(OSError):
        groups = [line[3:] for line in Path("/proc/self/cgroup").read_text().splitlines() if line.startswith("0::")]
    return [Path("/proc/vmstat"), *(Path("/sys/fs/cgroup") / each.lstrip("/") / "memory.events" for each in groups)]


def _count(path: Path) -> int:
    with suppress(OSError, ValueError):
        for line in path.read_text().splitlines():
            name, _, value = line.partition(" ")
            if name == "oom_kill":
                return int(value)
    return 0


def _status(status: int) -> str:
    if status >= 0:
        return f"exit status {status}"
    try:
        return signal.Signals(-status).name
    except ValueError:
        return f"signal {-status}"
