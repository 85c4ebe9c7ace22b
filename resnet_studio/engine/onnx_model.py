"""Writes a network as an ONNX file. It needs the extra package tf2onnx: `pip install tf2onnx`."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf
import tf2onnx

from .lower import Tensor
from .model import ResNetV2

OPSET = 18


def save_onnx(model: ResNetV2, path: Path) -> None:
    """Writes `model` for inference. It maps "images" (any batch, height, width, channels) to "output".

    tf2onnx copies the weights many times, so ResNet-50 takes three quarters of a minute.
    """
    images = tf.TensorSpec([None, *model.network.by_name["input"].shape], tf.float32, name="images")

    @tf.function(input_signature=[images], autograph=False)
    def output(images: Tensor) -> dict[str, Tensor]:
        return {"output": model(images)[0]}

    tf2onnx.convert.from_function(output, input_signature=[images], opset=OPSET, output_path=str(path))
