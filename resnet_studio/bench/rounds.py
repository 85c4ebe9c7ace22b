"""Jobs timed turn by turn: what an interleaved comparison tells, and what came of it as one value."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from .cautions import BUSY_AFTER, Caution, conditions
from .comparison import NOISE_FLOOR, Comparison, Verdict, compare
from .events import Event, Failed
from .intervals import CONFIDENCE
from .job import Job
from .plan import Mode
from .record import Record
from .record_json import record_to_json
from .recording import Recording

LETTERS = "ABCDEFGH"
MAX_SIDES = len(LETTERS)  # each is an engine with the memory of a run of its own
# By which two engines of one job may differ for as long as they live: 14 of 15 pairs lay within it. Measured on two
# cores, ResNet-50 at 64 pixels: root mean square 1.0 % forward (6 pairs) and 1.9 % forward-backward (9 pairs); up to 5 %,
# through all rounds and in one direction, where other programs want the processor too.
ENGINES_APART = 0.03
ENGINES_APART_BUSY = 0.08


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine of one side reported. side: its place among the jobs, from 0."""

    side: int
    event: Event


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """Every side had its turn. index counts from 0 within the mode.

    nanoseconds: the median step of each side's turn, None for a side that had failed before. order: the sides in the
    order of their turns.
    """

    mode: Mode
    index: int
    nanoseconds: tuple[int | None, ...]
    order: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Contest:
    """Jobs of the same modes that are to be timed in turn, in so many rounds of each mode; all are judged against the first."""

    jobs: tuple[Job, ...]
    rounds: int

    @property
    def modes(self) -> tuple[Mode, ...]:
        """The modes, in the order in which they are timed."""
        return self.jobs[0].plan.modes


@dataclass(frozen=True, slots=True)
class Pairing:
    """One side against the first in one mode. comparison: None before the first round."""

    mode: Mode
    side: int
    pairs: tuple[tuple[int, int], ...]
    comparison: Comparison | None
    apart: float = ENGINES_APART


@dataclass(frozen=True, slots=True)
class ContestRecord:
    """A contest and what came of it. records: each side's, with every step; failures: by side. All may be partial."""

    contest: Contest
    records: tuple[Record, ...]
    rounds: tuple[RoundEnded, ...]
    failures: dict[int, Failed]

    @property
    def pairings(self) -> tuple[Pairing, ...]:
        """Every side but the first against it, mode by mode."""
        sides = range(1, len(self.contest.jobs))
        return tuple(pairing(self.rounds, mode, side, self.apart) for mode in self.contest.modes for side in sides)

    @property
    def apart(self) -> float:
        """By how much two engines of one job may have differed, as the machine was."""
        loads = [conditions(each.machine).load_after for each in self.records]
        return ENGINES_APART_BUSY if any(load is not None and load >= BUSY_AFTER for load in loads) else ENGINES_APART

    @property
    def cautions(self) -> tuple[Caution, ...]:
        """What the machine did that makes the ratios less sure: one of a kind."""
        found = [caution for each in self.records for run in each.runs for caution in each.cautions(run)]
        kinds = {caution.kind: caution for caution in found if caution.kind in ("load", "throttling")}
        return tuple(kinds.values())

    @property
    def end(self) -> str:
        """How it ended: Finished, Failed where any side did, Cancelled where somebody pressed Stop, or ''."""
        ends = {each.end for each in self.records}
        return next((end for end in ("Failed", "Cancelled") if end in ends), "Finished" if ends == {"Finished"} else "")


def pairing(rounds: Iterable[RoundEnded], mode: Mode, side: int, apart: float = ENGINES_APART) -> Pairing:
    """`side` against the first in those of `rounds` that are of `mode` and in which both had a turn."""
    pairs = [
        (a, b)
        for each in rounds
        if each.mode == mode and (a := each.nanoseconds[0]) is not None and (b := each.nanoseconds[side]) is not None
    ]
    return Pairing(mode, side, tuple(pairs), judge(pairs, apart) if pairs else None, apart)


