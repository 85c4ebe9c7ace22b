"""A network as a SavedModel: its graph and its weights, for TensorFlow Serving, tf.saved_model.load and converters."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf

from .lower import Tensor
from .model import ResNetV2


def save_saved_model(model: ResNetV2, folder: Path) -> None:
    """Writes `model`, as it is in use, not in training, for any batch of float32 images of the design's size.

    Two signatures: "serving_default" gives "output" and, where the design has classes, "predictions"; "end_points"
    gives every end point under TF-Slim's name. Loaded again it can be called: `tf.saved_model.load(folder)(images)`.
    """
    images = tf.TensorSpec([None, *model.network.design.image, 3], tf.float32, name="images")

    @tf.function(input_signature=[images], autograph=False)
    def call(images: Tensor) -> Tensor:
        return model(images)[0]

    @tf.function(input_signature=[images], autograph=False)
    def serve(images: Tensor) -> dict[str, Tensor]:
        net, end_points = model(images)
        return {"output": net, **{name: end_points[name] for name in ("predictions",) if name in end_points}}

    @tf.function(input_signature=[images], autograph=False)
    def all_end_points(images: Tensor) -> dict[str, Tensor]:
        return dict(model(images)[1])

    served = tf.Module()
    served.model = model
    served.__call__ = call
    tf.saved_model.save(served, str(folder), signatures={"serving_default": serve, "end_points": all_end_points})
