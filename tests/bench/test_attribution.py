"""Whom a profiler's spans belong to, and how the time of a step is divided among them."""

import pytest

from resnet_studio.bench.attribution import BETWEEN, Span, attribute
from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand

NETWORK = expand(PRESETS["resnet_v2_50"])
UNIT = "resnet_v2_50/block1/unit_2/bottleneck_v2"
SHORT = UNIT.removeprefix("resnet_v2_50/")
TAPE = f"gradient_tape/{UNIT}"


def shares(*spans, mode="forward-backward", steps=((0, 100),), producers=None):
    return attribute(NETWORK, mode, [Span(*span) for span in spans], steps, producers or {})


def test_time_goes_to_the_operation_in_whose_scope_it_was_spent_forward_and_backward_apart():
    found = shares(
        (f"{UNIT}/conv1/Conv2D", "Conv2D", 1, 0, 30),
        (f"{UNIT}/conv1/BatchNorm/FusedBatchNormV3", "_MklNativeFusedBatchNormV3", 1, 30, 40),
        (f"{TAPE}/conv1/Conv2DBackpropFilter", "Conv2DBackpropFilter", 1, 40, 85),
        (f"{TAPE}/conv1/Conv2D/Conv2DBackpropInput", "_MklNativeConv2DBackpropInput", 1, 85, 100),
    )
    assert found.ops == {f"{SHORT}/conv1": (75.0, 100.0), f"{SHORT}/conv1/BatchNorm": (25.0, 0.0)}
    assert found.kinds == {
        "convolution": (75.0, 0.0), "filter gradient": (0.0, 75.0), "input gradient": (0.0, 25.0),
        "batch norm": (25.0, 0.0),
    }  # fmt: skip
    assert (found.backward, found.remainder, found.steps) == (60.0, {}, 1)


def test_what_runs_at_one_time_on_two_threads_shares_that_time():
    found = shares(
        (f"{UNIT}/conv1/Conv2D", "Conv2D", 1, 0, 100),
        (f"{UNIT}/conv2/Conv2D", "Conv2D", 2, 50, 100),
        mode="forward",
    )
    assert found.ops == {f"{SHORT}/conv1": (75.0, 0.0), f"{SHORT}/conv2": (25.0, 0.0)}


def test_of_nested_spans_the_outer_one_has_what_the_inner_ones_leave():
    found = shares(
        (f"{UNIT}/conv1/Conv2D", "Conv2D", 1, 0, 100),
        (f"{UNIT}/conv1/BatchNorm/FusedBatchNormV3", "FusedBatchNormV3", 1, 20, 50),
        mode="forward",
    )
    assert found.ops == {f"{SHORT}/conv1": (70.0, 0.0), f"{SHORT}/conv1/BatchNorm": (30.0, 0.0)}


def test_idle_time_is_told_and_time_outside_the_steps_is_not():
    found = shares(
        (f"{UNIT}/conv1/Conv2D", "Conv2D", 1, -50, 30),
        (f"{UNIT}/conv2/Conv2D", "Conv2D", 1, 40, 200),
        mode="forward", steps=((0, 50), (100, 150)),
    )  # fmt: skip
    assert found.remainder == {BETWEEN: (10.0, 0.0)}
    assert found.ops == {f"{SHORT}/conv1": (30.0, 0.0), f"{SHORT}/conv2": (60.0, 0.0)}
    assert found.steps == 2


def test_what_disturbs_one_step_of_three_is_nobodys_share():
    steps = [(0, 100), (100, 200), (200, 1200)]
    spans = [(f"{UNIT}/conv1/Conv2D", "Conv2D", 1, begin, begin + 50) for begin, _ in steps]
    spans += [(f"{UNIT}/conv2/Conv2D", "Conv2D", 1, begin + 50, end) for begin, end in steps]
    found = shares(*spans, mode="forward", steps=steps)
    assert found.ops == {f"{SHORT}/conv1": (50.0, 0.0), f"{SHORT}/conv2": (50.0, 0.0)}


@pytest.mark.parametrize(
    ("name", "kind", "expected"),
    [
        ("weight_decay/L2Loss_3", "L2Loss", "weight decay"),
        ("gradient_tape/weight_decay/mul_7", "Mul", "weight decay"),
        ("loss/SparseSoftmaxCrossEntropyWithLogits/x", "SparseSoftmaxCrossEntropyWithLogits", "loss"),
        ("gradient_tape/loss/Reshape", "Reshape", "loss"),
        ("result/AddN", "AddN", "result"),
        ("input/random_uniform/RandomUniform", "RandomUniform", "input"),
        ("SomeSend", "_Send", "copies"),
        ("MemcpyD2H", "MemcpyD2H", "copies"),
        ("AddN_4", "AddN", "other"),
    ],
)
def test_what_belongs_to_no_operation_is_a_remainder_with_a_name(name, kind, expected):
    found = shares((f"{UNIT}/conv1/Conv2D", "Conv2D", 1, 0, 50), (f"{TAPE}/conv1/x", "Conv2DBackpropFilter", 1, 50, 80),
                   (name, kind, 1, 80, 100))  # fmt: skip
    assert set(found.remainder) == {expected}
    assert found.ops.keys() == {f"{SHORT}/conv1"}


def test_a_sum_of_gradients_belongs_to_whom_its_terms_do():
    spans = ((f"{UNIT}/conv1/Conv2D", "Conv2D", 1, 0, 50), ("AddN_3", "AddN", 1, 50, 100))
    found = shares(*spans, producers={"AddN_3": [f"{TAPE}/preact/Relu/ReluGrad"]})
    assert (
        found.ops[f"{SHORT}/preact/Relu" if f"{SHORT}/preact/Relu" in NETWORK.by_name else f"{SHORT}/preact"][1] == 100
    )
    assert found.kinds["sum of gradients"] == (0.0, 100.0)
    assert shares(*spans, producers={"AddN_3": ["gradient_tape/weight_decay/mul"]}).remainder["weight decay"][1] == 100


def test_a_fused_convolution_is_found_though_it_bears_the_name_of_what_was_fused_into_it():
    relu = next(op for op in NETWORK.ops if op.kind == "relu" and f"{SHORT}/conv1" in op.name)
    found = shares((f"resnet_v2_50/{relu.name}/Relu", "_FusedConv2D", 1, 0, 100), mode="forward")
    assert found.ops == {f"{SHORT}/conv1": (100.0, 0.0)}
    assert found.kinds == {"convolution": (100.0, 0.0)}


def test_a_profile_without_the_network_is_refused():
    with pytest.raises(ValueError, match="no operation of this network"):
        shares(("another/conv1/Conv2D", "Conv2D", 1, 0, 100))
    with pytest.raises(ValueError, match="no operation of this network"):
        shares()
