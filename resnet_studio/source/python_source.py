"""Writes a design as a Python file that needs nothing else of this program, for plain TensorFlow or for Keras.

The templates, tensorflow_source and keras_source, are whole programs. Lines that only some designs need stand between
`#if` and `#end`. The file is for people to read, so it defines the units once more in its own code; tests compare its
results with ours.
"""

from __future__ import annotations

import itertools
from collections.abc import Collection, Mapping
from string import Template

from resnet_studio.design.spec import Block
from resnet_studio.design.validate import DesignError, validate
from resnet_studio.network.network import Network

from .keras_source import KERAS
from .tensorflow_source import TENSORFLOW

WIDTH = 110
_COLUMNS = {"bottleneck": "depth, depth_bottleneck, stride", "basic": "depth, stride"}
_RATES = {"bottleneck": ", rate", "basic": ", rate_1, rate_2"}
_TITLES = {
    "v2": "a pre-activation residual network (ResNet V2)",
    "v1": "a residual network (ResNet V1)",
    "plain": "a plain network (ResNet V1 without its shortcuts)",
}
_V1_PAPER = '"Deep Residual Learning for Image Recognition", CVPR 2016, https://arxiv.org/abs/1512.03385'
_PAPERS = {
    "v2": '"Identity Mappings in Deep Residual Networks", ECCV 2016, https://arxiv.org/abs/1603.05027',
    "v1": _V1_PAPER,
    "plain": _V1_PAPER,
}
_FIGURES = {  # the operations around a unit's convolutions, and the papers' figures of bottleneck and basic units
    "v2": ("preact -> (shortcut | {}) -> add: the paper's fig. 4(e)", "", ", in two layers"),
    "v1": ("(shortcut | {}) -> add -> ReLU: the paper's fig. 5, ", "right", "left"),
    "plain": ("{}, each with batch norm and ReLU: the paper's sec. 3.3", "", ""),
}


def to_tensorflow_python(network: Network, weights: str = "") -> str:
    """A Python file that needs only TensorFlow. Its variables have TF-Slim's names.

    weights: the checkpoint that a comment says to load. Raises DesignError for the sound part of a design with problems.
    """
    projection = 'net.$PROJECTION, f"{name}/shortcut", depth, 1, stride)'
    return _source(TENSORFLOW, network, weights, projection, "subsample(x, stride)", 'tf.nn.max_pool2d(x, 1, stride, "SAME")')  # fmt: skip


def to_keras_python(network: Network, weights: str = "") -> str:
    """A Python file that needs only Keras 3. Its layers have TF-Slim's names, with dots in place of slashes.

    weights: the checkpoint that a comment says to load. Raises DesignError for the sound part of a design with problems.
    """
    projection = '$PROJECTION, f"{name}.shortcut", depth, 1, stride)'
    subsample = 'subsample(x, f"{name}.shortcut", stride)'
    return _source(KERAS, network, weights, projection, subsample, "layers.MaxPooling2D(1, stride, name=name)(x)")


def _source(template: str, network: Network, weights: str, projection: str, subsample: str, pool: str) -> str:
    design, version = network.design, network.design.version
    if problems := validate(design):
        raise DesignError(problems)  # the sound part of a design makes no program
    projection = projection.replace("$PROJECTION", "conv(preact" if version == "v2" else "conv_norm(x")
    shortcuts = {kind: _shortcut_kinds(network, kind) for kind in ("bottleneck", "basic")}
    rated = _rated(network)
    biases = design.conv_biases and version == "v2"
    pooling = [kinds for kinds in shortcuts.values() if "subsample" in kinds]
    convs = [op for op in network.ops if op.kind == "conv"]
    conditions = {
        "imagenet": design.include_root_block and design.root == "imagenet",
        "cifar": design.include_root_block and design.root == "cifar",
        "v2": version == "v2",
        "v1": version == "v1",
        "plain": version == "plain",
        "atrous": bool(rated),
        "bottleneck": any(block.kind == "bottleneck" for block in design.blocks),
        "basic": any(block.kind == "basic" for block in design.blocks),
        "subsample": bool(pooling),
        "padded": any(op.stride > 1 and op.kernel > 1 for op in convs),
        "bias": any(op.bias for op in convs),
        "global_pool": design.global_pool,
        "classes": design.num_classes is not None,
        "scale": design.batch_norm_scale,
        "weight_decay": design.weight_decay > 0,
        "weights": bool(weights),
    }
    height, width, depth = network.by_name[network.output].shape
    values = {
        "NAME": design.name,
        "TITLE": _TITLES[version],
        "PAPER": _PAPERS[version],
        "VERSION": version,
        "SHAPE": f"(batch, {design.image[0]}, {design.image[1]}, {design.channels})",
        "CHANNELS": str(design.channels),
        "RESULT": f"(batch, {height}, {width}, {depth})",
        "IMAGE": str(design.image),
        "NUM_CLASSES": str(design.num_classes),
        "DECAY": repr(design.batch_norm_decay),
        "EPSILON": repr(design.batch_norm_epsilon),
        "WEIGHT_DECAY": repr(design.weight_decay),
        "ROOT_DEPTH": str(design.root_depth),
        "STRIDE_1": ", stride" if design.stride_conv == "conv1" else "",
        "STRIDE_2": ", stride" if design.stride_conv == "conv2" else "",
        "BOTTLENECK_SHORTCUT": _shortcut(shortcuts["bottleneck"], projection, subsample),
        "BASIC_SHORTCUT": _shortcut(shortcuts["basic"], projection, subsample),
        "SUBSAMPLED": f"x if stride == 1 else {pool}" if any("identity" in kinds for kinds in pooling) else pool,
        "COLUMNS": " or ".join(
            f"({_COLUMNS[kind]}{_RATES[kind] if kind in rated else ''})" for kind in shortcuts if conditions[kind]
        ),
        "BLOCKS": "\n".join(_block(network, block, block.kind in rated) for block in design.blocks),
        "BOTTLENECK_FIGURE": _figure(version, "conv1 -> conv2 -> conv3", 1),
        "BASIC_FIGURE": _figure(version, "conv1 -> conv2", 2),
        "ENTERS": "preact" if version == "v2" else "x",
        "BRANCH": "x" if version == "plain" else "residual",
        "ROOT": "conv" if version == "v2" else "conv_norm_relu",
        "BOTTLENECK_RATE": _RATES["bottleneck"] if "bottleneck" in rated else "",
        "BASIC_RATE": _RATES["basic"] if "basic" in rated else "",
        "RATED": ", rate=rate" if "bottleneck" in rated else "",
        "RATED_1": ", rate_1" if "basic" in rated else "",
        "RATED_2": ", rate=rate_2" if "basic" in rated else "",
        "RATE": ", rate=1" if rated else "",
        "PASS_RATE": ", rate" if rated else "",
        # For atrous convolutions, only tf.nn.convolution has a gradient on a CPU.
        "CONV": "tf.nn.convolution" if rated else "tf.nn.conv2d",
        "DILATIONS": ", dilations=rate" if rated else "",
        # `bias` is a parameter only where the convolutions differ in it. Its default is the value for most of them.
        "BIAS": f", bias={biases}" if conditions["bias"] else "",
        "NO_BIAS": ", bias=False" if biases else "",
        "LOGITS_BIAS": "" if biases else ", bias=True",
        "WEIGHTS": ascii(weights),  # escaped, so that no line break in a path can end the comment
    }
    return Template(chosen(template, conditions)).substitute(values)


