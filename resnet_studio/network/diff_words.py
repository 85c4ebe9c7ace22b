"""The differences between two units, or between two layers outside the blocks, in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from resnet_studio.design.words import shape_text

from .names import below_unit
from .network import Op


def changes(a: Sequence[Op], b: Sequence[Op]) -> Iterator[str]:
    """The differences between two units or layers in words. The most visible one comes first."""
    (kind_a, version_a), (kind_b, version_b) = _kind(a), _kind(b)
    kinds = kind_a, kind_b
    if kind_a != kind_b:
        yield f"{kind_a} → {kind_b}"
    if version_a != version_b:
        yield f"{version_a} → {version_b}"
    shortcuts = [_shortcut(ops) for ops in (a, b)]
    if shortcuts[0] != shortcuts[1]:
        yield f"shortcut {shortcuts[0]} → {shortcuts[1]}"
    if not a[0].unit:
        yield from _beside(a, b)
    of_a, of_b = [{_short(op): op for op in ops} for ops in (a, b)]
    both = [(name, of_a[name], of_b[name]) for name in of_a if name in of_b]
    if kinds[0] == kinds[1]:
        yield from _convolutions(both)
    if a[-1].shape[:2] != b[-1].shape[:2]:
        yield f"output {shape_text(a[-1].shape[:2])} → {shape_text(b[-1].shape[:2])}"
    elif any(one.shape[:2] != other.shape[:2] for _, one, other in both):
        yield "sizes inside"
    if a[-1].depth != b[-1].depth and a[-1].kind != "conv":
        yield f"depth {a[-1].depth:,} → {b[-1].depth:,}"
    for name, one, other in both:
        if one.bias != other.bias:
            yield f"{name} {'without' if one.bias else 'with'} bias"
        if one.scale != other.scale:
            yield f"batch norms {'without' if one.scale else 'with'} scale"
        if (one.epsilon, one.decay) != (other.epsilon, other.decay):
            yield "batch norms' epsilon or decay"
        if one.depth_in != other.depth_in and one.kind == "conv":
            yield f"{name} reads {one.depth_in:,} → {other.depth_in:,} channels"
    if any(one.pads != other.pads and one.rate == other.rate for _, one, other in both):
        yield "padding"


def _convolutions(both: Sequence[tuple[str, Op, Op]]) -> Iterator[str]:
    for field in ("stride", "rate", "kernel", "depth"):
        for name, one, other in both:
            before, after = getattr(one, field), getattr(other, field)
            if before != after and one.kind == other.kind and one.kind in ("conv", "max_pool", "subsample"):
                yield f"{name} {field} {before:,} → {after:,}"


def _beside(a: Sequence[Op], b: Sequence[Op]) -> Iterator[str]:
    """The batch norm and ReLU that only one of two layers outside the blocks has."""
    words = {"batch_norm": "batch norm", "relu": "ReLU"}
    kinds_a, kinds_b = [[words.get(op.kind, op.kind) for op in ops[1:]] for ops in (a, b)]
    for has, kinds in (
        ("with", [k for k in kinds_b if k not in kinds_a]),
        ("without", [k for k in kinds_a if k not in kinds_b]),
    ):
        if kinds:
            yield f"{has} {' and '.join(kinds)}"


def _kind(ops: Sequence[Op]) -> tuple[str, str]:
    """(kind, version) of a unit: ('bottleneck', 'version 2'); ('', '') for a layer outside the blocks."""
    if not ops[0].unit:
        return "", ""
    kind, _, version = below_unit(ops[0]).partition("/")[0].rpartition("_")
    return kind, f"version {version[1:]}" if version != "plain" else version


def _short(op: Op) -> str:
    """An operation's name inside its unit, without the unit's kind: conv2, conv2/BatchNorm, shortcut."""
    return below_unit(op).split("/", 1)[-1] if op.unit else op.name


def _shortcut(ops: Sequence[Op]) -> str:
    kinds = {"conv": "projection", "subsample": "subsample"}
    if not any(op.kind == "add" for op in ops):
        return "none"
    return next((kinds[op.kind] for op in ops if op.role == "shortcut"), "identity")
