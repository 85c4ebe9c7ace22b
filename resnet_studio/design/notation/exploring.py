"""What networks a text holds: those that it calls, those that its functions make, and blocks that stand alone.

A run goes one way at each condition that an unknown or a default decides; the other ways are runs of their own.
"""

from __future__ import annotations

import ast
from collections.abc import Mapping
from dataclasses import dataclass

from .candidates import CALLED, Candidate, Run, candidate
from .faults import Exhausted, Fault
from .interpreter import Interpreter
from .slicing import slice_of
from .values import MAX_STEPS

MAX_RUNS = 32


@dataclass(frozen=True, slots=True)
class Explored:
    """All that was found, the best first, and why what could not be read could not; stopped: where a run broke off."""

    candidates: tuple[Candidate, ...]
    pending: tuple[Fault, ...]
    stopped: Fault | None


def explore(statements: list[ast.stmt], known: Mapping[str, object], *, floors: bool) -> Explored:
    """Goes through a program all its ways, within one budget."""
    cut = slice_of(statements)
    program = any(not isinstance(each, ast.Expr | ast.Assign) for each in statements)
    waiting: list[tuple[dict[str, object], dict[str, bool], str]] = [(dict(known), {}, "")]
    candidates: list[Candidate] = []
    pending: list[Fault] = []
    stopped: Fault | None = None
    seen: set[tuple[object, ...]] = set()
    steps = runs = 0
    facts: dict[int, tuple[bool, frozenset[str]]] = {}
    while waiting and runs < MAX_RUNS and steps < MAX_STEPS:
        given, decisions, label = waiting.pop(0)
        key = (tuple(sorted((k, repr(v)) for k, v in given.items())), tuple(sorted(decisions.items())))
        if key in seen:
            continue
        seen.add(key)
        runs += 1
        run = Interpreter(cut, given, decisions, floors=floors, program=program)
        run.budget.steps = steps
        try:
            found = list(Run(run, cut, label, facts).candidates(statements))
        except Exhausted as fault:
            stopped = stopped or fault
            found = [candidate(run, made, CALLED, "the text calls it", label) for made in run.networks if not made.used]
        except Fault as fault:
            found = []
            pending.insert(0, fault)
        steps = run.budget.steps
        candidates += found
        pending += [each for each in run.pending if runs == 1 or not candidates]
        before, assumed = dict(decisions), dict(given)
        for choice in run.choices[:MAX_RUNS]:
            for more_known, more_decided in choice.others if len(waiting) < MAX_RUNS else ():
                words = ", ".join([*([label] if label else []), _label(choice.words, more_known, more_decided)])
                waiting.append(({**assumed, **more_known}, {**before, **more_decided}, words))
            # What this choice was goes for the runs that differ in a later one.
            before |= {choice.words: True} if choice.words in run.decisions else {}
            assumed |= {f.name: run.known[f.name] for f in choice.asks if f.name in run.known}
    return Explored(tuple(sorted(candidates, key=lambda each: each.rank)), tuple(pending), stopped)


def _label(words: str, known: Mapping[str, object], decided: Mapping[str, bool]) -> str:
    parts = [f"{_short(name)} = {value!r}" for name, value in known.items()]
    return ", ".join([*parts, *(f"not {each}" for each in decided)]) or words


def _short(name: str) -> str:
    """A parameter without the function that it is of: build(depth) -> depth."""
    return name.partition("(")[2].removesuffix(")") or name
