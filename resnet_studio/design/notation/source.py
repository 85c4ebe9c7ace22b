"""A text as it was pasted or saved -> Python's statements. Bounded, and nothing in it is ever run."""

from __future__ import annotations

import ast
import gc
import re
import warnings
from dataclasses import dataclass

from resnet_studio.design.bounds import shorten

from .excerpt import SEED, needed
from .faults import EXAMPLE, Fault, NotationError
from .notebook import Cells
from .python2 import repair
from .scan import MAX_FIELDS, Part, Scan, TooMuch, scan

MAX_CHARACTERS = 1024 * 1024
MAX_PARSED = 128 * 1024  # of them, what a network may hang on; the largest design needs 90,000
MAX_WORDS = 60_000  # in what is parsed: each costs about 4 microseconds
_SMALL = 32 * 1024  # as much is parsed whole
_TRIES = 12  # lines of one statement that are tried without

_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)|In \[\d*\]: ?| *\.\.\.+: ?")
_FENCE = re.compile(r" {0,3}(?:```|~~~) *(\w*)")
_MAGIC = re.compile(
    r"[ \t]*(?:[%!]+[a-zA-Z]|\?+\w|[\w.]+\?+$)"
)  # a notebook's: %matplotlib inline, !pip install tf_slim
_WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Dropped:
    """A line that is no Python, and what its trouble is."""

    line: int
    message: str


