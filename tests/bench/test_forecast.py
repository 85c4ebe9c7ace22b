"""The forecast of a plan's memory, by parts; what it was fitted on is measured in benchmarks/memory.py."""

from dataclasses import replace

import pytest

from resnet_studio.bench.forecast import batch_within, forecast, forecasts
from resnet_studio.bench.memory_text import parts_text, remedy, shortage
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand

FORWARD, BACKWARD = TimingPlan(("forward",), batch=8), TimingPlan(("forward-backward",), batch=8)
BOTH = replace(FORWARD, modes=("forward", "forward-backward"))
R50 = expand(PRESETS["resnet_v2_50"])
# Measured on TensorFlow 2.21, two cores, oneDNN: (preset, side of the image, batch, mode, MB). The constants were fitted on them.
MEASURED = [
    ("resnet_v2_50", 224, 12, "forward", 265.3),
    ("resnet_v2_50", 224, 12, "forward-backward", 1203.8),
    ("resnet_v2_34", 224, 8, "forward", 211.8),
    ("resnet_v2_34", 224, 8, "forward-backward", 550.5),
    ("resnet_v2_101_paper", 192, 4, "forward", 313.5),
    ("resnet_v2_101_paper", 192, 4, "forward-backward", 958.4),
    ("resnet_v2_152", 224, 2, "forward-backward", 805.7),
    ("resnet_v2_200_paper", 160, 2, "forward", 392.2),
    ("resnet_v2_200_paper", 160, 2, "forward-backward", 784.2),
    ("cifar_resnet_v2_56", 32, 128, "forward", 76.5),
    ("cifar_resnet_v2_56", 32, 128, "forward-backward", 687.9),
    ("cifar_resnet_v2_110", 32, 64, "forward", 84.0),
    ("cifar_resnet_v2_110", 32, 64, "forward-backward", 660.8),
    ("cifar_resnet_v2_164", 32, 16, "forward", 102.5),
    ("cifar_resnet_v2_164", 32, 16, "forward-backward", 519.2),
    ("cifar_resnet_v2_1001", 32, 4, "forward", 442.9),
    ("cifar_resnet_v2_1001", 32, 4, "forward-backward", 979.5),
]


@pytest.mark.parametrize(("name", "side", "batch", "mode", "measured"), MEASURED)
def test_what_was_measured_is_forecast_within_15_percent(name, side, batch, mode, measured):
    network = expand(replace(PRESETS[name], image=(side, side)))
    (found,) = forecasts(network, TimingPlan((mode,), batch=batch))
    assert found.total / 1e6 == pytest.approx(measured, rel=0.15)


def test_the_parts():
    forward, backward = forecasts(R50, BOTH)
    assert forward.weights == backward.weights == 4 * 25_613_800
    assert forward.gradients == 0
    assert backward.gradients > 4 * 25_568_360
    # At its widest a forward pass holds block1's input and its batch norm, 56x56x256 each, and more: see network.liveness.
    assert 2 * 56 * 56 * 256 * 4 * 8 < forward.activations < 3 * 56 * 56 * 256 * 4 * 8
    assert backward.activations > 60_000_000 * 8
    assert forward.total == forward.weights + forward.activations + forward.workspace
    assert forecast(R50, BOTH) == backward


def test_bfloat16_halves_the_activations():
    whole, half = (forecast(R50, replace(BACKWARD, precision=precision)) for precision in ("float32", "bfloat16"))
    assert half.activations * 2 == whole.activations
    assert half.weights > whole.weights


@pytest.mark.parametrize("plan", [FORWARD, BACKWARD, BOTH], ids=["forward", "backward", "both"])
def test_the_batch_within_is_the_largest_that_fits(plan):
    fits = batch_within(R50, plan, 2**32)
    assert forecast(R50, replace(plan, batch=fits)).total <= 2**32 < forecast(R50, replace(plan, batch=fits + 1)).total
    assert batch_within(R50, plan, 1000) == 0


def test_a_run_that_takes_over_four_fifths_of_what_is_free_is_asked_about():
    need = forecast(R50, BOTH).total
    assert shortage(R50, BOTH, int(need / 0.8) + 2) is None
    short = shortage(R50, BOTH, int(need / 0.8) - 2)
    assert short is not None
    assert short.fits == 7
    assert str(short) == "A batch of 8 is forecast to take 820 MiB (forward-backward); 1.0 GiB are free"


def test_the_way_out_of_a_shortage_and_where_the_forecast_was_wrong():
    assert remedy(R50, BACKWARD, 1_000_000_000) == "Use a batch of at most 7, or a smaller image."
    assert remedy(R50, BACKWARD, 1_000_000) == "Use a smaller image or network."
    assert remedy(R50, BACKWARD, 10**12) == "Use a smaller batch, such as 4."
    assert remedy(R50, replace(BACKWARD, batch=1), 10**12) == "Use a smaller image."


def test_in_words():
    assert parts_text(forecast(R50, FORWARD)).startswith("240 MiB: weights 98 MiB, activations 60 MiB, workspace ")
