"""The census: which operations are in the graph that TensorFlow runs, after its optimiser has been over it.

TensorFlow drops whatever the result doesn't need, and fuses what it can; a pruned backward pass looks like a very
quick one. So each run is counted before it is timed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, fields
from functools import cache
from typing import Any

from tensorflow.python.eager import context
from tensorflow.python.framework import op_def_registry

from resnet_studio.bench.operation_types import BATCH_NORM_GRADIENT, CONVOLUTION, FILTER_GRADIENT, INPUT_GRADIENT
from resnet_studio.bench.plan import Mode
from resnet_studio.network.network import Network

_KINDS = {
    "convolutions": CONVOLUTION,
    "filter_gradients": FILTER_GRADIENT,
    "input_gradients": INPUT_GRADIENT,
    "batch_norm_gradients": BATCH_NORM_GRADIENT,
}


@dataclass(frozen=True, slots=True)
class Census:
    """Numbers of operations, as they are or as they must be."""

    convolutions: int = 0
    filter_gradients: int = 0
    input_gradients: int = 0
    batch_norm_gradients: int = 0


def expected_census(network: Network, mode: Mode) -> Census:
    """What a whole step of `network` has.

    With C convolutions: C filter gradients, and an input gradient of each that reads anything but the images
    themselves, so C - 1 or C. With B batch norms: B gradients of them.
    """
    convolutions = [op for op in network.ops if op.kind == "conv"]
    if mode == "forward":
        return Census(len(convolutions))
    below = sum(network.by_name[op.inputs[0]].kind != "input" for op in convolutions)
    norms = sum(op.kind == "batch_norm" for op in network.ops)
    return Census(len(convolutions), len(convolutions), below, norms)


def count(operations: Iterable[str]) -> Census:
    """The census of a graph, given the type of each of its operations."""
    operations = list(operations)
    return Census(**{kind: sum(1 for op in operations if pattern.search(op)) for kind, pattern in _KINDS.items()})


def pruned(found: Census, expected: Census) -> str:
    """What is missing of a whole step, as a sentence, or '' if nothing is. More than expected is no fault."""
    missing = [
        f"{getattr(found, field.name):,} of {getattr(expected, field.name):,} {field.name.replace('_', ' ')}"
        for field in fields(Census)
        if getattr(found, field.name) < getattr(expected, field.name)
    ]
    if not missing:
        return ""
    return f"TensorFlow pruned the step: only {' and '.join(missing)} are left in the graph that it runs."


def begin_collecting() -> None:
    """From here on TensorFlow keeps the graph of each function that it calls for the first time."""
    context.context().enable_graph_collection()


def end_collecting(function: Any) -> list[Any]:
    """The nodes (NodeDef) of what `function`, a concrete function called since `begin_collecting`, runs.

    That is the largest graph since then, after TensorFlow's optimiser. XLA has no such graph: it compiles the traced one,
    whose nodes are given then. It may not drop any, as long as all that they compute is returned: see steps.
    Nothing is kept any more after this, so nothing slows the steps down.
    """
    try:
        graphs: list[Any] = [g.post_optimization_graph for g in context.context().export_run_metadata().function_graphs]
    finally:
        context.context().disable_graph_collection()
    if not graphs:
        return list(_nodes(function.graph.as_graph_def()))
    return max((list(_nodes(graph)) for graph in graphs), key=len)


def _nodes(graph: Any) -> Iterator[Any]:
    """Each node that runs of a GraphDef, and of the functions that it calls, as often as they are called."""
    functions = {function.signature.name: function for function in graph.library.function}
    running: dict[str, list[Any]] = {}  # by function: bodies that are called many times are gone through once
    left = [_running(graph.node, [node.name for node in graph.node if node.op == "_Retval"])]
    while left:
        for node in left.pop():
            yield node
            name = node.attr["f"].func.name if "f" in node.attr else ""
            if name in functions:
                if name not in running:
                    body = functions[name]
                    running[name] = _running(body.node_def, [*body.ret.values(), *body.control_ret.values()])
                left.append(running[name])


def _running(nodes: Sequence[Any], results: Sequence[str]) -> list[Any]:
    """The nodes that results or operations with a state need: TensorFlow drops the others as it makes a function ready.

    It does so last of all, where its graph optimiser, whose outcome is told, has not done it before or has been left out.
    """
    by_name = {node.name: node for node in nodes}
    left = [_node_of(result) for result in results] + [node.name for node in nodes if _has_state(node.op)]
    if not results:  # a graph that is no function's
        return list(nodes)
    needed: set[str] = set()
    while left:
        name = left.pop()
        if name in by_name and name not in needed:
            needed.add(name)
            left.extend(_node_of(read) for read in by_name[name].input)
    return [node for node in nodes if node.name in needed]


def _node_of(value: str) -> str:
    return value.lstrip("^").partition(":")[0]


@cache
def _has_state(operation: str) -> bool:
    registered = op_def_registry.get(operation)
    return registered is None or bool(registered.is_stateful)
