"""Field: what there is to say of one field that a person edits. Each is said once, in a table, and read by everyone.

The tables are `design.design_fields` and `bench.plan.PLAN`. Validation, files, forms, the terminal's options,
`--vary` and settings read them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from .bounds import Bound, parse_number, parse_whole, shorten

Fault = tuple[str, str]  # why a value is not allowed, as the end of a sentence, and what to do, as a sentence
_TRUE, _FALSE = ("true", "yes", "on"), ("false", "no", "off")


@dataclass(frozen=True, slots=True)
class Field:
    """One field: a number with a bound, one of several choices, or yes or no where it has neither.

    name: the attribute of the value that it is a field of. label: what forms call it, with its key ('&Batch norm').
    help: what it is, as a sentence without its stop; tooltips and the terminal's help show it.
    bound: the range of a number. choices: each value that may stand there, with its words for forms. Both may be
    functions, where they depend on the machine.
    option: its name in messages, in the terminal and in `--vary` ('batch-norm'); by default `name` with hyphens.
    optional: None may stand there as well. low_text: words for the least number, where it means something of its own.
    explain: what is added to the range in a message. check: a rule of its own in place of the bound or the choices.
    varies: the sides of a comparison may differ in it. single: only a run of one design has it.
    metavar: what the terminal's help writes for its value.
    """

    name: str
    label: str
    help: str
    bound: Bound | Callable[[], Bound] | None = None
    choices: Mapping[str, str] | Callable[[], Mapping[str, str]] | None = None
    option: str = ""
    optional: bool = False
    low_text: str = ""
    explain: str = ""
    check: Callable[[object], Fault | None] | None = None
    varies: bool = False
    single: bool = False
    metavar: str = "N"

    @property
    def option_name(self) -> str:
        """What messages, the terminal and `--vary` call it."""
        return self.option or self.name.replace("_", "-")

    @property
    def title(self) -> str:
        """The label without the sign of its key."""
        return self.label.replace("&", "")

    @property
    def tip(self) -> str:
        """The help with what may stand here, for tooltips."""
        bound = self.range
        return f"{self.help}: {bound.text}" if bound is not None else self.help

    @property
    def range(self) -> Bound | None:
        """The range of a number on this machine; None where it is no number."""
        return self.bound() if callable(self.bound) else self.bound

    @property
    def words(self) -> Mapping[str, str]:
        """The choices on this machine, each with its words; empty where it is no choice."""
        return (self.choices() if callable(self.choices) else self.choices) or {}

    @property
    def is_flag(self) -> bool:
        """Whether it is yes or no."""
        return self.bound is None and self.choices is None and self.check is None

    def fault(self, value: object) -> Fault | None:
        """Why `value` may not stand here and what may, or None where it may."""
        if value is None and self.optional:
            return None
        if self.check is not None:
            return self.check(value)
        if (bound := self.range) is not None:
            explained = f" ({self.explain})" if self.explain else ""
            return (why, f"Use {bound.text}{explained}.") if (why := bound.fault(value)) else None
        if self.choices is not None:
            known = isinstance(value, str) and value in self.words
            return None if known else (not_a_choice(value), f"Use {alternatives(self.words)}.")
        return None if isinstance(value, bool) else (f"{shorten(repr(value))} is not yes or no", "Use true or false.")

    def parse(self, text: str) -> object:
        """The value that `text` stands for, else `text` itself: `fault` says then what is wrong with it."""
        if self.optional and text.strip().lower() == "none":
            return None
        if (bound := self.range) is not None:
            return parse_whole(text) if bound.whole else parse_number(text)
        if self.is_flag and text.lower() in (*_TRUE, *_FALSE):
            return text.lower() in _TRUE
        return text


def not_a_choice(value: object) -> str:
    """Why `value`, which no choice is, may not stand in a field."""
    return f"{shorten(repr(value))} is not one of its values"


def alternatives(names: Iterable[str]) -> str:
    """'float32 or bfloat16', 'a, b or c'."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
