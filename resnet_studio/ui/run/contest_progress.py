"""Where a contest is: what its engines tell folded to a phase, a count of rounds and the time left. No Qt, no clock."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from resnet_studio.bench.events import PHASE_TITLES, Phase, PhaseBegan
from resnet_studio.bench.plan import MODE_TITLES, Mode
from resnet_studio.bench.rounds import Contest, RoundEnded, Told

_RECENT = 20  # rounds whose mean the forecast takes


class ContestProgress:
    """The state of one contest, as RunProgress is of a run. `now` is always the caller's monotonic clock, in seconds."""

    at_most = False  # see RunProgress: the rounds are fixed ahead

    def __init__(self, contest: Contest, names: Sequence[str], now: float) -> None:
        self._contest = contest
        self._names = names
        self._ends: deque[float] = deque(maxlen=_RECENT)
        self._side = 0
        self._waiting: set[int] = set()
        self.began = now
        self.phase: Phase | None = None
        self.mode: Mode | None = None
        self.rounds_done = 0

    def take(self, item: Told | RoundEnded, now: float) -> None:
        """Moves on by one item."""
        match item:
            case Told(side, PhaseBegan(phase=phase, mode=mode)):
                if mode != self.mode:
                    self.mode, self.rounds_done = mode, 0
                    self._ends.clear()
                    self._waiting.clear()
                self._side, self.phase, self.began = side, phase, now
                if phase == "steps":
                    self._waiting.add(side)
                    self._ends.append(now)
            case RoundEnded():
                self.rounds_done = item.index + 1
                self._ends.append(now)
            case _:
                pass

    @property
    def title(self) -> str:
        """The phase in words: 'resnet_v2_50, forward: tracing', 'Forward: rounds in turn'."""
        if self.phase is None:
            return "Starting"
        if self.phase == "steps" and self.mode:
            return f"{MODE_TITLES[self.mode]}: rounds in turn"
        title = PHASE_TITLES[self.phase].lower().replace("tensorflow", "TensorFlow")
        mode = f", {MODE_TITLES[self.mode].lower()}" if self.mode else ""
        return f"{self._names[self._side]}{mode}: {title}"

    @property
    def done_of_total(self) -> tuple[int, int] | None:
        """Rounds done and wanted, once they are being timed."""
        return (self.rounds_done, self._contest.rounds) if self.phase == "steps" else None

    @property
    def count_text(self) -> str:
        """'round 37/100', once they are being timed."""
        return "round {:,}/{:,}".format(*self.done_of_total) if self.done_of_total else ""

    @property
    def is_last_mode(self) -> bool:
        """Whether nothing comes after the mode that is being timed."""
        return self.mode == self._contest.modes[-1]

    def seconds_left(self, now: float) -> float | None:
        """Until this mode's last round, as soon as there is a round to judge by; None before. Never below zero."""
        if self.done_of_total is None or not self.rounds_done:
            return None
        ends = self._ends
        each = (ends[-1] - ends[0]) / max(len(ends) - 1, 1)
        return max((self._contest.rounds - self.rounds_done) * each - (now - ends[-1]), 0.0)