def judge(pairs: Sequence[tuple[int, int]], apart: float = ENGINES_APART) -> Comparison:
    """`compare`, but a difference is told only where it is beyond what chance and two engines of one job together differ by.

    An engine is one sample of where things lie in memory, which its steps share, however many they are: rounds narrow the
    interval about the ratio of these two engines, not of the designs (Curtsinger & Berger 2013, "Stabilizer"). So the
    interval's half and `apart`, both 95 % bounds and independent, are added in quadrature on the log scale.
    """
    judged = compare(pairs)
    verdict: Verdict = "no difference resolved"
    if judged.verdict != verdict:
        ratio, between = math.log(judged.ratio), math.log1p(apart)
        half = ratio - math.log(judged.low) if ratio > 0 else math.log(judged.high) - ratio
        if abs(ratio) > math.hypot(half, between):
            verdict = judged.verdict
    return replace(judged, verdict=verdict)


class ContestRecording:
    """A contest's record in the making: what its sides tell is folded as it comes."""

    def __init__(self, contest: Contest) -> None:
        self._contest = contest
        self._sides = tuple(Recording(job) for job in contest.jobs)
        self._rounds: list[RoundEnded] = []
        self._failures: dict[int, Failed] = {}

    def take(self, item: Told | RoundEnded) -> None:
        """Adds what one side told, or a round."""
        if isinstance(item, RoundEnded):
            self._rounds.append(item)
            return
        self._sides[item.side].take(item.event)
        if isinstance(item.event, Failed):
            self._failures[item.side] = item.event

    @property
    def record(self) -> ContestRecord:
        """What came of the contest so far."""
        records = tuple(side.record for side in self._sides)
        return ContestRecord(self._contest, records, tuple(self._rounds), dict(self._failures))


def contest_record(contest: Contest, items: Iterable[Told | RoundEnded]) -> ContestRecord:
    """All `items` of a contest, as `driver.interleave` yields them, folded at once."""
    recording = ContestRecording(contest)
    for item in items:
        recording.take(item)
    return recording.record


def contest_to_json(value: ContestRecord, names: Sequence[str]) -> dict[str, Any]:
    """`value` in the shape of `compare --json`. names: of the sides.

    "ratio", "interval", "verdict" and "rounds" are of the second side against the first, in the last mode; "comparisons" has
    every side and mode so. Null is what there is not: an interval's ends under six rounds, all figures before the first.
    """
    comparisons = [_pairing_to_json(each, value, names) for each in value.pairings]
    first = next(each for each in reversed(comparisons) if each["b"] == names[1])
    return {
        **{key: first[key] for key in ("ratio", "interval", "verdict", "rounds", "mode", "a", "b")},
        "interleaved": True,
        "confidence": CONFIDENCE,
        "noise_floor": NOISE_FLOOR,
        "engines_apart": value.apart,
        "comparisons": comparisons,
        "machine": next((each.machine for each in value.records if each.machine), {}),
        "designs": [{"name": name, **record_to_json(each)} for name, each in zip(names, value.records, strict=True)],
        "failures": [
            {"name": names[side], "summary": failed.summary, "remedy": failed.remedy, "detail": failed.detail}
            for side, failed in value.failures.items()
        ],
        "cautions": [asdict(caution) for caution in value.cautions],
        "end": value.end,
    }


def _pairing_to_json(value: Pairing, result: ContestRecord, names: Sequence[str]) -> dict[str, Any]:
    judged = value.comparison
    medians = [
        next((run.summary.median for run in result.records[side].runs if run.mode == value.mode and run.summary), None)
        for side in (0, value.side)
    ]
    return {
        "mode": value.mode,
        "a": names[0],
        "b": names[value.side],
        "ratio": judged.ratio if judged else None,
        "interval": [_finite(judged.low), _finite(judged.high)] if judged else [None, None],
        "verdict": judged.verdict if judged else None,
        "median_seconds": medians,
        "rounds": [
            {
                "index": each.index,
                "order": [names[side] for side in each.order],
                "nanoseconds": [a, b],
                "ratio": b / a if a and b else None,
            }
            for each in result.rounds
            if each.mode == value.mode
            for a, b in [(each.nanoseconds[0], each.nanoseconds[value.side])]
        ],
    }


def _finite(end: float) -> float | None:
    """An interval's end; None where there are too few rounds for one."""
    return end if 0 < end < math.inf else None
