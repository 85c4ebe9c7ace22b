"""Jupyter notebooks: the code in their cells, as one text. Outputs, pictures and prose are passed over."""

from __future__ import annotations

import bisect
import json
import re
from dataclasses import dataclass

from .faults import EXAMPLE, NotationError

_OTHER = re.compile(r"%%(?!time|capture|timeit|prun)\w+")  # a cell in another language
_MAGIC = re.compile(r"[ \t]*(?:%|!|\?)|[ \t]*[\w.]+\?+[ \t]*$")
_SETS_FROM_SHELL = re.compile(r"[ \t]*[\w, ]+=[ \t]*[!%]")


@dataclass(frozen=True, slots=True)
class Cells:
    """Where the cells of a notebook lie in its text. firsts: their first lines; numbers: which cells they are."""

    firsts: tuple[int, ...]
    numbers: tuple[int, ...]

    def place(self, line: int) -> str:
        """A line of the text, told as a line of its cell: 'cell 3, line 2'."""
        at = max(bisect.bisect_right(self.firsts, line) - 1, 0)
        return f"cell {self.numbers[at]}, line {line - self.firsts[at] + 1}" if self.firsts else f"line {line}"


def is_notebook(text: str) -> bool:
    """Whether a text is a notebook's file."""
    head = text.lstrip("\ufeff \t\r\n")
    return head.startswith("{") and ('"cells"' in text or '"worksheets"' in text) and '"nbformat"' in text


def code_of(text: str) -> tuple[str, Cells]:
    """The code of the notebook `text`, and where its cells lie. Raises NotationError for a damaged one."""
    try:
        book = json.loads(text)
    except (ValueError, RecursionError) as error:
        line = getattr(error, "lineno", 1)
        raise NotationError(
            line, getattr(error, "colno", 1), "the notebook is damaged", "a whole .ipynb file"
        ) from None
    cells = book.get("cells") if isinstance(book, dict) else None
    if cells is None and isinstance(book, dict) and isinstance(book.get("worksheets"), list):
        cells = [cell for sheet in book["worksheets"] if isinstance(sheet, dict) for cell in _list(sheet.get("cells"))]
    lines: list[str] = []
    firsts, numbers = [], []
    for number, cell in enumerate(_list(cells), 1):
        if not isinstance(cell, dict) or cell.get("cell_type") != "code":
            continue
        code = cell.get("source", cell.get("input", ""))
        code = "".join(each for each in code if isinstance(each, str)) if isinstance(code, list) else code
        if not isinstance(code, str) or _OTHER.match(code.lstrip()):
            continue
        firsts.append(len(lines) + 1)
        numbers.append(number)
        lines += [_plain(line) for line in re.split("\r\n|\r|\n", code)]
    if not any(line.strip() for line in lines):
        raise NotationError(1, 1, "the notebook has no code", f"code cells with {EXAMPLE}")
    return "\n".join(lines), Cells(tuple(firsts), tuple(numbers))


def _plain(line: str) -> str:
    """A line of a cell without magics and commands of the shell."""
    if _MAGIC.match(line) or _SETS_FROM_SHELL.match(line):
        indent = line[: len(line) - len(line.lstrip())]
        return indent + "pass" if indent else ""
    return line


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []
