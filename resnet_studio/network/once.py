"""What follows from a network, or from a stretch of one, is worked out once and kept with it: costs, runs of equal units ..."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

Of = TypeVar("Of")
P = ParamSpec("P")
T = TypeVar("T")


def once(function: Callable[Concatenate[Of, P], T]) -> Callable[Concatenate[Of, P], T]:
    """A decorator for a pure function of a frozen value that is no tuple and has no slots, and of hashable arguments.

    The first call works the result out, and it is kept as long as the value is. Every caller gets the same object:
    nobody may change it. Two equal values keep a result each.
    """

    @wraps(function)
    def kept(of: Of, /, *args: P.args, **kwargs: P.kwargs) -> T:
        results: dict[Hashable, Any] = vars(of).setdefault(
            "kept_results", {}
        )  # the dataclass compares its fields alone
        key = (function, *args, *kwargs.values())
        if key not in results:
            results[key] = function(of, *args, **kwargs)
        result: T = results[key]
        return result

    return kept
