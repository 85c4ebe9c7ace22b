"""The weight decay enters what is differentiated, by TF-Slim's formula."""

from dataclasses import replace

import numpy as np
import pytest
import tensorflow as tf

from resnet_studio.engine.model import ResNetV2, regularisation
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow


def test_it_is_half_the_sum_of_squares_of_the_convolutions_weights(tiny):
    model = ResNetV2(expand(replace(tiny, weight_decay=0.01)))
    with tf.GradientTape() as tape:
        value = regularisation(model)
    weights = {v.name: v.numpy() for v in model.trainable_variables if v.name.endswith("weights:0")}
    assert float(value) == pytest.approx(0.01 * sum(float(np.sum(w**2)) for w in weights.values()) / 2, rel=1e-5)
    gradients = dict(
        zip((v.name for v in model.trainable_variables), tape.gradient(value, model.trainable_variables), strict=True)
    )
    for name, gradient in gradients.items():
        assert gradient is None if name not in weights else np.allclose(gradient, 0.01 * weights[name], rtol=1e-5)


def test_none_is_none(tiny):
    assert regularisation(ResNetV2(expand(replace(tiny, weight_decay=0.0)))) == 0.0
