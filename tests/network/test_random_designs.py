"""Designs with every field at random: each reader of the network takes them, and what is written comes back."""

import ast
import random
from dataclasses import replace

import pytest

from resnet_studio.design import notation
from resnet_studio.design.density import output_strides
from resnet_studio.design.files import design_from_json, design_to_json
from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.design.validate import validate
from resnet_studio.network.diff import diff
from resnet_studio.network.lesion import without_residuals
from resnet_studio.network.network import expand
from resnet_studio.network.partial import sound_part
from resnet_studio.network.paths import lengths_in_layers
from resnet_studio.network.receptive_field import last_field
from resnet_studio.picture.picture import make_picture
from resnet_studio.source.python_source import to_keras_python, to_tensorflow_python

DETAILS = ("units", "layers", "blocks")


def design_at_random(rng):
    def unit():
        return Unit(rng.choice([8, 16, 24]), rng.choice([4, 6]), rng.choice([1, 1, 2, 3]), rng.choice([1, 1, 1, 2]))

    blocks = tuple(
        Block(f"b{b}", tuple(unit() for _ in range(rng.randint(1, 4))), rng.choice(["bottleneck", "basic"]))
        for b in range(rng.randint(1, 3))
    )
    design = Design(
        "net", blocks, (rng.randint(8, 70), rng.randint(8, 70)), rng.choice([None, 5]), rng.random() < 0.5,
        rng.random() < 0.7, root=rng.choice(["imagenet", "cifar"]), stride_conv=rng.choice(["conv1", "conv2"]),
        conv_biases=rng.random() < 0.5, channels=rng.choice([1, 3, 4]), version=rng.choice(["v1", "v2", "plain"]),
    )  # fmt: skip
    return replace(design, output_stride=rng.choice([None, *output_strides(design), 7]))


@pytest.mark.parametrize("seed", range(40))
def test_every_reader_takes_every_design(seed):
    rng = random.Random(seed)
    design = design_at_random(rng)
    if validate(design):
        part = sound_part(design)
        assert make_picture(part.network, "units", missing=part.missing).boxes
        design = replace(design, output_stride=None, blocks=tuple(b.with_all("rate", 1) for b in design.blocks))
    network = expand(design)
    reached = last_field(network).stride
    if design.output_stride is not None:
        assert reached == design.output_stride
    for detail in DETAILS:
        picture = make_picture(network, detail, rng.choice(["layered", "top-down", "arc"]))
        assert bool(network.shortcuts) == any(line.kind != "main" for line in picture.lines)
    for write in (to_keras_python, to_tensorflow_python):
        ast.parse(write(network))
    assert notation.parse(notation.format(design)) == design
    assert design_from_json(design_to_json(design)) == design
    assert sum(lengths_in_layers(network).values()) == 2 ** len(network.shortcuts)
    other = expand(replace(design, version="v1" if design.version == "v2" else "v2"))
    assert diff(network, other).different
    if network.shortcuts:
        left = without_residuals(network, rng.sample(list(network.shortcuts), rng.randint(1, len(network.shortcuts))))
        assert all(make_picture(left, detail).boxes for detail in DETAILS)
