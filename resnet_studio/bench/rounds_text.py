"""An interleaved comparison in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

from .comparison import Comparison
from .job import Job
from .plan import MODE_TITLES, TimingPlan
from .rounds import ENGINES_APART, LETTERS, Pairing

_NO_SETTING = ("modes", "steps", "until_precise", "max_seconds", "profile")  # of no meaning where rounds are counted


def side_names(jobs: Sequence[Job]) -> tuple[str, ...]:
    """A name for each side that no other has: its design's, with the settings in which it differs from the first."""
    names = [_name(job, jobs[0]) for job in jobs]
    return tuple(f"{name} ({LETTERS[index]})" if names.count(name) > 1 else name for index, name in enumerate(names))


def _name(job: Job, first: Job) -> str:
    settings = [
        f"{field.name.replace('_', ' ')} {value}"
        for field in fields(TimingPlan)
        if field.name not in _NO_SETTING and (value := getattr(job.plan, field.name)) != getattr(first.plan, field.name)
    ]
    if job.design.image != first.design.image:
        settings.append("image {}×{}".format(*job.design.image))
    design, other = job.design, first.design
    if design.output_stride != other.output_stride:
        settings.append("no output stride" if design.output_stride is None else f"output stride {design.output_stride}")
    if design.version != other.version:
        settings.append(design.version if design.version == "plain" else f"version {design.version}")
    if design.channels != other.channels:
        settings.append(f"{design.channels:,} channel{'s' if design.channels != 1 else ''}")
    return f"{job.design.name}, {', '.join(settings)}" if settings else job.design.name


def ratio_text(comparison: Comparison) -> str:
    """'1.17 [1.15, 1.19]', with the digits that the interval supports; the bare ratio where there is no interval."""
    ratio, low, high = comparison.ratio, comparison.low, comparison.high
    if low == 0:
        return f"{ratio:.2f}"
    decimals = 1 if high - low > 0.5 else 2 if high - low > 0.02 else 3
    return f"{ratio:.{decimals}f} [{low:.{decimals}f}, {high:.{decimals}f}]"


def comparison_text(comparison: Comparison, a: str, b: str, apart: float = ENGINES_APART) -> str:
    """'b takes 1.17 times as long as a [1.15, 1.19]: slower'."""
    ratio, _, interval = ratio_text(comparison).partition(" ")
    shown = f" {interval}" if interval else ""
    text = f"{b} takes {ratio} times as long as {a}{shown}: {comparison.verdict}"
    if not interval:
        return f"{text} (an interval takes six rounds)"
    busy = " on a busy machine" if apart > ENGINES_APART else ""
    if comparison.verdict == "no difference resolved" and not comparison.low <= 1 <= comparison.high:
        return (
            f"{text} (two engines of one design may differ by {100 * apart:.0f} %{busy})"
            if comparison.interleaved
            else text
        )
    return text


def pairing_text(pairing: Pairing, names: Sequence[str]) -> str:
    """'Forward: b takes 1.17 times as long as a [1.15, 1.19]: slower'; says so where there was no round."""
    title = MODE_TITLES[pairing.mode]
    if pairing.comparison is None:
        return f"{title}: no round of {names[pairing.side]} and {names[0]} was ended"
    return f"{title}: {comparison_text(pairing.comparison, names[0], names[pairing.side], pairing.apart)}"
