"""`compare`: times networks turn by turn on TensorFlow and tells which is slower."""

from __future__ import annotations

import argparse
import contextlib
import math
import signal
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TextIO, cast

from resnet_studio.bench.events import Failed, PhaseBegan
from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.job import Job
from resnet_studio.bench.memory_text import shortage_together
from resnet_studio.bench.plan import MODE_TITLES, ROUNDS
from resnet_studio.bench.rounds import (
    LETTERS,
    MAX_SIDES,
    Contest,
    ContestRecord,
    RoundEnded,
    Told,
    contest_record,
    contest_to_json,
    pairing,
)
from resnet_studio.bench.rounds_text import pairing_text, ratio_text, side_names
from resnet_studio.bench.time_text import sentence
from resnet_studio.bench.vary import vary
from resnet_studio.design.bounds import parse_whole
from resnet_studio.design.words import seconds_text
from resnet_studio.driver.interleave import interleave
from resnet_studio.driver.process import EngineProcess
from resnet_studio.network.network import expand

from .bench import read_job, write_json
from .inputs import BadInput, RunFailed, network_for
from .progress import Lines, phase_words
from .signals import stopped_by_signals
from .streams import one_line

_FIXED = "a comparison has its rounds fixed ahead: one that ends when it is clear finds too much. Use --rounds."
_GLANCE = 0.25  # seconds between two ratios on a bar: each takes all rounds so far
_LINES = 10  # of progress in a mode, where there is no bar


def read_contest(arguments: argparse.Namespace) -> Contest:
    """The comparison that the arguments ask for, checked ahead of the long run. Raises BadInput."""
    count = len(arguments.designs) + len(arguments.vary)
    if not 2 <= count <= MAX_SIDES:
        raise BadInput(
            f"a comparison takes 2 to {MAX_SIDES} designs, not {count}. Name another, or a setting with --vary."
        )
    rounds = parse_whole(arguments.rounds)
    if fault := ROUNDS.fault(rounds):
        raise BadInput(f"--rounds: {fault}. Use {ROUNDS.text}.")
    for option in ("until_precise", "max_seconds"):
        if getattr(arguments, option) is not None:
            raise BadInput(f"--{option.replace('_', '-')}: {_FIXED}")
    if arguments.profile:
        raise BadInput("--profile: what is profiled is one run's, not a comparison's. Use it with bench.")
    shared = {name: value for name, value in vars(arguments).items() if name != "network"}
    jobs = [
        read_job(argparse.Namespace(**shared, design=each, network=network_for(arguments.network, place), steps="1"))
        for place, each in enumerate(arguments.designs)
    ]
    jobs += [_varied(jobs[0], text) for text in arguments.vary]
    if not arguments.yes:
        _check_memory(jobs)
    return Contest(tuple(jobs), cast(int, rounds))


def _check_memory(jobs: Sequence[Job]) -> None:
    """Refuses sides that are forecast to take most of the free memory between them: all their engines are up at one time."""
    sides = [(expand(job.design), job.plan) for job in jobs if job.plan.device == "CPU"]
    if short := shortage_together(sides, available_memory()):
        raise BadInput(f"--batch: {short}. Use a smaller batch, or try it all the same with --yes.")


def _varied(job: Job, text: str) -> Job:
    try:
        return vary(job, text)
    except ValueError as error:
        raise BadInput(f"--vary: {error}") from error


def compare(contest: Contest, json_path: Path | None, engine_command: Sequence[str] | None = None) -> int:
    """Runs `contest` to its end and tells what came of it. A side that failed is told as such; the others' steps are kept."""
    names = side_names(contest.jobs)
    result = time_contest(contest, names, engine_command)
    for line in _summary(result, names):
        print(line)
    if json_path is not None:
        write_json(contest_to_json(result, names), json_path)
        print(f"The rounds are in {json_path}")
    if result.failures:
        raise RunFailed("; ".join(_failure(names[side], failed) for side, failed in result.failures.items()))
    return 0


def time_contest(contest: Contest, names: Sequence[str], engine_command: Sequence[str] | None = None) -> ContestRecord:
    """Runs `contest` and shows how it goes. Raises KeyboardInterrupt and SystemExit, whatever engines are up killed."""
    engines = [EngineProcess(engine_command) for _ in contest.jobs]
    items: list[Told | RoundEnded] = []
    with (
        stopped_by_signals(*engines) as signals,
        contextlib.closing(interleave(contest.jobs, contest.rounds, engines)) as told,
        ContestProgress(contest, names, sys.stderr) as progress,
    ):
        for item in told:
            items.append(item)
            progress.take(item)
    if signals:
        if signals[0] == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + signals[0])
    return contest_record(contest, items)


class ContestProgress(Lines):
    """Shows phases of each side, and the rounds with the ratio so far."""

    def __init__(self, contest: Contest, names: Sequence[str], stream: TextIO | None) -> None:
        super().__init__(stream)
        self._contest = contest
        self._names = names
        self._rounds: list[RoundEnded] = []
        self._told = -math.inf  # when the bar's ratio was worked out last

    def take(self, item: Told | RoundEnded) -> None:
        """Shows one item."""
        match item:
            case RoundEnded():
                self._round(item)
            case Told(side, PhaseBegan(phase="steps") as event):
                if side == len(self._names) - 1 and event.mode:
                    self.say(f"{MODE_TITLES[event.mode]}: {self._contest.rounds:,} rounds, in turn")
                    self.open_bar(self._contest.rounds, "round")
            case Told(side, PhaseBegan() as event):
                self.say(f"{LETTERS[side]} {self._names[side]}: {phase_words(event)}")
            case Told(side, Failed() as failed):
                for line in failed.detail.rstrip().splitlines():
                    self.say(one_line(line))
                self.say(f"failed: {_failure(self._names[side], failed)}")
            case _:
                pass

    def _round(self, ended: RoundEnded) -> None:
        self._rounds.append(ended)
        done = ended.index + 1
        # The ratio is worked out only where it is shown.
        tell = done * _LINES // self._contest.rounds > ended.index * _LINES // self._contest.rounds
        if self.has_bars:
            if self._bar is None:  # a side that failed said so in its place
                self.open_bar(self._contest.rounds, "round", ended.index)
            now = time.monotonic()
            due = now - self._told >= _GLANCE
            self._told = now if due else self._told
            self.advance(self._ratios(ended) if due else "")
        elif tell:
            self.say(f"round {done:,} of {self._contest.rounds:,}: {self._ratios(ended)}")

    def _ratios(self, ended: RoundEnded) -> str:
        texts = []
        for side in range(1, len(self._names)):
            judged = pairing(self._rounds, ended.mode, side).comparison
            texts.append(f"{LETTERS[side]}/A {ratio_text(judged) if judged else '–'}")
        return ", ".join(texts)


def _summary(result: ContestRecord, names: Sequence[str]) -> Iterator[str]:
    machine = next((each.machine for each in result.records if each.machine), {})
    yield f"{result.contest.rounds:,} interleaved rounds on {machine.get('processor', 'this machine')}"
    for name, each in zip(names, result.records, strict=True):
        for run in each.runs:
            if run.summary is not None:
                yield f"{name}: {sentence(run.mode, run.summary)}, median {seconds_text(run.summary.median)}"
    for pair in result.pairings:
        yield pairing_text(pair, names)
    yield from map(str, result.cautions)


def _failure(name: str, failed: Failed) -> str:
    return f"{name}: {failed.summary} {failed.remedy}".strip()
