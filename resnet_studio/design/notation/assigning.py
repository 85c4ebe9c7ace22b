"""What assignments keep: names, parts of tuples, attributes and items."""

from __future__ import annotations

import ast

from .calls import Caller
from .faults import Fault
from .values import (
    Class,
    Function,
    Instance,
    Items,
    Known,
    Names,
    Table,
    Unknown,
    Value,
    opened,
)  # fmt: skip


class Assigner(Caller):
    """Keeps values where a text puts them."""

    def assign(self, target: ast.expr, value: Known, names: Names) -> None:
        """Keeps `value` under the name or names of `target`: height, width = 224, 224."""
        match target:
            case ast.Name(id=name):
                names[name] = value
            case ast.Tuple(elts=elements) | ast.List(elts=elements):
                self._unpack(target, elements, value, names)
            case ast.Attribute(attr=name, value=base):
                owner = self.attempt(base, names)
                if (isinstance(owner, Value) and isinstance(owner.it, Instance)) or (
                    isinstance(owner, Value) and isinstance(owner.it, Class)
                ):
                    owner.it.names[name] = value
                elif isinstance(owner, Value) and isinstance(owner.it, Table):  # an EasyDict and the like
                    owner.it.rows[name] = (target, value)
                elif isinstance(owner, Value) and isinstance(owner.it, Function):
                    self.attributes[f"{owner.it.name}.{name}"] = value
                elif isinstance(owner, Unknown) and owner.path:
                    self.attributes[f"{owner.path}.{name}"] = value
            case ast.Subscript(value=base, slice=place):
                self._set_item(base, place, value, names)
            case ast.Starred(value=inner):
                self.assign(inner, value, names)

    def _unpack(self, target: ast.expr, elements: list[ast.expr], value: Known, names: Names) -> None:
        turns = self.turns(value)
        if (
            isinstance(turns, Unknown)
            or len(turns) != len(elements)
            or any(isinstance(e, ast.Starred) for e in elements)
        ):
            missing = opened(value)
            fault = Fault(target, "{} are not set to constants", "constants")
            path = value.path if isinstance(value, Unknown) else ""
            turns = [
                Unknown(
                    each,
                    missing.faults if missing else (fault,),
                    f"{path}[{i}]" if path else "",
                    missing.feeds if missing else frozenset(),
                    missing.layers if missing else (),
                )
                for i, each in enumerate(elements)
            ]
        for each, part in zip(elements, turns, strict=True):
            self.assign(each, part, names)

    def _set_item(self, base: ast.expr, place: ast.expr, value: Known, names: Names) -> None:
        owner = self.attempt(base, names)
        key = self.attempt(place, names)
        if isinstance(owner, Value) and isinstance(owner.it, Table):
            if isinstance(key, Value):
                self.put(owner.it, key, place, value)
            else:
                owner.it.open = key
        elif isinstance(owner, Value) and isinstance(owner.it, Items):
            if isinstance(key, Value) and type(key.it) is int and -len(owner.it.items) <= key.it < len(owner.it.items):
                owner.it.items[key.it] = value
            else:
                owner.it.open = opened(key) or Unknown(place, (Fault(place, "there is no {}", "one of its items"),))
        elif isinstance(owner, Unknown) and owner.path and isinstance(key, Value) and isinstance(key.it, str | int):
            self.attributes[f"{owner.path}[{key.it!r}]"] = value
