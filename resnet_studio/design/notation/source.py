"""A text as it was pasted -> Python's syntax tree. Bounded, and nothing in it is ever run."""

from __future__ import annotations

import ast
import re
import warnings

from resnet_studio.design.bounds import shorten

MAX_CHARACTERS = (
    128 * 1024
)  # the largest design needs 90,000; Python's parser takes seconds for hostile texts beyond it
EXAMPLE = "blocks, such as Block('block1', bottleneck, [(256, 64, 1)] * 2 + [(256, 64, 2)])"

_PROMPT = re.compile(r"(?:>>>|\.\.\.)(?: |$)|In \[\d*\]: ?| *\.\.\.+: ?")
_FENCE = re.compile(r" {0,3}(?:```|~~~) *(\w*)")
_MAGIC = re.compile(r"[%!][a-zA-Z]")  # a notebook's: %matplotlib inline, !pip install tf_slim


class NotationError(ValueError):
    """A text that is no notation. Its own text is a finished sentence; line and column count from 1."""

    def __init__(self, line: int, column: int, fault: str, expected: str) -> None:
        self.line, self.column, self.expected = line, column, expected
        super().__init__(f"line {line}, column {column}: {fault}. Expected {expected}.")


class Fault(Exception):  # noqa: N818 - it becomes a NotationError where it reaches a person
    """What is wrong with a node of the tree (None: with all of it). `{}` in `message` stands for the node's text."""

    def __init__(self, node: ast.AST | None, message: str, expected: str) -> None:
        super().__init__(message)
        self.node, self.message, self.expected = node, message, expected


class Source:
    """A text's syntax tree, and where its nodes stand in the text. Raises NotationError where there is no such tree."""

    def __init__(self, text: str) -> None:
        if len(text) > MAX_CHARACTERS:
            fault = f"the text has {len(text):,} characters, more than the {MAX_CHARACTERS:,} that are read"
            raise NotationError(1, 1, fault, EXAMPLE)
        if not text.strip():
            raise NotationError(1, 1, "the text is empty", EXAMPLE)
        self._lines = re.split("\r\n|\r|\n", text.removeprefix("\ufeff").replace("\xa0", " "))
        self._shifts = [0] * len(self._lines)
        try:
            self.tree = self._parse()
        except NotationError:
            as_it_was = self._lines
            self._tidy()
            if self._lines == as_it_was:
                raise
            self.tree = self._parse()

    def error(self, fault: Fault) -> NotationError:
        """The NotationError that tells `fault`, with its place."""
        line = getattr(fault.node, "lineno", 1)
        begin = getattr(fault.node, "col_offset", 0)
        # Python counts columns in bytes of UTF-8, people in characters.
        data = self._lines[line - 1].encode()
        end = getattr(fault.node, "end_col_offset", None) if getattr(fault.node, "end_lineno", 1) == line else None
        found = data[begin:end].decode(errors="replace")
        column = len(data[:begin].decode(errors="replace")) + 1 + self._shifts[line - 1]
        shown = shorten(found) if isinstance(fault.node, ast.Constant) else f"'{shorten(found)}'"
        return NotationError(line, column, fault.message.replace("{}", shown), fault.expected)

    def _parse(self) -> ast.Module:
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")  # "\d" in someone's source is no concern of ours
                return ast.parse("\n".join(self._lines))
        except SyntaxError as error:
            line = min(max(error.lineno or 1, 1), len(self._lines))
            column = max(error.offset or 1, 1) + self._shifts[line - 1]
            raise NotationError(line, column, shorten(error.msg, 100), f"Python text with {EXAMPLE}") from None
        except (RecursionError, MemoryError):
            raise NotationError(1, 1, "the text is nested too deeply", EXAMPLE) from None
        except ValueError as error:  # null bytes, half a surrogate pair
            raise NotationError(1, 1, shorten(error, 100), f"plain text with {EXAMPLE}") from None

    def _tidy(self) -> None:
        """Takes away what comes along with a paste: prose around fences, prompts, a common indentation."""
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


def parameters_of(function: ast.FunctionDef) -> tuple[str, ...]:
    """The names of a function's parameters, in order; those that are only given by keyword come last."""
    arguments = function.args
    return tuple(each.arg for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs))
