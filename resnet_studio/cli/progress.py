"""How a run goes, in the terminal: a line a phase and a bar of steps on standard error, the classic log on output."""

from __future__ import annotations

import os
import sys
import time
from datetime import datetime
from types import TracebackType
from typing import Never, Self, TextIO

from tqdm import tqdm

from resnet_studio.bench.events import PHASE_TITLES, Event, PhaseBegan, PhaseEnded, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.log import step_line, summary_line
from resnet_studio.bench.plan import MODE_TITLES, Mode
from resnet_studio.bench.stats import summarise
from resnet_studio.bench.until_precise import half_width, is_look


class Lines:
    """Lines with the time since the start, and at most one bar below them. A context: when it is left no half bar stays.

    On anything but a terminal that can go back in a line there are no bars, only the lines; on None nothing at all.
    """

    def __init__(self, stream: TextIO | None) -> None:
        self._stream = stream
        self.has_bars = stream is not None and stream.isatty() and os.environ.get("TERM") != "dumb"
        self._bar: tqdm[Never] | None = None
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close_bar()

    def say(self, text: str) -> None:
        """A line; a bar goes before it."""
        self.close_bar()
        if self._stream is not None:
            print(f"[{time.monotonic() - self._began:6.1f} s] {text}", file=self._stream, flush=True)

    def open_bar(self, total: int | None, unit: str, done: int = 0) -> None:
        """A bar below the last line, which says what it is of: the bar has the whole width. total: None where it isn't known."""
        if self.has_bars:
            width = self._columns()  # one that is given holds: tqdm would ask the terminal again
            self._bar = tqdm(
                total=total, initial=done, file=self._stream, unit=unit, leave=False, dynamic_ncols=width is None, ncols=width,
            )  # fmt: skip

    def advance(self, postfix: str = "") -> None:
        """Moves the bar on by one."""
        if self._bar is not None:
            if postfix:
                self._bar.set_postfix_str(postfix, refresh=False)
            self._bar.update()

    def close_bar(self) -> None:
        """Takes the bar away."""
        if self._bar is not None:
            self._bar.close()
            self._bar = None

    def _columns(self) -> int | None:
        """None to fill the terminal's width, which some (serial lines, containers) give as 0."""
        assert self._stream is not None
        return None if os.get_terminal_size(self._stream.fileno()).columns else 80


class Progress(Lines):
    """Shows a run's events as they come."""

    def __init__(self, job: Job, stream: TextIO | None) -> None:
        super().__init__(stream)
        self._plan = job.plan
        self._step_nanoseconds: dict[Mode, list[int]] = {}

    def take(self, event: Event) -> None:
        """Shows one event."""
        match event:
            case PhaseBegan():
                self._begin(event)
            case PhaseEnded(phase=phase, mode=mode):
                self.close_bar()
                if phase == "steps" and mode and (summary := summarise(self._step_nanoseconds[mode], self._plan.batch)):
                    self._log(summary_line(_now(), mode, summary))
            case Step():
                self._step(event)
            case _:
                pass

    def _begin(self, event: PhaseBegan) -> None:
        self.close_bar()
        plan = self._plan
        if event.phase == "steps" and plan.until_precise is not None:
            limit = f"at most {plan.seconds_limit:g} s"
            self.say(f"{phase_words(event)} until their median is known to ± {plan.until_precise:g} % ({limit})")
            self.open_bar(None, "step")
            return
        steps = {"burn_in": plan.burn_in, "steps": plan.steps}.get(event.phase)
        if steps != 0:
            self.say(phase_words(event) + (f" ({steps:,})" if steps else ""))
        if steps:
            self.open_bar(steps, "step")

    def _step(self, step: Step) -> None:
        so_far = ""
        if not step.burn_in:
            taken = self._step_nanoseconds.setdefault(step.mode, [])
            taken.append(step.nanoseconds)
            if self._plan.until_precise is not None and self.has_bars and is_look(len(taken)):
                so_far = f"± {half_width(taken):.2g} %"
        if (line := step_line(_now(), step)) is not None:
            self._log(line)
        self.advance(so_far)

    def _log(self, line: str) -> None:
        """A line on standard output; a bar that stands in the same terminal makes room."""
        tqdm.write(line, file=sys.stdout)
        if sys.stdout is not None:
            sys.stdout.flush()  # one who reads a pipe or a file follows the run too


def phase_words(event: PhaseBegan) -> str:
    """'Forward: tracing'."""
    title = PHASE_TITLES[event.phase]
    return f"{MODE_TITLES[event.mode]}: {title[0].lower()}{title[1:]}" if event.mode else title


def _now() -> datetime:
    return datetime.now().astimezone()
