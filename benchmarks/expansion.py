"""Whether a design's way to a picture grows with its units and no faster: expansion, cost and graph, side by side.

    python -m benchmarks.expansion [ROUNDS]

Ten times the units of the 101-layer CIFAR-form network (9n+2: 11 units a block; 1001 has 111) may take at most
1.2 x ten times as long. Rounds are interleaved.
"""

import sys
import time
from dataclasses import replace

import numpy as np

from benchmarks.table import Row, quartiles, show
from resnet_studio.arch.cost import network_cost
from resnet_studio.arch.graph import build_graph
from resnet_studio.arch.network import expand
from resnet_studio.arch.picture import make_picture
from resnet_studio.arch.presets import PRESETS

LARGE = PRESETS["cifar_resnet_v2_1001"]
SMALL = replace(LARGE, name="cifar_resnet_v2_101", blocks=tuple(block.with_count(11) for block in LARGE.blocks))


def whole(design):
    network = expand(design)
    network_cost(network)
    build_graph(network, "layers")


def draw(network):
    make_picture(network, "layers", fold=False)


def timed(work, *arguments):
    began = time.perf_counter()
    work(*arguments)
    return time.perf_counter() - began


def rows(rounds=25):
    for design in (SMALL, LARGE):
        whole(design)
    pairs = np.array([(timed(whole, SMALL), timed(whole, LARGE)) for _ in range(rounds)])
    ratio, units = quartiles((pairs[:, 1] / pairs[:, 0]).tolist()), 333 / 33
    small, large = np.median(pairs, axis=0) * 1e3
    pictures = [timed(draw, expand(LARGE)) * 1e3 for _ in range(5)]
    return [
        Row(
            "expansion", f"expansion, cost and graph of 1001 layers / 101 layers ({units:.2f} x the units)", ratio[0], "x",
            ratio[1], ratio[2], "quartiles", rounds, f"<= {1.2 * units:.1f}", ratio[0] <= 1.2 * units,
            f"{large:.1f} ms / {small:.1f} ms",
        ),
        Row(
            "expansion", "1001 layers unfolded, layers detail: from the network to the picture's geometry",
            *_median(pictures), "range", len(pictures),
        ),
    ]  # fmt: skip


def _median(milliseconds):
    return float(np.median(milliseconds)), "ms", min(milliseconds), max(milliseconds)


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
