"""Writes a network as a SavedModel, with graph and weights, for TensorFlow Serving, tf.saved_model.load and converters."""

from __future__ import annotations

import functools
from pathlib import Path

import tensorflow as tf

from .lower import Tensor
from .model import ResNetV2


def save_saved_model(model: ResNetV2, folder: Path) -> None:
    """Writes `model` for inference on any batch of float32 images of the design's size.

    Two signatures: "serving_default" gives "output" and, where the design has classes, "predictions"; "end_points"
    gives every end point under TF-Slim's name. Loaded again it can be called: `tf.saved_model.load(folder)(images)`.
    """
    images = tf.TensorSpec([None, *model.network.by_name["input"].shape], tf.float32, name="images")

    traced = functools.partial(tf.function, input_signature=[images], autograph=False)

    # The file holds the network once. The other functions call this one; what they don't need is pruned when they run.
    @traced
    def network(images: Tensor) -> tuple[Tensor, dict[str, Tensor]]:
        return model(images)

    @traced
    def output(images: Tensor) -> Tensor:
        return network(images)[0]

    @traced
    def serve(images: Tensor) -> dict[str, Tensor]:
        net, end_points = network(images)
        return {"output": net, **{name: end_points[name] for name in ("predictions",) if name in end_points}}

    @traced
    def all_end_points(images: Tensor) -> dict[str, Tensor]:
        return network(images)[1]  # type: ignore[no-any-return]

    served = tf.Module()
    served.model = model
    served.__call__ = output
    tf.saved_model.save(served, str(folder), signatures={"serving_default": serve, "end_points": all_end_points})