def chosen(template: str, conditions: Mapping[str, bool]) -> str:
    """`template` without the lines between `#if NAME` (or `#if not NAME`) and `#end` whose condition does not hold."""
    kept: list[str] = []
    holding = [True]
    for line in template.splitlines(keepends=True):
        match line.split():
            case ["#if", name]:
                holding.append(holding[-1] and conditions[name])
            case ["#if", "not", name]:
                holding.append(holding[-1] and not conditions[name])
            case ["#end"]:
                holding.pop()
            case _ if holding[-1]:
                kept.append(line)
    return "".join(kept)


def _shortcut_kinds(network: Network, unit_kind: str) -> set[str]:
    """The kinds of shortcuts that units of one kind have in this network."""
    blocks = {block.name for block in network.design.blocks if block.kind == unit_kind}
    return {str(kind) for (block, _), kind in network.shortcuts.items() if block in blocks}


def _shortcut(kinds: Collection[str], projection: str, subsample: str) -> str:
    """The lines of a unit function that make its shortcut, for the given kinds."""
    same = subsample if "subsample" in kinds else "x"
    if "projection" not in kinds:
        return f"    shortcut = {same}"
    if len(kinds) == 1:
        return f"    shortcut = {projection}"
    return f"    if x.shape[-1] == depth:\n        shortcut = {same}\n    else:\n        shortcut = {projection}"


def _figure(version: str, convolutions: str, kind: int) -> str:
    around = _FIGURES[version]
    return f"{around[0].format(convolutions)}{around[kind]}."


def _rated(network: Network) -> set[str]:
    """The kinds of units of which at least one has an atrous convolution (a rate above 1)."""
    rated = {op.block for op in network.ops if op.rate > 1}
    return {block.kind for block in network.design.blocks if block.name in rated}


def _rows(network: Network, block: Block, rated: bool) -> list[tuple[int, ...]]:
    """The arguments of a block's units, with the strides and rates that result from the output stride."""
    rows: list[tuple[int, ...]] = []
    ops = [op for op in network.ops if op.block == block.name and op.kind == "conv" and op.role != "shortcut"]
    for _, unit in itertools.groupby(ops, key=lambda op: op.unit):
        convs = list(unit)
        stride = max(op.stride for op in convs)
        if block.kind == "basic":
            rows.append((convs[-1].depth, stride, *[op.rate for op in convs if rated]))
        else:
            rows.append((convs[-1].depth, convs[0].depth, stride, *[op.rate for op in convs[1:2] if rated]))
    return rows


def _block(network: Network, block: Block, rated: bool) -> str:
    """A row of BLOCKS: the name, the unit function and its arguments. Equal neighbours are written once with a factor."""
    rows = _rows(network, block, rated)
    runs = [(row, len(list(run))) for row, run in itertools.groupby(rows)]
    terms: list[str] = []
    for once, group in itertools.groupby(runs, key=lambda run: run[1] == 1):
        if once:
            terms.append("[" + ", ".join(str(row) for row, _ in group) + "]")
        else:
            terms.extend(f"[{row}] * {count}" for row, count in group)
    line = f'    ("{block.name}", {block.kind}, {" + ".join(terms)}),'
    if len(line) <= WIDTH:
        return line
    terms = [term.replace("), (", "),\n         (") for term in terms]
    return f'    ("{block.name}", {block.kind},\n        ' + "\n        + ".join(terms) + "),"
