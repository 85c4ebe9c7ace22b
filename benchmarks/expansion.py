"""Whether a design's way to a picture grows with its units and no faster: expansion, cost and graph, side by side.

    python -m benchmarks.expansion [ROUNDS]

Ten times the units of the 101-layer CIFAR-form network (9n+2: 11 units a block; 1001 has 111) may take at most
1.2 x ten times as long. Rounds are interleaved.
"""

import sys
import time
from dataclasses import replace

from benchmarks.table import Row, quartiles, show
from resnet_studio.design.presets import PRESETS
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand
from resnet_studio.picture.graph import build_graph
from resnet_studio.picture.picture import make_picture

LARGE = PRESETS["cifar_resnet_v2_1001"]
SMALL = replace(LARGE, name="cifar_resnet_v2_101", blocks=tuple(block.with_count(11) for block in LARGE.blocks))


def rows(rounds=25):
    for design in (SMALL, LARGE):
        whole(design)
    small, large = zip(*((timed(whole, SMALL), timed(whole, LARGE)) for _ in range(rounds)), strict=True)
    middle, low, high = quartiles([b / a for a, b in zip(small, large, strict=True)])
    yield Row(
        "expansion", "expansion, cost and graph: 1001 layers / 101 layers, of 10.09 times the units",
        middle, "x", low, high, "quartiles", rounds, "<= 12", middle <= 12,
        f"{quartiles(large)[0]:.1f} ms / {quartiles(small)[0]:.1f} ms", {"101 layers ms": small, "1001 layers ms": large},
    )  # fmt: skip
    network = expand(LARGE)
    drawn = [timed(make_picture, network, "layers", fold=False) for _ in range(rounds)]
    middle, low, high = quartiles(drawn)
    yield Row(
        "expansion", "1001 layers, from the network to the picture's geometry at layers detail, unfolded",
        middle, "ms", low, high, "quartiles", rounds, raw={"ms": drawn},
    )  # fmt: skip


def whole(design):
    network = expand(design)
    network_cost(network)
    build_graph(network, "layers")


def timed(work, *arguments, **options):
    """Milliseconds of one call."""
    began = time.perf_counter()
    work(*arguments, **options)
    return (time.perf_counter() - began) * 1e3


if __name__ == "__main__":
    show(rows(*map(int, sys.argv[1:])))
