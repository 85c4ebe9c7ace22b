"""Versions, output strides, rates and channels: the list of operations and what reads it."""

from dataclasses import replace

import pytest

from resnet_studio.design.density import output_strides
from resnet_studio.design.presets import PRESETS, form_of, other_form, preset_title, twin
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.network.cost import network_cost, op_costs
from resnet_studio.network.diff import diff, differences
from resnet_studio.network.effect import effect_text
from resnet_studio.network.folding import runs
from resnet_studio.network.lesion import LesionError, without_residuals
from resnet_studio.network.liveness import padded
from resnet_studio.network.network import conv2d_same_pads, expand, variables
from resnet_studio.network.node_facts import node_facts
from resnet_studio.network.partial import sound_part
from resnet_studio.network.paths import count_paths, lengths_in_layers, paths_note
from resnet_studio.network.receptive_field import last_field, receptive_fields, weighted_layers
from resnet_studio.network.search import search
from resnet_studio.picture.graph import build_graph
from resnet_studio.picture.picture import make_picture

V1, V2 = PRESETS["resnet_v1_50"], PRESETS["resnet_v2_50"]
PLAIN = PRESETS["cifar_plain_20"]
SMALL = Design("net", (block("a", 2, 8, 4, 2), block("b", 2, 12, 4, 1)), (32, 32), 5, root_depth=8)


# ---- counts ---------------------------------------------------------------------------------------------------------

# keras.applications.ResNet50 and so on (Keras 3.15): trainable parameters, biases of convolutions that a batch norm
# follows, which TF-Slim has not, and multiply-adds. Keras's form is the paper's: the first 1x1 of a block's first unit strides.
KERAS = {
    50: (25_583_592, 26_560, 3_857_973_248),
    101: (44_601_832, 52_672, 7_570_194_432),
    152: (60_268_520, 75_712, 11_282_415_616),
}


@pytest.mark.parametrize("layers", KERAS)
def test_v1_presets_have_what_keras_has_less_the_biases(layers):
    trainable, biases, macs = KERAS[layers]
    paper = network_cost(expand(PRESETS[f"resnet_v1_{layers}_paper"]))
    assert (paper.parameters, paper.macs) == (trainable - biases, macs)
    slim = network_cost(expand(PRESETS[f"resnet_v1_{layers}"]))
    # TF-Slim strides later, in a 3x3: the same parameters on smaller grids.
    assert slim.parameters == paper.parameters
    assert slim.macs == network_cost(expand(PRESETS[f"resnet_v2_{layers}"])).macs < macs


@pytest.mark.parametrize("layers", [20, 56, 110])
def test_a_plain_twin_is_version_1_less_its_two_projections(layers):
    plain, residual = (expand(PRESETS[f"cifar_{kind}_{layers}"]) for kind in ("plain", "resnet_v1"))
    ours, theirs = network_cost(plain), network_cost(residual)
    projections = 16 * 32 + 2 * 32 + 32 * 64 + 2 * 64
    assert theirs.parameters - ours.parameters == projections
    assert theirs.macs - ours.macs == 16 * 16 * 16 * 32 + 8 * 8 * 32 * 64
    assert weighted_layers(plain) == weighted_layers(residual) == layers


def _bottleneck(size, depth_in, depth, inner, before=None):
    """Multiply-adds of one unit on a grid of `size`, whose first convolution works on one of `before`."""
    first = (before or size) ** 2 * depth_in * inner
    projection = size**2 * depth_in * depth if depth_in != depth else 0
    return first + size**2 * (9 * inner * inner + inner * depth) + projection


