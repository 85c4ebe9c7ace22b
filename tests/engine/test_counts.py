"""Our counts against those of keras.applications and of TensorFlow's own profiler."""

import pytest
import tensorflow as tf

from resnet_studio.design.presets import PRESETS
from resnet_studio.engine.model import ResNetV2
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow
# A thousand layers are traced in half a minute: their cost is the same sum, over more of the same.
TRACED = [name for name in PRESETS if not name.endswith(("1001", "200", "200_paper"))]


@pytest.mark.parametrize("layers", [50, 101, 152])
def test_parameters_are_those_of_keras_applications(layers):
    theirs = getattr(tf.keras.applications, f"ResNet{layers}V2")(weights=None)
    assert theirs.count_params() == network_cost(expand(PRESETS[f"resnet_v2_{layers}"])).total_parameters
    tf.keras.backend.clear_session()


@pytest.mark.parametrize("name", TRACED)
def test_macs_are_half_of_the_profilers_flops_of_convolutions(name):
    from tensorflow.python.profiler import model_analyzer, option_builder

    network = expand(PRESETS[name])
    model = ResNetV2(network)
    height, width = network.design.image
    images = tf.TensorSpec((1, height, width, 3))
    graph = tf.function(lambda x: model(x)[0], autograph=False).get_concrete_function(images).graph
    options = (
        option_builder.ProfileOptionBuilder(option_builder.ProfileOptionBuilder.float_operation())
        .with_accounted_types(["Conv2D"])
        .with_empty_output()
        .build()
    )
    flops = model_analyzer.profile(graph, options=options, cmd="op").total_float_ops
    assert flops == 2 * network_cost(network).macs
