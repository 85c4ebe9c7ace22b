"""What is held at one time, counted by hand on small networks."""

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Design, block
from resnet_studio.network.liveness import forward_peak, kept, padded, training_peak, values
from resnet_studio.network.network import expand

ONE_UNIT = Design(
    "one", (block("b", 1, 8, 4, 1),), (8, 8), num_classes=None, include_root_block=False, global_pool=False
)


def test_one_bottleneck_unit():
    """8x8, 3 channels in, 8 out, 4 between: input -> preact -> (shortcut | conv1 conv2 conv3) -> add -> postnorm."""
    network = expand(ONE_UNIT)
    pixels = 64
    # The images (3) stay; the shortcut (8) waits while conv1's and conv2's outputs (4) come and go, and conv3 makes 8 of 4.
    assert forward_peak(network) == pixels * (3 + 8 + 4 + 8)
    sizes = kept(network)
    scope = "b/unit_1/bottleneck_v2"
    assert set(sizes) == {
        "input", f"{scope}/preact/Relu", f"{scope}/conv1", f"{scope}/conv1/Relu", f"{scope}/conv2", f"{scope}/conv2/Relu",
        f"{scope}/add", "postnorm/Relu",
    }  # fmt: skip
    assert sum(sizes.values()) == pixels * (3 + 3 + 4 + 4 + 4 + 4 + 8 + 8)
    assert training_peak(network) >= sum(sizes.values()) + pixels * 8


def test_what_is_padded_by_hand_is_kept_too():
    network = expand(PRESETS["resnet_v2_50"])
    conv1 = network.by_name["conv1"]
    assert padded(network, conv1) == 230 * 230 * 3
    assert kept(network)["conv1/pad"] == 230 * 230 * 3
    assert values(conv1) == 112 * 112 * 64


def test_all_ends_with_nothing_held_but_the_output():
    """A deeper network of equal units keeps more, and holds no more in a forward pass."""
    shallow, deep = (expand(PRESETS[f"cifar_resnet_v2_{layers}"]) for layers in (56, 110))
    assert forward_peak(shallow) == forward_peak(deep)
    assert training_peak(deep) > 1.9 * training_peak(shallow)
