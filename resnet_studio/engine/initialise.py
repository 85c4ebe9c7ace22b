"""Initial values of a network's variables, drawn as TF-Slim's `resnet_arg_scope` draws them."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
from numpy.typing import NDArray

from resnet_studio.arch.network import Network, Variable, variables

Values = NDArray[np.float32]
_CHUNK = 1 << 16  # values: fits the second-level cache, and drawing is bound by memory


def initial_values(network: Network, seed: int) -> dict[str, Values]:
    """The value of each variable, by its name below the design's, in memory that TensorFlow can take over (see _empty).

    Convolution weights: `slim.variance_scaling_initializer()`, a normal cut off at two deviations, with
    deviation sqrt(1.3 x 2 / fan-in) (He et al. 2015). gamma and moving_variance: 1. All others: 0.
    Each variable has a random stream of its own, so the same seed gives the same weights on any number of threads.
    """
    wanted = [variable for op in network.ops for variable in variables(op)]
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        values = threads.map(_draw, wanted, range(len(wanted)), [seed] * len(wanted))
        return {variable.name: value for variable, value in zip(wanted, values, strict=True)}


def _draw(variable: Variable, stream: int, seed: int) -> Values:
    kind = variable.name.rsplit("/", 1)[1]
    values = _empty(variable.size)
    if kind != "weights":
        values.fill(kind in ("gamma", "moving_variance"))
        return values.reshape(variable.shape)
    deviation = math.sqrt(1.3 * 2 / math.prod(variable.shape[:-1]))
    random = np.random.Generator(np.random.SFC64([seed, stream]))
    for begin in range(0, variable.size, _CHUNK):
        chunk: Any = values[begin : begin + _CHUNK]
        random.standard_normal(dtype=np.float32, out=chunk)
        outside = np.flatnonzero(np.abs(chunk) > 2)
        while outside.size:
            chunk[outside] = random.standard_normal(outside.size, dtype=np.float32)
            outside = outside[np.abs(chunk[outside]) > 2]
        chunk *= deviation
    return values.reshape(variable.shape)


def _empty(size: int) -> Values:
    """Memory for `size` values that begins at a multiple of 64 bytes, as TensorFlow's kernels expect of a tensor.

    NumPy's own does so by chance only. To copy ResNet-152's weights into TensorFlow's memory takes a second and more.
    """
    memory = np.empty(size + 16, np.float32)
    begin = -memory.ctypes.data % 64 // 4
    return memory[begin : begin + size]
