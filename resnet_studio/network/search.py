"""Finds blocks, units and layers of a network by a part of their name, or by their kind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from .names import unit_name
from .network import Network, Op

_KINDS = {"batch_norm": "norm", "max_pool": "pool", "global_pool": "pool"}


@dataclass(frozen=True, slots=True)
class Hit:
    """A block, a unit or a layer: its name and its operations' names."""

    name: str
    ops: tuple[str, ...]


def search(network: Network, query: str) -> tuple[Hit, ...]:
    """The blocks, units and layers that `query` finds, in order. Upper and lower case are the same.

    A block is found by a part of its name. Otherwise its units are searched by name, and then their layers by name or kind.
    A kind is conv, projection, subsample, identity (it finds the addition at the shortcut's end), norm, relu, pool, add,
    input, softmax or atrous (dilated). A number at the end must match as a whole: unit_1 doesn't find unit_10.
    """
    words = query.strip().casefold()
    if not words:
        return ()
    pattern = re.compile(re.escape(words) + (r"(?!\d)" if words[-1].isdigit() else ""))
    found: list[Hit] = []
    for block, in_block in groupby(network.ops, key=attrgetter("block")):
        ops = tuple(in_block)
        if block and pattern.search(block.casefold()):
            found.append(_hit(block, ops))
        else:
            found += _in_block(network, block, ops, pattern, words)
    return tuple(found)


def _in_block(
    network: Network, block: str, all_ops: tuple[Op, ...], pattern: re.Pattern[str], words: str
) -> Iterator[Hit]:
    for number, in_unit in groupby(all_ops, key=attrgetter("unit")):
        ops, name = tuple(in_unit), unit_name((block, number))
        if number and pattern.search(name.casefold()):
            yield _hit(name, ops)
            continue
        for layer, in_layer in groupby(ops, key=attrgetter("layer")):
            parts = tuple(in_layer)
            if pattern.search(layer.casefold()) or words in _kinds(network, parts):
                yield _hit(layer, parts)


def _kinds(network: Network, ops: tuple[Op, ...]) -> set[str]:
    kinds = {word for op in ops for word in (op.kind, _KINDS.get(op.kind, op.kind))}
    first = ops[0]
    if first.kind == "conv" and first.role == "shortcut":
        kinds.add("projection")
    if any(op.rate > 1 for op in ops):
        kinds |= {"atrous", "dilated"}
    if first.kind == "add" and network.shortcuts.get((first.block, first.unit)) == "identity":
        kinds.add("identity")
    return kinds


def _hit(name: str, ops: tuple[Op, ...]) -> Hit:
    return Hit(name, tuple(op.name for op in ops))
