"""Whether a design's way to a picture grows with its units and no faster: expansion, cost and graph, side by side.

    python -m benchmarks.expansion [ROUNDS]

Ten times the units of the 101-layer CIFAR-form network (9n+2: 11 units a block; 1001 has 111) may take at most
1.2 x ten times as long. Rounds are interleaved; medians and their spread are printed.
"""

import sys
import time
from dataclasses import replace

import numpy as np

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


def main(rounds="25"):
    for design in (SMALL, LARGE):
        whole(design)
    pairs = np.array([(timed(whole, SMALL), timed(whole, LARGE)) for _ in range(int(rounds))])
    ratio = pairs[:, 1] / pairs[:, 0]
    units = 333 / 33
    print(f"units: {units:.2f} x; expansion, cost and graph: {np.median(ratio):.2f} x "
          f"(quartiles {np.percentile(ratio, 25):.2f} to {np.percentile(ratio, 75):.2f}); allowed 12.00 x")  # fmt: skip
    small, large = np.median(pairs, axis=0) * 1e3
    print(f"101 layers {small:.1f} ms, 1001 layers {large:.1f} ms")
    picture = np.median([timed(draw, expand(LARGE)) for _ in range(5)]) * 1e3
    print(f"1001 layers, from the network to the picture's geometry at layers detail, unfolded: {picture:.0f} ms")


if __name__ == "__main__":
    main(*sys.argv[1:])
