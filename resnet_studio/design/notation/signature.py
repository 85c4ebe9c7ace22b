"""The arguments of a call by the parameters that they are for."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from .faults import Fault
from .values import Known, Table, Unknown, Value, items_of


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a call is given: by place, and by name. nodes: where each stands; open: *these or **these that can't be known."""

    args: tuple[Known, ...]
    named: Mapping[str, Known]
    nodes: tuple[ast.expr, ...]
    keywords: Mapping[str, ast.keyword]
    open: ast.AST | None = None

    @property
    def all(self) -> tuple[Known, ...]:
        """All of them."""
        return (*self.args, *self.named.values())


def gather(call: ast.Call, values: Sequence[Known], keywords: Mapping[int, Known]) -> Arguments:
    """The arguments of `call`. values: of its places in turn; keywords: of its keywords, by place."""
    args: list[Known] = []
    nodes: list[ast.expr] = []
    named: dict[str, Known] = {}
    where: dict[str, ast.keyword] = {}
    missing: ast.AST | None = None
    for node, value in zip(call.args, values, strict=True):
        if not isinstance(node, ast.Starred):
            args.append(value)
            nodes.append(node)
        elif (items := items_of(value)) is not None:
            args += items
            nodes += [node] * len(items)
        else:
            missing = missing or node
    for place, keyword in enumerate(call.keywords):
        value = keywords[place]
        if keyword.arg is not None:
            if keyword.arg in named:
                raise Fault(keyword, f"{keyword.arg} is given twice", "each argument once")
            named[keyword.arg], where[keyword.arg] = value, keyword
        elif isinstance(value, Value) and isinstance(value.it, Table) and value.it.open is None:
            for name, (_, each) in value.it.rows.items():
                named[str(name)], where[str(name)] = each, keyword
        else:
            missing = missing or keyword
    return Arguments(tuple(args), named, tuple(nodes), where, missing)


def bind(
    given: Arguments, title: str, parameters: Iterable[str], *, more: Iterable[str] = (), tolerant: bool = False
) -> dict[str, Known]:
    """The arguments by their parameters. more: what may be given by name beside. Raises Fault for others.

    tolerant: passes over *these and **these that can't be known.
    """
    parameters = tuple(parameters)
    signature = f"{title}({', '.join(parameters)})"
    if given.open is not None and not tolerant:
        if isinstance(given.open, ast.Starred):
            raise Fault(given.open, "{} is not read here", signature)
        raise Fault(given.open, "there is no argument **", signature)
    found: dict[str, Known] = {}
    for place, value in enumerate(given.args):
        if place >= len(parameters):
            raise Fault(given.nodes[place], "{} is one argument too many", signature)
        found[parameters[place]] = value
    for name, value in given.named.items():
        if name not in parameters and name not in more:
            raise Fault(given.keywords[name], f"there is no argument {name}", signature)
        if name in found:
            raise Fault(given.keywords[name], f"{name} is given twice", signature)
        found[name] = value
    return found


def bind_own(given: Arguments, title: str, arguments: ast.arguments, *, bound: bool) -> dict[str, Known]:
    """The arguments of a function of the text by its parameters, *rest and **rest too. bound: it is a method. Raises Fault."""
    positional = [each.arg for each in (*arguments.posonlyargs, *arguments.args)][1 if bound else 0 :]
    found: dict[str, Known] = dict(zip(positional, given.args, strict=False))
    extra = given.args[len(positional) :]
    if arguments.vararg:
        found[arguments.vararg.arg] = Value(arguments.vararg, tuple(extra))
    elif extra:
        raise Fault(given.nodes[len(positional)], "{} is one argument too many", f"{title}({', '.join(positional)})")
    names = {*positional, *(each.arg for each in arguments.kwonlyargs)}
    rest: dict[object, tuple[ast.AST, Known]] = {}
    for name, value in given.named.items():
        if name in names:
            found[name] = value
        elif arguments.kwarg:
            rest[name] = (given.keywords[name], value)
        else:
            raise Fault(given.keywords[name], f"there is no argument {name}", f"{title}({', '.join(positional)})")
    if arguments.kwarg:
        table = Table(
            rest, Unknown(given.open, (Fault(given.open, "{} is not read here", title),)) if given.open else None
        )
        found[arguments.kwarg.arg] = Value(arguments.kwarg, table)
    return found


def parameters_of(arguments: ast.arguments) -> list[ast.arg]:
    """A function's parameters in order; those that are only given by keyword come last."""
    return [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]


def defaults_of(arguments: ast.arguments) -> dict[str, ast.expr]:
    """The defaults of a function's parameters."""
    positional = [*arguments.posonlyargs, *arguments.args]
    pairs = list(zip(reversed(positional), reversed(arguments.defaults), strict=False))
    pairs += [(key, node) for key, node in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True) if node]
    return {key.arg: node for key, node in pairs}
