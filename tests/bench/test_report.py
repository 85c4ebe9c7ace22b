"""What came of a job in words, and the arithmetic it did a second."""

import pytest

from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.record_json import record_to_json
from resnet_studio.bench.report import _percent, end_text, report_lines, run_sentence
from resnet_studio.bench.throughput import gigaflops, share_of_ceiling
from resnet_studio.bench.time_text import median_text
from resnet_studio.design.presets import PRESETS

MS = 1_000_000
STEPS = tuple((234 + d) * MS for d in (-3, -2, -1, 0, 0, 1, 2, 3)) * 5
RUN = Run("forward", 4, {"build": 1_500 * MS}, (), STEPS, "steps")
DESIGN = PRESETS["resnet_v2_50"]


def made(*runs, **machine):
    return Record(Job(DESIGN, TimingPlan(batch=4, steps=40)), machine, runs, 0, "Finished")


def test_gigaflops_count_a_forward_pass_once_and_forward_backward_three_times():
    assert gigaflops("forward", 10**9, 4, 0.5) == 16.0
    assert gigaflops("forward-backward", 10**9, 4, 0.5) == 48.0
    assert share_of_ceiling(16.0, 64.0) == 0.25
    assert share_of_ceiling(16.0, None) is None


@pytest.mark.parametrize(("share", "words"), [(0.0042, "0.42 %"), (0.099, "9.9 %"), (0.34, "34 %"), (1.305, "130 %")])
def test_a_share_is_told_in_two_digits_and_in_whole_percents(share, words):
    assert _percent(share) == words


def test_the_sentence_names_the_share_of_the_ceiling_where_it_is_known():
    assert run_sentence(made(RUN), RUN) == "Forward 0.2340 ± 0.0019 s a batch (17.1 images/s)"
    achieved = made(RUN).gigaflops(RUN)
    assert achieved == pytest.approx(2 * 3.482 * 4 / 0.234, rel=1e-3)
    ceiling = achieved / 0.34
    sentence = run_sentence(made(RUN, ceiling_gflops=ceiling), RUN)
    assert sentence.endswith("(17.1 images/s), 34 % of this machine’s ceiling")
    assert record_to_json(made(RUN, ceiling_gflops=ceiling))["runs"][0]["ceiling_share"] == pytest.approx(0.34)


@pytest.mark.parametrize("ceiling", [0, -1, "fast", None])
def test_a_ceiling_that_is_none_is_left_out(ceiling):
    assert made(RUN, ceiling_gflops=ceiling).ceiling_share(RUN) is None


def test_the_median_has_the_digits_of_its_interval():
    assert median_text(RUN.summary) == "0.2340 s (0.2330 to 0.2350, 95 %)"
    few = Run("forward", 4, {}, (), STEPS[:3])
    assert median_text(few.summary) == "0.2320 s (too few steps for an interval)"
    wide = Run("forward", 4, {}, (), (100 * MS, 200 * MS, 300 * MS, 400 * MS, 500 * MS, 600 * MS))
    assert median_text(wide.summary) == "0.35 s (0.10 to 0.60, 95 %)"


def test_lines_for_the_terminal():
    slow = Run("forward-backward", 4, {}, (), (*(3 * time for time in STEPS[:-1]), 2000 * MS), "time limit")
    lines = list(report_lines(made(RUN, slow, processor="a fast one", load=0.8)))
    assert lines[0] == f"{DESIGN.name}, batch 4, image 224x224, on a fast one"
    assert lines[1] == run_sentence(made(RUN), RUN)
    assert lines[2] == "  median 0.2340 s (0.2330 to 0.2350, 95 %); build 1.50 s"
    assert lines[3] == "  shortest 0.231 s, longest 0.237 s, 95 % of the steps within 0.237 s; 119 GFLOP/s"
    assert lines[4].startswith("  Load: 80 % of each core")
    assert any("; ended by the time limit at ± 0.43 %" in line for line in lines)
    assert any("1 outlier, counted in" in line for line in lines)
    assert any(line.startswith("  Wide spread: the standard deviation is") for line in lines)
    assert lines[-1] == "Forward-backward takes 3.00 times as long as forward (medians)"


def test_only_a_run_until_precise_says_what_ended_it():
    assert end_text(RUN) == ""
    assert end_text(Run("forward", 4, {}, (), STEPS, "precise")) == "precise to ± 0.43 %"
