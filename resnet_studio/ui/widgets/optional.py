"""What the program can do without may fail: it is told once, and the rest goes on."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from resnet_studio.design.bounds import shorten


@contextmanager
def optional(what: str, tell: Callable[[str], None]) -> Iterator[None]:
    """Leaves its block at the first fault and tells it. what: what is done without, at the beginning of a sentence."""
    try:
        yield
    except Exception as error:  # noqa: BLE001 - nothing optional may keep the program from starting, whatever it is
        cause = shorten(str(error) or type(error).__name__, 200).rstrip(".")
        tell(f"{what} can't be used: {cause}. The rest works without.")
