"""What a profiler saw, attributed to the operations of the network: spans of TensorFlow's operations -> Shares.

At every instant the time is divided equally among the operations that run just then, one for each thread (of nested
ones the innermost), so that the parts add up to the time of the step, not to the work of all threads. An instant in
which none runs is 'between operations'. Of several steps the median counts, for each owner by itself: what disturbs one
step then doesn't count as somebody's share.

Whose an operation is, is in its name: `lower` puts all of an operation's nodes below <design>/<op.name>/, and gradients
stand below gradient_tape/.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

from resnet_studio.network.network import Network, Op

from .operation_types import BATCH_NORM_GRADIENT, CONVOLUTION, FILTER_GRADIENT, INPUT_GRADIENT, is_convolution
from .plan import Mode
from .shares import Pair, Shares

BETWEEN = "between operations"
Part = Literal[0, 1]  # forward, backward
Producers = Mapping[str, Sequence[str]]  # a node's inputs, by its name


@dataclass(frozen=True, slots=True)
class Span:
    """One run of one TensorFlow operation. name, type: as in its graph; begin, end: on one clock for all threads."""

    name: str
    type: str
    thread: int
    begin: int
    end: int


@dataclass(frozen=True, slots=True)
class _Owner:
    """Whom a TensorFlow operation's time goes to. op: '' for what belongs to the remainder, whose name is `kind` then."""

    part: Part
    op: str
    kind: str


def attribute(
    network: Network, mode: Mode, spans: Sequence[Span], steps: Sequence[tuple[int, int]], producers: Producers
) -> Shares:
    """The shares of `network`'s operations in `spans`, which ran within `steps`, (begin, end) of each profiled step.

    producers: the inputs of nodes that stand in no scope of the network's, such as the sums of gradients; these belong
    to whom their inputs do. Raises ValueError where there is nothing to attribute.
    """
    owners = _Owners(network, spans, producers)
    times = _divide(spans, steps, owners)
    parts = [sum(time for owner, time in times.items() if owner.part == part) for part in (0, 1)]
    if not parts[0] or not any(owner.op for owner in times):
        raise ValueError("The profile has no operation of this network in it.")
    ops: dict[str, list[float]] = {}
    kinds: dict[str, list[float]] = {}
    remainder: dict[str, list[float]] = {}
    for owner, time in times.items():
        share = 100 * time / parts[owner.part]
        if owner.op:
            ops.setdefault(owner.op, [0.0, 0.0])[owner.part] += share
            kinds.setdefault(owner.kind, [0.0, 0.0])[owner.part] += share
        else:
            remainder.setdefault(owner.kind, [0.0, 0.0])[owner.part] += share
    in_order = {op.name: ops[op.name] for op in network.ops if op.name in ops}
    backward = _rounded(100 * parts[1] / sum(parts)) if mode != "forward" else 0.0
    return Shares(mode, len(steps), backward, _pairs(in_order), _largest_first(kinds), _largest_first(remainder))


def _divide(spans: Sequence[Span], steps: Sequence[tuple[int, int]], owners: _Owners) -> Mapping[_Owner, float]:
    """The time a step of each owner: a sweep over all beginnings and ends, with a stack of what runs on each thread."""
    times: dict[_Owner, list[float]] = defaultdict(lambda: [0.0] * len(steps))
    changes: list[tuple[int, int, int, int]] = []  # when; 0 an end, 1 a beginning, 2 a step; its length; which
    for index, span in enumerate(spans):
        if span.end > span.begin:
            changes.append((span.begin, 1, span.begin - span.end, index))  # the longer first: it is the outer one
            changes.append((span.end, 0, 0, index))
    for index, (begin, end) in enumerate(steps):
        changes.extend(((begin, 2, 0, index), (end, 2, 0, index)))
    stacks: dict[int, list[int]] = {}
    before, part, step = 0, 0, -1  # step: -1 outside of all
    for when, what, _, index in sorted(changes):
        if step >= 0 and when > before:
            running = [owners.of(spans[stack[-1]]) for stack in stacks.values()]
            for owner in running:
                times[owner][step] += (when - before) / len(running)
            if running:
                part = max(owner.part for owner in running)
            else:
                times[_Owner(part, "", BETWEEN)][step] += when - before  # type: ignore[arg-type]
        before = when
        if what == 2:
            step, part = index if step < 0 else -1, 0
        elif what == 1:
            stacks.setdefault(spans[index].thread, []).append(index)
        else:
            stack = stacks[spans[index].thread]
            stack.remove(index)
            if not stack:
                del stacks[spans[index].thread]
    return {owner: median(each) for owner, each in times.items()}


