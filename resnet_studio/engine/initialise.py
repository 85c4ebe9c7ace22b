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
_CHUNK = 1 << 18  # values: with smaller chunks the threads wait too often for Python's lock
_STEPS = 1 << 16


def initial_values(network: Network, seed: int) -> dict[str, Values]:
    """The initial value of each variable, by its name without the design's, in memory that TensorFlow can use (see _empty).

    Convolution weights: `slim.variance_scaling_initializer()`, a normal distribution cut off at two
    deviations, with a standard deviation of sqrt(1.3 x 2 / fan-in) (He et al. 2015). gamma and moving_variance: 1. All others: 0.
    Each variable has its own random stream, so a seed gives the same weights on any number of threads.
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
    """Draws each value from equally likely quantiles, in a seventh of the time of drawing normal values."""
    deviation = math.sqrt(1.3 * 2 / math.prod(variable.shape[:-1]))
    values = _empty(variable.size)
    for begin in range(0, variable.size, _CHUNK):
        chunk = values[begin : begin + _CHUNK]
        which = random.random_raw(-(-chunk.size // 4)).view(np.uint16)[: chunk.size]
        np.take(
            _quantiles(), which, out=chunk, mode="clip"
        )  # no index needs it, but with the default mode NumPy holds the result twice
        chunk *= deviation
    return values.reshape(variable.shape)


@cache
def _quantiles() -> Values:
    """The middles of 65,536 equally likely parts of a standard normal distribution cut off at two deviations."""
    shares = (np.arange(_STEPS) + 0.5) / _STEPS
    return ndtri(ndtr(-2) + shares * (ndtr(2) - ndtr(-2))).astype(np.float32)  # type: ignore[no-any-return]


def _empty(size: int) -> Values:
    """An array of `size` values whose memory begins at a multiple of 64 bytes, as TensorFlow requires of a tensor.

    NumPy's own memory does so only by chance, and then TensorFlow copies it: for ResNet-152 that takes over a second.
    """
    memory = np.empty(size + 16, np.float32)
    begin = -memory.ctypes.data % 64 // 4
    return memory[begin : begin + size]
