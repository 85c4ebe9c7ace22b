"""What this machine has for a run, asked of the system alone: the window must not import TensorFlow to know it."""

from __future__ import annotations

import os
import sys
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
