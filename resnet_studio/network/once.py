"""A decorator that keeps a function's results with its first argument, such as the costs or the runs of a network."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Of = TypeVar("Of")
P = ParamSpec("P")
T = TypeVar("T")


def once(function: Callable[Concatenate[Of, P], T]) -> Callable[Concatenate[Of, P], T]:
    """Makes a pure function compute each result once and keep it with its first argument.

    The first argument must be a frozen value with a __dict__ (no tuple, no slots); the others must be hashable. A result is
    kept as long as the first argument lives. All callers get the same object, so nobody may change it. Two equal values
    keep their own results.
    """

    @wraps(function)
    def kept(of: Of, /, *args: P.args, **kwargs: P.kwargs) -> T:
        results: dict[Hashable, Any] = vars(of).setdefault(
            "kept_results", {}
        )  # == of a dataclass compares only its fields, so this is not among them
        key = (function, *args, *kwargs.values())
        if key not in results:
            results[key] = function(of, *args, **kwargs)
        result: T = results[key]
        return result

    return kept
