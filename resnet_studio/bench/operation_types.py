"""The types of TensorFlow operations, as graphs and profiles show them.

Kernels of other libraries put words of their own around TensorFlow's: Conv2D, _FusedConv2D, _MklNativeFusedConv2D,
_MklNativePadWithFusedConv2D, _MklNativeConv2DBackpropFilterWithBias, FusedBatchNormGradV3,
_MklNativeFusedBatchNormGradV3, _MklNativeFusedBatchNormEx, _MklNativeMaxPool and so on.
"""

from __future__ import annotations

import re

CONVOLUTION = re.compile(r"Conv2D(?!Backprop)")
FILTER_GRADIENT = re.compile(r"Conv2DBackpropFilter")
INPUT_GRADIENT = re.compile(r"Conv2DBackpropInput")
BATCH_NORM_GRADIENT = re.compile(r"FusedBatchNormGrad")


def is_convolution(operation_type: str) -> bool:
    """Whether a type of operation is a forward convolution."""
    return bool(CONVOLUTION.search(operation_type))
