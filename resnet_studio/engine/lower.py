"""Computes a network in TensorFlow: one small function per kind of operation, applied along the network's list.

Nothing of the network's structure is written here: the list says which operation reads which, with which padding and
stride. Tensors are (batch, height, width, channels) and have the images' type: float32, or bfloat16 for mixed precision.
Variables, and with them the statistics and parameters of batch norms, are always float32.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import tensorflow as tf

from resnet_studio.network.network import Network, Op, OpKind, same_pads

Tensor = Any  # tf.Tensor: TensorFlow ships no types
Inputs = list[Tensor]
Addition = Callable[[Op, Tensor, Tensor], Tensor]
Variables = Mapping[str, Any]  # each tf.Variable by its name without the design's, see network.network.variables


def lower(
    network: Network, variables: Variables, images: Tensor, training: bool, add: Addition | None = None
) -> dict[str, Tensor]:
    """The value of every operation, by its name, for `images` of shape (batch, height, width, channels).

    The TensorFlow nodes of an operation are in the name scope design/operation. By that a profile finds their unit.

    training: whether batch norms use the batch's statistics and update the moving ones.
    add: a function of (op, shortcut, residual) that computes each addition; None for plain additions.
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
    """The value of one operation for the values of its inputs. It can't be the network's input."""
    return _LOWER[op.kind](op, inputs, variables, training)


def check_images(network: Network, images: Tensor) -> Tensor:
    """`images` as a tensor. Raises ValueError for another size than the design's, because the padding would be wrong."""
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
        # As in TF-Slim, the pixels between the taps are moved to the batch and back (SpaceToBatchND). On a CPU
        # Eigen's kernels have no gradient for a dilated convolution.
        x = tf.nn.convolution(x, weights, op.stride, padding, dilations=op.rate)
    return tf.nn.bias_add(x, tf.cast(variables[f"{op.name}/biases"], x.dtype)) if op.bias else x


def _batch_norm(op: Op, inputs: Inputs, variables: Variables, training: bool) -> Tensor:
    """A batch norm (Ioffe & Szegedy 2015) by the fused kernel, which also gives the updated moving statistics.

    It is the raw operation, because tf.compat.v1.nn.fused_batch_norm silently raises epsilon to 1.001e-5.
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
    """A max-pool, also with a window of one pixel for the subsampling of an identity shortcut.   TF-Slim: `subsample`."""
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
    """(`x`, perhaps padded; the padding argument of the convolution). Together they pad by op.pads.   TF-Slim: `conv2d_same`."""
    height, width = x.shape[1:3]
    if op.pads == same_pads(height, width, op.effective_kernel, op.stride):
        return x, "SAME"
    top, bottom, left, right = op.pads
    return tf.pad(x, [[0, 0], [top, bottom], [left, right], [0, 0]]), "VALID"
