"""`bench`: times a network on TensorFlow, with bars on standard error and the classic log on standard output."""

from __future__ import annotations

import argparse
import contextlib
import json
import signal
import sys
from collections.abc import Generator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, cast

from resnet_studio.bench.events import Event, Failed
from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.job import Job
from resnet_studio.bench.memory_text import shortage
from resnet_studio.bench.record import Record
from resnet_studio.bench.record_json import record_to_json
from resnet_studio.bench.recording import record
from resnet_studio.bench.report import report_lines
from resnet_studio.bench.vary import parse_image
from resnet_studio.design.disk import FileError, write_whole
from resnet_studio.driver.process import EngineProcess
from resnet_studio.network.network import expand

from .inputs import BadInput, RunFailed, check_writable, sound_design
from .plan import read_plan
from .progress import Progress
from .signals import stopped_by_signals
from .streams import one_line


def read_job(arguments: argparse.Namespace) -> Job:
    """The job that the arguments ask for. Everything is checked here, ahead of the long run. Raises BadInput."""
    plan = read_plan(arguments)
    image = None if arguments.image is None else read_image(arguments.image)
    design = sound_design(arguments.design, arguments.network)
    if arguments.json is not None:
        check_writable(arguments.json)
        if arguments.json.exists() and Path(arguments.design).exists() and arguments.json.samefile(arguments.design):
            raise BadInput(f"--json: {arguments.json} is the design itself. Name another file.")
    job = Job(replace(design, image=image) if image else design, plan)
    if not arguments.yes:
        _check_memory(job)
    return job


def _check_memory(job: Job) -> None:
    """Refuses a run that is forecast to take most of the memory that is free. On a GPU only the engine knows what is."""
    if job.plan.device == "CPU" and (short := shortage(expand(job.design), job.plan, available_memory())):
        fits = f"Use a batch of at most {short.fits:,}" if short.fits else "Use a smaller image or network"
        raise BadInput(f"--batch: {short}. {fits}, or try it all the same with --yes.")


def read_image(text: str) -> tuple[int, int]:
    """(height, width) in pixels, from 'HxW' or one number for both."""
    try:
        return parse_image(text)
    except ValueError as error:
        raise BadInput(f"--{error}") from error


def bench(job: Job, json_path: Path | None, engine_command: Sequence[str] | None = None) -> int:
    """Runs `job` to its end and tells what came of it. Interrupted or told to terminate, it kills the engine first."""
    result = time_job(job, engine_command)
    print()
    for line in report_lines(result):
        print(line)
    if json_path is not None:
        write_json(record_to_json(result), json_path)
        print(f"The times are in {json_path}")
    return 0


def time_job(job: Job, engine_command: Sequence[str] | None = None) -> Record:
    """Runs `job` and shows how it goes. Raises RunFailed where it does not finish, KeyboardInterrupt and SystemExit."""
    engine = EngineProcess(engine_command)
    kept: list[Event] = []
    run = cast(Generator[Event, None, None], engine.run(job))  # closing it kills the engine
    with (
        stopped_by_signals(engine) as signals,
        contextlib.closing(run) as events,
        Progress(job, sys.stderr) as progress,
    ):
        for event in events:
            kept.append(event)
            progress.take(event)
    if signals:
        if signals[0] == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + signals[0])
    end = kept[-1]
    if isinstance(end, Failed):
        if end.detail:
            print("\n".join(map(one_line, end.detail.rstrip().splitlines())), file=sys.stderr)
        raise RunFailed(f"{end.summary} {end.remedy}".strip())
    return record(job, kept)


def write_json(value: dict[str, Any], path: Path) -> None:
    """Writes what `--json` asks for, whole or not at all."""
    try:
        write_whole(path, (json.dumps(value, indent=2) + "\n").encode())
    except FileError as error:
        raise RunFailed(str(error)) from error
