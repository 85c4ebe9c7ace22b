"""The forecast of a plan's memory, by parts; what it was fitted on is measured in benchmarks/memory.py."""

from dataclasses import replace

import pytest

from resnet_studio.arch.network import expand
from resnet_studio.arch.presets import PRESETS
from resnet_studio.bench.forecast import batch_within, forecast, forecasts
from resnet_studio.bench.memory_text import parts_text, remedy, shortage
from resnet_studio.bench.plan import TimingPlan

FORWARD, BACKWARD = TimingPlan(("forward",), batch=8), TimingPlan(("forward-backward",), batch=8)
BOTH = replace(FORWARD, modes=("forward", "forward-backward"))
R50 = expand(PRESETS["resnet_v2_50"])
# Measured on TensorFlow 2.21, two cores, oneDNN: (preset, image, batch, MB forward, MB forward-backward).
MEASURED = [
    ("resnet_v2_50", (224, 224), 8, 229.2, 912.9),
    ("resnet_v2_50", (224, 224), 16, 300.4, 1484.3),
    ("resnet_v2_50", (224, 224), 1, 147.3, 348.0),
    ("resnet_v2_101", (160, 160), 8, 257.8, 1011.0),
    ("resnet_v2_152", (224, 224), 2, 350.3, 1008.2),
    ("resnet_v2_50_paper", (128, 128), 16, 217.0, 782.2),
    ("resnet_v2_18", (224, 224), 16, 199.7, 454.4),
    ("cifar_resnet_v2_110", (32, 32), 64, 51.9, 668.8),
    ("cifar_resnet_v2_164", (32, 32), 16, 80.0, 555.9),
    ("resnet_v2_34", (224, 224), 8, 161.5, 498.1),
    ("resnet_v2_200_paper", (160, 160), 2, 385.9, 1075.8),
    ("cifar_resnet_v2_56", (32, 32), 128, 65.0, 637.5),
    ("cifar_resnet_v2_1001", (32, 32), 4, 589.3, 1820.3),
]


@pytest.mark.parametrize(("name", "image", "batch", "forward", "backward"), MEASURED)
def test_what_was_measured_is_forecast_within_15_percent_or_10_megabytes(name, image, batch, forward, backward):
    network = expand(replace(PRESETS[name], image=image))
    found = [each.total / 1e6 for each in forecasts(network, replace(BOTH, batch=batch))]
    assert found == pytest.approx([forward, backward], rel=0.15, abs=10)


def test_the_parts():
    forward, backward = forecasts(R50, BOTH)
    assert forward.weights == backward.weights == 4 * 25_613_800
    assert forward.gradients == 0
    assert backward.gradients > 4 * 25_568_360
    # At its widest a forward pass holds block1's input and its batch norm, 56x56x256 each, and more: see arch.liveness.
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
    assert parts_text(forecast(R50, FORWARD)).startswith("220 MiB: weights 98 MiB, activations 60 MiB, workspace ")
