"""How long the window's thread is held up while a real run is timed: a 5 ms heartbeat's gaps.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.heartbeat [DESIGN] [BATCH] [STEPS]

Prints percentiles of the time between beats, less the 5 ms they are apart.
"""

import sys
import time

import numpy as np
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from resnet_studio.arch.files import find_design
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.ui.document import DesignDocument
from resnet_studio.ui.main_window import MainWindow
from resnet_studio.ui.timing import TimingRunner

BEAT = 0.005


def main(name="resnet_v2_50", batch="4", steps="20"):
    app = QApplication([])
    app.setOrganizationName("resnet-studio-benchmarks")
    window = MainWindow(DesignDocument(find_design(name)), TimingRunner())
    window.benchmark_panel.set_plan(TimingPlan(batch=int(batch), burn_in=3, steps=int(steps)))
    window.show()
    beats = []
    heart = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
    heart.timeout.connect(lambda: beats.append(time.perf_counter()))
    ends = []

    def ended(end, outcome):
        ends.append(end)
        app.quit()

    window.runner.ended.connect(ended)
    QTimer.singleShot(500, lambda: (heart.start(), window.benchmark_panel.run()))
    app.exec()
    heart.stop()
    window.runner.shutdown()
    late = (np.diff(beats) - BEAT) * 1e3
    points = " ".join(f"p{q:g} {np.percentile(late, q):.1f}" for q in (50, 95, 99, 99.9))
    print(f"{type(ends[0]).__name__}: {len(beats):,} beats in {beats[-1] - beats[0]:.1f} s; late by (ms): {points} "
          f"max {late.max():.1f}; beats late by 50 ms and more: {np.mean(late >= 50):.3%}")  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
