"""An output stride changes how densely a network computes, not what: TF-Slim's testAtrousFullyConvolutionalValues."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.design.density import output_strides
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.engine.model import ResNetV2
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow
BLOCKS = {
    "stride last": (block("a", 2, 8, 4, 2), block("b", 2, 8, 4, 2), block("c", 2, 12, 4, 1)),
    "stride first": (block("a", 2, 8, 4, 2, "first"), block("b", 2, 12, 4, 2, "first")),
    "basic units": (block("a", 2, 8, 0, 2, "first", "basic"), block("b", 2, 12, 0, 2, "last", "basic")),
    "stride of 3": (Block("a", (Unit(8, 4, 2), Unit(8, 4, 3), Unit(8, 4, 1))),),
}


@pytest.mark.parametrize("version", ["v2", "v1", "plain"])
@pytest.mark.parametrize("stride_conv", ["conv2", "conv1"])
@pytest.mark.parametrize("blocks", BLOCKS.values(), ids=BLOCKS)
def test_every_nth_pixel_of_a_denser_network_is_the_networks_own(blocks, stride_conv, version):
    design = Design(
        "net", blocks, (33, 41), None, False, root_depth=8, stride_conv=stride_conv, version=version, channels=2
    )
    model = ResNetV2(expand(design), seed=1)
    images = np.random.default_rng(0).standard_normal((2, 33, 41, 2), np.float32)
    own, _ = model(images)
    *denser, nominal = output_strides(design)
    for output_stride in denser:
        dense = ResNetV2(expand(replace(design, output_stride=output_stride)), like=model)
        assert sum(int(tf.size(v)) for v in dense.by_name.values()) == sum(
            int(tf.size(v)) for v in model.by_name.values()
        )
        factor = nominal // output_stride
        net, _ = dense(images)
        assert net.shape[1] == -(-33 // output_stride)
        np.testing.assert_allclose(net[:, ::factor, ::factor], own, rtol=1e-4, atol=1e-5)


def test_a_rate_is_the_taps_distance():
    """A 3x3 kernel of which only the corner tap counts shifts the image by its rate."""
    design = Design("net", (Block("a", (Unit(1, 1, 1, 3),)),), (9, 9), None, False, False, channels=1, version="plain")
    model = ResNetV2(expand(design))
    scope = "a/unit_1/bottleneck_plain"
    corner = np.zeros((3, 3, 1, 1), np.float32)
    corner[0, 0] = 1
    model.by_name[f"{scope}/conv1/weights"].assign(np.ones((1, 1, 1, 1)))
    model.by_name[f"{scope}/conv2/weights"].assign(corner)
    model.by_name[f"{scope}/conv3/weights"].assign(np.ones((1, 1, 1, 1)))
    image = np.arange(81, dtype=np.float32).reshape(1, 9, 9, 1)
    net, _ = model(image)
    wanted = np.pad(image, [(0, 0), (3, 0), (3, 0), (0, 0)])[:, :9, :9]
    np.testing.assert_allclose(net, wanted, rtol=1e-4)
