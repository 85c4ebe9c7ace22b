"""A seeded monkey on the real window: `python -m tests.attack.monkey --seed 7 --events 2000 --folder EMPTY_FOLDER`.

It runs as a program of its own, as a fault may end the process. Each event is drawn from the seed and the event's
number alone and is written to FOLDER/events before it is done, so that even a crash says what led to it. The last line
of its output is JSON: {"seed": ..., "events": ..., "fault": "" or what went wrong, "slowest_ms": ..., "peak_mb": ...}.
"""

from __future__ import annotations

import argparse
import faulthandler
import gc
import json
import os
import random
import resource
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QDialogButtonBox, QFileDialog, QMenu, QMessageBox, QPushButton

from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.ui.design import block_table
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.picture.box_item import BoxItem
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.style import apply_theme
from resnet_studio.ui.window.main_window import MainWindow
from tests.attack.agreement import disagreements
from tests.attack.events import EVENTS
from tests.attack.hands import SMALL, Hands

FAKE = Path(__file__).parent.parent / "fake_engine.py"
CHECK_EVERY = 50
HANG_SECONDS = 30  # one event that takes longer ends the program, with the place where it hangs
RUN_SECONDS = 0.1  # what a run gets before it is stopped
LARGE = 25  # units: a larger design is left after the next check, as each event takes long with it
_QUIET = ("This plugin does not support",)  # the offscreen platform, of sizes and of raising a window


class FaultError(Exception):
    """Something went wrong; the text says what."""


