"""Starts the window: application, theme, document, runner."""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSettings, QSocketNotifier, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from resnet_studio import __version__
from resnet_studio.design.bounds import shorten
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.state_folder import state_folder
from resnet_studio.driver.children import remove_left_behind
from resnet_studio.picture.palette import THEMES
from resnet_studio.ui.design.autosave import Autosave
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.optional import optional
from resnet_studio.ui.widgets.plain import message_box
from resnet_studio.ui.widgets.resources import resource
from resnet_studio.ui.widgets.style import apply_theme, system_theme

from .crash_log import CrashLog, crash_text, crashes
from .main_window import MainWindow
from .settings import read_theme, write_theme

_LONGEST = 500  # characters of a fault's first line


def run(argv: Sequence[str] = (), engine_command: Sequence[str] | None = None) -> int:
    """Opens the window, with a design file where `argv` names one, and returns the exit status when it is closed."""
    app = QApplication([sys.argv[0] or "resnet-studio"])
    app.setApplicationName("ResNet Studio")
    app.setApplicationVersion(__version__)
    app.setOrganizationName("resnet-studio")
    app.setDesktopFileName("resnet-studio")
    app.setWindowIcon(QIcon(str(resource("icons/app.svg"))))
    if home := os.environ.get("RESNET_STUDIO_HOME"):
        QSettings.setDefaultFormat(QSettings.Format.IniFormat)
        QSettings.setPath(QSettings.Format.IniFormat, QSettings.Scope.UserScope, home)
    # Ahead of the widgets: each then takes its looks once, as it is shown.
    apply_theme(app, THEMES.get(read_theme()) or system_theme())
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner(engine_command))
    themes = ThemeFollower(app, window)
    themes.apply()
    crashes = CrashReporter(window)
    sys.excepthook = crashes.report
    collector = _Collector(app)
    window.show()
    autosave, crash_log = _open_state(window)
    quitter = _SignalQuitter(app, window, autosave)
    if argv:
        if argv[0] in PRESETS:
            window.document.start(PRESETS[argv[0]])
        else:
            window.files.open(Path(argv[0]))
    elif autosave is not None:
        with optional("Unsaved changes of an earlier window", window.tell):
            autosave.restore()
    status = app.exec()
    if autosave is not None and not quitter.ended:
        autosave.finish()
    window.benchmark_panel.follower.finish()
    window.runner.shutdown()
    if crash_log is not None:
        crash_log.finish()
    quitter.restore()
    collector.restore()
    sys.excepthook = sys.__excepthook__
    return status


def _open_state(window: MainWindow) -> tuple[Autosave | None, CrashLog | None]:
    """Opens what outlives the window. None of it is needed: what can't be had is told, and the window goes on without."""
    autosave: Autosave | None = None
    crash_log: CrashLog | None = None
    with optional("The folder for what outlives the window", window.tell):
        folder = state_folder()
        autosave = Autosave(window.document, folder, window)
        autosave.noticed.connect(window.tell)
        with optional("The log of a crash", window.tell):
            crash_log = CrashLog(folder)
            _tell_of_crashes(window, folder)
        with optional("The history of runs", window.tell):
            window.benchmark_panel.open_history(folder / "history.sqlite")
    with optional("The folders that killed programs left", window.tell):
        remove_left_behind()
    return autosave, crash_log


def _tell_of_crashes(window: MainWindow, folder: Path) -> None:
    """Offers what the last window left behind when it crashed, once."""
    if logs := crashes(folder):
        words = "ResNet Studio ended badly the last time. Unsaved changes come back; the details are for a report."
        title, icon = "The last window crashed", QMessageBox.Icon.Information
        message_box(window, icon, title, words, "", crash_text(logs[0]), QMessageBox.StandardButton.Close).open()


class ThemeFollower(QObject):
    """Keeps application and window in the chosen theme, or in the system's as it changes."""

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        super().__init__(window)
        self._app = app
        self._window = window
        self._choice = read_theme()
        for action in window.theme_actions.actions():
            action.setChecked(action.data() == self._choice)
        window.theme_chosen.connect(self._chosen)
        app.styleHints().colorSchemeChanged.connect(self.apply)

    @Slot()
    def apply(self, *_: Qt.ColorScheme) -> None:
        """Gives everything the colours that are due."""
        theme = THEMES.get(self._choice) or system_theme()
        apply_theme(self._app, theme)
        self._window.set_theme(theme)

    @Slot(str)
    def _chosen(self, name: str) -> None:
        self._choice = name
        write_theme(name)
        self.apply()


