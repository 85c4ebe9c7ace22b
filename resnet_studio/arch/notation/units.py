"""Units and blocks, as TF-Slim's functions make them: what `Block(...)` and `resnet_v2_block(...)` stand for."""

from __future__ import annotations

import ast
import re
from collections.abc import Mapping

from resnet_studio.arch.bounds import BOUNDS
from resnet_studio.arch.spec import Block, Kind, Unit, Version, block

from .faults import EXAMPLE, Fault, joined
from .signature import Arguments, bind, defaults_of, parameters_of
from .values import UNITS, Budget, Function, Group, Known, Table, Unknown, Value, items_of, opened, rests, unknown

WHOLE = "a whole number"
UNIT_FIELDS = ("depth", "depth_bottleneck", "stride", "unit_rate")
_TUPLE = "(depth, depth_bottleneck, stride)"
_KINDS: dict[str, Kind] = {
    "bottleneck": "bottleneck", "bottleneck_v2": "bottleneck", "bottleneck_v1": "bottleneck",
    "basic": "basic", "basic_v2": "basic", "basic_v1": "basic", "basic_block": "basic",
}  # fmt: skip
_VERSION = re.compile(r"(?:^|[._])(v1|v2)(?:[._]|$)")


def make_block(node: ast.Call, given: Arguments, budget: Budget, *, by_type: bool) -> Known:
    """TF-Slim: `resnet_utils.Block(scope, unit_fn, args)`. by_type: the text has a Block of its own, in another order."""
    parts = _by_type(given) if by_type else None
    if parts is None:
        parts = bind(given, "Block", ("scope", "unit_fn", "args"))
        for missing in ("scope", "unit_fn", "args"):
            if missing not in parts:
                raise Fault(node, f"{missing} is missing", "Block(scope, unit_fn, args)")
    kind, version, rate = unit_kind(parts["unit_fn"])
    trouble: list[Fault] = []
    name = parts["scope"]
    if isinstance(name, Unknown):
        trouble += name.faults
    elif not isinstance(name.it, str):
        raise Fault(name.node, "{} is not a name", "the block's name in quotes")
    if missing_units := opened(parts["args"]):
        trouble += missing_units.faults
        items = []
    else:
        found = items_of(parts["args"])
        if found is None:
            raise Fault(parts["args"].node, "{} is not a list of units", UNITS)
        items = found
    budget.step(node, len(items))
    if len(items) > BOUNDS["units"].high:
        raise Fault(parts["args"].node, "the list is too long", BOUNDS["units"].text)
    made: dict[int, Unit | Unknown] = {}
    for each in items:
        if id(each) not in made:
            budget.step(each.node)
            made[id(each)] = _unit(each, kind, rate)
    trouble += [fault for each in made.values() if isinstance(each, Unknown) for fault in each.faults]
    if trouble or isinstance(name, Unknown):
        return Unknown(node, tuple(trouble[:64]))
    units = tuple(unit for each in items if isinstance(unit := made[id(each)], Unit))
    notes = (
        (f"The units of {name.it} have the rate {rate}, as their function in the text has it.",) if rate != 1 else ()
    )
    base = rests(name, parts["args"], *items, *(part for each in items for part in _parts(each)))
    return Value(node, Group(Block(str(name.it), units, kind), version, notes), base)


def make_slim_block(node: ast.Call, given: Arguments, budget: Budget, name: str) -> Known:
    """tf_slim: `resnet_v2_block`, `resnet_v1_block`. The last unit strides; the depth is four times the bottleneck's."""
    parameters = ("scope", "base_depth", "num_units", "stride")
    parts = bind(given, name, parameters)
    for missing in parameters:
        if missing not in parts:
            raise Fault(node, f"{missing} is missing", f"{name}({', '.join(parameters)})")
    if trouble := unknown(node, parts.values()):
        return trouble
    scope, base, count, stride = (parts[each] for each in parameters)
    if not isinstance(scope, Value) or not isinstance(scope.it, str):
        raise Fault(scope.node, "{} is not a name", "the block's name in quotes")
    units = whole(count)
    if fault := BOUNDS["units"].fault(units):
        raise Fault(count.node, fault, BOUNDS["units"].text)
    budget.charge(node, units)
    depth = whole(base)
    made = block(scope.it, units, depth * 4, depth, whole(stride))
    return Value(node, Group(made, _version(name)), rests(*parts.values()))


def unit_kind(function: Known) -> tuple[Kind, Version | None, int]:
    """What kind of unit a function makes, of which version where that is told, and at what rate. Raises Fault."""
    if isinstance(function, Unknown) and function.path:
        name = function.path.rpartition(".")[2]
        if name in _KINDS:
            return _KINDS[name], _version(function.path), 1
    if (
        isinstance(function, Value)
        and isinstance(function.it, Function)
        and isinstance(function.it.node, ast.FunctionDef)
    ):
        own = function.it.node
        names = {each.arg for each in parameters_of(own.args)}
        kind = _KINDS.get(own.name) or (
            "bottleneck" if "depth_bottleneck" in names else "basic" if {"depth", "stride"} <= names else None
        )
        if kind:
            return kind, _version(own.name) or _version_of_body(own), _own_rate(own)
    if isinstance(function, Unknown) and not function.path and not any(each.name for each in function.faults):
        words = function.fault
        raise Fault(function.node, "{} is not a kind of unit", "bottleneck or basic") from words
    raise Fault(function.node, "{} is not a kind of unit", "bottleneck or basic")


