"""What the interleaved comparison says of one design against itself (A/A), and of TF-Slim's form against the paper's (A/B).

    python -m benchmarks.aa_ab [ROUNDS] [REPEATS]

Beside it, as a contrast, what comes of runs made one after the other: how often Welch's t-test calls two identical ones
different.
"""

import contextlib
import itertools
import sys
from dataclasses import replace

import numpy as np
from scipy import stats

from benchmarks.table import Row, show
from resnet_studio.arch.presets import PRESETS
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import record
from resnet_studio.bench.rounds import Contest, contest_record
from resnet_studio.engine.interleave import interleave
from resnet_studio.engine.process import EngineProcess

PLAN = TimingPlan(("forward", "forward-backward"), batch=1, burn_in=10, steps=1)
A, B = "resnet_v2_50", "resnet_v2_50_paper"
SMALL, FULL = (64, 64), (224, 224)


def rows(rounds=100, repeats=3):
    found = []
    for number in range(repeats):
        found += contest(A, A, SMALL, rounds, f"A/A, {number + 1} of {repeats}", {"no difference resolved"})
    for image in (SMALL, FULL):
        found += contest(A, B, image, rounds, "A/B", {"slower"})
    return [*found, *sequential(rounds, 2 * repeats)]


def contest(a, b, image, rounds, what, wanted):
    jobs = tuple(Job(replace(PRESETS[name], image=image), PLAN) for name in (a, b))
    with contextlib.closing(interleave(jobs, rounds, [EngineProcess(), EngineProcess()])) as told:
        result = contest_record(Contest(jobs, rounds), list(told))
    return [
        Row(
            "aa_ab", f"{what}, {image[0]}x{image[1]}, {each.mode}: {b} / {a}", each.comparison.ratio, "x",
            each.comparison.low, each.comparison.high, "95 % interval (sign test)", len(each.pairs),
            " or ".join(wanted), each.comparison.verdict in wanted, each.comparison.verdict,
            {"a ns": [pair[0] for pair in each.pairs], "b ns": [pair[1] for pair in each.pairs]},
        )
        for each in result.pairings
        if each.comparison
    ]  # fmt: skip


def sequential(steps, runs):
    """Every pair of runs of one design, made one after the other, judged by Welch's t-test at 5 %."""
    job = Job(replace(PRESETS[A], image=SMALL), replace(PLAN, modes=("forward",), steps=steps))
    taken = [record(job, EngineProcess().run(job)).runs[0].step_nanoseconds for _ in range(runs)]
    pairs = list(itertools.combinations(taken, 2))
    different = [stats.ttest_ind(a, b, equal_var=False).pvalue < 0.05 for a, b in pairs]
    medians = [float(np.median(each)) for each in taken]
    return [
        Row(
            "aa_ab", f"{runs} identical runs one after the other, {steps} steps each: pairs that Welch's test calls different",
            float(sum(different)), f"of {len(pairs)}", rounds=len(pairs),
            note=f"medians {max(medians) / min(medians) - 1:.1%} apart at most", raw={"medians ns": medians},
        )
    ]  # fmt: skip


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
