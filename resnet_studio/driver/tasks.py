"""What the window has engines do: a run, a comparison, a study of paths. Each kind is one class here. No Qt, no TensorFlow.

A task says how many engines it takes, yields items, and folds them as they come: a run of a million steps keeps their
times and not a million events. `outcome` is what came of it.
"""

from __future__ import annotations

from collections.abc import Generator, Sequence
from typing import Any, Generic, NamedTuple, Protocol, TypeVar, cast

from resnet_studio.bench.events import Cancelled, End, Event, Failed, Finished
from resnet_studio.bench.job import Job
from resnet_studio.bench.record import Record
from resnet_studio.bench.recording import Recording
from resnet_studio.bench.rounds import Contest, ContestRecord, ContestRecording, RoundEnded, Told

from .interleave import interleave
from .process import EngineProcess

ENDS = (Finished, Cancelled, Failed)
Item = TypeVar("Item")


class Task(Protocol[Item]):
    """One kind of work. A task is used once: its items are taken by the thread that works."""

    engines_wanted: int

    def items(self, engines: Sequence[EngineProcess]) -> Generator[Item, None, None]:
        """Does the work in engines of its own, and yields what arrives."""

    def take(self, item: Item) -> None:
        """Folds an item into the outcome."""

    def broken_off(self, failed: Failed) -> Sequence[Item]:
        """What is to be told as well where the work could not be followed to its end: every job has one end."""

    @property
    def outcome(self) -> Any:
        """What came of it, once all items were taken."""


class RunOutcome(NamedTuple):
    """How a run ended, and its record."""

    end: End
    record: Record


class _OneJob(Generic[Item]):
    """One job in one engine. Its items are events."""

    engines_wanted = 1

    def __init__(self, job: Job) -> None:
        self.job = job
        self.end: End | None = None

    def items(self, engines: Sequence[EngineProcess]) -> Generator[Event, None, None]:
        """What the engine reports."""
        return cast(Generator[Event, None, None], engines[0].run(self.job))

    def take(self, item: Event) -> None:
        """Keeps the end."""
        if isinstance(item, ENDS):
            self.end = item

    def broken_off(self, failed: Failed) -> list[Event]:
        """The end, where there was none."""
        return [] if self.end else [failed]


class RunTask(_OneJob[Event]):
    """A job that times a plan. Its outcome is a RunOutcome."""

    def __init__(self, job: Job) -> None:
        super().__init__(job)
        self._recording = Recording(job)

    def take(self, item: Event) -> None:
        """Adds an event to the record."""
        super().take(item)
        self._recording.take(item)

    @property
    def outcome(self) -> RunOutcome:
        """How it ended, and the record."""
        assert self.end is not None
        return RunOutcome(self.end, self._recording.record)


class StudyTask(_OneJob[Event]):
    """A job that measures paths. Its outcome is its End: who follows it keeps what was measured."""

    @property
    def outcome(self) -> End:
        """How it ended."""
        assert self.end is not None
        return self.end


class ContestTask:
    """Jobs in turn, each in an engine of its own. Its items are Told and RoundEnded, its outcome is a ContestRecord."""

    def __init__(self, contest: Contest) -> None:
        self.contest = contest
        self.engines_wanted = len(contest.jobs)
        self._recording = ContestRecording(contest)
        self._ended: set[int] = set()

    def items(self, engines: Sequence[EngineProcess]) -> Generator[Told | RoundEnded, None, None]:
        """What the engines tell, and rounds."""
        return interleave(self.contest.jobs, self.contest.rounds, engines)

    def take(self, item: Told | RoundEnded) -> None:
        """Adds what one side told, or a round."""
        self._recording.take(item)
        if isinstance(item, Told) and isinstance(item.event, ENDS):
            self._ended.add(item.side)

    def broken_off(self, failed: Failed) -> list[Told]:
        """An end for each side that has none."""
        return [Told(side, failed) for side in range(self.engines_wanted) if side not in self._ended]

    @property
    def outcome(self) -> ContestRecord:
        """Each side's record, and the rounds."""
        return self._recording.record