def test_output_strides_macs_by_hand():
    root = 112 * 112 * 7 * 7 * 3 * 64
    block1 = _bottleneck(56, 64, 256, 64) + _bottleneck(56, 256, 256, 64) + _bottleneck(28, 256, 256, 64, 56)
    block2 = _bottleneck(28, 256, 512, 128) + 3 * _bottleneck(28, 512, 512, 128)
    at_14 = block2 - _bottleneck(28, 512, 512, 128) + _bottleneck(14, 512, 512, 128, 28)
    hand = {
        # 16 is reached in block2's last unit; from block3 on all is on 14x14.
        ("resnet_v2_50", 16): root + block1 + at_14 + _bottleneck(14, 512, 1024, 256)
        + 5 * _bottleneck(14, 1024, 1024, 256) + _bottleneck(14, 1024, 2048, 512) + 2 * _bottleneck(14, 2048, 2048, 512),
        # 8 is reached in block1's last unit; from block2 on all is on 28x28.
        ("resnet_v1_101", 8): root + block1 + block2 + _bottleneck(28, 512, 1024, 256)
        + 22 * _bottleneck(28, 1024, 1024, 256) + _bottleneck(28, 1024, 2048, 512) + 2 * _bottleneck(28, 2048, 2048, 512),
    }  # fmt: skip
    for (name, output_stride), macs in hand.items():
        network = expand(replace(PRESETS[name], output_stride=output_stride))
        assert network_cost(network).macs == macs + 2048 * 1000


@pytest.mark.parametrize("name", ["resnet_v2_50", "resnet_v2_101", "resnet_v1_50", "resnet_v1_101"])
@pytest.mark.parametrize(
    ("output_stride", "size", "rates"), [(8, 28, {1, 2, 4}), (16, 14, {1, 2}), (4, 56, {1, 2, 4, 8})]
)
def test_an_output_stride_leaves_the_parameters_and_sets_the_shapes(name, output_stride, size, rates):
    network = expand(replace(PRESETS[name], output_stride=output_stride))
    before, now = network_cost(expand(PRESETS[name])), network_cost(network)
    assert (now.parameters, now.state) == (before.parameters, before.state)
    assert [op.shape for op in network.ops if op.block][-1] == (size, size, 2048)
    assert last_field(network).stride == output_stride
    assert {op.rate for op in network.ops if op.kernel == 3 and op.kind == "conv"} == rates


# ---- the list -------------------------------------------------------------------------------------------------------


def test_a_version_1_unit_is_the_papers():
    network = expand(V1)
    unit = "block2/unit_1/bottleneck_v1"
    ops = [op for op in network.ops if (op.block, op.unit) == ("block2", 1)]
    assert [(op.name.removeprefix(f"{unit}/"), op.kind) for op in ops] == [
        ("shortcut", "conv"), ("shortcut/BatchNorm", "batch_norm"),
        ("conv1", "conv"), ("conv1/BatchNorm", "batch_norm"), ("conv1/Relu", "relu"),
        ("conv2", "conv"), ("conv2/BatchNorm", "batch_norm"), ("conv2/Relu", "relu"),
        ("conv3", "conv"), ("conv3/BatchNorm", "batch_norm"), ("add", "add"), ("Relu", "relu"),
    ]  # fmt: skip
    assert ops[0].inputs == ops[2].inputs == ("block1/unit_3/bottleneck_v1/Relu",)
    assert network.by_name[f"{unit}/add"].inputs == (f"{unit}/shortcut/BatchNorm", f"{unit}/conv3/BatchNorm")
    assert {v.name for op in network.ops for v in variables(op) if v.name.endswith("biases")} == {"logits/biases"}
    assert network.by_name["pool5"].inputs == ("block4/unit_3/bottleneck_v1/Relu",)
    assert network.shortcuts == expand(V2).shortcuts


def test_biases_say_nothing_where_a_batch_norm_follows():
    for design in (V1, PLAIN):
        assert expand(replace(design, conv_biases=False)).ops == expand(replace(design, conv_biases=True)).ops


def test_a_plain_network_has_no_additions_and_its_units_are_the_main_line():
    network = expand(PLAIN)
    assert not any(op.kind in ("add", "subsample") or op.role != "main" for op in network.ops)
    assert network.shortcuts == {}
    assert len(network.units) == 9
    assert all(len(op.inputs) == 1 for op in network.ops[1:])
    assert ("cifar_plain_20/block1/unit_1/basic_plain", "block1/unit_1/basic_plain/conv2/Relu") in network.end_points


