"""A lesion: the network without the residual branches of some units, as a network like any other.

Veit, Wilber & Belongie, "Residual Networks Behave Like Ensembles of Relatively Shallow Networks" (2016), sec. 4.1.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from .names import UnitPlace, parse_unit_name, unit_name
from .network import Network, Op


class LesionError(ValueError):
    """The network has no such unit. The text is a finished sentence."""


def without_residuals(network: Network, units: Collection[UnitPlace]) -> Network:
    """`network`, in which only the shortcut is left of each of `units`.

    The addition is removed; what read it reads the shortcut instead. All operations that only the residual branch needed
    are removed, too. A projection keeps the preact that it reads. A unit with an identity shortcut keeps no operation,
    except the ReLU of version 1, which then changes nothing. An end point at the addition becomes one at the shortcut;
    end points inside the branch are removed.

    Raises LesionError for a unit that `network` does not have or that is removed already, and for a plain network.
    """
    if not units:
        return network
    targets = frozenset(units)
    if network.design.version == "plain":
        raise LesionError(
            f"{network.design.name}: a plain network has no shortcuts, so nothing would be left of a unit."
        )
    for unit in sorted(targets - network.shortcuts.keys(), key=str):
        raise LesionError(f"{unit_name(unit)}: there is no such unit in {network.design.name}.")
    instead: dict[str, str] = {}
    rewired: list[Op] = []
    for op in network.ops:
        inputs = tuple(instead.get(name, name) for name in op.inputs)
        if op.kind == "add" and (op.block, op.unit) in targets:
            instead[op.name] = inputs[0]
        else:
            rewired.append(op if inputs == op.inputs else replace(op, inputs=inputs))
    ops = _without_unread(rewired, targets)
    names = {op.name for op in ops}
    end_points = [(name, instead.get(op, op)) for name, op in network.end_points]
    return Network(
        network.design,
        ops,
        tuple((name, op) for name, op in end_points if op in names),
        instead.get(network.output, network.output),
    )


def _without_unread(ops: list[Op], targets: frozenset[UnitPlace]) -> tuple[Op, ...]:
    """`ops` without the residual operations of `targets` that no remaining operation reads."""
    read: set[str] = set()
    kept: list[Op] = []
    for op in reversed(ops):
        if op.role != "residual" or (op.block, op.unit) not in targets or op.name in read:
            read.update(op.inputs)
            kept.append(op)
    return tuple(reversed(kept))


def parse_units(text: str) -> tuple[UnitPlace, ...]:
    """The units that a text such as 'block1/unit_2,block3/unit_5' names, each once, in the order given.

    Raises LesionError for any other text.
    """
    found: dict[UnitPlace, None] = {}
    for word in text.split(","):
        unit = parse_unit_name(word.strip())
        if unit is None:
            shown = word.strip() if len(word) <= 60 else f"{word[:59]}…"
            raise LesionError(f"'{shown}' names no unit. Write block3/unit_5, and several with commas between.")
        found[unit] = None
    return tuple(found)
