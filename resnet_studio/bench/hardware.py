"""What this machine has for a run, asked of the system alone: the window must not import TensorFlow to know it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

# WSL's and AMD's drivers, which TensorFlow may find GPUs behind, but not how many.
_UNCOUNTED = ("/dev/dxg", "/dev/kfd")


def cores() -> int:
    """Processor cores that this program may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def gpus() -> int | None:
    """The number of GPUs, or None where only TensorFlow can tell: the engine refuses one that isn't there then."""
    if sys.platform != "linux" or any(Path(path).exists() for path in _UNCOUNTED):
        return None
    return sum(path.name[len("nvidia") :].isdigit() for path in Path("/dev").glob("nvidia*"))


def physical_memory() -> int:
    """Bytes of memory in this machine."""
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")


def available_memory(proc: Path = Path("/proc"), cgroup: Path = Path("/sys/fs/cgroup")) -> int:
    """Bytes of memory that a program could take now: what the system has left, and what its container allows it.

    proc, cgroup: where the system tells so. On a system that doesn't it is half of the machine's memory.
    """
    system = _numbers(proc / "meminfo", ":").get("MemAvailable", 0) * 1024 or physical_memory() // 2
    return min([system, *_left_in_groups(proc, cgroup)])


def _left_in_groups(proc: Path, cgroup: Path) -> Iterator[int]:
    """What each control group that limits this program has left: its limit less what is in use and is no cache."""
    try:
        lines = (proc / "self/cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, kinds, path = line.split(":", 2)
        if kinds and "memory" not in kinds.split(","):
            continue
        # Version 2 has one tree and version 1 one for memory; within a container the group is the root of what is seen.
        root, limit, usage = (
            (cgroup, "memory.max", "memory.current")
            if not kinds
            else (cgroup / "memory", "memory.limit_in_bytes", "memory.usage_in_bytes")
        )
        leaf = root / path.lstrip("/")
        for group in (leaf, *(above for above in leaf.parents if above.is_relative_to(root))):
            allowed, used = _number(group / limit), _number(group / usage)
            if allowed is not None and used is not None:
                stat = _numbers(group / "memory.stat", " ")
                cache = stat.get("total_inactive_file", stat.get("inactive_file", 0))
                yield max(allowed - used + cache, 0)


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):  # 'max'
        return None


def _numbers(path: Path, separator: str) -> dict[str, int]:
    """A file of lines such as 'MemAvailable:  123 kB'."""
    try:
        pairs = (line.partition(separator)[::2] for line in path.read_text().splitlines())
        return {key: int(rest.split()[0]) for key, rest in pairs if rest.split() and rest.split()[0].isdecimal()}
    except OSError:
        return {}
