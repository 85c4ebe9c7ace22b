"""The tables of a design's fields: what may stand in each, what it is, and what forms call it. See `design.fields`.

Validation, the tables of blocks and units, the forms and the terminal read them.
"""

from __future__ import annotations

import re

from .bounds import BOUNDS, NAME_LENGTH, shorten, value_text
from .fields import Fault, Field

_NAME = re.compile(r"[A-Za-z0-9.][A-Za-z0-9_.\-]*")
_NAME_REMEDY = f"Use 1 to {NAME_LENGTH} letters, digits, '_', '-' and '.', beginning with a letter or digit."


def check_name(name: object) -> str | None:
    """Why `name` can't name a network or block, or None. The rule is TensorFlow's for scopes."""
    if not isinstance(name, str) or not name:
        return "the name is empty" if name == "" else f"{value_text(name)} is not a name"
    if len(name) > NAME_LENGTH:
        return f"the name has {len(name):,} characters"
    if not _NAME.fullmatch(name):
        return f"'{shorten(name)}' has characters that TensorFlow does not take in a name"
    return None


def _name(name: object) -> Fault | None:
    return (fault, _NAME_REMEDY) if (fault := check_name(name)) else None


def _image(image: object) -> Fault | None:
    if not isinstance(image, tuple) or len(image) != 2:
        return f"{value_text(image)} is not a size", "Give height and width."
    return None  # each side is judged by itself, in its own place: SIDE


SIDE = Field("image", "&Image", "Height and width of the images", BOUNDS["image"])

# In the order in which problems are told and forms show them. The blocks have tables of their own.
DESIGN: tuple[Field, ...] = (
    Field("name", "&Name", "The network's name: every variable is named below it", check=_name),
    Field("image", "&Image", "Height and width of the images", check=_image),
    Field("channels", "Image c&hannels", "Channels of the image: 3 of a colour image, 1 of a grey one", BOUNDS["channels"], varies=True),
    Field("num_classes", "&Classes", "Without classes the network ends ahead of its logits (num_classes=None)",
          BOUNDS["num_classes"], optional=True),
    Field("output_stride", "Output s&tride",
          "How many pixels of the image one step of the last block's output is. From the unit on where it is reached, "
          "convolutions are atrous in place of strided: the parameters stay; with each halving the units behind it take four "
          "times the MACs and the memory", BOUNDS["output_stride"], optional=True, varies=True),
    Field("root_depth", "Root depth", "Output channels of the root block's convolution", BOUNDS["root_depth"]),
    Field("weight_decay", "Weight decay", "The L2 penalty on convolution weights, which the backward pass differentiates as "
          "TF-Slim's regulariser does", BOUNDS["weight_decay"]),
    Field("batch_norm_decay", "Batch norm decay", "How much of a moving mean and variance a training step keeps",
          BOUNDS["batch_norm_decay"]),
    Field("batch_norm_epsilon", "Batch norm epsilon", "What is added to a variance ahead of its square root",
          BOUNDS["batch_norm_epsilon"]),
    Field("global_pool", "&Global pool", "Mean over height and width ahead of the logits (pool5)"),
    Field("include_root_block", "&Root block", "conv1 (7×7, stride 2) and pool1 (3×3, stride 2) ahead of the first block"),
    Field("conv_biases", "Convolution biases (conv3, projections, root)",
          "TF-Slim's form has them, the paper's has none"),
    Field("batch_norm_scale", "Batch norm scale (gamma)", "Whether batch norms multiply by a factor of each channel"),
    Field("root", "Root block", "What stands ahead of the first block",
          choices={"imagenet": "ImageNet: 7×7 /2, then 3×3 max-pool /2", "cifar": "CIFAR: 3×3, no pool"}),
    Field("stride_conv", "A bottleneck strides in", "Which convolution of a bottleneck unit shrinks height and width",
          choices={"conv2": "conv2, the 3×3", "conv1": "conv1, the 1×1 ahead of it"}),
    Field("version", "&Version", "Where batch norm and ReLU stand, and whether there are shortcuts",
          choices={
              "v2": "2: batch norm and ReLU ahead of each convolution (pre-activation)",
              "v1": "1: batch norm and ReLU behind each convolution, ReLU behind each addition",
              "plain": "plain: version 1 with the shortcuts taken away",
          }, varies=True),
)  # fmt: skip

BLOCK: tuple[Field, ...] = (
    Field("name", "Name", "The block's name: its variables and end points are named below it", check=_name),
    Field("units", "Units", "How many residual units the block has", BOUNDS["units"]),
    Field("kind", "Kind", "What a unit is",
          choices={"bottleneck": "bottleneck (1×1, 3×3, 1×1)", "basic": "basic (3×3, 3×3)"}),
)  # fmt: skip

UNIT: tuple[Field, ...] = (
    Field("depth", "Depth", "Output channels of the unit; in the block's row, of every unit", BOUNDS["depth"]),
    Field("depth_bottleneck", "Bottleneck", "Channels inside the bottleneck", BOUNDS["depth_bottleneck"]),
    Field("stride", "Stride", "How much the unit shrinks height and width; in the block's row, its striding unit",
          BOUNDS["stride"]),
    Field("rate", "Rate", "How many pixels the taps of the unit's 3×3 convolutions lie apart (atrous, multi-grid). It changes "
          "neither parameters nor MACs; the receptive field grows", BOUNDS["rate"]),
)  # fmt: skip
DESIGN_FIELDS = {field.name: field for field in DESIGN}
BLOCK_FIELDS = {field.name: field for field in BLOCK}
UNIT_FIELDS = {field.name: field for field in UNIT}