class Monkey:
    """Does events on a window, and looks after each 50 whether all views agree."""

    def __init__(self, seed: int, folder: Path, check_every: int = CHECK_EVERY, passing: tuple[str, ...] = ()) -> None:
        self.seed, self.folder, self.check_every, self.passing = seed, folder, check_every, passing
        self.faults: list[str] = []
        self.done = 0
        self.passed_over = 0
        self.slowest, self.slowest_event = 0.0, ""
        self.log = (folder / "events").open("w", buffering=1, encoding="utf-8", errors="backslashreplace")
        sys.excepthook = self._exception
        sys.unraisablehook = lambda args: self._exception(args.exc_type, args.exc_value, args.exc_traceback)
        threading.excepthook = lambda args: self._exception(args.exc_type, args.exc_value, args.exc_traceback)
        qInstallMessageHandler(self._message)
        self.app = QApplication(["monkey"])
        self.app.setOrganizationName("resnet-studio-tests")
        self.app.setApplicationName("ResNet Studio")
        self._closer = QTimer(interval=0)
        self._closer.timeout.connect(self._answer)
        self.hands = Hands(folder)
        self.random = random.Random(seed)
        self._begin()

    def _begin(self) -> None:
        self.window = MainWindow(DesignDocument(SMALL), TimingRunner([
            sys.executable, str(FAKE), "--step-seconds", "0.0005",
        ]))  # fmt: skip
        theme = self.random.choice((LIGHT, DARK))
        apply_theme(self.app, theme)
        self.window.set_theme(theme)
        self.window.files._actions["quit"].setEnabled(False)  # the monkey closes the window itself
        self.window.benchmark_panel.open_history(self.folder / "history.sqlite")
        self.window.show()
        self.window.activateWindow()
        self.hands.take(self.window)

    def run(self, events: int) -> None:
        """Does the events. Raises FaultError at the first thing that goes wrong."""
        for number in range(events):
            self._event(number)
            self.done += 1
            if (number + 1) % self.check_every == 0:
                self._check()
            if (number + 1) % CHECK_EVERY == 0:
                self._leave_what_is_large()
            if (number + 1) % 700 == 0:
                self._close()
                self._begin()
        self._close()

    def _event(self, number: int) -> None:
        self.random = self.hands.random = random.Random(f"{self.seed}/{number}")
        name = self.random.choices(list(EVENTS), [weight for weight, _ in EVENTS.values()])[0]
        self.hands.told = ""
        self.log.write(f"{number} {name} ")
        signal.alarm(HANG_SECONDS)
        began = time.perf_counter()
        self._closer.start()
        if self.app.focusWidget() is None and self.app.activeModalWidget() is None:
            self.window.activateWindow()  # offscreen there is no window manager to do it
        self._do(EVENTS[name][1])
        self._settle()
        self._closer.stop()
        took = 1_000 * (time.perf_counter() - began)
        if took > self.slowest:
            self.slowest, self.slowest_event = took, f"{number} {name} {self.hands.told}"
        front, focus = self.app.activeWindow(), self.app.focusWidget()
        seen = [type(each).__name__ for each in (front, focus)]
        self.log.write(f"{self.hands.told} ({took:.0f} ms, in {seen[0]}, focus {seen[1]})\n")
        if self.faults:
            raise FaultError(self.faults[0])

    def _do(self, act: Callable[[Hands], None]) -> None:
        try:
            act(self.hands)
        except Exception:  # noqa: BLE001 - it is what is looked for
            self._note(traceback.format_exc())

    def _settle(self) -> None:
        self.app.processEvents()
        for _ in range(20):
            if self.app.activeModalWidget() is None and self.app.activePopupWidget() is None:
                break
            self._answer()
            self.app.processEvents()
        runner, until = self.window.runner, time.monotonic() + RUN_SECONDS
        while runner.running and time.monotonic() < until:
            self.app.processEvents()
            time.sleep(0.002)
        runner.stop()
        until = time.monotonic() + HANG_SECONDS
        while runner.running:
            self.app.processEvents()
            time.sleep(0.002)
            if time.monotonic() > until:
                self.faults.append("a run that was stopped did not end")
                break

    def _answer(self) -> None:
        """Answers the dialog or the menu that is open; called while it waits in a loop of its own, too."""
        if isinstance(menu := self.app.activePopupWidget(), QMenu):
            actions = [
                each for each in menu.actions() if each.isEnabled() and not each.menu() and not each.isSeparator()
            ]
            if actions and self.random.random() < 0.5:
                menu.setActiveAction(self.random.choice(actions))
                self.hands.key(menu, "Return")
            else:
                menu.close()
        elif menu is not None:
            menu.close()
        elif (box := self.app.activeModalWidget()) is not None:
            buttons = [each for each in box.findChildren(QPushButton) if each.isEnabled() and each.isVisible()]
            inside = isinstance(box, QMessageBox) or bool(box.findChildren(QDialogButtonBox))
            if buttons and inside and self.random.random() < 0.8:
                self.random.choice(buttons).click()
            elif isinstance(box, QDialog):
                box.reject()
            else:
                box.close()

    def _check(self) -> None:
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        gc.collect(1)
        for each in disagreements(self.window):
            self._note(each)
        if self.faults:
            raise FaultError("\n".join(self.faults))

    def _leave_what_is_large(self) -> None:
        units = sum(len(block.units) for block in self.window.document.design.blocks)
        if units > LARGE or self.random.random() < 0.4:
            self.hands.start_anew()

    def _close(self) -> None:
        window = self.window
        window.document.undo_stack.setClean()
        window.diff_window.close()
        if not window.close() or window.runner.running:
            raise FaultError("the window did not close")
        window.deleteLater()
        self.app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        self.app.processEvents()
        QSettings().sync()
        gc.collect()
        if self.faults:
            raise FaultError(self.faults[0])

    def _exception(self, kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
        self._note("".join(traceback.format_exception(kind, error, trace)))

    def _note(self, fault: str) -> None:
        if any(text in fault for text in self.passing):
            self.passed_over += 1
        else:
            self.faults.append(fault)

    def _message(self, kind: QtMsgType, context: object, text: str) -> None:
        if kind != QtMsgType.QtDebugMsg and kind != QtMsgType.QtInfoMsg and not text.startswith(_QUIET):
            self._note(f"Qt: {text}\n" + "".join(traceback.format_stack(limit=12)))


def own_folders(folder: Path) -> None:
    """Puts all that a program keeps, and its home, below `folder`; run again by `main` before anything is opened."""
    for kind in ("CACHE", "CONFIG", "DATA", "STATE"):
        os.environ[f"XDG_{kind}_HOME"] = str(folder / kind.lower())
    for name in ("home", "tmp", "a/b/c"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    os.environ.update(HOME=str(folder / "home"), TMPDIR=str(folder / "tmp"), QT_QPA_PLATFORM="offscreen")
    os.chdir(folder / "a/b/c")  # what is written to '../../x' stays inside


def _break(what: str) -> None:
    if what == "table":
        block_table._text = lambda block, column: "5"
    else:
        BoxItem.paint = lambda *_: 1 / 0  # type: ignore[method-assign, assignment, return-value]


def main() -> int:
    """The program."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--events", type=int, default=2_000)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--break", dest="fault", choices=("table", "override"), help="a fault that is to be found")
    parser.add_argument("--check-every", type=int, default=CHECK_EVERY, help="events; 1 finds the one that did it")
    parser.add_argument(
        "--passing", action="append", default=[], help="a text in faults that are known: they are counted"
    )
    options = parser.parse_args()
    folder = options.folder.resolve()
    own_folders(folder)
    faulthandler.enable()
    faulthandler.register(signal.SIGALRM, chain=True)  # an event that hangs: says where, and ends the program
    gc.disable()  # as the program does: in the timing thread it might destroy a Qt object there
    began, fault = time.monotonic(), ""
    monkey = Monkey(options.seed, folder, options.check_every, tuple(options.passing))
    QFileDialog.getOpenFileName = staticmethod(lambda *_, **__: (monkey.hands.file_to_open(), ""))  # type: ignore[method-assign]
    QFileDialog.getSaveFileName = staticmethod(monkey.hands.file_to_write)  # type: ignore[method-assign]
    if options.fault:
        _break(options.fault)
    try:
        monkey.run(options.events)
    except FaultError as error:
        fault = str(error)
    figures = {
        "seed": options.seed, "events": monkey.done, "passed_over": monkey.passed_over, "fault": fault, "slowest_ms": round(monkey.slowest),
        "slowest": monkey.slowest_event[:200], "seconds": round(time.monotonic() - began, 1),
        "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
    }  # fmt: skip
    print(json.dumps(figures), flush=True)
    if fault:
        monkey.window.runner.shutdown()
        os._exit(1)
    QCoreApplication.processEvents()
    return 0


if __name__ == "__main__":
    sys.exit(main())
