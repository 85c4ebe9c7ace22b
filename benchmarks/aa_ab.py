"""A design against itself, and against its other form: what interleaving tells, and what runs one after the other would.

    python -m benchmarks.aa_ab [ROUNDS] [TIMES] [RUNS]

ResNet-50 V2 on a small image, and A/B on the full one as well. A/A is done several times, each with two new engines. Beside it, RUNS runs
of the same job one after the other, every two of them compared by Welch's t test, as is often done.
"""

import contextlib
import itertools
import statistics
import sys
from dataclasses import replace
from functools import partial

from scipy import stats

from benchmarks.table import Row, attempt, in_turn, show
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.recording import record
from resnet_studio.bench.rounds import Contest, contest_record
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver.interleave import interleave
from resnet_studio.driver.process import EngineProcess

A, B = PRESETS["resnet_v2_50"], PRESETS["resnet_v2_50_paper"]
SMALL, FULL = (64, 64), (224, 224)
PLAN = TimingPlan(("forward", "forward-backward"), batch=1, burn_in=10)


def rows(rounds=100, times=3, runs=6, images=(SMALL, FULL)):
    contests = [(f"A/A, {number + 1} of {times}", A, SMALL, "no difference resolved") for number in range(times)]
    # The paper's form has more multiply-adds, its strides being in the blocks' first units.
    contests += [("A/B", B, tuple(image), "slower") for image in images]
    for words, other, image, asked in contests:
        name = f"{words}, {image[0]}x{image[1]}: {other.name} / {A.name}"
        yield from attempt("aa_ab", name, partial(interleaved, name, other, image, asked, rounds))
    name = f"{runs} equal runs one after the other, {rounds} steps each: pairs that Welch's t test calls different"
    yield from attempt("aa_ab", name, partial(sequential, name, runs, rounds))


def interleaved(name, other, image, asked, rounds):
    contest = Contest(tuple(Job(replace(design, image=image), PLAN) for design in (A, other)), rounds)
    with contextlib.closing(interleave(contest.jobs, rounds, [EngineProcess(), EngineProcess()])) as told:
        result = contest_record(contest, list(told))
    if result.failures:
        raise RuntimeError(next(iter(result.failures.values())).summary)
    for pair in result.pairings:
        verdict = pair.comparison.verdict
        note = f"{verdict}; two engines may differ by {pair.apart:.0%}"
        yield in_turn(
            "aa_ab", f"{name}, {pair.mode}", pair.pairs, ("a", "b"), target=asked, met=verdict == asked, note=note
        )  # fmt: skip


def sequential(name, runs, steps):
    taken = list(runs_of(replace(PLAN, steps=steps), runs))
    for number, mode in enumerate(PLAN.modes):
        each_run = [run[number] for run in taken]
        pairs = list(itertools.combinations(each_run, 2))
        different = sum(bool(stats.ttest_ind(a, b, equal_var=False).pvalue < 0.05) for a, b in pairs)
        medians = [statistics.median(run) for run in each_run]
        yield Row(
            "aa_ab", f"{name}, {mode}", different, f"of {len(pairs)}", rounds=runs,
            note=f"at 5 %, for contrast; medians up to {max(medians) / min(medians) - 1:.1%} apart",
            raw={f"run {index + 1} ns": list(run) for index, run in enumerate(each_run)},
        )  # fmt: skip


def runs_of(plan, runs):
    """The steps of each run, by mode."""
    job = Job(replace(A, image=SMALL), plan)
    for _ in range(runs):
        result = record(job, EngineProcess().run(job))
        if result.end != "Finished":
            raise RuntimeError(f"the run did not finish: {result.end}")
        yield [run.step_nanoseconds for run in result.runs]


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
