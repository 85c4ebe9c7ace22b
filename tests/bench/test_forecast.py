"""The floor under a plan's memory."""

from dataclasses import replace

import pytest

from resnet_studio.arch.network import expand
from resnet_studio.arch.presets import PRESETS
from resnet_studio.bench.forecast import forecast
from resnet_studio.bench.hardware import physical_memory
from resnet_studio.bench.plan import TimingPlan

FORWARD, BACKWARD = TimingPlan(("forward",)), TimingPlan(("forward-backward",))


def test_the_published_networks_are_not_refused_on_an_ordinary_machine():
    for layers in (50, 101, 152):
        network = expand(PRESETS[f"resnet_v2_{layers}"])
        assert forecast(network, FORWARD).at(32) < 2 * 2**30
        assert forecast(network, BACKWARD).at(32) < 12 * 2**30


def test_weights_and_their_gradients_are_in_it():
    network = expand(PRESETS["resnet_v2_50"])
    assert forecast(network, FORWARD).fixed == 4 * 25_613_800
    assert forecast(network, BACKWARD).fixed == 4 * (25_613_800 + 25_568_360)
    # conv1 reads 224x224x3 and writes 112x112x64; block1's first units read and write 56x56x256 thrice.
    assert forecast(network, FORWARD).per_image == pytest.approx(4 * 3 * 56 * 56 * 256, rel=0.5)
    both = replace(FORWARD, modes=("forward", "forward-backward"))
    assert forecast(network, both) == forecast(network, BACKWARD)


def test_the_batch_within_is_the_largest_that_fits():
    need = forecast(expand(PRESETS["resnet_v2_50"]), BACKWARD)
    fits = need.batch_within(2**32)
    assert need.at(fits) <= 2**32 < need.at(fits + 1)
    assert need.batch_within(1000) == 0


def test_this_machine_has_memory():
    assert 2**28 < physical_memory() < 2**50
