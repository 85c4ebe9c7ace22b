"""What the timing thread does: one job, or a contest of several. Each is a row of items and, at last, an outcome. No Qt."""

from __future__ import annotations

from collections.abc import Generator, Sequence
from dataclasses import dataclass
from typing import Any, cast

from resnet_studio.bench.events import Cancelled, Event, Failed, Finished
from resnet_studio.bench.job import Job
from resnet_studio.bench.recording import record
from resnet_studio.bench.rounds import Contest, RoundEnded, Told, contest_record
from resnet_studio.driver.interleave import interleave
from resnet_studio.driver.process import EngineProcess

ENDS = (Finished, Cancelled, Failed)


@dataclass(frozen=True, slots=True)
class _OneJob:
    """One job in one engine. Its items are events."""

    job: Job
    engines: tuple[EngineProcess, ...]

    def items(self) -> Generator[Event, None, None]:
        """What the engine reports."""
        return cast(Generator[Event, None, None], self.engines[0].run(self.job))

    def broken_off(self, items: Sequence[Any], failed: Failed) -> list[Event]:
        """What is to be told as well where following the job failed: every job has one end."""
        return [] if items and isinstance(items[-1], ENDS) else [failed]


@dataclass(frozen=True, slots=True)
class RunTask(_OneJob):
    """A job that times a plan."""

    def outcome(self, items: Sequence[Any]) -> tuple[object, ...]:
        """(End, Record)."""
        return items[-1], record(self.job, items)


@dataclass(frozen=True, slots=True)
class StudyTask(_OneJob):
    """A job that measures paths."""

    def outcome(self, items: Sequence[Any]) -> tuple[object, ...]:
        """(End,)."""
        return (items[-1],)


@dataclass(frozen=True, slots=True)
class ContestTask:
    """Jobs in turn, each in an engine of its own. Its items are Told and RoundEnded."""

    contest: Contest
    engines: tuple[EngineProcess, ...]

    def items(self) -> Generator[Told | RoundEnded, None, None]:
        """What the engines tell, and rounds."""
        return interleave(self.contest.jobs, self.contest.rounds, self.engines)

    def broken_off(self, items: Sequence[Any], failed: Failed) -> list[Told]:
        """What is to be told as well where following the contest failed: every side has one end."""
        ended = {item.side for item in items if isinstance(item, Told) and isinstance(item.event, ENDS)}
        return [Told(side, failed) for side in range(len(self.engines)) if side not in ended]

    def outcome(self, items: Sequence[Any]) -> tuple[object, ...]:
        """(ContestRecord,)."""
        return (contest_record(self.contest, items),)


Task = RunTask | ContestTask | StudyTask


@dataclass(frozen=True, slots=True)
class Outcome:
    """The last item in the queue: the task is over, and this came of it."""

    values: tuple[object, ...]