def test_what_lies_behind_a_stride_left_out_in_its_unit_makes_up_for_it():
    units = (Unit(8, 4, 2), Unit(8, 4, 2), Unit(8, 4))
    rates = {}
    for kind, stride_conv in (("bottleneck", "conv2"), ("bottleneck", "conv1"), ("basic", "conv2")):
        design = Design(
            "n", (Block("b", units, kind),), (32, 32), None, False, False, output_stride=2, stride_conv=stride_conv
        )
        network = expand(design)
        rates[kind, stride_conv] = [op.rate for op in network.ops if op.kind == "conv" and op.kernel == 3]
        assert [op.stride for op in network.ops if op.kind == "conv" and op.unit == 2 and op.stride > 1] == []
    assert rates == {
        ("bottleneck", "conv2"): [1, 1, 2],
        ("bottleneck", "conv1"): [1, 2, 2],
        ("basic", "conv2"): [1, 1, 1, 2, 2, 2],
    }


def test_a_units_rate_multiplies_the_one_in_force():
    units = (Unit(8, 4, 2), Unit(8, 4, 2), Unit(8, 4, 1, 2), Unit(8, 4, 1, 3))
    network = expand(Design("n", (Block("b", units),), (32, 32), None, False, False, output_stride=2))
    assert [op.rate for op in network.ops if op.kernel == 3] == [1, 1, 4, 6]
    assert output_strides(network.design) == (1, 2, 4)


def test_pads_and_receptive_field_of_an_atrous_convolution():
    assert conv2d_same_pads(9, 9, 3, 1, 2) == (2, 2, 2, 2)
    assert conv2d_same_pads(9, 9, 3, 2, 3) == (3, 3, 3, 3)
    design = Design("n", (Block("b", (Unit(8, 4, 1, 5),)),), (20, 20), None, False, False)
    network = expand(design)
    conv2 = network.by_name["b/unit_1/bottleneck_v2/conv2"]
    assert conv2.shape == (20, 20, 4)
    assert receptive_fields(network)[conv2.name].size == 11
    assert op_costs(network)[conv2.name].macs == 20 * 20 * 4 * 9 * 4
    # TensorFlow pads 20 + 5 + 5 pixels a side, a multiple of 5 already.
    assert padded(network, conv2) == 30 * 30 * 4


def test_the_field_grows_by_rate_as_it_does_by_stride():
    """A denser network sees as far: its stride is left out, and its rate makes up for it."""
    assert last_field(expand(replace(V1, output_stride=8))).size == last_field(expand(V1)).size


def test_channels_are_those_of_the_image():
    network = expand(replace(SMALL, channels=1))
    assert network.by_name["input"].shape == (32, 32, 1)
    assert network_cost(expand(SMALL)).parameters - network_cost(network).parameters == 2 * 7 * 7 * 8


# ---- its readers ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("detail", ["units", "layers", "blocks"])
def test_the_picture_tells_versions_apart_in_place(detail):
    texts = {}
    for version in ("v2", "v1", "plain"):
        picture = make_picture(expand(replace(SMALL, version=version)), detail)
        words = [text.text for text in picture.texts] + [box.title for box in picture.boxes]
        texts[version] = (words.count("ReLU"), sum(box.form == "add" for box in picture.boxes))
        assert {line.kind for line in picture.lines} >= ({"main"} if version == "plain" else {"main", "projection"})
    additions = 2 if detail == "blocks" else 4
    assert texts == {"v2": (0, additions), "v1": (additions, additions), "plain": (0, 0)}


def test_dilation_is_marked_in_boxes_facts_and_search():
    network = expand(replace(V2, output_stride=8))
    units = make_picture(network, "units")
    told = {(box.block, box.unit): box.text.splitlines()[-1] for box in units.boxes if "rate" in box.text}
    assert told == {("block3", i): "rate 2" for i in range(1, 7)} | {("block4", i): "rate 4" for i in range(1, 4)}
    (conv2,) = [b for b in make_picture(network, "layers").boxes if b.name == "block4/unit_2/bottleneck_v2/conv2"]
    assert conv2.text.splitlines()[0] == "3×3 rate 4, 512"
    assert ("Rate", "4: taps 4 pixels apart, over 9×9") in node_facts(network, [conv2.ops[0]])
    assert len(search(network, "atrous")) == 9
    assert build_graph(network, "blocks").nodes["block4"]["text"] == "3 units, rate 4"


