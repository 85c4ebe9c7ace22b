"""How a run goes, in the terminal: a line a phase and a bar of steps on standard error, the classic log on output."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from types import TracebackType
from typing import Never, TextIO

from tqdm import tqdm

from resnet_studio.bench.events import PHASE_TITLES, Event, PhaseBegan, PhaseEnded, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.log import step_line, summary_line
from resnet_studio.bench.plan import MODE_TITLES, Mode
from resnet_studio.bench.stats import summarise


class Progress:
    """Shows events as they come. A context: when it is left, however, no half bar stays on the terminal.

    On anything but a terminal that can go back in a line there are no bars, only the lines.
    """

    def __init__(self, job: Job, stream: TextIO | None) -> None:
        self._plan = job.plan
        self._stream = stream
        self._bars = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._bar: tqdm[Never] | None = None
        self._began = time.monotonic()
        self._step_seconds: dict[Mode, list[float]] = {}

    def __enter__(self) -> Progress:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._close_bar()

    def take(self, event: Event) -> None:
        """Shows one event."""
        match event:
            case PhaseBegan():
                self._begin(event)
            case PhaseEnded(phase=phase, mode=mode):
                self._close_bar()
                if phase == "steps" and mode and (summary := summarise(self._step_seconds[mode], self._plan.batch)):
                    self._log(summary_line(_now(), mode, summary))
            case Step():
                self._step(event)
            case _:
                pass

    def _begin(self, event: PhaseBegan) -> None:
        self._close_bar()
        title, mode = PHASE_TITLES[event.phase], event.mode
        words = f"{MODE_TITLES[mode]}: {title[0].lower()}{title[1:]}" if mode else title
        steps = {"burn_in": self._plan.burn_in, "steps": self._plan.steps}.get(event.phase)
        if steps == 0:
            return
        counted = f" ({steps:,})" if steps else ""
        if self._stream is not None:
            elapsed = time.monotonic() - self._began
            print(f"[{elapsed:6.1f} s] {words}{counted}", file=self._stream, flush=True)
        if steps and self._bars:
            # The name stays on the line above: a bar has the whole width.
            self._bar = tqdm(
                total=steps, file=self._stream, unit="step", leave=False, dynamic_ncols=True, ncols=self._columns()
            )

    def _columns(self) -> int | None:
        """None to fill the terminal's width, which some (serial lines, containers) give as 0."""
        assert self._stream is not None
        return None if os.get_terminal_size(self._stream.fileno()).columns else 80

    def _step(self, step: Step) -> None:
        if not step.burn_in:
            self._step_seconds.setdefault(step.mode, []).append(step.seconds)
        if (line := step_line(_now(), step)) is not None:
            self._log(line)
        if self._bar is not None:
            self._bar.update()

    def _log(self, line: str) -> None:
        """A line on standard output; a bar that stands in the same terminal makes room."""
        tqdm.write(line, file=sys.stdout)
        if sys.stdout is not None:
            sys.stdout.flush()  # one who reads a pipe or a file follows the run too

    def _close_bar(self) -> None:
        if self._bar is not None:
            self._bar.close()
            self._bar = None


def _now() -> datetime:
    return datetime.now().astimezone()
