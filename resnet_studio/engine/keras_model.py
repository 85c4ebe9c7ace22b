"""Makes a Keras 3 model of a network: one small function per kind of operation, applied along the network's list.

Layers have the operations' names with dots in place of '/', which Keras 3 refuses.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

os.environ["KERAS_BACKEND"] = "tensorflow"  # whatever backend the user has chosen for other programs

import keras
from keras import layers

from resnet_studio.network.network import Network, Op, OpKind, same_pads, variables

from .model import ResNetV2

KerasTensor = Any  # Keras ships no types
_WEIGHTS = {"weights": "kernel", "biases": "bias"}  # from our names to Keras's; those of batch norms are the same


def keras_model(model: ResNetV2) -> Any:
    """A keras.Model with the structure and the weights of `model`.

    It reads images (batch, height, width, channels) and returns the logits, like `net` of ResNetV2. The softmax is left to
    the loss (`from_logits=True`).
    """
    network = model.network
    values: dict[str, KerasTensor] = {}
    for op in network.ops:
        if op.kind == "input":
            values[op.name] = keras.Input(op.shape, name=op.name)
        elif op.kind != "softmax":
            values[op.name] = _LAYERS[op.kind](op, [values[name] for name in op.inputs], network)
    built = keras.Model(values["input"], values[network.output], name=network.design.name)
    for op in network.ops:
        if ours := variables(op):
            theirs = {weight.name: weight for weight in built.get_layer(_name(op)).weights}
            for variable in ours:
                kind = variable.name.rsplit("/", 1)[1]
                theirs[_WEIGHTS.get(kind, kind)].assign(model.by_name[variable.name])
    return built


def save_keras(model: ResNetV2, path: Path) -> None:
    """Writes `model` as a .keras file."""
    keras_model(model).save(path)


def _name(op: Op) -> str:
    return op.name.replace("/", ".")


def _conv(op: Op, inputs: list[KerasTensor], network: Network) -> KerasTensor:
    """A convolution. Where Keras's "same" would pad otherwise, the padding is a layer of its own.   TF-Slim: `conv2d_same`."""
    (x,) = inputs
    height, width, _ = network.by_name[op.inputs[0]].shape
    same = op.pads == same_pads(height, width, op.effective_kernel, op.stride)
    if not same:
        top, bottom, left, right = op.pads
        x = layers.ZeroPadding2D(((top, bottom), (left, right)), name=f"{_name(op)}.pad")(x)
    decay = network.design.weight_decay
    return layers.Conv2D(
        op.depth,
        op.kernel,
        op.stride,
        "same" if same else "valid",
        dilation_rate=op.rate,
        use_bias=op.bias,
        kernel_initializer="he_normal",
        # TF-Slim's weight decay has a factor 1/2, which Keras's L2 has not.
        kernel_regularizer=keras.regularizers.L2(decay / 2) if decay else None,
        name=_name(op),
    )(x)


def _batch_norm(op: Op, inputs: list[KerasTensor], network: Network) -> KerasTensor:
    norm = layers.BatchNormalization(momentum=op.decay, epsilon=op.epsilon, scale=op.scale, name=_name(op))
    return norm(inputs[0])


def _relu(op: Op, inputs: list[KerasTensor], network: Network) -> KerasTensor:
    return layers.ReLU(name=_name(op))(inputs[0])


def _max_pool(op: Op, inputs: list[KerasTensor], network: Network) -> KerasTensor:
    """A max-pool, padded as SAME does (see `lower`). For a subsampling the window is one pixel."""
    return layers.MaxPooling2D(op.kernel, op.stride, "same", name=_name(op))(inputs[0])


def _add(op: Op, inputs: list[KerasTensor], network: Network) -> KerasTensor:
    return layers.Add(name=_name(op))(inputs)


def _global_pool(op: Op, inputs: list[KerasTensor], network: Network) -> KerasTensor:
    return layers.GlobalAveragePooling2D(keepdims=True, name=_name(op))(inputs[0])


_LAYERS: dict[OpKind, Callable[[Op, list[KerasTensor], Network], KerasTensor]] = {
    "conv": _conv,
    "batch_norm": _batch_norm,
    "relu": _relu,
    "max_pool": _max_pool,
    "subsample": _max_pool,
    "add": _add,
    "global_pool": _global_pool,
}
