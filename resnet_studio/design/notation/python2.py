"""Python 2 as far as Python 3's parser has to be helped over it: print, raise, except, old numbers and signs."""

from __future__ import annotations

import re
from collections.abc import Callable

_BEGINS = r"(?m)(?P<ahead>^[ \t]*|:[ \t]*|;[ \t]*)"
_RULES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], str]], ...] = (
    # A statement of its own line, or behind a colon: nothing that describes a network is in it.
    (
        re.compile(_BEGINS + r"(?:print(?:[ \t]*>>|[ \t]+(?![=(\s])|[ \t]*(?=['\"])|[ \t]*$)|exec[ \t]+(?!\()).*"),
        lambda m: _fit(m["ahead"] + "pass", m[0]),
    ),
    (re.compile(_BEGINS + r"print[ \t]*\(.*\)[ \t]*(?:%|,).*"), lambda m: _fit(m["ahead"] + "pass", m[0])),
    (re.compile(_BEGINS + r"raise[ \t]+(?P<what>[\w.]+)[ \t]*,.*"), lambda m: _fit(m["ahead"] + "raise " + m["what"], m[0])),
    (re.compile(r"(?m)^(?P<head>[ \t]*except[ \t]+[^:\n]+?)[ \t]*,[ \t]*(?P<name>\w+)[ \t]*:"), lambda m: f"{m['head']} as {m['name']}:"),
    (re.compile(r"<>"), lambda _: "!="),
    (re.compile(r"(?<![\w.])0(?P<digits>[0-7]+)(?![\w.])"), lambda m: f"0o{m['digits']}"),
    (re.compile(r"(?<![\w.])(?P<digits>\d+)[lL]\b"), lambda m: _fit(m["digits"], m[0])),
    (re.compile(r"`[^`\n]*`"), lambda m: _fit("0", m[0])),
    (re.compile(r"\b[uU](?=[rR]['\"])"), lambda _: " "),
)  # fmt: skip


def repair(text: str, masked: str) -> str:
    """`text` as Python 3 would have it, line by line. masked: the same with blanks for strings (see `scan`).

    What of it is no Python 2 stays as it is.
    """
    for rule, new in _RULES:
        pieces, at = [], 0
        for match in rule.finditer(masked):
            pieces += [text[at : match.start()], new(match)]
            at = match.end()
        if at:
            text = "".join([*pieces, text[at:]])
            masked = "".join(_same(masked, rule, new))
    return text.expandtabs(8) if "\t" in text else text


def _same(masked: str, rule: re.Pattern[str], new: Callable[[re.Match[str]], str]) -> list[str]:
    return [rule.sub(new, masked)]


def _fit(new: str, old: str) -> str:
    """`new` filled up to the length of `old`, so that columns stay where they were."""
    return new.ljust(len(old))