def test_runs_of_equal_units_end_where_the_rate_changes():
    design = replace(SMALL, blocks=(Block("a", (Unit(8, 4, 1), Unit(8, 4, 1), Unit(8, 4, 1, 2), Unit(8, 4, 1, 2))),))
    assert [(run.first, run.last) for run in runs(expand(design))] == [(1, 2), (3, 4)]


def test_what_differs_is_said():
    found = diff(expand(SMALL), expand(replace(SMALL, version="v1", channels=1)))
    assert found.options == (("channels", "3", "1"), ("version", "v2", "v1"))
    words = {change.name: change.parts[0].changes for change in differences(found)}
    assert words["a/unit_1 to unit_2"] == ("version 2 → version 1", "conv3 without bias")
    assert words["conv1"] == ("with batch norm and ReLU", "conv1 without bias", "conv1 reads 3 → 1 channels")
    dense = diff(expand(SMALL), expand(replace(SMALL, output_stride=4)))
    (changed,) = [p for p in dense.different if p.a == "b/unit_2"]
    assert changed.changes == ("conv2 rate 1 → 2", "output 4×4 → 8×8")


def test_a_lesion_of_version_1_leaves_the_shortcut_and_its_relu():
    network = without_residuals(expand(replace(SMALL, version="v1")), [("a", 1), ("b", 2)])
    left = [op.name for op in network.ops if (op.block, op.unit) in (("a", 1), ("b", 2))]
    assert left == ["a/unit_1/bottleneck_v1/Relu", "b/unit_2/bottleneck_v1/Relu"]
    for detail in ("units", "layers", "blocks"):
        assert make_picture(network, detail).boxes
    assert len(network.shortcuts) == 2


def test_a_plain_network_has_one_path_and_refuses_a_lesion():
    network = expand(PLAIN)
    assert count_paths(network) == 1
    assert lengths_in_layers(network) == {20: 1}
    assert "one path" in paths_note(network)
    assert "ReLU behind each addition" in paths_note(expand(V1))
    assert paths_note(expand(V2)) == ""
    with pytest.raises(LesionError, match="a plain network has no shortcuts"):
        without_residuals(network, [("block1", 1)])


def test_a_faulty_field_is_drawn_as_far_as_the_design_is_sound():
    cases = {
        ("channels", 0): ([], "input"),
        ("version", "v3"): (["input"], "root block"),
        ("output_stride", 6): (["input", "conv1", "pool1"], "blocks"),
        ("output_stride", "x"): (["input", "conv1", "pool1"], "blocks"),
    }
    for (field, value), (layers, place) in cases.items():
        part = sound_part(replace(SMALL, **{field: value}))
        assert list(dict.fromkeys(op.layer for op in part.network.ops)) == layers
        assert next(each.title for each in part.missing if each.fault) == place
    rated = replace(SMALL, blocks=(Block("a", (Unit(8, 4, 1), Unit(8, 4, 2, 2), Unit(8, 4, 1))),))
    part = sound_part(rated)
    assert part.network.units == (("a", 1),)
    assert part.missing[0].fault.startswith("rate: a rate of 2 beside a stride of 2")


def test_what_a_choice_costs_is_told_beside_it():
    assert effect_text(V2, replace(V2, output_stride=8)) == "18.88 GMACs (5.42×), 156.4 MiB an image (2.62×)"
    assert effect_text(V2, replace(V2, output_stride=12)).startswith("output_stride: 12 is not reached")


def test_presets_have_titles_forms_and_twins():
    assert preset_title("resnet_v1_50_paper") == "ResNet-50 V1, paper's form"
    assert preset_title("cifar_plain_56") == "CIFAR plain-56"
    assert preset_title("cifar_resnet_v1_20") == "CIFAR ResNet-20 V1"
    assert twin(V1) == PRESETS["resnet_v1_50_paper"]
    assert (form_of(V1), form_of(PRESETS["resnet_v1_50_paper"])) == ("tf-slim", "paper")
    grey = replace(V1, channels=1)
    assert other_form(grey).conv_biases == grey.conv_biases
    assert other_form(grey).channels == 1