class CrashReporter(QObject):
    """A fault of the program's own: each place is told once, copyable, and the window lives on.

    A paint method that fails does so sixty times a second, and on every thread's account: the box is opened later, by
    the window's thread, and never while another one is open.
    """

    found = Signal(str, str)  # the exception in a line, and its trace

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._places: set[tuple[str, int]] = set()
        self._box: QMessageBox | None = None
        self.found.connect(self._show, Qt.ConnectionType.QueuedConnection)

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """For `sys.excepthook`, from any thread."""
        if (place := _place(trace)) in self._places:
            return
        self._places.add(place)
        text = "".join(traceback.format_exception(kind, error, trace))
        if not issubclass(kind, KeyboardInterrupt):
            self.found.emit(shorten(f"{kind.__name__}: {error}", _LONGEST), text)
        with suppress(OSError):  # the terminal may be gone
            sys.stderr.write(text)

    @Slot(str, str)
    def _show(self, line: str, text: str) -> None:
        if self._box is not None:
            self._box.setDetailedText(f"{self._box.detailedText()}\n{text}")
            return
        words = "Something went wrong inside the program. Your design is untouched: save it under a new name."
        buttons = QMessageBox.StandardButton.Close
        self._box = message_box(
            self._window, QMessageBox.Icon.Critical, "A fault in ResNet Studio", words, line, text, buttons
        )
        self._box.finished.connect(self._closed)
        self._box.open()

    @Slot()
    def _closed(self) -> None:
        self._box = None


def _place(trace: TracebackType | None) -> tuple[str, int]:
    """The file and line that an exception arose at."""
    steps = list(traceback.walk_tb(trace))
    return (steps[-1][0].f_code.co_filename, steps[-1][1]) if steps else ("", 0)


class _SignalQuitter(QObject):
    """Ctrl+C in the terminal, SIGTERM and SIGHUP close the window in order: no engine is left behind, no change lost.

    Python runs signal handlers between its own instructions only, and none runs while Qt waits: a byte on a socket
    wakes it.
    """

    def __init__(self, app: QApplication, window: MainWindow, autosave: Autosave | None) -> None:
        super().__init__(app)
        self.ended = False  # by a signal: unsaved changes stay for the next start
        self._window = window
        self._autosave = autosave
        app.commitDataRequest.connect(self._keep)  # the session ends
        self._read, self._write = socket.socketpair()
        self._write.setblocking(False)
        self._old_fd = signal.set_wakeup_fd(self._write.fileno())
        self._old = {each: signal.signal(each, _note) for each in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)}
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._quit)

    @Slot()
    def _quit(self) -> None:
        self._notifier.setEnabled(False)
        self.ended = True
        self._keep()
        self._window.runner.shutdown()
        QApplication.exit(130)

    @Slot()
    def _keep(self, *_: object) -> None:
        if self._autosave is not None:
            self._autosave.write()

    def restore(self) -> None:
        """Puts the handlers back."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._old_fd)
        for each, handler in self._old.items():
            signal.signal(each, handler)
        self._read.close()
        self._write.close()


class _Collector(QObject):
    """Collects garbage in the window's thread only: in the timing thread it might destroy a Qt object there."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        gc.disable()
        self._timer = QTimer(self, interval=1_000)
        self._timer.timeout.connect(self._collect)
        self._timer.start()

    @Slot()
    def _collect(self) -> None:
        # As Python itself goes about it: the oldest generation only when the younger two have filled up.
        for generation in (2, 1, 0):
            if gc.get_count()[generation] > gc.get_threshold()[generation]:
                gc.collect(generation)
                return

    def restore(self) -> None:
        """Leaves collecting to Python again."""
        self._timer.stop()
        gc.enable()


def _note(number: int, frame: object) -> None:
    """Only so that Python does not end at once: the socket says the rest."""
