"""Text on its way out: nothing that was typed or found in a file makes printing fail or reaches the terminal raw."""

from __future__ import annotations

import codecs
import io
from typing import TextIO

_PLAIN = {"×": "x", "±": "+/-", "…": "...", "→": "->", "–": "-", "−": "-", "≠": "~"}
_HANDLER = "resnet_studio.plain"


def make_tolerant(*streams: TextIO | None) -> None:
    """Makes streams write what their encoding lacks in plain characters (LC_ALL=C, a console of another language)."""
    codecs.register_error(_HANDLER, _plain)
    for stream in streams:
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def one_line(text: str) -> str:
    """`text` without control characters: line ends, and escapes that would steer the terminal."""
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)


def _plain(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    return "".join(_PLAIN.get(c, "?") for c in error.object[error.start : error.end]), error.end
