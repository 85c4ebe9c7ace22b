"""The census counts the operations in the graph that TensorFlow really runs, after its optimiser.

TensorFlow removes what the result doesn't need and fuses what it can. A backward pass with parts removed would look like a
very fast one. So the operations are counted before a run is timed.
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
    """Numbers of operations, found or expected."""

    convolutions: int = 0
    filter_gradients: int = 0
    input_gradients: int = 0
    batch_norm_gradients: int = 0


def expected_census(network: Network, mode: Mode) -> Census:
    """The census of a complete step of `network`.

    C convolutions have C filter gradients. Each has an input gradient unless it reads the images, so there are C - 1 or C
    of these. B batch norms have B gradients.
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
    """A sentence about what is missing in a step; '' if nothing is. More operations than expected are no fault."""
    missing = [
        f"{getattr(found, field.name):,} of {getattr(expected, field.name):,} {field.name.replace('_', ' ')}"
        for field in fields(Census)
        if getattr(found, field.name) < getattr(expected, field.name)
    ]
    if not missing:
        return ""
    return f"TensorFlow pruned the step: only {' and '.join(missing)} are left in the graph that it runs."


def begin_collecting() -> None:
    """Makes TensorFlow keep the graph of each function that it calls for the first time from now on."""
    context.context().enable_graph_collection()


def end_collecting(function: Any) -> list[Any]:
    """The nodes (NodeDef) that `function` runs, a concrete function that was called since `begin_collecting`.

    They are those of the largest graph that was kept, after TensorFlow's optimiser. For XLA there is no such graph. XLA
    compiles the traced graph, so the nodes of that one are given; XLA can't remove any of them, because a step returns all
    that they compute (see steps). Collecting ends here, so that it does not slow the steps down.
    """
    try:
        graphs: list[Any] = [g.post_optimization_graph for g in context.context().export_run_metadata().function_graphs]
    finally:
        context.context().disable_graph_collection()
    if not graphs:
        return list(_nodes(function.graph.as_graph_def()))
    return max((list(_nodes(graph)) for graph in graphs), key=len)


def _nodes(graph: Any) -> Iterator[Any]:
    """Yields each node of a GraphDef that runs. The nodes of a function come as often as the function is called."""
    functions = {function.signature.name: function for function in graph.library.function}
    running: dict[str, list[Any]] = {}  # by function, so that the body of each is searched only once
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
    """The nodes that the results, or operations with a state, depend on.

    TensorFlow removes all others when it prepares a function. It does so after the graph optimiser, or without it, so
    the collected graphs still hold them.
    """
    by_name = {node.name: node for node in nodes}
    left = [_node_of(result) for result in results] + [node.name for node in nodes if _has_state(node.op)]
    if not results:  # the graph does not belong to a function
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
