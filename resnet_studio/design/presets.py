"""The published networks of both versions, each in TF-Slim's form and in the paper's, and the CIFAR networks.

The same name stands for two networks: TF-Slim puts a block's stride into its last unit, the paper into the first. In version
2 TF-Slim also gives conv3, projections and the root biases, and the paper has none.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from .spec import Block, Design, Kind, StrideIn, Version, block

Form = Literal["tf-slim", "paper"]

_BASIC = {18: (2, 2, 2, 2), 34: (3, 4, 6, 3)}
_BOTTLENECK = {50: (3, 4, 6, 3), 101: (3, 4, 23, 3), 152: (3, 8, 36, 3), 200: (3, 24, 36, 3)}
_UNITS = {**_BASIC, **_BOTTLENECK}
_CIFAR_BASIC, _CIFAR_BOTTLENECK = (20, 56, 110), (164, 1001)


def imagenet_resnet(version: Version, layers: int, form: Form = "tf-slim") -> Design:
    """ResNet of 18, 34 (basic units), 50, 101, 152 or 200 layers for ImageNet, of version "v1" or "v2".

    He et al. 2016a, table 1; 200: He et al. 2016b, sec. 4; TF-Slim: `resnet_v1_50`, `resnet_v2_50` and so on. In version 1
    the paper's bottleneck strides in its first 1x1 convolution, as the authors' own models and Keras's have it.
    """
    kind: Kind = "basic" if layers in _BASIC else "bottleneck"
    # TF-Slim's block strides where it hands over to the next one, the paper's where it takes over from the one before.
    strides = (2, 2, 2, 1) if form == "tf-slim" else (1, 2, 2, 2)
    blocks = _blocks(_UNITS[layers], 64, 64 if kind == "basic" else 256, strides, kind, form)
    name = f"resnet_{version}_{layers}" + ("_paper" if form == "paper" else "")
    early = version == "v1" and form == "paper" and kind == "bottleneck"
    # A batch norm follows every convolution of version 1: the biases say nothing there, and stay at their default.
    biases = form == "tf-slim" or version == "v1"
    return Design(name, blocks, conv_biases=biases, stride_conv="conv1" if early else "conv2", version=version)


def cifar_resnet(version: Version, layers: int) -> Design:
    """ResNet for CIFAR-10: 6n+2 layers of basic units (20, 56, 110) or 9n+2 of bottlenecks (164, 1001); or a plain one.

    He et al. 2016a, sec. 4.2; He et al. 2016b, table 4. The paper's form: stride first, no convolution biases;
    a bottleneck strides in its first 1x1 convolution, as the authors' own code has it. Version 1 of 2016a fills up with
    zeros where the depth changes; here, as in TF-Slim, a projection does it, 1 % of ResNet-20's parameters.
    """
    kind: Kind = "basic" if layers in _CIFAR_BASIC else "bottleneck"
    count = (layers - 2) // (6 if kind == "basic" else 9)
    blocks = _blocks((count,) * 3, 16, 16 if kind == "basic" else 64, (1, 2, 2), kind, "paper")
    name = f"cifar_plain_{layers}" if version == "plain" else f"cifar_resnet_{version}_{layers}"
    return Design(
        name, blocks, image=(32, 32), num_classes=10, root="cifar", root_depth=16, conv_biases=version != "v2",
        stride_conv="conv1" if kind == "bottleneck" else "conv2", version=version,
    )  # fmt: skip


def form_of(design: Design) -> Form | None:
    """Which form a design is in; None where it is in neither, or in parts of both."""
    striding = {b.stride_in for b in design.blocks if b.stride != 1}
    if (design.conv_biases or design.version != "v2") and striding <= {"last"}:
        return "tf-slim"
    if (not design.conv_biases or design.version != "v2") and (striding == {"first"} or not striding):
        return "paper"
    return None


def preset_title(name: str) -> str:
    """A preset's name for people: 'ResNet-50 V2, paper's form'."""
    layers = next(part for part in name.split("_") if part.isdigit())
    if "plain" in name:
        return f"CIFAR plain-{layers}"
    cifar, paper = "CIFAR " * name.startswith("cifar"), ", paper's form" * name.endswith("_paper")
    return f"{cifar}ResNet-{layers} {'V1' if '_v1_' in name else 'V2'}{paper}"


def twin(design: Design) -> Design | None:
    """The published network's other form, where `design` is a published network: what its name may mean elsewhere."""
    for name, preset in PRESETS.items():
        if replace(preset, name=design.name) == design:
            return PRESETS.get(_other_name(name))
    return None


def other_form(design: Design) -> Design:
    """`design` in the form that it is not in: the paper's for TF-Slim's and what is in neither, else TF-Slim's.

    TF-Slim strides at the end of a block where the paper strides at the start of the next one, so strides move over
    by a block, where there is one to move to. A published network becomes its published twin.
    """
    if known := twin(design):
        return replace(known, name=_other_name(design.name))
    to_paper = form_of(design) != "paper"
    strides = [b.stride for b in design.blocks]
    if to_paper and strides[-1:] == [1]:
        strides = [1, *strides[:-1]]
    elif not to_paper and strides[:1] == [1]:
        strides = [*strides[1:], 1]
    where: StrideIn = "first" if to_paper else "last"
    blocks = tuple(b.with_stride(stride, where) for b, stride in zip(design.blocks, strides, strict=True))
    biases = not to_paper if design.version == "v2" else design.conv_biases
    return replace(design, blocks=blocks, conv_biases=biases)


def _other_name(name: str) -> str:
    return name.removesuffix("_paper") if name.endswith("_paper") else f"{name}_paper"


def _blocks(
    counts: tuple[int, ...], bottleneck: int, depth: int, strides: tuple[int, ...], kind: Kind, form: Form
) -> tuple[Block, ...]:
    """Blocks whose depths double from one to the next."""
    where: StrideIn = "last" if form == "tf-slim" else "first"
    return tuple(
        block(f"block{i + 1}", count, depth * 2**i, bottleneck * 2**i, stride, where, kind)
        for i, (count, stride) in enumerate(zip(counts, strides, strict=True))
    )


PRESETS: dict[str, Design] = {
    design.name: design
    for design in (
        *(imagenet_resnet("v2", layers) for layers in _UNITS),
        *(imagenet_resnet("v2", layers, "paper") for layers in _UNITS),
        *(cifar_resnet("v2", layers) for layers in _CIFAR_BASIC + _CIFAR_BOTTLENECK),
        *(imagenet_resnet("v1", layers) for layers in _UNITS),
        *(imagenet_resnet("v1", layers, "paper") for layers in _UNITS),
        *(cifar_resnet("v1", layers) for layers in _CIFAR_BASIC),
        *(cifar_resnet("plain", layers) for layers in _CIFAR_BASIC),
    )
}
