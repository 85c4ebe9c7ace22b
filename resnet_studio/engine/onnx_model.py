"""A network as an ONNX file, through tf2onnx, which is an extra: `pip install tf2onnx`."""

from __future__ import annotations

from pathlib import Path

import tensorflow as tf
import tf2onnx

from .lower import Tensor
from .model import ResNetV2

OPSET = 18


def save_onnx(model: ResNetV2, path: Path) -> None:
    """Writes `model`, as it is in use, for any batch of "images": (batch, height, width, channels) -> "output".

    tf2onnx copies the weights many times over: ResNet-50 takes it three quarters of a minute.
    """
    images = tf.TensorSpec([None, *model.network.by_name["input"].shape], tf.float32, name="images")

    @tf.function(input_signature=[images], autograph=False)
    def output(images: Tensor) -> dict[str, Tensor]:
        return {"output": model(images)[0]}

    tf2onnx.convert.from_function(output, input_signature=[images], opset=OPSET, output_path=str(path))
