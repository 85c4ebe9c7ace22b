"""What came of a job in words: sentences for the window, lines for the terminal."""

from __future__ import annotations

from collections.abc import Iterator

from resnet_studio.design.words import bytes_text, seconds_text
from resnet_studio.network.network import expand

from .memory_text import parts_text
from .record import Record, Run
from .settings_text import in_force_text
from .share_rows import profile_lines
from .time_text import duration, median_text, sentence
from .until_precise import Enough, half_width

_PHASES = (("build", "build"), ("trace", "trace"), ("first_step", "first step"))


def run_sentence(record: Record, run: Run) -> str:
    """'Forward 0.234 ± 0.003 s a batch (137 images/s), 34 % of this machine's ceiling'; '' without a step."""
    if run.summary is None:
        return ""
    share = record.ceiling_share(run)
    ceiling = f", {_percent(share)} of this machine’s ceiling" if share else ""
    return sentence(run.mode, run.summary) + ceiling


def _percent(share: float) -> str:
    return f"{100 * share:.2g} %" if share < 0.0995 else f"{100 * share:.0f} %"


def end_text(run: Run) -> str:
    """Which condition ended a run until precise, and at what precision; '' for a run of a fixed number of steps."""
    if run.ended_by in (None, "steps"):
        return ""
    return str(Enough(run.ended_by, half_width(run.step_nanoseconds)))


def report_lines(record: Record) -> Iterator[str]:
    """What was timed and on what; for each mode its figures and the cautions about them; how the two modes compare."""
    design, plan = record.job.design, record.job.plan
    height, width = design.image
    what = f"{design.name}, batch {plan.batch:,}, image {height}x{width}"
    yield f"{what}, on {record.machine.get('processor', 'this machine')}"
    medians = []
    for run in record.runs:
        if (summary := run.summary) is None:
            continue
        yield run_sentence(record, run)
        phases = ", ".join(
            f"{title} {seconds_text(run.phases[phase])}" for phase, title in _PHASES if phase in run.phases
        )
        yield "; ".join(part for part in (f"  median {median_text(summary)}", end_text(run), phases) if part)
        yield f"  {_range_text(record, run)}"
        if run.in_force:
            yield f"  {in_force_text(run.in_force)}"
        if memory := memory_line(record, run):
            yield f"  {memory}"
        yield from (f"  {caution}" for caution in record.cautions(run))
        medians.append(summary.median)
    if len(medians) == 2:
        yield f"Forward-backward takes {medians[1] / medians[0]:.2f} times as long as forward (medians)"
    if record.profile:
        yield from profile_lines(expand(design), record.profile)
    yield from record.profile_faults


def memory_line(record: Record, run: Run) -> str:
    """'memory 2.71 GiB at its peak; forecast 2.6 GiB: weights 98 MiB, ...'; '' where it was not measured."""
    if not run.memory_bytes:
        return ""
    return f"memory {bytes_text(run.memory_bytes)} at its peak; forecast {parts_text(record.forecast(run))}"


def _range_text(record: Record, run: Run) -> str:
    """'shortest 230 ms, longest 410 ms, 95 % of steps under 250 ms; 2 outliers; 812 GFLOP/s'."""
    summary = run.summary
    assert summary is not None
    most = dict(summary.percentiles).get(95)
    within = f", 95 % of the steps within {duration(most)}" if most else ""
    parts = [f"shortest {duration(summary.min)}, longest {duration(summary.max)}{within}"]
    if summary.outliers:
        parts.append(f"{len(summary.outliers):,} outlier{'s' if len(summary.outliers) > 1 else ''}, counted in")
    if achieved := record.gigaflops(run):
        parts.append(f"{achieved:.3g} GFLOP/s")
    return "; ".join(parts)
