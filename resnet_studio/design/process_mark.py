"""What tells a process apart from a later one of the same number: when it began. Files that a process leaves bear it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path


def process_mark(process: int | None = None) -> str:
    """'1234-567890': the number of a process (by default this one) and when it began; '' where there is none of that number."""
    number = os.getpid() if process is None else process
    began = _began(number)
    return f"{number}-{began}" if began else ""


def lives(mark: str) -> bool:
    """Whether the process of a mark is still there."""
    number = mark.partition("-")[0]
    return number.isascii() and number.isdigit() and len(number) < 19 and process_mark(int(number)) == mark


def _began(process: int) -> str:
    """In the system's own ticks; '0' where that can't be told, '' where there is no such process."""
    try:
        text = Path(f"/proc/{process}/stat").read_text()
        return text.rpartition(")")[2].split()[19]  # field 22 of proc(5)
    except (OSError, IndexError):
        if Path("/proc/self/stat").exists():
            return ""
    with suppress(PermissionError):  # it is there, and another person's
        try:
            os.kill(process, 0)
        except (ProcessLookupError, OverflowError):
            return ""
    return "0"
