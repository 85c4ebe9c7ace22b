"""How long the window's thread is held up while a real run is timed: a 5 ms heartbeat's gaps.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.heartbeat [STEPS] [BATCH] [DESIGN]

What is told is the time between beats, less the 5 ms they are apart.
"""

import sys
import time

import numpy as np
from PySide6.QtCore import Qt, QTimer

from benchmarks.live_window import live, live_window
from benchmarks.table import Row, show
from resnet_studio.bench.events import Finished
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.run.runner import TimingRunner

BEAT = 0.005


def rows(steps=40, batch=4, name="resnet_v2_50"):
    plan = TimingPlan(batch=int(batch), burn_in=3, steps=int(steps))
    beats, ends = [], []
    runner = TimingRunner()
    with live_window(PRESETS[name], plan, runner) as window:
        heart = QTimer(interval=5, timerType=Qt.TimerType.PreciseTimer)
        heart.timeout.connect(lambda: beats.append(time.perf_counter()))
        runner.ended.connect(lambda handle: ends.append(handle.outcome.end))
        live(0.5)
        heart.start()
        window.benchmark_panel.run()
        while not ends:
            live(0.1)
        heart.stop()
    if not isinstance(ends[0], Finished):
        raise RuntimeError(f"the run did not finish: {ends[0]}")
    late = (np.diff(beats) - BEAT) * 1e3
    at = {q: float(np.percentile(late, q)) for q in (50, 95, 99, 99.9)}
    points = ", ".join(f"p{q:g} {value:.1f} ms" for q, value in at.items())
    yield Row(
        "heartbeat", f"beats of the window's thread late by 50 ms and more, {name}, batch {batch}",
        float(np.mean(late >= 50)) * 100, "%", rounds=late.size,
        note=f"late by {points}, at most {late.max():.1f} ms", raw={"late ms": [round(float(each), 3) for each in late]},
    )  # fmt: skip


if __name__ == "__main__":
    show(rows(*sys.argv[1:]))
