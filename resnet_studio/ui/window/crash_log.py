"""What a crash leaves behind: the place in the program where each of its threads was, for a report.

Python's faulthandler writes it when the process dies of a signal (SIGSEGV, SIGABRT, SIGFPE, SIGBUS, SIGILL), where nothing
else can be written any more. A window that is closed in order leaves none.
"""

from __future__ import annotations

import faulthandler
import os
from contextlib import suppress
from datetime import UTC, datetime
from io import FileIO
from pathlib import Path

from resnet_studio import __version__
from resnet_studio.design.process_mark import lives, process_mark
from resnet_studio.design.state_folder import make_private

_PREFIX, _SUFFIX = "crash-", ".log"
_MOST_BYTES = 256 * 1024  # of a log that is shown
_MOST_LOGS = 5


class CrashLog:
    """The log of this process in `folder`. Raises OSError where it can't be made."""

    def __init__(self, folder: Path) -> None:
        make_private(folder)
        self.path = folder / f"{_PREFIX}{process_mark()}{_SUFFIX}"
        handle = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o600)
        self._file = FileIO(handle, "w")
        self._file.write(f"ResNet Studio {__version__}, begun {datetime.now(UTC):%Y-%m-%d %H:%M} UTC\n\n".encode())
        self._length = self._file.tell()
        faulthandler.enable(self._file, all_threads=True)

    def finish(self) -> None:
        """The window was closed in order: nothing is left behind."""
        faulthandler.disable()
        self._file.close()
        with suppress(OSError):
            if self.path.stat().st_size == self._length:
                self.path.unlink()


def crashes(folder: Path) -> tuple[Path, ...]:
    """The logs of windows that crashed, the newest first, five at the most. The rest goes, and what tells of no crash."""
    logs = [path for path in folder.glob(f"{_PREFIX}*{_SUFFIX}") if not lives(path.stem.removeprefix(_PREFIX))]
    found: list[Path] = []
    for path in sorted(logs, key=lambda each: each.stat().st_mtime, reverse=True):
        if b"Fatal Python error" in path.read_bytes()[:_MOST_BYTES] and len(found) < _MOST_LOGS:
            found.append(path)
        else:  # of a window that was killed, which says nothing of where it was
            path.unlink()
    return tuple(found)


def crash_text(path: Path) -> str:
    """What a crash's log says, as far as anyone would read. It is put aside then: it is offered once. Raises OSError."""
    text = path.read_bytes()[:_MOST_BYTES].decode("utf-8", "replace")
    path.rename(path.with_suffix(".told"))
    for old in sorted(path.parent.glob(f"{_PREFIX}*.told"), key=lambda each: each.stat().st_mtime)[:-_MOST_LOGS]:
        old.unlink()
    return text
