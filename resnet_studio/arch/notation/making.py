"""Networks: what a call of `resnet_v2(...)`, of a published network, or of the text's own stands for, as a design."""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from resnet_studio.arch.presets import PRESETS
from resnet_studio.arch.spec import Block, Design, Version

from .faults import EXAMPLE, Fault, line_of
from .library import GENERATOR, OPTIONS, PRESET, check_option, network_arguments
from .signature import Arguments, bind_own, defaults_of, parameters_of
from .tensors import root_of
from .units import groups_of, has_blocks, version_of
from .values import Default, Function, Group, Images, Known, Names, Unknown, Value, items_of, rests

if TYPE_CHECKING:
    from .calls import Caller

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
_ROLES = {
    "num_classes": ("num_classes", "classes", "n_classes", "class_num", "num_class", "nb_classes", "n_class", "num_labels", "num_outputs", "num_output"),
    "global_pool": ("global_pool", "use_global_pool", "pool"),
    "include_root_block": ("include_root_block", "include_root", "root_block", "use_root_block"),
    "output_stride": ("output_stride",),
    "scope": ("scope", "name"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Made:
    """A network that a call makes. title: the function that the call stands in; asks: what was assumed for want of knowing.

    choices: how many choices had been made by then. parts: of how many chained calls it is made. rests: what defaults
    it rests on. used: whether it is a part of another; trouble: why it is, and can't be, a part of another; listed: whether it is a list of blocks.
    """

    title: str
    design: Design
    line: int
    notes: tuple[str, ...]
    asks: tuple[Fault, ...] = ()
    choices: int = 0
    parts: int = 1
    rests: frozenset[Default] = frozenset()
    used: bool = False
    caller: str = ""
    node: ast.AST | None = None
    trouble: Fault | None = None
    listed: bool = False


def make_network(
    run: Caller, node: ast.Call, given: Arguments, path: str, names: Names, own: Function | None = None
) -> Known:
    """The network of a call, put down in `run.networks`. own: where the function is the text's, with its own parameters.

    Given back is what TF-Slim gives: its output and its end points. Raises Fault.
    """
    title = path.rpartition(".")[2]
    notes: list[str] = []
    if own is not None:
        arguments = _own_arguments(run, given, own)
    elif title == "stack_blocks_dense":
        arguments = _stacked(given)
        notes.append(
            "The text stacks the blocks alone: no root block, pooling or classes were taken, unless they stand above."
        )
    else:
        reading = network_arguments(given, path)
        arguments = reading.arguments
        notes += reading.notes
    matched = PRESET.match(title) if own is None else None
    if matched:
        blocks, base, version = _published(title, arguments, notes)
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
    made = _chained(run, node, made, arguments.get("inputs"))
    run.networks.append(made)
    place = len(run.networks) - 1
    fault = Fault(node, "{} is the output of a network", "a constant")
    net = Unknown(node, (fault,), "", frozenset({place}))
    return Value(node, (net, Unknown(node, (fault,), "end_points", frozenset({place}))))


def assemble(
    run: Caller, node: ast.AST, title: str, blocks: tuple[Block, ...], version: Version, arguments: Mapping[str, Known],
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
    depth = _root_depth(own) if own is not None else None
    if depth and options["include_root_block"] and depth != options["root_depth"]:
        options["root_depth"] = depth
        notes.append(f"The root block has {depth:,} channels, as {title} of the text makes it.")
    image, channels = _images(inputs, names, notes)
    for each in arguments.values():
        base |= rests(each) if isinstance(each, Value) and any(d.flag for d in each.rests) else frozenset()
    base |= _image_rests(inputs, names)
    design = Design(name, blocks, image, channels=channels, version=stated, **options)
    return Made(title, design, line_of(node), tuple(notes), tuple(asks), len(run.choices), 1, base, node=node)


def _own_arguments(run: Caller, given: Arguments, own: Function) -> dict[str, Known]:
    """The arguments of the text's own generator by what they are for: its parameters' names, or what was given, tell."""
    found = bind_own(given, own.title, own.node.args, bound=own.owner is not None)
    defaults = defaults_of(own.node.args)
    for each, node in defaults.items():
        found.setdefault(each, run.attempt(node, own.names))
    arguments: dict[str, Known] = {}
    for role, names in _ROLES.items():
        here = next((each for each in names if each in found), None)
        if here is not None:
            arguments[role] = found[here]
    for value in found.values():
        if "blocks" not in arguments and has_blocks(value):
            arguments["blocks"] = value
    if "blocks" not in arguments and "blocks" in found:
        arguments["blocks"] = found["blocks"]
    parameters = [each.arg for each in parameters_of(own.node.args)][1 if own.owner is not None else 0 :]
    if parameters and parameters[0] in found and not has_blocks(found[parameters[0]]):
        arguments["inputs"] = found[parameters[0]]
    for name in (*OPTIONS, "inputs"):
        if name in found and name != "scope":
            arguments.setdefault(name, found[name])
    return arguments


def _stacked(given: Arguments) -> dict[str, Known]:
    node = given.nodes[0] if given.nodes else ast.Constant(None)
    order = ("inputs", "blocks", "output_stride")
    found = {
        **dict(zip(order, given.args, strict=False)),
        **{k: v for k, v in given.named.items() if k in (*order, "net")},
    }
    if "net" in found:
        found["inputs"] = found.pop("net")
    return {**found, "global_pool": Value(node, False), "include_root_block": Value(node, False)}


def _published(
    title: str, arguments: Mapping[str, Known], notes: list[str]
) -> tuple[tuple[Block, ...], frozenset[Default], Version]:
    design = PRESETS[title]
    multiplier, least = arguments.get("depth_multiplier"), arguments.get("min_base_depth")
    blocks = design.blocks
    if isinstance(multiplier, Value) and isinstance(multiplier.it, int | float) and multiplier.it != 1:
        low = least.it if isinstance(least, Value) and isinstance(least.it, int) else 8
        share = float(multiplier.it)
        if not 0 < share <= 16:
            raise Fault(multiplier.node, "{} is no depth_multiplier", "a number of at most 16")
        blocks = tuple(
            replace(
                each,
                units=tuple(
                    replace(
                        u,
                        depth=4 * max(int(u.depth_bottleneck * share), low),
                        depth_bottleneck=max(int(u.depth_bottleneck * share), low),
                    )
                    for u in each.units
                ),
            )
            for each in blocks
        )
        notes.append(f"depth_multiplier={multiplier.it} was worked into the depths of the units.")
    return blocks, frozenset(), design.version


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


def _root_depth(own: Function) -> int | None:
    """The depth of the root's convolution in the text's own generator; None where it isn't written there as a number."""
    for node in ast.walk(own.node):
        if not isinstance(node, ast.Call):
            continue
        name = (
            node.func.id
            if isinstance(node.func, ast.Name)
            else node.func.attr
            if isinstance(node.func, ast.Attribute)
            else ""
        )
        scope = next((each.value for each in node.keywords if each.arg == "scope"), None)
        if (
            name in ("conv2d_same", "conv2d")
            and isinstance(scope, ast.Constant)
            and scope.value == "conv1"
            and len(node.args) > 1
        ):
            depth = node.args[1]
            return depth.value if isinstance(depth, ast.Constant) and type(depth.value) is int else None
    return None


def _chained(run: Caller, node: ast.AST, made: Made, inputs: Known | None) -> Made:
    """A call whose input is another network's output: one network, where a design can hold it; else refused. Raises Fault."""
    feeds = inputs.feeds if isinstance(inputs, Unknown) else frozenset[int]()
    if isinstance(inputs, Value) and (first := items_of(inputs)) and isinstance(first[0], Unknown):
        feeds = first[0].feeds
    if not feeds:
        return made
    place = max(feeds)
    before = run.networks[place]
    a, b = before.design, made.design
    several = before.parts + 1
    trouble = None
    if a.version == "v2":
        trouble = "each of them ends in a batch norm of its own (postnorm), and a network has one"
    elif a.num_classes is not None or a.global_pool:
        trouble = "the one before ends in a pool or in classes"
    elif b.include_root_block:
        trouble = "the one behind begins with a root block of its own"
    elif (a.output_stride, a.version) != (b.output_stride, b.version):
        trouble = "they differ in their version or output stride"
    run.networks[place] = replace(before, used=True)
    if trouble:
        fault = Fault(
            node,
            f"{several} networks are chained, each behind the one before: {trouble}, so no design is the same",
            "all blocks in one call",
        )
        run.networks[place] = replace(before, trouble=fault)
        raise fault
    design = replace(a, blocks=(*a.blocks, *b.blocks), num_classes=b.num_classes, global_pool=b.global_pool)
    notes = (
        *before.notes,
        *(each for each in made.notes if "images" not in each),
        f"{several} chained calls were taken for one network.",
    )
    told = tuple(
        each
        for each in notes
        if not (each.endswith("chained calls were taken for one network.") and not each.startswith(str(several)))
    )
    return replace(
        made,
        design=design,
        notes=told,
        asks=(*before.asks, *made.asks),
        parts=several,
        rests=before.rests | made.rests,
        line=before.line,
    )


def _caller(run: Caller) -> str:
    return run.here[-2].title if len(run.here) > 1 else ""
