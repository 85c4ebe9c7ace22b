"""The settings that a mode is really timed with, read from the graph that TensorFlow runs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from resnet_studio.bench.operation_types import is_convolution

from .runtime import visible_device


def in_force(nodes: Sequence[Any], function: Any) -> dict[str, Any]:
    """The settings of a traced function, as JSON values.

    nodes: the NodeDefs of the graph that runs, see `census.end_collecting`. function: the concrete function.

    The result has batch_norm: "training" where a batch norm takes its statistics from the batch, otherwise "inference" (also
    where the optimiser has folded the batch norms into convolutions); precision: the types that convolutions compute in;
    devices: where they run; and compiler: "xla" where XLA compiles the function.
    """
    convolutions = [node for node in nodes if is_convolution(node.op)]
    norms = [node for node in nodes if "FusedBatchNorm" in node.op]
    default = tf.zeros(()).device  # XLA's nodes name no device, so they run on the default device
    devices = {visible_device(node.device or default) for node in convolutions}
    types = {tf.as_dtype(node.attr["T"].type).name for node in convolutions}
    training = any(node.attr["is_training"].b for node in norms)
    return {
        "batch_norm": "training" if training else "inference",
        "precision": " and ".join(sorted(types)),
        "devices": sorted(devices),
        "compiler": "xla" if function.function_def.attr["_XlaMustCompile"].b else "graph",
    }
