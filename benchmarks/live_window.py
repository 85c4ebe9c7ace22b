"""The program's own window with a real run in it, for what is measured of the two together."""

import contextlib
from collections.abc import Iterator

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.spec import Design
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow


@contextlib.contextmanager
def live_window(design: Design, plan: TimingPlan, runner: TimingRunner) -> Iterator[MainWindow]:
    """The window, shown, its panel set to `plan`: `window.benchmark_panel.run()` begins."""
    app = QApplication.instance() or QApplication([])
    app.setOrganizationName("resnet-studio-benchmarks")
    window = MainWindow(DesignDocument(design), runner)
    window.benchmark_panel.set_plan(plan)
    window.show()
    try:
        yield window
    finally:
        runner.shutdown()


def live(seconds: float) -> None:
    """Lets the window go on for so long."""
    loop = QEventLoop()
    QTimer.singleShot(round(seconds * 1e3), loop.quit)
    loop.exec()
