"""The steady step of ResNet-50 V2 beside TF-Slim's session step, keras.applications and PyTorch.

    python -m benchmarks.steady_step [ROUNDS] [BATCH]

Two warm programs at a time take steps by turns, ABBA; the ratio of each round, its median and the sign test's interval.
"""

import sys
from dataclasses import replace
from functools import partial

from benchmarks.peers import Side
from benchmarks.table import attempt, in_turn, show

PEERS = {"tf-slim": "TF-Slim's session step", "keras": "keras.applications", "torch": "PyTorch"}
ASKED = {"tf-slim", "keras"}
BURN_IN = 3


def rows(rounds=60, batch=4, design="resnet_v2_50", modes=("forward", "forward-backward"), peers=tuple(PEERS)):
    for mode in modes:
        for peer in peers:
            name = f"{mode} step of {design}, batch {batch}: ours / {PEERS[peer]}"
            yield from attempt("steady_step", name, partial(against, name, design, batch, mode, peer, rounds))


def against(name, design, batch, mode, peer, rounds):
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
    row = in_turn("steady_step", name, pairs, (peer, "ours"))
    yield replace(row, target="<= 1.02", met=row.value <= 1.02) if peer in ASKED else row


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
