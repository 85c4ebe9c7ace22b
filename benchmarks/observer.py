"""Whether the live window slows down what it shows: steps of one engine, with the window drawing them and without.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.observer [PAIRS] [STEPS IN A BLOCK]

One run is read by a thread throughout. In blocks of steps, live and not by turns (ABBA), the window's event loop runs and
draws what has come, or stands still.
"""

import os
import sys
import threading
import time
from collections import deque

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtCore import QEventLoop, QTimer
from PySide6.QtWidgets import QApplication

from benchmarks.table import Row, show
from resnet_studio.arch.presets import PRESETS
from resnet_studio.bench.comparison import compare
from resnet_studio.bench.events import Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import record
from resnet_studio.engine.process import EngineProcess
from resnet_studio.ui.document import DesignDocument
from resnet_studio.ui.main_window import MainWindow
from resnet_studio.ui.timing import DRAIN_MS, TimingRunner

LEAD = 2  # steps of a block that are left out: what the one before may still be busy with
IDLE = [sys.executable, "-c", "import sys; sys.stdin.read()"]  # in place of the spare engine, which is not measured


def rows(pairs=20, block=12, design="resnet_v2_50", batch=2):
    app = QApplication.instance() or QApplication([])
    app.setOrganizationName("resnet-studio-benchmarks")
    window = MainWindow(DesignDocument(PRESETS[design]), TimingRunner(IDLE))
    window.show()
    job = Job(PRESETS[design], TimingPlan(("forward",), batch=batch, burn_in=5, steps=2 * pairs * block))
    engine, events, waiting, steps = EngineProcess(), [], deque(), []

    def read():
        for event in engine.run(job):
            events.append(event)
            waiting.append(event)
            if isinstance(event, Step) and not event.burn_in:
                steps.append(event.nanoseconds)

    def drain():
        arrived = [waiting.popleft() for _ in range(len(waiting))]
        if arrived:
            window.runner.events_arrived.emit(arrived)

    timer = QTimer(interval=DRAIN_MS)
    timer.timeout.connect(drain)
    window.runner.started.emit(job)
    reader = threading.Thread(target=read)
    reader.start()
    bounds = []
    for number in range(2 * pairs):
        live = number % 4 in (1, 2)
        begin, until = number * block, (number + 1) * block
        if live:
            timer.start()
            _spin_until(lambda until=until: len(steps) >= until or not reader.is_alive())
            timer.stop()
        else:
            while len(steps) < until and reader.is_alive():
                time.sleep(0.02)
        bounds.append((live, begin + LEAD, until))
    reader.join()
    drain()
    window.runner.ended.emit(events[-1], record(job, events))
    window.document.undo_stack.setClean()
    window.close()
    if len(steps) < 2 * pairs * block:
        return [Row("observer", "step with the window live / without", None, note=f"the run ended early: {events[-1]}")]
    blocks = {live: [] for live in (False, True)}
    for live, begin, end in bounds:
        blocks[live].append(int(sorted(steps[begin:end])[(end - begin) // 2]))
    found = compare(list(zip(blocks[False], blocks[True], strict=True)))
    return [
        Row(
            "observer", f"forward step of {design}, batch {batch}: with the window live / without", found.ratio, "x",
            found.low, found.high, "95 % interval (sign test)", pairs, "0.99 to 1.01", abs(found.ratio - 1) <= 0.01,
            f"blocks of {block} steps", {"without ns": blocks[False], "live ns": blocks[True]},
        )
    ]  # fmt: skip


def _spin_until(over):
    loop = QEventLoop()
    look = QTimer(interval=20)
    look.timeout.connect(lambda: loop.quit() if over() else None)
    look.start()
    loop.exec()
    look.stop()


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
