"""A phase of a job: work whose beginning and end are reported."""

from __future__ import annotations

import time
from collections.abc import Callable, Generator
from typing import TypeVar

from resnet_studio.bench.events import Event, Phase, PhaseBegan, PhaseEnded
from resnet_studio.bench.plan import Mode

T = TypeVar("T")


def phase(name: Phase, mode: Mode | None, work: Callable[[], T]) -> Generator[Event, None, T]:
    """Does `work` as a phase, yields events at its beginning and its end, and returns the result of `work`."""
    yield PhaseBegan(name, mode)
    began = time.perf_counter_ns()
    result = work()
    yield PhaseEnded(name, time.perf_counter_ns() - began, mode)
    return result