def groups_of(value: Known) -> tuple[list[Group], Known]:
    """The blocks in a list of them, or in one that stands alone, and that value. Raises Fault."""
    if isinstance(value, Value) and isinstance(value.it, Group):
        return [value.it], value
    if missing := opened(value):
        raise missing.fault
    items = items_of(value)
    if items is None:
        raise Fault(value.node, "{} is not a list of blocks", EXAMPLE)
    trouble = [fault for each in items if isinstance(each, Unknown) for fault in each.faults]
    if trouble:
        raise joined(trouble)
    found = []
    for each in items:
        if not isinstance(each, Value) or not isinstance(each.it, Group):
            raise Fault(each.node, "{} is not a block", EXAMPLE)
        found.append(each.it)
    if len(found) > BOUNDS["blocks"].high:
        raise Fault(value.node, f"{len(found):,} blocks are too many", BOUNDS["blocks"].text)
    return found, value


def has_blocks(value: Known) -> bool:
    """Whether a value is a block or a list with one in it."""
    items = items_of(value) or [value]
    return any(isinstance(each, Value) and isinstance(each.it, Group) for each in items)


def version_of(groups: list[Group], node: ast.AST) -> Version | None:
    """The version of all units; None where nothing tells it. Raises Fault where they differ."""
    found = {each.version for each in groups} - {None}
    if len(found) > 1:
        raise Fault(node, "units of version 1 and of version 2 stand in one network", "units of one version")
    return next(iter(found), None)


def whole(value: Known) -> int:
    """A whole number, which may be out of range: `validate` tells that, at the field's place. Raises Fault."""
    if isinstance(value, Unknown):
        raise value.fault
    if type(value.it) is float and value.it.is_integer() and abs(value.it) < 2**53:
        return int(value.it)  # 128 / 4, which Python 3 takes for 32.0
    if type(value.it) is not int:
        raise Fault(value.node, "{} is not a whole number", WHOLE)
    return value.it


def _unit(value: Known, kind: Kind, rate: int) -> Unit | Unknown:
    """A unit from its tuple or dictionary. A basic unit has no bottleneck, so its two other numbers are enough."""
    parts = _fields(value, kind)
    if isinstance(parts, Unknown):
        return parts
    if missing := unknown(
        value.node, [each for name, each in parts.items() if name != "depth_bottleneck" or kind != "basic"]
    ):
        return missing
    depth, stride = whole(parts["depth"]), whole(parts["stride"])
    if "unit_rate" in parts:
        rate = whole(parts["unit_rate"])
    inner = parts.get("depth_bottleneck")
    if kind == "basic":
        # No use is made of it. It is kept for the day the unit becomes a bottleneck, where it is of a kind that a file keeps.
        it = inner.it if isinstance(inner, Value) else depth
        if not isinstance(it, int | str | None) or isinstance(it, bool):
            raise Fault(inner.node if inner else value.node, "{} is no depth_bottleneck", WHOLE)
        return Unit(depth, it if inner is not None else depth, stride, rate)  # type: ignore[arg-type]
    if inner is None:
        raise Fault(value.node, "{} lacks its depth_bottleneck", _TUPLE)
    return Unit(depth, whole(inner), stride, rate)


def _fields(value: Known, kind: Kind) -> Mapping[str, Known] | Unknown:
    if missing := opened(value):
        if isinstance(value, Value):
            raise Fault(missing.node, "{} is no key of a unit here", _keys(), missing.fault.name)
        return missing
    if isinstance(value, Value) and isinstance(value.it, Table):
        for key, (node, _) in value.it.rows.items():
            if key not in UNIT_FIELDS:
                raise Fault(node, "{} is no key of a unit here", _keys())
        found: dict[str, Known] = {str(key): each for key, (_, each) in value.it.rows.items()}
    else:
        parts = items_of(value)
        names = ("depth", "stride") if kind == "basic" and parts is not None and len(parts) == 2 else UNIT_FIELDS[:3]
        if parts is None or len(parts) != len(names):
            raise Fault(value.node, "{} is not a unit", _TUPLE)
        found = dict(zip(names, parts, strict=True))
    if not {"depth", "stride"} <= found.keys():
        raise Fault(value.node, "{} is not a unit", _TUPLE)
    return found


def _parts(value: Known) -> list[Known]:
    if isinstance(value, Value) and isinstance(value.it, Table):
        return [each for _, each in value.it.rows.values()]
    return items_of(value) or []


def _keys() -> str:
    return "'depth', 'depth_bottleneck', 'stride' and 'unit_rate'"


def _version(path: str) -> Version | None:
    match = _VERSION.search(path)
    return match[1] if match else None  # type: ignore[return-value]


def _version_of_body(function: ast.FunctionDef) -> Version | None:
    """The version that a unit's own function makes: 'preact' is of the second alone."""
    words = {
        each.value for each in ast.walk(function) if isinstance(each, ast.Constant) and isinstance(each.value, str)
    }
    if words & {"preact", "bottleneck_v2"}:
        return "v2"
    return "v1" if words & {"bottleneck_v1"} else None


def _own_rate(function: ast.FunctionDef) -> int:
    default = defaults_of(function.args).get("rate")
    return default.value if isinstance(default, ast.Constant) and type(default.value) is int else 1


def _by_type(given: Arguments) -> dict[str, Known] | None:
    """The parts of a block by what they are; None where that does not tell."""
    found: dict[str, Known] = {}
    for each in given.all:
        if isinstance(each, Value) and isinstance(each.it, str):
            found["scope"] = each
        elif items_of(each) is not None:
            found["args"] = each
        else:
            found["unit_fn"] = each
    return found if len(found) == 3 == len(given.all) else None
