"""Initial values of a network's variables, drawn as TF-Slim's `resnet_arg_scope` draws them."""

from __future__ import annotations

import math
import os
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr, ndtri

from resnet_studio.network.network import Network, Variable, variables

Values = NDArray[np.float32]
_CHUNK = 1 << 18  # values: threads that share Python's lock more often than for these wait for it
_STEPS = 1 << 16


def initial_values(network: Network, seed: int) -> dict[str, Values]:
    """The value of each variable, by its name below the design's, in memory that TensorFlow can take over (see _empty).

    Convolution weights: `slim.variance_scaling_initializer()`, a normal cut off at two deviations, with
    deviation sqrt(1.3 x 2 / fan-in) (He et al. 2015). gamma and moving_variance: 1. All others: 0.
    Each variable has a random stream of its own, so the same seed gives the same weights on any number of threads.
    """
    wanted = [variable for op in network.ops for variable in variables(op)]
    weights = {variable: stream for stream, variable in enumerate(wanted) if variable.name.endswith("/weights")}
    with ThreadPoolExecutor(os.cpu_count() or 1) as threads:
        drawn = threads.map(_draw, weights, (np.random.SFC64([seed, stream]) for stream in weights.values()))
        return {variable.name: next(drawn) if variable in weights else _constant(variable) for variable in wanted}


def _constant(variable: Variable) -> Values:
    values = _empty(variable.size)
    values.fill(variable.name.endswith(("/gamma", "/moving_variance")))
    return values.reshape(variable.shape)


def _draw(variable: Variable, random: np.random.SFC64) -> Values:
    """Each value is one of the quantiles, all as likely: a seventh of the time that normals one by one take."""
    deviation = math.sqrt(1.3 * 2 / math.prod(variable.shape[:-1]))
    values = _empty(variable.size)
    for begin in range(0, variable.size, _CHUNK):
        chunk = values[begin : begin + _CHUNK]
        which = random.random_raw(-(-chunk.size // 4)).view(np.uint16)[: chunk.size]
        np.take(
            _quantiles(), which, out=chunk, mode="clip"
        )  # which none needs, but by default the result is held twice
        chunk *= deviation
    return values.reshape(variable.shape)


@cache
def _quantiles() -> Values:
    """The middles of 65,536 equally likely parts of a standard normal that is cut off at two deviations."""
    shares = (np.arange(_STEPS) + 0.5) / _STEPS
    return ndtri(ndtr(-2) + shares * (ndtr(2) - ndtr(-2))).astype(np.float32)  # type: ignore[no-any-return]


def _empty(size: int) -> Values:
    """Memory for `size` values that begins at a multiple of 64 bytes, as TensorFlow's kernels expect of a tensor.

    NumPy's own does so by chance only. To copy ResNet-152's weights into TensorFlow's memory takes a second and more.
    """
    memory = np.empty(size + 16, np.float32)
    begin = -memory.ctypes.data % 64 // 4
    return memory[begin : begin + size]
