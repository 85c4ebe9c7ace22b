"""What follows from a network is worked out once and kept with it: costs, receptive fields, runs of equal units."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TypeVar

from .network import Network

T = TypeVar("T")


def once(function: Callable[[Network], T]) -> Callable[[Network], T]:
    """A decorator for a pure function of a network. The first call works the value out; it is kept as long as the network is.

    Every caller gets the same object: nobody may change it. Two equal networks keep a value each.
    """
    key = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def kept(network: Network) -> T:
        values = vars(network)  # as functools.cached_property does; the dataclass compares its fields alone
        if key not in values:
            values[key] = function(network)
        value: T = values[key]
        return value

    return kept
