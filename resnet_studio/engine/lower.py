"""Network -> TensorFlow: one small function per kind of operation, applied along the network's list.

No part of the network's structure is written here: what reads what, with which pads and strides, is in the list.
Tensors are (batch, height, width, channels), of the images' type: float32, or bfloat16 for mixed precision, where the
variables stay float32, as do the statistics and parameters of batch norms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from resnet_studio.network.network import Network, Op, OpKind, same_pads

Tensor = Any  # tf.Tensor: TensorFlow ships no types
Inputs = list[Tensor]
Addition = Callable[[Op, Tensor, Tensor], Tensor]
Variables = Mapping[str, Any]  # tf.Variable by its name below the design's, as network.network.variables gives it


def lower(
    network: Network, variables: Variables, images: Tensor, training: bool, add: Addition | None = None
) -> dict[str, Tensor]:
    """The value of every operation, by its name, for `images` of shape (batch, height, width, channels).

    training: whether batch norms use the batch's statistics and update the moving ones. Each operation's TensorFlow
    nodes are in the name scope design/operation, which is how a profile finds the unit it looks at.
    add: what stands for each unit's addition, as a function of (op, shortcut, residual), where it is no plain one.
    Raises ValueError for images of another size than the design's (see check_images).
    """
    values = {"input": check_images(network, images)}
    for op in network.ops[1:]:
        with tf.name_scope(f"{network.design.name}/{op.name}/"):
            inputs = [values[name] for name in op.inputs]
            if op.kind == "add" and add is not None:
                values[op.name] = add(op, *inputs)
            else:
                values[op.name] = lower_op(op, inputs, variables, training)
    return values


def lower_op(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    """The value of one operation, other than the network's input, for the values that it reads."""
    return _LOWER[op.kind](op, inputs, variables, training)


def check_images(network: Network, images: Tensor) -> Tensor:
    """`images` as a tensor. Raises ValueError for another size than the design's: its pads are for that one."""
    images = tf.convert_to_tensor(images)
    if tuple(images.shape[1:]) != (shape := network.by_name["input"].shape):
        raise ValueError(f"images are (batch, {', '.join(map(str, shape))}) in this design, not {tuple(images.shape)}")
    return images


def _conv(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    (x,) = inputs
    x, padding = _pad(op, x)
    weights = tf.cast(variables[f"{op.name}/weights"], x.dtype)
    if op.rate == 1:
        x = tf.nn.conv2d(x, weights, op.stride, padding)
    else:
        # As TF-Slim has it: the pixels between the taps are moved to the batch and back (SpaceToBatchND). On a processor
        # Eigen's kernels know no gradient of a convolution that is dilated by itself.
        x = tf.nn.convolution(x, weights, op.stride, padding, dilations=op.rate)
    return tf.nn.bias_add(x, tf.cast(variables[f"{op.name}/biases"], x.dtype)) if op.bias else x


def _batch_norm(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    """Ioffe & Szegedy 2015, by the fused kernel, which also gives the updated moving statistics.

    The raw operation, because tf.compat.v1.nn.fused_batch_norm raises epsilon to 1.001e-5 behind one's back.
    """
    (x,) = inputs
    beta, mean, variance = (variables[f"{op.name}/{name}"] for name in ("beta", "moving_mean", "moving_variance"))
    gamma = variables[f"{op.name}/gamma"] if op.scale else tf.ones([op.depth])
    result = tf.raw_ops.FusedBatchNormV3(
        x=x, scale=gamma, offset=beta, mean=mean, variance=variance,
        epsilon=op.epsilon, exponential_avg_factor=1 - op.decay if training else 1.0, is_training=training,
    )  # fmt: skip
    if training:
        mean.assign(result.batch_mean)
        variance.assign(result.batch_variance)
    return result.y


def _relu(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    return tf.nn.relu(inputs[0])


def _max_pool(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    """Also the subsampling of an identity shortcut, whose window is one pixel.   TF-Slim: `subsample`."""
    height, width = inputs[0].shape[1:3]
    if op.pads != same_pads(height, width, op.kernel, op.stride):
        raise ValueError(f"{op.name}: a pool pads as SAME does, not {op.pads}")
    return tf.nn.max_pool2d(inputs[0], op.kernel, op.stride, "SAME")


def _add(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    shortcut, residual = inputs
    return shortcut + residual


def _global_pool(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    return tf.reduce_mean(inputs[0], [1, 2], keepdims=True)


def _softmax(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    return tf.nn.softmax(inputs[0])


_LOWER: dict[OpKind, Callable[[Op, Inputs, Variables, bool], Tensor]] = {
    "conv": _conv,
    "batch_norm": _batch_norm,
    "relu": _relu,
    "max_pool": _max_pool,
    "subsample": _max_pool,
    "add": _add,
    "global_pool": _global_pool,
    "softmax": _softmax,
}


def _pad(op: Op, x: Tensor) -> tuple[Tensor, str]:
    """`x` and the padding argument that together pad it by op.pads.   TF-Slim: `conv2d_same`."""
    height, width = x.shape[1:3]
    if op.pads == same_pads(height, width, op.effective_kernel, op.stride):
        return x, "SAME"
    top, bottom, left, right = op.pads
    return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]), "VALID"
