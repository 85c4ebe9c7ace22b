"""Starts the window: application, theme, document, runner."""

from __future__ import annotations

import gc
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from resnet_studio import __version__
from resnet_studio.design.bounds import shorten
from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import THEMES
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.results.run_history import standard_path
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.plain import message_box
from resnet_studio.ui.widgets.resources import resource
from resnet_studio.ui.widgets.style import apply_theme, system_theme

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
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner(engine_command))
    themes = ThemeFollower(app, window)
    themes.apply()
    crashes = CrashReporter(window)
    sys.excepthook = crashes.report
    quitter = _SignalQuitter(app, window)
    collector = _Collector(app)
    window.show()
    window.benchmark_panel.open_history(standard_path())
    if argv:
        if argv[0] in PRESETS:
            window.document.start(PRESETS[argv[0]])
        else:
            window.files.open(Path(argv[0]))
    status = app.exec()
    window.runner.shutdown()
    quitter.restore()
    collector.restore()
    sys.excepthook = sys.__excepthook__
    return status


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
    """Ctrl+C in the terminal and SIGTERM close the window in order, so that no engine is left behind.

    Python runs signal handlers between its own instructions only, and none runs while Qt waits: a byte on a socket
    wakes it.
    """

    def __init__(self, app: QApplication, window: MainWindow) -> None:
        super().__init__(app)
        self._window = window
        self._read, self._write = socket.socketpair()
        self._write.setblocking(False)
        self._old_fd = signal.set_wakeup_fd(self._write.fileno())
        self._old = {each: signal.signal(each, _note) for each in (signal.SIGINT, signal.SIGTERM)}
        self._notifier = QSocketNotifier(self._read.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._quit)

    @Slot()
    def _quit(self) -> None:
        self._notifier.setEnabled(False)
        self._window.runner.shutdown()
        QApplication.exit(130)

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
