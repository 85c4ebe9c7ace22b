"""Where a run is: its events folded to a phase, a count and the time left. No Qt, no clock of its own."""

from __future__ import annotations

from array import array
from collections import deque

from resnet_studio.bench.events import PHASE_TITLES, Event, Phase, PhaseBegan, Step
from resnet_studio.bench.plan import MODE_TITLES, Mode, TimingPlan
from resnet_studio.bench.until_precise import half_width, is_look, next_look

_RECENT = 20  # steps whose mean the forecast takes: a machine that slows down is believed soon


class RunProgress:
    """The state of one run. `now` is always the caller's monotonic clock, in seconds."""

    def __init__(self, plan: TimingPlan, now: float) -> None:
        self._plan = plan
        self._recent: deque[float] = deque(maxlen=_RECENT)
        self._last_step = now
        self.began = now
        self.phase: Phase | None = None
        self.mode: Mode | None = None
        self.burn_in_done = 0
        self.steps_done = 0
        self.percent: float | None = None  # half the width of the median's interval, where the run goes by it
        self._taken = array("q")

    def take(self, event: Event, now: float) -> None:
        """Moves on by one event."""
        match event:
            case PhaseBegan(phase=phase, mode=mode):
                if mode != self.mode:
                    self.mode, self.burn_in_done, self.steps_done = mode, 0, 0
                    self._recent.clear()
                    self.percent, self._taken = None, array("q")
                self.phase, self.began = phase, now
                self._last_step = now
            case Step():
                self._recent.append(event.seconds)
                self._last_step = now
                if event.burn_in:
                    self.burn_in_done = event.index + 1
                else:
                    self.steps_done = event.index + 1
                    self._judge(event.nanoseconds)
            case _:
                pass

    def _judge(self, nanoseconds: int) -> None:
        """Looks at the precision when the engine does: at doublings, so it costs nothing."""
        if self._plan.until_precise is not None:
            self._taken.append(nanoseconds)
            if is_look(len(self._taken)):
                self.percent = half_width(self._taken)

    @property
    def title(self) -> str:
        """The phase in words: 'Forward: tracing'."""
        if self.phase is None:
            return "Starting"
        title = PHASE_TITLES[self.phase]
        return f"{MODE_TITLES[self.mode]}: {title[0].lower()}{title[1:]}" if self.mode else title

    @property
    def done_of_total(self) -> tuple[int, int] | None:
        """Steps done and wanted, in the phases that count them; until precise, the steps at which it is looked at next."""
        if self.phase == "burn_in":
            return self.burn_in_done, self._plan.burn_in
        if self.phase != "steps":
            return None
        done = self.steps_done
        return done, self._plan.steps if self._plan.until_precise is None else next_look(max(done - 1, 0))

    @property
    def count_text(self) -> str:
        """'step 37/100', or until precise '60 steps, ± 3.1 %'; '' in phases without steps."""
        if self.done_of_total is None:
            return ""
        done, total = self.done_of_total
        if self.phase != "steps" or self._plan.until_precise is None:
            return f"step {done:,}/{total:,}" if total else ""
        reached = "" if self.percent is None else f", ± {self.percent:.2g} % so far"
        return f"{done:,} step{'s' if done != 1 else ''}{reached}"

    @property
    def at_most(self) -> bool:
        """Whether the time left is a limit, which the run may well not need."""
        return self._plan.until_precise is not None

    @property
    def is_last_mode(self) -> bool:
        """Whether nothing comes after the mode that is being timed."""
        return self.mode == self._plan.modes[-1]

    def seconds_left(self, now: float) -> float | None:
        """Until this mode's last step, as soon as there is a step to judge by; None before. Never below zero.

        Until precise it is the time to the limit, at which the mode ends at the latest.
        """
        if not self._recent or self.mode is None or self.done_of_total is None:
            return None
        if (limit := self._plan.seconds_limit) is not None:
            return max(limit - (now - self.began), 0.0) if self.phase == "steps" else None
        left = (self._plan.burn_in - self.burn_in_done) + (self._plan.steps - self.steps_done)
        forecast = left * sum(self._recent) / len(self._recent)
        return max(forecast - (now - self._last_step), 0.0)
