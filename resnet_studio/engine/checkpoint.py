"""Checkpoints as TF-Slim writes and reads them (`tf.compat.v1.train.Saver`): each variable under its name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from resnet_studio.design.bounds import shorten
from resnet_studio.design.words import shape_text

from .model import ResNetV2

Shape = tuple[int, ...]
_FILE_END = re.compile(r"\.(index|meta|data-\d{5}-of-\d{5})$")
_TOLD = 5  # variables of one fault that the sentence names; the error itself holds them all


class CheckpointError(ValueError):
    """A checkpoint that can't be loaded. The text is a finished sentence.

    missing: variables of the network that are not in it. extra: variables that are in it and not in the network.
    other_shape: a sentence for each variable of another shape or type. The names are below the network's.
    """

    def __init__(
        self, text: str, missing: tuple[str, ...] = (), extra: tuple[str, ...] = (), other_shape: tuple[str, ...] = ()
    ) -> None:
        super().__init__(text)
        self.missing, self.extra, self.other_shape = missing, extra, other_shape


def load_checkpoint(model: ResNetV2, path: Path | str) -> tuple[str, ...]:
    """Sets every variable of `model` from a checkpoint, whose scope may be another than the design's name.

    path: as Saver.save was given it, or one of the files that it made of that. Returns the names of what a training left there and
    was not read: the optimizer's slots, moving averages, the step. Raises CheckpointError, and nothing is set then.
    """
    prefix = _FILE_END.sub("", str(path))
    try:
        reader = tf.train.load_checkpoint(prefix)
        shapes = {name: tuple(shape) for name, shape in reader.get_variable_to_shape_map().items()}
        types = reader.get_variable_to_dtype_map()
    except Exception as error:  # the reader has many kinds for what may be wrong with a file
        raise CheckpointError(f"{prefix}: can't be read as a TensorFlow checkpoint: {_first_line(error)}.") from error
    wanted = {name: tuple(variable.shape) for name, variable in model.by_name.items()}
    scope = _scope(shapes, wanted, model.network.design.name)
    found = {name.removeprefix(scope): shape for name, shape in shapes.items() if name.startswith(scope)}
    left_over = {name for name in found if name not in wanted and _is_left_over(name, found)}
    other_shape = [
        f"{name} is {_shape_text(found[name])} there and {_shape_text(shape)} here"
        for name, shape in wanted.items()
        if name in found and found[name] != shape
    ]
    other_shape += [
        f"{name} is {types[scope + name].name} there and float32 here"
        for name in wanted
        if name in found and types[scope + name] != tf.float32
    ]
    missing = tuple(name for name in wanted if name not in found)
    extra = tuple(sorted(found.keys() - wanted.keys() - left_over))
    if missing or extra or other_shape:
        told = [
            _told("of another shape", other_shape, "; "),
            _told("missing in the checkpoint", missing, ", "),
            _told("not in the network", extra, ", "),
        ]
        text = f"{prefix}: is of another network than {model.network.design.name}. {' '.join(filter(None, told))}"
        raise CheckpointError(f"{text} Nothing was loaded.", missing, extra, tuple(other_shape))
    try:
        values = {name: reader.get_tensor(scope + name) for name in wanted}
    except Exception as error:
        raise CheckpointError(f"{prefix}: is damaged: {_first_line(error)}. Nothing was loaded.") from error
    for name, value in values.items():
        model.by_name[name].assign(value)
    return tuple(sorted(shapes.keys() - {scope + name for name in wanted}))


def save_checkpoint(model: ResNetV2, path: Path | str) -> None:
    """Writes `path`.index and `path`.data-00000-of-00001, which `tf.compat.v1.train.Saver` restores from.

    Each variable stands under its full name, resnet_v2_50/conv1/weights. Raises tf.errors.OpError where it can't.
    """
    scope = model.network.design.name
    names = [f"{scope}/{name}" for name in model.by_name]
    tensors = [variable.read_value() for variable in model.by_name.values()]
    tf.raw_ops.SaveV2(prefix=str(path), tensor_names=names, shape_and_slices=[""] * len(names), tensors=tensors)


def _scope(there: Collection[str], wanted: Collection[str], name: str) -> str:
    """What stands ahead of the network's names in the checkpoint: a first component and '/', or nothing.

    The one below which most of the network's variables are; among equals (a checkpoint of two networks) the design's.
    """
    hits: Counter[str] = Counter({f"{name}/": 0})
    for full in there:
        first, _, rest = full.partition("/")
        if rest in wanted:
            hits[f"{first}/"] += 1
        if full in wanted:
            hits[""] += 1
    return max(hits, key=lambda scope: (hits[scope], scope == f"{name}/"))


def _is_left_over(name: str, there: Mapping[str, Shape]) -> bool:
    """Whether a name in the network's scope is something a training left there.

    What is named below a variable is a slot or a moving average of it (conv1/weights/Momentum); what belongs to no
    layer is a counter (global_step).
    """
    return "/" not in name or name.rpartition("/")[0] in there


def _told(fault: str, names: Collection[str], separator: str) -> str:
    if not names:
        return ""
    more = f" and {len(names) - _TOLD:,} more" if len(names) > _TOLD else ""
    return f"{len(names):,} {fault}: {separator.join(list(names)[:_TOLD])}{more}."


def _shape_text(shape: Shape) -> str:
    return shape_text(shape) if shape else "a single value"


def _first_line(error: Any) -> str:
    """The first line of TensorFlow's message, which may go on for a page."""
    lines = str(getattr(error, "message", error)).strip().splitlines()
    return shorten(lines[0].rstrip(".") if lines else type(error).__name__, 300)
