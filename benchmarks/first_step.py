"""How long until the first number: from Run, with the engine warm, to the end of the first forward-backward step.

    python -m benchmarks.first_step [ROUNDS]

Each side builds, traces and steps once in a fresh program that has imported all it needs; rounds are interleaved.
"""

import sys
from functools import partial

from benchmarks.peers import Side
from benchmarks.table import Row, attempt, quartiles, show

# design, peer, in words, times as quick asked, rounds at most (a 1001-layer network takes Keras minutes)
CASES = (
    ("resnet_v2_152", "keras", "keras.applications.ResNet152V2", 5, 99),
    ("resnet_v2_152", "tf-slim", "TF-Slim's resnet_v2_152", None, 99),
    ("cifar_resnet_v2_1001", "keras", "1001 layers in Keras", 10, 3),
)


def rows(rounds=3, cases=None):
    for design, peer, words, least, most in CASES[:cases]:
        name = f"time to first step of {design}, batch 1: {words} / ours"
        yield from attempt("first_step", name, partial(row, name, design, peer, least, min(rounds, most)))


def row(name, design, peer, least, rounds):
    raw = {f"{side} {phase} s": [] for side in ("ours", peer) for phase in ("build", "trace", "first_step")}
    ratios = []
    for number in range(rounds):
        total = {}
        for side in ("ours", peer) if number % 2 else (peer, "ours"):
            program = Side(side, design, 1, "forward-backward")
            program.close()
            total[side] = sum(program.phases.values())
            for phase, nanoseconds in program.phases.items():
                raw[f"{side} {phase} s"].append(nanoseconds / 1e9)
        ratios.append(total[peer] / total["ours"])
    middle, low, high = quartiles(ratios)
    seconds = [sum(quartiles(raw[f"{side} {phase} s"])[0] for phase in ("build", "trace", "first_step")) for side in (peer, "ours")]  # fmt: skip
    yield Row(
        "first_step", name, middle, "x", low, high, "quartiles", rounds,
        f">= {least}" if least else "", middle >= least if least else None,
        f"{seconds[0]:.1f} s / {seconds[1]:.1f} s", raw,
    )  # fmt: skip


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