class Source:
    """A text's statements, and where they stand in it. Raises NotationError where there is nothing to read.

    statements: those that can be read, in order. dropped: lines that were left out because they are no Python.
    fault: the trouble with the text as a whole, where it has one; python2: whether parts are Python 2.
    """

    def __init__(self, text: str, cells: Cells | None = None) -> None:
        if len(text) > MAX_CHARACTERS:
            fault = f"the text has {len(text):,} characters, more than the {MAX_CHARACTERS:,} that are read"
            raise NotationError(1, 1, fault, EXAMPLE)
        if not text.strip():
            raise NotationError(1, 1, "the text is empty", EXAMPLE)
        self._cells = cells
        self._lines = _lines_of(text.removeprefix("\ufeff").replace("\xa0", " "))
        self._shifts = [0] * len(self._lines)
        self.dropped: list[Dropped] = []
        self.fault: NotationError | None = None
        self.python2 = False
        self.statements = self._read()

    def error(self, fault: Fault, choices: tuple[str, ...] = ()) -> NotationError:
        """The NotationError that tells `fault`, with its place."""
        line = min(max(getattr(fault.node, "lineno", 1), 1), len(self._lines))
        begin = getattr(fault.node, "col_offset", 0)
        # Python counts columns in bytes of UTF-8, people in characters.
        data = self._lines[line - 1].encode(errors="replace")
        end = getattr(fault.node, "end_col_offset", None) if getattr(fault.node, "end_lineno", 1) == line else None
        found = data[begin:end].decode(errors="replace")
        column = len(data[:begin].decode(errors="replace")) + 1 + self._shifts[line - 1]
        shown = shorten(found) if isinstance(fault.node, ast.Constant) else f"'{shorten(found)}'"
        message = fault.message.replace("{}", shown)
        return NotationError(
            line, column, message, fault.expected, place=self._place(line, column), asks=fault.asks, choices=choices
        )

    def place(self, line: int) -> str:
        """A line for people: 'line 7', in a notebook 'cell 2, line 3'."""
        return self._cells.place(line) if self._cells else f"line {line}"

    def _place(self, line: int, column: int) -> str:
        return f"{self.place(line)}, column {column}" if self._cells else ""

    def _read(self) -> list[ast.stmt]:
        text = "\n".join(self._lines)
        found = self._scan(text)
        if len(text) <= _SMALL:
            _check(text, (part for part in found.parts))
            try:
                return self._parse(text)
            except NotationError as error:
                self.fault = error
            as_it_was = self._lines
            self._tidy()
            if self._lines != as_it_was:
                text = "\n".join(self._lines)
                found = self._scan(text)
                try:
                    statements = self._parse(text)
                except NotationError as error:
                    self.fault = error
                else:
                    self.fault = None
                    return statements
            return self._in_parts(text, found, found.parts)
        parts = needed(found)
        try:
            _check(text, parts)
        except TooMuch as trouble:
            raise self._too_much(trouble, text) from None
        return self._in_parts(text, found, parts)

    def _scan(self, text: str) -> Scan:
        try:
            return scan(text)
        except TooMuch as trouble:
            raise self._too_much(trouble, text) from None

    def _too_much(self, trouble: TooMuch, text: str) -> NotationError:
        line = text.count("\n", 0, trouble.at) + 1
        return NotationError(line, 1, str(trouble), EXAMPLE, place=self._place(line, 1))

    def _in_parts(self, text: str, found: Scan, parts: tuple[Part, ...]) -> list[ast.stmt]:
        """Statement by statement, so that one that is no Python costs itself alone."""
        statements: list[ast.stmt] = []
        line, at = 0, 0
        for part in parts:
            line, at = line + text.count("\n", at, part.begin), part.begin
            statements += self._part(text[part.begin : part.end], found.masked[part.begin : part.end], line)
        return statements

    def _part(self, text: str, masked: str, above: int) -> list[ast.stmt]:
        if not masked.strip():
            return []
        try:
            return self._parse(text, above)
        except NotationError as error:
            self.fault = self._first(error)
        mended = repair(text, masked)
        self.python2 = self.python2 or mended != text.expandtabs(8)
        lines, marked, dropped = mended.split("\n"), masked.split("\n"), []
        for _ in range(min(_TRIES, 1 + MAX_PARSED // (len(text) + 1))):
            try:
                statements = self._parse("\n".join(lines), above)
            except NotationError as error:
                at = min(max(error.line - 1 - above, 0), len(lines) - 1)
                if SEED.search(marked[at]) or not lines[at].strip():
                    raise self._first(error) from None
                dropped.append(Dropped(error.line, _reason(error)))
                lines[at] = lines[at][: len(lines[at]) - len(lines[at].lstrip())] + "pass"
            else:
                self.dropped += dropped
                return statements
        if SEED.search(masked):
            raise self._first(NotationError(above + 1, 1, "this is no Python", EXAMPLE))
        self.dropped.append(dropped[0] if dropped else Dropped(above + 1, "no Python"))
        return []

    def _first(self, error: NotationError) -> NotationError:
        """The trouble that was found first, or this one."""
        return error if self.fault is None else self.fault

    def _parse(self, text: str, above: int = 0) -> list[ast.stmt]:
        collecting = gc.isenabled()
        gc.disable()  # thousands of nodes are made and none is garbage: looking for it would double the time
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "\d" in someone's source is no concern of ours
                statements = ast.parse(text).body
            for each in statements if above else ():
                ast.increment_lineno(each, above)
            return statements
        except SyntaxError as error:
            line = min(max((error.lineno or 1) + above, 1), len(self._lines))
            column = max(error.offset or 1, 1) + self._shifts[line - 1]
            raise NotationError(
                line, column, shorten(error.msg, 100), f"Python text with {EXAMPLE}", place=self._place(line, column)
            ) from None
        except (RecursionError, MemoryError):
            raise NotationError(1, 1, "the text is nested too deeply", EXAMPLE) from None
        except ValueError as error:  # null bytes, half a surrogate pair
            raise NotationError(1, 1, shorten(error, 100), f"plain text with {EXAMPLE}") from None
        finally:
            if collecting:
                gc.enable()

    def _tidy(self) -> None:
        """Takes away what comes along with a paste: prose around fences, prompts, magics, a common indentation."""
        if any(_FENCE.match(line) for line in self._lines):
            language: str | None = None  # of the fence that this is in
            kept = []
            for line in self._lines:
                fence = _FENCE.match(line)
                if fence:
                    language = fence[1].lower() if language is None else None
                is_python = language is not None and language.startswith(("py", "ipy") if language else "")
                kept.append(line if is_python and not fence else "")
            self._lines = kept
        if any(line.startswith((">>>", "In [")) for line in self._lines):
            self._cut([match.end() if (match := _PROMPT.match(line)) else 0 for line in self._lines])
        self._lines = ["" if _MAGIC.match(line) else line for line in self._lines]
        # The first line often lacks its indentation, because the selection began at its first letter.
        depths = [len(line) - len(line.lstrip()) if line.strip() else None for line in self._lines]
        known = [depth for depth in depths if depth is not None]
        common = min(known[1:] or known, default=0)
        self._cut([min(depth or 0, common) for depth in depths])

    def _cut(self, counts: list[int]) -> None:
        """Takes `counts` characters off the beginnings of the lines."""
        self._lines = [line[count:] for line, count in zip(self._lines, counts, strict=True)]
        self._shifts = [shift + count for shift, count in zip(self._shifts, counts, strict=True)]


def _check(text: str, parts: object) -> None:
    """Raises TooMuch where the parser would take long over `parts` of `text`."""
    size = fields = words = 0
    for part in parts:  # type: ignore[attr-defined]
        size += part.end - part.begin
        fields += part.fields
        words += sum(1 for _ in _WORD.finditer(text, part.begin, part.end))
        if size > MAX_PARSED:
            raise TooMuch(f"what a network may hang on has more than {MAX_PARSED:,} characters", part.begin)
        if words > MAX_WORDS:
            raise TooMuch(f"what a network may hang on has more than {MAX_WORDS:,} words", part.begin)
        if fields > MAX_FIELDS:
            raise TooMuch(f"the text has more than {MAX_FIELDS:,} fields in f-strings", part.begin)


def _lines_of(text: str) -> list[str]:
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _reason(error: NotationError) -> str:
    return str(error).partition(": ")[2].partition(". Expected")[0]
