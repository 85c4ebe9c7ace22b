"""A text's strings, comments and brackets, found ahead of Python's parser, which takes seconds for hostile texts."""

from __future__ import annotations

import re
from dataclasses import dataclass

MAX_DEPTH = 60  # brackets within brackets
MAX_FIELDS = 1_000  # of f-strings: the parser takes 40 microseconds for each
MAX_MARKS = 150_000  # strings, brackets and comments
MAX_PARTS = 20_000  # statements side by side at the outermost level

_MARK = re.compile(
    r"#[^\n]*"
    r"|(?<![\w.])([A-Za-z]{1,2})?(\"\"\"|'''|\"|')"
    r"|(\"\"\"|'''|\"|')"
    r"|[(\[{]+|[)\]}]+"
    r"|\n(?=[^\s#)\]}])"
)
_ENDS = {
    "'": re.compile(r"[^'\\\n]*(?:\\.[^'\\\n]*)*+'?", re.DOTALL),
    '"': re.compile(r'[^"\\\n]*(?:\\.[^"\\\n]*)*+"?', re.DOTALL),
    "'''": re.compile(r"[^'\\]*(?:(?:\\.|'(?!''))[^'\\]*)*+(?:''')?", re.DOTALL),
    '"""': re.compile(r'[^"\\]*(?:(?:\\.|"(?!""))[^"\\]*)*+(?:""")?', re.DOTALL),
}
# At the beginning of a line these begin a statement, also where a bracket above was never closed.
_FRESH = re.compile(r"(?:def|class|import|@\w|async def|from [\w.]+ import)\b")
_GOES_ON = re.compile(r"(?:else|elif|except|finally)\b")


class TooMuch(ValueError):  # noqa: N818 - it becomes a NotationError
    """The text is made to be slow. Its words are the end of a sentence; at: where in the text."""

    def __init__(self, message: str, at: int) -> None:
        super().__init__(message)
        self.at = at


@dataclass(frozen=True, slots=True)
class Part:
    """A statement at the outermost level: where in the text it begins and ends, and what makes it slow to read."""

    begin: int
    end: int
    fields: int


@dataclass(frozen=True, slots=True)
class Scan:
    """parts: the statements. masked: the text, as long as it was, with blanks for what strings and comments hold."""

    parts: tuple[Part, ...]
    masked: str


def scan(text: str) -> Scan:
    """Looks through `text` once. Raises TooMuch where brackets or strings are more than a program has."""
    at, depth, fields, begin, line, marks = 0, 0, 0, 0, 0, 0
    parts: list[Part] = []
    masked: list[str] = []
    kept = 0

    def close(end: int) -> None:
        nonlocal begin, fields
        parts.append(Part(begin, end, fields))
        begin, fields = end, 0
        if len(parts) > MAX_PARTS:
            raise TooMuch(f"the text has more than {MAX_PARTS:,} statements", end)

    while match := _MARK.search(text, at):
        marks += 1
        if marks > MAX_MARKS:
            raise TooMuch(f"the text has more than {MAX_MARKS:,} brackets and strings", match.start())
        at, mark = match.end(), match[0]
        if quote := match[2] or match[3]:
            end = _ENDS[quote].match(text, at)
            stop = end.end() if end else len(text)
            if "f" in (match[1] or "").lower():
                fields += text.count("{", at, stop)
            masked += [text[kept:at], _blank(text[at : stop - len(quote)]), text[max(at, stop - len(quote)) : stop]]
            at = kept = stop
        elif mark[0] == "#":
            masked += [text[kept : match.start()], " " * len(mark)]
            kept = at
        elif mark == "\n":
            if depth and not _FRESH.match(text, at):
                continue
            depth = 0
            if not _GOES_ON.match(text, at) and not text.startswith("@", line):
                close(at)
            line = at
        elif mark[0] in "([{":
            depth += len(mark)
            if depth > MAX_DEPTH:
                raise TooMuch("the text is nested too deeply", match.start())
        else:
            depth = max(depth - len(mark), 0)
    masked.append(text[kept:])
    close(len(text))
    return Scan(tuple(parts), "".join(masked))


def _blank(text: str) -> str:
    return re.sub(r"[^\n]", " ", text)
