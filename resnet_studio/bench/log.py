"""The log in the form of the classic listing (`time_tensorflow_run`), for the window and the terminal alike."""

from __future__ import annotations

from datetime import datetime

from .events import Step
from .plan import MODE_TITLES, Mode
from .stats import Summary

EVERY = 10


def step_line(when: datetime, step: Step) -> str | None:
    """`2026-11-23 19:00:01: step 10, duration = 0.234` for every tenth timed step (0, 10, ...), None for the others."""
    if step.burn_in or step.index % EVERY:
        return None
    return f"{_stamp(when)}: step {step.index}, duration = {step.seconds:.3f}"


def summary_line(when: datetime, mode: Mode, summary: Summary) -> str:
    """`2026-11-23 19:00:01: Forward across 100 steps, 0.234 +/- 0.003 sec / batch`."""
    figures = f"{summary.mean:.3f} +/- {summary.sd:.3f} sec / batch"
    return f"{_stamp(when)}: {MODE_TITLES[mode]} across {summary.count} steps, {figures}"


def _stamp(when: datetime) -> str:
    return when.strftime("%Y-%m-%d %H:%M:%S")
