"""How a mode is timed, read off the graph that TensorFlow runs: not what was asked for, but what came of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import tensorflow as tf

from resnet_studio.bench.operation_types import is_convolution

from .runtime import visible_device


def in_force(nodes: Sequence[Any], function: Any) -> dict[str, Any]:
    """Settings of a traced function, fit for JSON. nodes: the NodeDefs of the graph that runs, as the census has it.

    batch_norm: "training" where any batch norm takes its statistics from the batch; "inference" otherwise, also where the
    optimiser has folded it into a convolution. precision: the types that convolutions compute in. devices: where they run.
    compiler: "xla" where the function must be compiled by it.
    """
    convolutions = [node for node in nodes if is_convolution(node.op)]
    norms = [node for node in nodes if "FusedBatchNorm" in node.op]
    default = tf.zeros(()).device  # XLA's nodes name no device: what it compiles runs where all does that names none
    devices = {visible_device(node.device or default) for node in convolutions}
    types = {tf.as_dtype(node.attr["T"].type).name for node in convolutions}
    training = any(node.attr["is_training"].b for node in norms)
    return {
        "batch_norm": "training" if training else "inference",
        "precision": " and ".join(sorted(types)),
        "devices": sorted(devices),
        "compiler": "xla" if function.function_def.attr["_XlaMustCompile"].b else "graph",
    }
