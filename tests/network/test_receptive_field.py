"""Receptive fields by hand, and the layers that the names count."""

import re

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.network.receptive_field import Field, last_field, receptive_fields, weighted_layers


@pytest.mark.parametrize("name", PRESETS)
def test_a_name_counts_the_weighted_layers(name):
    assert weighted_layers(expand(PRESETS[name])) == int(re.findall(r"\d+", name.removeprefix("resnet_v2"))[-1])


def test_receptive_fields_of_resnet_50():
    network = expand(PRESETS["resnet_v2_50"])
    fields = receptive_fields(network)
    assert fields["conv1"] == Field(7, 2)
    assert fields["pool1"] == Field(11, 4)
    # Two 3x3 convolutions at stride 4, one more that strides to 8.
    assert fields["block1/unit_3/bottleneck_v2/add"] == Field(11 + 3 * 2 * 4, 8)
    # TF-Slim's networks as Araujo et al. 2019 measured them: 483, 1027, 1507. The paper's form strides earlier in a
    # block's convolutions and so sees a little less.
    assert [last_field(expand(PRESETS[f"resnet_v2_{n}"])).size for n in (50, 101, 152)] == [483, 1027, 1507]
    assert last_field(expand(PRESETS["resnet_v2_50_paper"])) == Field(427, 32)
