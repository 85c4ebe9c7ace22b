"""Shared fixtures, and the guard that turns a test red which leaves something running or open behind."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import subprocess
import threading
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, Qt, QThread, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

# No test draws on the screen of the person who runs it; one that needs a real window takes `xvfb_display`.
os.environ["QT_QPA_PLATFORM"] = "offscreen"

GRACE_SECONDS = 2.0


@pytest.fixture(scope="session", autouse=True)
def own_folders(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Keeps settings, history, caches and autosaves of tests, and of the programs they start, out of the person's own."""
    with pytest.MonkeyPatch.context() as patch:
        for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
            patch.setenv(f"XDG_{kind}_HOME", str(tmp_path_factory.mktemp(kind.lower())))
        yield


@pytest.fixture(scope="session")
def xvfb_display() -> Iterator[str]:
    """The name (':7') of a screen of its own, for programs started with DISPLAY=name and QT_QPA_PLATFORM=xcb."""
    if not shutil.which("Xvfb"):
        absent = pytest.fail if "CI" in os.environ else pytest.skip
        absent("Xvfb is not installed, so no real window can be opened")
    reader, writer = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-displayfd", str(writer), "-screen", "0", "1600x1000x24", "-nolisten", "tcp"],
        pass_fds=[writer],
        stderr=subprocess.DEVNULL,
    )
    os.close(writer)
    with server, os.fdopen(reader) as numbers:
        number = numbers.readline().strip()  # comes once the server takes connections; empty if it died
        assert number, "Xvfb did not start"
        yield f":{number}"
        server.terminate()


# ---- the guard ----------------------------------------------------------------------------------------------------


def _remember_instances(kind: type[QObject]) -> Callable[[], list[QObject]]:
    """A function that lists the living Python-made objects of a Qt class (Qt itself keeps no list of them).

    Only __init__ is wrapped, and only weak references are kept: lifetimes, signals and slots stay as they are.
    """
    made: weakref.WeakSet[QObject] = weakref.WeakSet()
    original = kind.__init__

    def init(self: QObject, *args: object, **kwargs: object) -> None:
        original(self, *args, **kwargs)
        made.add(self)

    kind.__init__ = init  # type: ignore[method-assign]
    return lambda: [item for item in list(made) if isValid(item)]


_threads = _remember_instances(QThread)
_timers = _remember_instances(QTimer)


def _running_threads() -> dict[int, QObject]:
    return {id(thread): thread for thread in _threads() if thread.isRunning()}


def _active_timers() -> dict[int, QObject]:
    return {id(timer): timer for timer in _timers() if timer.isActive()}


def _windows() -> dict[int, QWidget]:
    """Top-level widgets by address, shown or not; menus and tooltips that Qt and pyqtgraph keep hidden do not count."""
    if not isinstance(QCoreApplication.instance(), QApplication):
        return {}
    kept = (Qt.WindowType.Popup, Qt.WindowType.ToolTip)
    return {
        id(widget): widget
        for widget in QApplication.topLevelWidgets()
        if widget.isVisible() or (widget.parent() is None and widget.windowType() not in kept)
    }


def _child_processes() -> dict[int, str]:
    """Living child processes by their id, each with its command line. Empty where there is no /proc."""
    found = {}
    for listing in Path("/proc/self/task").glob("*/children"):
        try:
            children = listing.read_text().split()
        except OSError:  # that thread has just ended
            continue
        for child in children:
            try:
                state = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()[0]
                command = Path(f"/proc/{child}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
            except OSError:  # that child has just ended
                continue
            if state != "Z":
                found[int(child)] = command.strip()
    return found


def _python_threads() -> dict[int, threading.Thread]:
    return {id(thread): thread for thread in threading.enumerate() if not thread.daemon}


_KINDS: dict[str, Callable[[], dict[int, object]]] = {
    "running QThread": _running_threads,
    "active QTimer": _active_timers,
    "window": _windows,
    "child process": _child_processes,
    "Python thread": _python_threads,
}


def _new(before: dict[str, set[int]]) -> list[tuple[str, int, object]]:
    return [
        (kind, key, item) for kind, look in _KINDS.items() for key, item in look().items() if key not in before[kind]
    ]


def _settle() -> None:
    """Lets Qt do what was put off: deletions first (processEvents leaves those to a running event loop)."""
    if QCoreApplication.instance() is not None:
        QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        QCoreApplication.processEvents()


_unstoppable: list[QObject] = []


def _stop(kind: str, key: int, item: object) -> None:
    """Ends what was left behind, so that the tests that follow are judged by their own doings."""
    if kind == "child process":
        os.kill(key, signal.SIGKILL)
    elif isinstance(item, QTimer):
        item.stop()
    elif isinstance(item, QWidget):
        item.close()
        item.deleteLater()
    elif isinstance(item, QThread):
        item.requestInterruption()
        item.quit()
        if not item.wait(1000):
            _unstoppable.append(item)  # to drop a running QThread aborts the program


@pytest.fixture(autouse=True)
def leak_guard(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fails a test that leaves a running QThread, an active QTimer, a window, a child process or a thread behind.

    It is set up before all other fixtures of a test, so it looks when they have all been torn down; what fixtures of
    a wider scope keep was there before. What is on its way out has GRACE_SECONDS to be gone.
    """
    before = {kind: set(look()) for kind, look in _KINDS.items()}
    yield
    _settle()
    if not _new(before):
        return
    request.node.funcargs.clear()  # pytest would hold the fixtures' values, and so what hangs on them, a little longer
    gc.collect()
    deadline = time.monotonic() + GRACE_SECONDS
    while (left := _new(before)) and time.monotonic() < deadline:
        _settle()
        time.sleep(0.01)
    if left:
        lines = "\n".join(f"  {kind}: {item}" for kind, _, item in left)
        for kind, key, item in left:
            _stop(kind, key, item)
        _settle()
        pytest.fail(f"the test left behind:\n{lines}", pytrace=False)