class _Owners:
    """Finds the owner of a TensorFlow operation by its name and type, each once."""

    def __init__(self, network: Network, spans: Iterable[Span], producers: Producers) -> None:
        self._network = network
        self._producers = producers
        self._found: dict[tuple[str, str], _Owner] = {}
        self._by_parts = {tuple(op.name.split("/")): op for op in network.ops}
        self._alone = {
            op.name
            for name, kind in {(span.name, span.type) for span in spans}
            if is_convolution(kind) and (op := self._op(name)) is not None and op.kind == "conv"
        }

    def of(self, span: Span) -> _Owner:
        key = span.name, span.type
        if key not in self._found:
            self._found[key] = self._find(*key)
        return self._found[key]

    def _find(self, name: str, kind: str) -> _Owner:
        part: Part = 1 if _is_backward(name, kind) else 0
        if op := self._op(name):
            if is_convolution(kind) and op.kind != "conv":
                op = self._fused(op)
            return _Owner(part, op.name, _kind(kind, op, part))
        if named := _remainder(name, kind):
            return _Owner(part, "", named)
        return self._sum(name, part)

    def _op(self, name: str) -> Op | None:
        """The network's operation in whose scope a TensorFlow operation stands."""
        parts = name.split("/")
        if self._network.design.name not in parts:
            return None
        parts = parts[parts.index(self._network.design.name) + 1 :]
        for length in range(len(parts), 0, -1):
            if op := self._by_parts.get(tuple(parts[:length])):
                return op
        return None

    def _fused(self, op: Op) -> Op:
        """The convolution into which TensorFlow fused `op`, the last of what it fused, after which it names the whole.

        Of an addition's two, the one that does not also run alone.
        """
        ways = [op]
        while ways:
            way = ways.pop()
            if way.kind == "conv" and way.name not in self._alone:
                return way
            if way.kind in ("relu", "batch_norm", "add"):
                ways.extend(self._network.by_name[name] for name in way.inputs)
        return op

    def _sum(self, name: str, part: Part) -> _Owner:
        """A sum without a scope is one of gradients, where a value was read twice: it belongs to whom its terms do."""
        found = _SUM.search(name)  # also in ArithmeticOptimizer/AddOpsRewrite_AddN_3/tmp_var_accum
        inputs = self._producers.get(found[1], ()) if found else ()
        for each in inputs:
            if named := _remainder(each, ""):
                return _Owner(1, "", named)
        for each in inputs:
            if op := self._op(each):
                return _Owner(1, op.name, "sum of gradients")
        return _Owner(part, "", "other")


# The first pattern that a type of operation matches gives its kind.
_KINDS = (
    (FILTER_GRADIENT, "filter gradient"),
    (INPUT_GRADIENT, "input gradient"),
    (CONVOLUTION, "convolution"),
    (BATCH_NORM_GRADIENT, "batch norm gradient"),
    (re.compile(r"FusedBatchNorm"), "batch norm"),
    (re.compile(r"ReluGrad"), "ReLU gradient"),
    (re.compile(r"Relu"), "ReLU"),
    (re.compile(r"PoolGrad"), "pooling gradient"),
    (re.compile(r"Pool"), "pooling"),
    (re.compile(r"BiasAddGrad"), "bias gradient"),
    (re.compile(r"BiasAdd"), "bias"),
    (re.compile(r"ReadVariable|Assign"), "variables"),
    (re.compile(r"^Cast|Transpose|ToTf$"), "conversion"),
)  # fmt: skip
_FORWARD = {"add": "addition", "global_pool": "pooling", "batch_norm": "batch norm", "relu": "ReLU",
            "softmax": "softmax", "conv": "padding", "max_pool": "pooling", "subsample": "pooling"}  # fmt: skip
_SUM = re.compile(r"(AddN(_[0-9]+)?)(/|$)")
_REMAINDER = (
    (re.compile(r"(^|/)weight_decay(/|$)|(^|/)L2Loss"), "weight decay"),
    (re.compile(r"(^|/)loss(/|$)|SparseSoftmax"), "loss"),
    (re.compile(r"(^|/)result(/|$)"), "result"),
    (re.compile(r"(^|/)input(/|$)"), "input"),
)


def _kind(kind: str, op: Op, part: Part) -> str:
    """The kind of a TensorFlow operation of `op`: by its type, where that says it, else by what `op` is."""
    for pattern, title in _KINDS:
        if pattern.search(kind):
            return title
    title = _FORWARD.get(op.kind, op.kind)
    return f"{title} gradient" if part else title


def _remainder(name: str, kind: str) -> str:
    for pattern, title in _REMAINDER:
        if pattern.search(name):
            return title
    return "copies" if re.search(r"^_?(Host)?(Send|Recv)|Copy|Memcpy", kind) else ""


def _is_backward(name: str, kind: str) -> bool:
    return "Backprop" in kind or "Grad" in kind or not {"gradient_tape", "gradients"}.isdisjoint(name.split("/"))


def _rounded(value: float) -> float:
    """To five digits: a thousandth of a percent of what is there, and a third of the characters."""
    return float(f"{value:.5g}")


def _pairs(found: Mapping[str, list[float]]) -> dict[str, Pair]:
    return {name: (_rounded(forward), _rounded(backward)) for name, (forward, backward) in found.items()}


def _largest_first(found: Mapping[str, list[float]]) -> dict[str, Pair]:
    return _pairs(dict(sorted(found.items(), key=lambda item: -sum(item[1]))))
