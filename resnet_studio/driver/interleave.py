"""interleave(jobs, rounds, engines): times several jobs turn by turn, each in a warm engine of its own.

A round is a turn of every side, A B and then B A (of more: A B C, C B A), so that whatever slows the machine down for a
while slows them all. Only the side whose turn it is does anything (an engine that waits takes no processor time); its
steps are timed within its engine, so that no pipe is in them. Never imports TensorFlow, starts no thread.
"""

from __future__ import annotations

import contextlib
import itertools
import math
import statistics
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from typing import cast

from msgspec.structs import replace as change

from resnet_studio.bench.events import Cancelled, Event, Failed, Finished, PhaseBegan, Ready, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import Mode
from resnet_studio.bench.rounds import RoundEnded, Told

from .process import EngineProcess

TURN_NANOSECONDS = 20_000_000  # a turn lasts so long at least, a multiple of what waking an engine up takes
MAX_TURN_STEPS = 1_000
_TRIAL_STEPS = (1, 4)  # ahead of the rounds, for the length of a turn; the second only where the first was short


def interleave(
    jobs: Sequence[Job], rounds: int, engines: Sequence[EngineProcess]
) -> Generator[Told | RoundEnded, None, None]:
    """Times `jobs`, which have the same modes, in `rounds` rounds a mode: yields what each engine tells, and rounds.

    engines: one a job, unused. All have built, traced and burnt in before the first round of a mode. A side that fails
    drops out and the others go on; each side ends in one Finished, Cancelled or Failed. `EngineProcess.stop` on every
    engine ends all at once, and so does closing the generator. The jobs' `steps` are not used: the rounds are fixed ahead,
    as an end that waits for a clear verdict would find one too often.
    """
    sides = [_Side(index, job, engine) for index, (job, engine) in enumerate(zip(jobs, engines, strict=True))]
    try:
        for engine in engines:
            with contextlib.suppress(OSError):  # run() tries again and says why it can't be started
                engine.start()
        for side in sides:
            # Each is given its job as it comes up; so they build at the same time, on the machine's several cores.
            yield from side.until(Ready)
        for mode in jobs[0].plan.modes:
            for side in sides:
                yield from side.until_rounds()
            for side in reversed(sides):
                yield from side.trial()
            yield from _rounds(sides, mode, rounds)
            for side in sides:
                side.end_mode()
        for side in sides:
            yield from side.until(Finished)
    finally:
        for side, engine in zip(sides, engines, strict=True):
            side.events.close()
            engine.close()  # one whose run was not begun yet


def _rounds(sides: Sequence[_Side], mode: Mode, rounds: int) -> Iterator[Told | RoundEnded]:
    last = sides[0]
    for index in range(rounds):
        order = sides if index % 2 == 0 else sides[::-1]
        for side in order:
            if side is not last:
                # Right after the other's, a step takes up to a few percent longer: the caches are the other's. Each round
                # has it on its second turn, and the ratios of A B and of B A would lie apart by twice that.
                yield from side.lead_in()
            yield from side.turn()
            last = side
        if not any(side.lives for side in sides):
            return
        medians = tuple(side.median if side.lives else None for side in sides)
        yield RoundEnded(mode, index, medians, tuple(side.index for side in order))


class _Side:
    """One job, its engine, and how far that is."""

    def __init__(self, index: int, job: Job, engine: EngineProcess) -> None:
        self.index = index
        self.lives = True
        self.events = cast(Generator[Event, None, None], engine.run(replace(job, stepped=True)))
        self._engine = engine
        self._burn_in = job.plan.burn_in
        self._turn_steps = 1
        self._uncounted = 0  # steps so far, in this mode, that are told as burn-in
        self._nanoseconds: list[int] = []  # of the last turn's steps

    @property
    def median(self) -> int:
        """The median step of the last turn, in nanoseconds."""
        return statistics.median_low(self._nanoseconds)

    def until(self, kind: type[Event]) -> Iterator[Told]:
        """What is told up to an event of `kind`, or the end."""
        return self._read(lambda event: isinstance(event, kind))

    def until_rounds(self) -> Iterator[Told]:
        """Up to where the engine waits for its first turn of a mode."""
        return self._read(lambda event: isinstance(event, PhaseBegan) and event.phase == "steps")

    def trial(self) -> Iterator[Told]:
        """Some steps, told as burn-in: the first that it has to itself; they say how many fill a turn."""
        fastest = TURN_NANOSECONDS
        self._uncounted = 0
        for count in _TRIAL_STEPS:
            yield from self._apart(count)
            if not self.lives:
                return
            fastest = min(self._nanoseconds)
            if fastest >= TURN_NANOSECONDS:
                break
        self._turn_steps = min(math.ceil(TURN_NANOSECONDS / fastest), MAX_TURN_STEPS)

    def lead_in(self) -> Iterator[Told]:
        """One step ahead of a turn, told as burn-in."""
        return self._apart(1)

    def turn(self) -> Iterator[Told]:
        """The steps of one turn, counted from 0 in each mode."""
        return self._steps(self._turn_steps, lambda step: change(step, index=step.index - self._uncounted))

    def end_mode(self) -> None:
        """Lets the engine go on to the next mode, or to its end."""
        if self.lives:
            self._engine.give_turn(0)

    def _apart(self, count: int) -> Iterator[Told]:
        """Steps that are no part of a turn. The engine counts on through all of them."""
        index = itertools.count(self._burn_in + self._uncounted)
        yield from self._steps(count, lambda step: change(step, index=next(index), burn_in=True))
        self._uncounted += count

    def _steps(self, count: int, tell_as: Callable[[Step], Step]) -> Iterator[Told]:
        self._nanoseconds = []
        if self.lives:
            self._engine.give_turn(count)
        for told in self._read(lambda event: isinstance(event, Step) and len(self._nanoseconds) == count):
            yield replace(told, event=tell_as(told.event)) if isinstance(told.event, Step) else told

    def _read(self, is_last: Callable[[Event], bool]) -> Iterator[Told]:
        """What is told, up to an event that is the last, or the end."""
        while self.lives:
            event = next(self.events)
            self.lives = not isinstance(event, (Finished, Cancelled, Failed))
            if isinstance(event, Step) and not event.burn_in:
                self._nanoseconds.append(event.nanoseconds)
            yield Told(self.index, event)
            if is_last(event):
                return
