"""`bench`: times a network on TensorFlow, with progress bars on standard error and the classic log on standard output."""

from __future__ import annotations

import argparse
import json
import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from types import FrameType
from typing import Never

from tqdm import tqdm

from resnet_studio.arch.bounds import parse_whole
from resnet_studio.arch.files import FileError, write_whole
from resnet_studio.arch.validate import DesignError, validate
from resnet_studio.bench.events import (
    PHASE_TITLES,
    Cancelled,
    End,
    Event,
    Failed,
    Finished,
    PhaseBegan,
    PhaseEnded,
    Step,
)
from resnet_studio.bench.job import Job
from resnet_studio.bench.log import step_line, summary_line
from resnet_studio.bench.plan import MODE_CHOICES, MODE_TITLES, TimingPlan, validate_plan
from resnet_studio.bench.record import Record, record, record_to_json
from resnet_studio.engine.process import EngineProcess

from .inputs import BadInput, RunFailed, check_choice, check_writable, read_design


def read_job(arguments: argparse.Namespace) -> Job:
    """The job that the arguments of `bench` ask for. Raises BadInput."""
    check_choice("--mode", arguments.mode, MODE_CHOICES)
    design = read_design(arguments.design)
    if arguments.image is not None:
        design = replace(design, image=_image(arguments.image))
    numbers = {field: parse_whole(getattr(arguments, field)) for field in ("batch", "burn_in", "steps", "seed")}
    plan = TimingPlan(MODE_CHOICES[arguments.mode], **numbers)  # type: ignore[arg-type]  # texts are told below
    if problems := validate_plan(plan):
        raise BadInput(f"--{problems[0]}")
    if problems := validate(design):
        raise BadInput(f"{arguments.design}: {DesignError(problems)}")
    if arguments.json is not None:
        check_writable(arguments.json)
    return Job(design, plan)


def bench(job: Job, json_path: Path | None = None, engine_command: Sequence[str] | None = None) -> int:
    """Times `job` and tells what came of it. Raises RunFailed, KeyboardInterrupt; the engine is gone in any case."""
    engine = EngineProcess(engine_command)
    events: list[Event] = []
    try:
        with _terminable():
            for event in _shown(engine.run(job), job):
                events.append(event)
                _log(event, job, events)
    finally:
        engine.close()
    outcome, end = record(job, events), events[-1]
    if isinstance(end, Failed):
        if end.detail:
            print(end.detail.rstrip(), file=sys.stderr)
        raise RunFailed(f"{end.summary} {end.remedy}".strip())
    if isinstance(end, Cancelled):
        raise KeyboardInterrupt
    if json_path is not None:
        text = json.dumps(record_to_json(outcome), indent=2) + "\n"
        try:
            write_whole(json_path, text.encode())
        except FileError as error:
            raise RunFailed(str(error)) from error
        print(f"Written: {json_path}", file=sys.stderr)
    return 0


def _image(text: str) -> tuple[int, int]:
    """'224x160' is (224, 160), '224' a square. What is no number is left as it is, for `validate` to tell."""
    height, cross, width = text.lower().partition("x")
    return parse_whole(height), parse_whole(width if cross else height)  # type: ignore[return-value]


def _shown(events: Iterator[Event], job: Job) -> Iterator[Event]:
    """`events`, with the phase that is on and, where steps are counted, a bar. Without a terminal: a line a phase."""
    terminal = sys.stderr.isatty()
    bar: tqdm[Never] | None = None
    try:
        for event in events:
            if isinstance(event, PhaseBegan | End) and bar is not None:
                bar.close()
                bar = None
            match event:
                case PhaseBegan(phase, mode):
                    title = (
                        PHASE_TITLES[phase] if mode is None else f"{MODE_TITLES[mode]}: {PHASE_TITLES[phase].lower()}"
                    )
                    total = {"burn_in": job.plan.burn_in, "steps": job.plan.steps}.get(phase)
                    if terminal and total:
                        bar = tqdm(
                            total=total, desc=title, unit="step", leave=False, dynamic_ncols=True, file=sys.stderr
                        )
                    else:
                        print(f"{title} …", end="" if terminal else "\n", file=sys.stderr, flush=True)
                case PhaseEnded(phase, seconds, _) if terminal:
                    counted = phase in ("burn_in", "steps")
                    print(
                        "" if counted else f" {seconds:.1f} s", end="" if counted else "\n", file=sys.stderr, flush=True
                    )
                case Step() if bar is not None:
                    bar.update()
            yield event
    finally:
        if bar is not None:
            bar.close()


def _log(event: Event, job: Job, events: Sequence[Event]) -> None:
    """The classic listing's lines: every tenth step, and a mode's summary after its last."""
    now = datetime.now().astimezone()
    match event:
        case Step():
            if line := step_line(now, event):
                tqdm.write(line, file=sys.stdout)
        case PhaseEnded("steps", _, mode) if mode is not None:
            (run,) = (run for run in record(job, events).runs if run.mode == mode)
            if run.summary:
                print(summary_line(now, mode, run.summary), flush=True)
        case Finished():
            _tell_end(record(job, events))


def _tell_end(outcome: Record) -> None:
    """One sentence a mode, in words."""
    for run in outcome.runs:
        if figures := run.summary:
            print(
                f"{MODE_TITLES[run.mode]}: {figures.mean:.4g} +/- {figures.sd:.2g} s a batch of {run.batch:,} "
                f"(median {figures.median:.4g} s, {figures.images_per_second:,.1f} images/s)"
            )


@contextmanager
def _terminable() -> Iterator[None]:
    """SIGTERM ends the program through Python, so that the engine does not outlive it."""

    def leave(number: int, frame: FrameType | None) -> None:
        raise SystemExit(128 + number)

    before = signal.signal(signal.SIGTERM, leave)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
