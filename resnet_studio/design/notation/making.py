"""Networks: what a call of `resnet_v2(...)`, of a published network, or of the text's own stands for, as a design."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

from resnet_studio.design.spec import Block, Design, Version

from .chaining import Made, chained
from .faults import EXAMPLE, Fault, line_of
from .library import GENERATOR, OPTIONS, PRESET, check_option, network_arguments
from .roles import own_arguments, published, root_depth, stacked
from .signature import Arguments
from .tensors import root_of
from .units import groups_of, version_of
from .values import Default, Function, Group, Images, Known, Names, Unknown, Value, items_of, rests

if TYPE_CHECKING:
    from .calling import CallState

NETWORK = (
    "num_classes", "global_pool", "include_root_block", "output_stride", "root", "root_depth", "conv_biases", "stride_conv",
)  # fmt: skip
ARG_SCOPE = ("weight_decay", "batch_norm_decay", "batch_norm_epsilon", "batch_norm_scale")
DEFAULTS: Mapping[str, Any] = {each.name: each.default for each in fields(Design)}
# What a design has no place for, and that changes nothing of the network it describes.
_WITHOUT_PLACE = frozenset({
    "inputs", "blocks", "reuse", "is_training", "spatial_squeeze", "outputs_collections", "store_non_strided_activations",
    "version", "scope",
})  # fmt: skip


def make_network(
    run: CallState, node: ast.Call, given: Arguments, path: str, names: Names, own: Function | None = None
) -> Known:
    """The network of a call, put down in `run.networks`. own: where the function is the text's, with its own parameters.

    Given back is what TF-Slim gives: its output and its end points. Raises Fault.
    """
    title = path.rpartition(".")[2]
    notes: list[str] = []
    if own is not None:
        arguments = own_arguments(run, given, own)
    elif title == "stack_blocks_dense":
        arguments = stacked(given)
        notes.append(
            "The text stacks the blocks alone: no root block, pooling or classes were taken, unless they stand above."
        )
    else:
        reading = network_arguments(given, path)
        arguments = reading.arguments
        notes += reading.notes
    matched = PRESET.match(title) if own is None else None
    if matched:
        blocks, base, version = published(title, arguments, notes)
    else:
        value = arguments.get("blocks") or Fault(node, "blocks is missing", EXAMPLE)
        if isinstance(value, Fault):
            raise value
        groups, _ = groups_of(value)
        if not groups:
            raise Fault(value.node, "there is no block in {}", EXAMPLE)
        blocks = tuple(each.block for each in groups)
        notes += [note for each in groups for note in each.notes]
        base = rests(value, *(items_of(value) or []))
        version = _version(title, groups, node, own)
    function = run.here[-1].title if run.here else ""
    made = assemble(run, node, title, blocks, version, arguments, names, notes, base, own)
    made = replace(made, title=function or title, caller=_caller(run))
    if matched and not isinstance(arguments.get("scope"), Value):
        made = replace(made, design=replace(made.design, name=title))
    made = chained(run, node, made, arguments.get("inputs"))
    run.networks.append(made)
    place = len(run.networks) - 1
    fault = Fault(node, "{} is the output of a network", "a constant")
    net = Unknown(node, (fault,), "", frozenset({place}))
    return Value(node, (net, Unknown(node, (fault,), "end_points", frozenset({place}))))


def assemble(
    run: CallState, node: ast.AST, title: str, blocks: tuple[Block, ...], version: Version, arguments: Mapping[str, Known],
    names: Names, notes: list[str], base: frozenset[Default], own: Function | None = None,
) -> Made:  # fmt: skip
    """A design of blocks and of what a call says beside. What it does not say is taken by default, and told."""
    asks: list[Fault] = []
    scope = run.scope()
    for name, value in arguments.items():
        if (
            name not in OPTIONS
            and name not in _WITHOUT_PLACE
            and not (isinstance(value, Value) and value.it is None)
            and own is None
        ):
            notes.append(f"A design has no place for {name}, so it was left out.")
    given = {"num_classes": Value(node, None), **arguments}
    options = {each: _option(each, given, DEFAULTS[each], notes, asks) for each in NETWORK}
    options |= {each: _option(each, scope, DEFAULTS[each], notes, asks) for each in ARG_SCOPE}
    options["num_classes"] = options["num_classes"] or None  # tf_slim: "If 0 or None"
    stated = _option("version", given, version, notes, asks)
    found_scope = arguments.get("scope")
    told = check_option("scope", found_scope) if isinstance(found_scope, Value) else None
    name = str(told or (run.here[-1].name if run.here else ""))
    inputs = arguments.get("inputs")
    root = root_of(inputs.layers) if isinstance(inputs, Unknown) and not options["include_root_block"] else None
    if root:
        options |= {"include_root_block": True, "root_depth": root}
        notes.append("The convolution and pool that the text puts ahead by hand were taken for the root block.")
    depth = root_depth(own) if own is not None else None
    if depth and options["include_root_block"] and depth != options["root_depth"]:
        options["root_depth"] = depth
        notes.append(f"The root block has {depth:,} channels, as {title} of the text makes it.")
    image, channels = _images(inputs, names, notes)
    for each in arguments.values():
        base |= rests(each) if isinstance(each, Value) and any(d.flag for d in each.rests) else frozenset()
    base |= _image_rests(inputs, names)
    design = Design(name, blocks, image, channels=channels, version=stated, **options)
    return Made(title, design, line_of(node), tuple(notes), tuple(asks), len(run.choices), 1, base, node=node)


def _version(title: str, groups: list[Group], node: ast.AST, own: Function | None) -> Version:
    told = version_of(groups, node)
    match = GENERATOR.match(title)
    by_name: Version | None = match[1] if match else None  # type: ignore[assignment]
    if own is not None and by_name is None:
        words = {
            each.value for each in ast.walk(own.node) if isinstance(each, ast.Constant) and isinstance(each.value, str)
        }
        by_name = "v2" if "postnorm" in words else None
    if told and by_name and told != by_name:
        raise Fault(
            node,
            f"the network is {title} and its units are of {'version 1' if told == 'v1' else 'version 2'}",
            "units of the network's version",
        )
    return told or by_name or "v2"


def _option(field: str, arguments: Mapping[str, Known], default: object, notes: list[str], asks: list[Fault]) -> Any:
    """An option of the network. One that the text leaves to something else than a constant is told in a note."""
    found = arguments.get(field)
    if found is None:
        return default
    if isinstance(found, Unknown):
        notes.append(f"{field} is no constant in the text, so {default!r} was taken.")
        asks += [each for each in found.faults if each.name]
        return default
    return check_option(field, found)


def _images(inputs: Known | None, names: Names, notes: list[str]) -> tuple[tuple[int, int], int]:
    """The size and channels of the images that a network is given, or that `height` and `width` say."""
    size: tuple[int, int] | None = None
    channels: int | None = None
    if isinstance(inputs, Value) and isinstance(inputs.it, Images):
        size, channels = inputs.it.size, inputs.it.channels
        notes += inputs.it.notes
    if size is None:
        height, width = (names.get(each) for each in ("height", "width"))
        if isinstance(height, Value) and isinstance(width, Value) and type(height.it) is int and type(width.it) is int:
            size = (height.it, width.it)
    image = size or DEFAULTS["image"]
    assumed = [f"{image[0]} x {image[1]}"] if size is None else []
    if channels is None and not (size is not None and not isinstance(inputs, Value)):
        assumed.append("3 channels")
    if assumed:
        notes.append(f"The text does not say how large the images are, so {' and '.join(assumed)} were taken.")
    return image, channels or 3


def _image_rests(inputs: Known | None, names: Names) -> frozenset[Default]:
    return rests(inputs) if inputs is not None else frozenset()


def _caller(run: CallState) -> str:
    return run.here[-2].title if len(run.here) > 1 else ""
