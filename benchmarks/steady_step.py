"""The steady step of ResNet-50 V2 beside TF-Slim's session step, keras.applications and PyTorch.

    python -m benchmarks.steady_step [ROUNDS] [BATCH]

Two warm programs at a time take steps by turns, ABBA; the ratio of each round, its median and the sign test's interval.
"""

import sys
from functools import partial

from benchmarks.peers import Side
from benchmarks.table import Row, attempt, show
from resnet_studio.bench.comparison import compare

PEERS = {"tf-slim": "TF-Slim's session step", "keras": "keras.applications", "torch": "PyTorch"}
ASKED = {"tf-slim", "keras"}
BURN_IN = 3


def rows(rounds=60, batch=4, design="resnet_v2_50", modes=("forward", "forward-backward"), peers=tuple(PEERS)):
    for mode in modes:
        for peer in peers:
            name = f"{mode} step of {design}, batch {batch}: ours / {PEERS[peer]}"
            yield attempt("steady_step", name, partial(row, name, design, batch, mode, peer, rounds))


def row(name, design, batch, mode, peer, rounds):
    sides = []
    try:
        for each in (peer, "ours"):
            sides.append(Side(each, design, batch, mode))  # noqa: PERF401  the first is closed where the second fails
        for side in sides:
            for _ in range(BURN_IN):
                side.step()
        pairs = []
        for number in range(rounds):
            order = (0, 1) if number % 2 else (1, 0)
            taken = {which: sides[which].step() for which in order}
            pairs.append((taken[0], taken[1]))
    finally:
        for side in sides:
            side.close()
    found = compare(pairs)
    asked = peer in ASKED
    return Row(
        "steady_step", name, found.ratio, "x", found.low, found.high, "95 % interval (sign test)", rounds,
        "<= 1.02" if asked else "", found.ratio <= 1.02 if asked else None, "",
        {f"{peer} ns": [pair[0] for pair in pairs], "ours ns": [pair[1] for pair in pairs]},
    )  # fmt: skip


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
