"""How long the window's thread is held up while a real run is timed: a 5 ms heartbeat's gaps.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.heartbeat [STEPS]

What is told is the time between beats, less the 5 ms they are apart.
"""

import os
import sys
import time

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.table import Row, show
from resnet_studio.arch.files import find_design
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.ui.document import DesignDocument
from resnet_studio.ui.main_window import MainWindow
from resnet_studio.ui.timing import TimingRunner

BEAT = 0.005


def rows(steps=20, name="resnet_v2_50", batch=4):
    app = QApplication.instance() or QApplication([])
    app.setOrganizationName("resnet-studio-benchmarks")
    window = MainWindow(DesignDocument(find_design(name)), TimingRunner())
    window.benchmark_panel.set_plan(TimingPlan(batch=batch, burn_in=3, steps=steps))
    window.show()
    beats, ends = [], []
    heart = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))

    def ended(end, outcome):
        ends.append(end)
        app.quit()

    window.runner.ended.connect(ended)
    QTimer.singleShot(500, lambda: (heart.start(), window.benchmark_panel.run()))
    app.exec()
    heart.stop()
    window.runner.shutdown()
    window.document.undo_stack.setClean()
    window.close()
    late = (np.diff(beats) - BEAT) * 1e3
    p50, p95, p99, p999 = np.percentile(late, (50, 95, 99, 99.9))
    return [
        Row(
            "heartbeat", f"the window's thread while {name} is timed, batch {batch}: how late a 5 ms beat is, 99th percentile",
            float(p99), "ms", float(p50), float(late.max()), "median and latest", len(beats),
            note=f"95th {p95:.1f}, 99.9th {p999:.1f} ms; late by 50 ms and more: {np.mean(late >= 50):.3%}; "
            f"{type(ends[0]).__name__}",
        )
    ]  # fmt: skip


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
