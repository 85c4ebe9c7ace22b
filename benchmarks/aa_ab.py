"""A design against itself, and against its other form: what interleaving tells, and what runs one after the other would.

    python -m benchmarks.aa_ab [ROUNDS] [TIMES] [RUNS]

ResNet-50 V2 on a small image, forward and backward. A/A is done several times, each with two new engines. Beside it, RUNS runs
of the same job one after the other, every two of them compared by Welch's t test, as is often done.
"""

import itertools
import sys
from dataclasses import replace
from functools import partial

from scipy import stats

from benchmarks.table import Row, attempt, show
from resnet_studio.arch.presets import PRESETS, other_form
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import record
from resnet_studio.bench.rounds import Contest, contest_record
from resnet_studio.engine.interleave import interleave
from resnet_studio.engine.process import EngineProcess

SLIM = replace(PRESETS["resnet_v2_50"], image=(64, 64))
PAPER = other_form(SLIM)
PLAN = TimingPlan(("forward-backward",), batch=1, burn_in=10)


def rows(rounds=100, times=3, runs=6):
    # The paper's form has more multiply-adds, its strides being in the first units.
    contests = [(f"A/A {number + 1}: resnet_v2_50 / itself", SLIM, "no difference resolved") for number in range(times)]
    contests.append(("A/B: resnet_v2_50 in the paper's form / in TF-Slim's", PAPER, "slower"))
    for name, other, asked in contests:
        yield attempt("aa_ab", name, partial(interleaved, name, other, asked, rounds))
    name = f"A/A one after the other: pairs of {runs} equal runs that Welch's t test calls different"
    yield attempt("aa_ab", name, partial(sequential, name, runs, rounds))


def interleaved(name, other, asked, rounds):
    contest = Contest((Job(SLIM, PLAN), Job(other, PLAN)), rounds)
    result = contest_record(contest, list(interleave(contest.jobs, rounds, [EngineProcess(), EngineProcess()])))
    if result.failures:
        raise RuntimeError(next(iter(result.failures.values())).summary)
    (pair,) = result.pairings
    found = pair.comparison
    return Row(
        "aa_ab", name, found.ratio, "x", found.low, found.high, "95 % interval (sign test)", found.rounds,
        asked, found.verdict == asked, f"{found.verdict}; two engines may differ by {pair.apart:.0%}",
        {"a ns": [a for a, _ in pair.pairs], "b ns": [b for _, b in pair.pairs]},
    )  # fmt: skip


def sequential(name, runs, steps):
    job = Job(SLIM, replace(PLAN, steps=steps))
    taken = []
    for _ in range(runs):
        result = record(job, EngineProcess().run(job))
        if result.end != "Finished":
            raise RuntimeError(f"the run did not finish: {result.end}")
        taken.append(result.runs[0].step_nanoseconds)
    pairs = list(itertools.combinations(taken, 2))
    different = sum(stats.ttest_ind(a, b, equal_var=False).pvalue < 0.05 for a, b in pairs)
    return Row(
        "aa_ab", name, different, f"of {len(pairs)}", rounds=steps, note="at 5 %; for contrast, nothing is asked of it",
        raw={f"run {number + 1} ns": list(each) for number, each in enumerate(taken)},
    )  # fmt: skip


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
