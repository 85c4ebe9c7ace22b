"""The network as a tree of blocks, units, layers and operations. Each level is made when somebody first asks for it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby

from .cost import Cost, op_costs, total
from .names import unit_name
from .network import Network, Op

_LEVELS = ("network", "block", "unit", "layer", "operation")


@dataclass(frozen=True)
class Node:
    """A node of the tree.

    level: 'network', 'block', 'unit', 'layer' or 'operation'.
    ops: the operations that it stands for, in order. Only the node of the network may have none.
    """

    tree: NodeTree
    level: str
    name: str
    ops: tuple[Op, ...]

    @property
    def label(self) -> str:
        """Its name without the names of its parents."""
        if self.level == "operation":
            layer = self.ops[0].layer
            return self.name[len(layer) + 1 :] if self.name.startswith(f"{layer}/") else self.ops[0].kind
        return self.name.rsplit("/", 1)[-1]

    @property
    def kind(self) -> str:
        """What it is, in a word or two."""
        if self.level == "network":
            return self.level  # it has no operations where no part of the design is sound
        first, shortcuts = self.ops[0], self.tree.network.shortcuts
        match self.level:
            case "block":
                count = sum(block == first.block for block, _ in self.tree.network.units)
                return f"block of {count:,}" if count != 1 else "block of 1"
            case "unit":
                return f"unit, {shortcuts.get((first.block, first.unit), 'no shortcut')}"
            case "layer":
                return (
                    "projection" if first.kind == "conv" and first.role == "shortcut" else first.kind.replace("_", " ")
                )
        return first.kind.replace("_", " ")

    @cached_property
    def cost(self) -> Cost:
        """The sum of its operations' costs."""
        costs = self.tree.costs
        return total(costs[op.name] for op in self.ops)

    @cached_property
    def children(self) -> tuple[Node, ...]:
        """Its parts; none where it has only itself."""
        if self.level == "network":
            found: list[Node] = []
            for block, part in groupby(self.ops, key=lambda op: op.block):
                ops = tuple(part)
                found += [self._below("block", block, ops)] if block else self._layers(ops)
            return tuple(found)
        if self.level == "block":
            units = groupby(self.ops, key=lambda op: op.unit)
            return tuple(self._below("unit", unit_name((self.name, unit)), tuple(ops)) for unit, ops in units)
        if self.level == "unit":
            return tuple(self._layers(self.ops))
        if self.level == "layer" and len(self.ops) > 1:
            return tuple(self._below("operation", op.name, (op,)) for op in self.ops)
        return ()

    def _layers(self, ops: Sequence[Op]) -> list[Node]:
        return [self._below("layer", name, tuple(part)) for name, part in groupby(ops, key=lambda op: op.layer)]

    def _below(self, level: str, name: str, ops: tuple[Op, ...]) -> Node:
        return Node(self.tree, level, name, ops)

    def covered_by(self, ops: frozenset[str]) -> bool:
        """Whether `ops` holds all of its operations.

        The addition and the ReLU at the end of a unit or block may be missing, because the picture draws them by
        themselves. A node without operations is never covered.
        """
        names = [op.name for op in self.ops]
        if self.level in ("unit", "block"):
            end = len(names)
            while end > 1 and self.ops[end - 1].role == "add":
                end -= 1
            del names[end:]
        return bool(names) and ops.issuperset(names)


@dataclass(frozen=True)
class NodeTree:
    """A network as a tree."""

    network: Network

    @cached_property
    def costs(self) -> dict[str, Cost]:
        """The cost of each operation, by its name."""
        return op_costs(self.network)

    @cached_property
    def root(self) -> Node:
        """The whole network."""
        return Node(self, "network", self.network.design.name, self.network.ops)
