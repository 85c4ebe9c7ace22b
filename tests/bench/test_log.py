"""The classic listing's lines, character by character."""

from datetime import UTC, datetime

from resnet_studio.bench.events import Step
from resnet_studio.bench.log import step_line, summary_line
from resnet_studio.bench.stats import Summary

WHEN = datetime(2026, 11, 23, 19, 0, 1, 987654, UTC)


def test_every_tenth_timed_step_has_a_line():
    def line(index, burn_in=False):
        return step_line(WHEN, Step("forward", index, 234_400_000, burn_in))

    assert line(10) == "2026-11-23 19:00:01: step 10, duration = 0.234"
    assert line(0) == "2026-11-23 19:00:01: step 0, duration = 0.234"
    assert line(11) is None
    assert line(10, burn_in=True) is None


def test_the_summary_is_the_listings():
    summary = Summary(mean=0.2341, sd=0.0032, median=0.23, images_per_second=136.7, count=100)
    forward = "2026-11-23 19:00:01: Forward across 100 steps, 0.234 +/- 0.003 sec / batch"
    assert summary_line(WHEN, "forward", summary) == forward
    assert ": Forward-backward across 100 steps, " in summary_line(WHEN, "forward-backward", summary)
