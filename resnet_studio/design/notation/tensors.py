"""What a text tells of its images: the size and channels in a placeholder's shape, and a root block built by hand."""

from __future__ import annotations

import ast

from .signature import Arguments
from .values import Images, Known, Unknown, Value, items_of, opened

_INPUTS = frozenset({"Input", "InputLayer"})
_RESIZES = frozenset(
    {"resize", "resize_images", "resize_bilinear", "resize_image_with_crop_or_pad", "resize_with_crop_or_pad"}
)
_SHAPES = frozenset({"shape", "input_shape", "size", "batch_shape", "batch_input_shape", "target_size", "dims"})
_KEEPS = frozenset({
    "identity", "cast", "to_float", "preprocess", "subtract", "multiply", "divide", "convert_image_dtype", "stop_gradient",
    "set_shape", "standardize", "placeholder_with_default",
})  # fmt: skip
_CHANNELS = 4  # as many, and not more, tell channels from height and width where the order isn't told


def images_of(name: str, given: Arguments) -> Images | None:
    """The images that a call makes; None where it makes none, as far as can be told."""
    if name in _RESIZES:
        return _resized(given)
    shapes = [each for key, each in given.named.items() if key in _SHAPES] + list(given.args)
    for shape in shapes:
        sides = items_of(shape)
        if (
            sides is None
            or len(sides) not in (3, 4)
            or (len(sides) == 3) != (name in _INPUTS and "batch" not in _key(given, shape))
        ):
            continue
        numbers = [_side(each) for each in sides][-3:]
        if _is_shape(sides[-3:], numbers):
            return _in_order(numbers, _first(given))
    for each in given.all:
        if isinstance(each, Value) and isinstance(each.it, Images) and name in _KEEPS:
            return each.it
    return None


def _key(given: Arguments, shape: Known) -> str:
    return next((key for key, each in given.named.items() if each is shape), "")


def _first(given: Arguments) -> bool:
    """Whether a call says that channels come first."""
    told = given.named.get("data_format")
    return isinstance(told, Value) and told.it in ("NCHW", "channels_first")


def _side(value: Known) -> int | None:
    return value.it if isinstance(value, Value) and type(value.it) is int and value.it > 0 else None


def _is_shape(sides: list[Known], numbers: list[int | None]) -> bool:
    """Whether three numbers can be height, width and channels: none is a text, and at least one is known."""
    possible = all(isinstance(each, Unknown) or each.it is None or type(each.it) is int for each in sides)
    return possible and any(each is not None for each in numbers)


def _in_order(numbers: list[int | None], told: bool) -> Images | None:
    """Height, width and channels, which may come first: (3, 224, 224)."""
    a, b, c = numbers
    first = told or (a is not None and a <= _CHANNELS and (c is None or c > _CHANNELS))
    if first:
        note = f"The images have their channels first in the text ({a}, {b}, {c}); here they come last, which changes no result."
        return Images((b, c) if b is not None and c is not None else None, a, (note,))
    return Images((a, b) if a is not None and b is not None else None, c)


def _resized(given: Arguments) -> Images | None:
    before = next((each.it for each in given.all if isinstance(each, Value) and isinstance(each.it, Images)), None)
    channels = before.channels if before else None
    for each in given.all:
        sides = items_of(each)
        if sides is not None and len(sides) == 2 and all(_side(side) for side in sides):
            return Images((_side(sides[0]) or 0, _side(sides[1]) or 0), channels)
    whole = [side for each in given.args[1:3] if (side := _side(each))]
    return Images((whole[0], whole[1]), channels) if len(whole) == 2 else before


def layer_of(name: str, given: Arguments) -> tuple[str, int] | None:
    """A layer that a call adds: its kind and its depth (of a pool its width); None for another function."""
    numbers = [value for each in given.args[1:] if (value := _side(each))]
    if name in ("conv2d_same", "conv2d", "convolution2d", "convolution", "conv2d_fixed_padding"):
        depth = (
            numbers[0] if numbers else _side(given.named.get("num_outputs") or given.named.get("filters") or _NOTHING)
        )
        return ("conv", depth or 0)
    if name in ("max_pool2d", "max_pool", "max_pooling2d"):
        return ("pool", 0)
    if name in ("pad", "batch_norm", "batch_normalization", "relu", "zero_padding"):
        return ("keeps", 0)
    return None


def root_of(layers: tuple[tuple[str, int], ...]) -> int | None:
    """The depth of a root block that a text builds by hand, a convolution and a pool; None where it builds none."""
    built = [layer for layer in layers if layer[0] != "keeps"]
    return built[0][1] if [kind for kind, _ in built] == ["conv", "pool"] and built[0][1] else None


def missing(value: Known) -> bool:
    """Whether nothing is known of a value."""
    return opened(value) is not None


_NOTHING = Value(ast.Constant(None), None)
