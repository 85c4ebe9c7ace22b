"""Checkpoints in the form of TF-Slim (`tf.compat.v1.train.Saver`), which has each variable under its name."""

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
_TOLD = 5  # a sentence names at most so many variables; the error itself holds all of them


class CheckpointError(ValueError):
    """A checkpoint that can't be loaded. The text is a finished sentence.

    missing: variables of the network that the checkpoint lacks.
    extra: variables of the checkpoint that the network lacks.
    other_shape: a sentence for each variable of another shape or type.
    All names are without the network's name in front.
    """

    def __init__(
        self, text: str, missing: tuple[str, ...] = (), extra: tuple[str, ...] = (), other_shape: tuple[str, ...] = ()
    ) -> None:
        super().__init__(text)
        self.missing, self.extra, self.other_shape = missing, extra, other_shape


def load_checkpoint(model: ResNetV2, path: Path | str) -> tuple[str, ...]:
    """Sets all variables of `model` from a checkpoint. The scope in the checkpoint may differ from the design's name.

    path: the path that Saver.save was given, or one of the files that it wrote.

    Returns the names of what a training left in the checkpoint and was not read: slots of the optimizer, moving averages,
    the step. Raises CheckpointError; then no variable is changed.
    """
    prefix = _FILE_END.sub("", str(path))
    try:
        reader = tf.train.load_checkpoint(prefix)
        shapes = {name: tuple(shape) for name, shape in reader.get_variable_to_shape_map().items()}
        types = reader.get_variable_to_dtype_map()
    except Exception as error:  # the reader raises many kinds of errors for a faulty file
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
    """Writes `path`.index and `path`.data-00000-of-00001, from which `tf.compat.v1.train.Saver` can restore.

    Each variable stands under its full name, resnet_v2_50/conv1/weights. Raises tf.errors.OpError where it can't be written.
    """
    scope = model.network.design.name
    names = [f"{scope}/{name}" for name in model.by_name]
    tensors = [variable.read_value() for variable in model.by_name.values()]
    tf.raw_ops.SaveV2(prefix=str(path), tensor_names=names, shape_and_slices=[""] * len(names), tensors=tensors)


def _scope(there: Collection[str], wanted: Collection[str], name: str) -> str:
    """The prefix of the network's variables in the checkpoint: a first component with '/', or ''.

    It is the prefix with the most of the network's variables. If two have equally many (a checkpoint of two networks), the
    design's name is preferred.
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
    """Whether a name in the network's scope is something that a training left there.

    A name below a variable's is a slot or a moving average of it (conv1/weights/Momentum). A name without a layer is a
    counter (global_step).
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
    """The first line of TensorFlow's message, which may be a page long."""
    lines = str(getattr(error, "message", error)).strip().splitlines()
    return shorten(lines[0].rstrip(".") if lines else type(error).__name__, 300)
