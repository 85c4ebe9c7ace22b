"""Results as rows: one for each mode of each run, with what is to be said of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from resnet_studio.bench.cautions import Caution
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.report import end_text
from resnet_studio.bench.time_text import median_decimals

Figure = Literal["mean", "sd", "median", "images_per_second"]


@dataclass(frozen=True)  # no slots: cautions are worked out once
class Row:
    """One mode of one run. when: the end of the run."""

    when: datetime
    record: Record
    run: Run

    @property
    def partial(self) -> bool:
        """Whether the run ended before this mode had all its steps."""
        return self.run.ended_by is None and len(self.run.step_nanoseconds) < self.record.job.plan.most_steps

    @cached_property
    def cautions(self) -> tuple[Caution, ...]:
        """What makes the row's figures less sure than they look."""
        return self.record.cautions(self.run)

    @property
    def note(self) -> str:
        """'stopped after 37 of 100 steps' for a run that did not get to its end; how one until precise ended; cautions."""
        return "; ".join(part for part in (self._end, *(caution.kind for caution in self.cautions)) if part)

    @property
    def explanation(self) -> str:
        """The note in sentences, each caution with its remedy, a line each."""
        end = self._end[:1].upper() + self._end[1:]
        return "\n".join(part for part in (end and f"{end}.", *map(str, self.cautions)) if part)

    @property
    def _end(self) -> str:
        if not self.partial:
            return end_text(self.run)
        how = {"Cancelled": "stopped", "Failed": "failed"}.get(self.record.end, "ended")
        if not (done := len(self.run.step_nanoseconds)):
            return f"{how} before the first timed step"
        plan = self.record.job.plan
        of = f" of {plan.steps:,}" if plan.until_precise is None else ""
        return f"{how} after {done:,}{of} steps"

    @property
    def time(self) -> str:
        """The time of day; the date too where it was not today."""
        today = self.when.date() == datetime.now(self.when.tzinfo).date()
        return f"{self.when:%H:%M:%S}" if today else f"{self.when:%Y-%m-%d %H:%M}"

    @property
    def median(self) -> str:
        """The median and its interval in milliseconds: '234.1 [233.5, 234.9]'; none of too few steps to have one."""
        if (summary := self.run.summary) is None:
            return "–"
        ends = ", ".join(map(self._milliseconds, summary.median_interval or ()))
        return self._milliseconds(summary.median) + (f" [{ends}]" if ends else "")

    @property
    def mean(self) -> str:
        """The mean and the standard deviation in milliseconds: '234 ± 3'."""
        if (summary := self.run.summary) is None:
            return "–"
        return f"{self._milliseconds(summary.mean)} ± {self._milliseconds(summary.sd)}"

    @property
    def decimals(self) -> int:
        """Of figures in milliseconds: those that the interval of the median supports."""
        return max(median_decimals(self.run.summary) - 3, 0) if self.run.summary else 0

    def _milliseconds(self, seconds: float) -> str:
        return f"{seconds * 1e3:,.{self.decimals}f}"

    def figure(self, name: Figure) -> float | None:
        """A figure of the timed steps, in full precision; None without a step."""
        summary = self.run.summary
        return getattr(summary, name) if summary else None
