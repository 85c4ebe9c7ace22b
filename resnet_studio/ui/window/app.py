"""Starts the window: application, theme, document, runner."""

from __future__ import annotations

import gc
import signal
import socket
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType

from PySide6.QtCore import QObject, QSocketNotifier, Qt, QTimer, Slot
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication, QMessageBox

from resnet_studio import __version__
from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import THEMES
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.results.run_history import standard_path
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.resources import resource
from resnet_studio.ui.widgets.style import apply_theme, system_theme

from .main_window import MainWindow
from .settings import read_theme, write_theme


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
    """A fault of the program's own: told once, copyable, and the window lives on."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._told = False

    def report(self, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        """For `sys.excepthook`."""
        text = "".join(traceback.format_exception(kind, error, trace))
        sys.stderr.write(text)
        if self._told or issubclass(kind, KeyboardInterrupt):
            return
        self._told = True
        box = QMessageBox(QMessageBox.Icon.Critical, "A fault in ResNet Studio", "", parent=self._window)
        box.setText("Something went wrong inside the program. Your design is untouched: save it under a new name.")
        box.setInformativeText(f"{kind.__name__}: {error}")
        box.setDetailedText(text)
        box.setStandardButtons(QMessageBox.StandardButton.Close)
        box.open()


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
