"""Whether the window disturbs what it shows: step times with the window live, and with its thread asleep.

    QT_QPA_PLATFORM=offscreen python -m benchmarks.observer [ROUNDS] [SECONDS]

One engine times one long run in the program's own window. Blocks of its steps are taken by turns, ABBA, with the window's
thread drawing and with that thread asleep, the engine being read by the runner's worker all the time.
"""

import statistics
import sys
import time
from dataclasses import replace

from PySide6.QtCore import QEvent, QObject

from benchmarks.live_window import live, live_window
from benchmarks.table import Row, attempt, in_turn, show
from resnet_studio.bench.events import Failed, Step
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver.process import EngineProcess
from resnet_studio.network.network import expand
from resnet_studio.ui.run.runner import TimingRunner

DESIGN = replace(PRESETS["resnet_v2_50"], image=(64, 64))
PLAN = TimingPlan(("forward-backward",), batch=1, burn_in=10, steps=1_000_000)
WITHIN = 1.01
FRAMES = 30


class StampedEngine(EngineProcess):
    """One that notes when each timed step was told: (nanoseconds of the clock, of the step)."""

    def run(self, job):
        self.stamps = []
        for event in super().run(job):
            if isinstance(event, Step) and not event.burn_in:
                self.stamps.append((time.perf_counter_ns(), event.nanoseconds))
            yield event


class StampedRunner(TimingRunner):
    """With one such engine and no spare, which would be one program more."""

    def warm_up(self):
        pass

    def _engines(self, count):
        self.engine = StampedEngine()
        return (self.engine,)


class Paints(QObject):
    """When a widget was painted."""

    def __init__(self):
        super().__init__()
        self.times = []

    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint:
            self.times.append(time.perf_counter())
        return False


def rows(rounds=120, seconds=1.0):
    yield from observed(rounds, seconds)
    yield from attempt("observer", "written inside a step", written)


def observed(rounds, seconds):
    runner, paints, blocks, ends = StampedRunner(), Paints(), [], []
    runner.ended.connect(lambda handle: ends.append(handle.outcome.end))
    with live_window(DESIGN, PLAN, runner) as window:
        viewport = window.benchmark_panel.plot.plot.viewport()
        viewport.installEventFilter(paints)
        window.benchmark_panel.run()
        while not ends and len(getattr(runner.engine, "stamps", ())) < PLAN.burn_in:
            live(0.1)
        for number in range(rounds):
            for let in (live, time.sleep) if number % 2 else (time.sleep, live):
                began = time.perf_counter_ns()
                let(seconds)
                blocks.append((number, let is live, began, time.perf_counter_ns()))
        viewport.removeEventFilter(paints)
    if any(isinstance(end, Failed) for end in ends):
        raise RuntimeError(ends[0].summary)
    means, medians = (paired(blocks, runner.engine.stamps, middle) for middle in (statistics.fmean, statistics.median))
    for words, pairs in (("mean step of a block", means), ("median step of a block", medians)):
        row = in_turn("observer", f"{words}: window live / asleep", pairs, ("asleep", "live"))
        step = statistics.median(pair[0] for pair in pairs) / 1e6
        note = f"resnet_v2_50, 64x64, batch 1, forward-backward: {step:.1f} ms"
        yield replace(row, target=f"<= {WITHIN}", met=row.value <= WITHIN, note=note)
    most = max((sum(0 <= other - each < 1 for other in paints.times) for each in paints.times), default=0)
    yield Row(
        "observer", "paintings of the live plot, most within one second", most, "/s", rounds=len(paints.times),
        target=f"1 to {FRAMES}", met=1 <= most <= FRAMES,
    )  # fmt: skip


def paired(blocks, stamps, middle):
    """(asleep, live) by round: `middle` of the steps that began and ended within the block."""
    taken = {}
    for number, drawing, began, ended in blocks:
        within = [step for told, step in stamps if told - step >= began and told <= ended]
        if not within:
            raise RuntimeError("a block has no whole step: give it more seconds")
        taken[number, drawing] = middle(within)
    return [(taken[number, False], taken[number, True]) for number in sorted({number for number, *_ in blocks})]


def written(steps=50):
    """What the program writes between the clock's two readings of a step: to files, pipes and screens, all its threads."""
    from resnet_studio.engine import measure

    call, bytes_written = measure._call, []

    def counted(*arguments):
        before = written_so_far()
        value = call(*arguments)
        bytes_written.append(written_so_far() - before)
        return value

    measure._call = counted
    for event in measure.measure(expand(DESIGN), replace(PLAN, steps=steps)):
        if isinstance(event, Failed):
            raise RuntimeError(event.summary)
    inside = bytes_written[-steps:]
    yield Row(
        "observer", "written inside a step, most", max(inside), "bytes", rounds=steps, target="0", met=not any(inside),
        raw={"bytes": inside},
    )  # fmt: skip


def written_so_far():
    with open("/proc/self/io") as lines:  # noqa: PTH123
        return next(int(line.split()[1]) for line in lines if line.startswith("wchar"))


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
