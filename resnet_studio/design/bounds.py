"""The one table of what every field may hold. The window, files, terminal and engine all read it."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Bound:
    """A field's allowed range (both ends included), its unit for people, and whether it must be a whole number."""

    low: float
    high: float
    unit: str = ""
    whole: bool = True

    @property
    def text(self) -> str:
        """The range in words: '1 to 8,192 channels'."""
        words = f"{_number(self.low)} to {_number(self.high)}"
        return f"{words} {self.unit}" if self.unit else words

    def fault(self, value: object) -> str | None:
        """Why `value` is not allowed, as the end of a sentence, or None where it is."""
        expected = "a whole number" if self.whole else "a number"
        if isinstance(value, bool) or not isinstance(value, int if self.whole else (int, float)):
            return f"{value_text(value)} is not {expected}"
        if isinstance(value, float) and not math.isfinite(value):
            return f"{value} is not a finite number"
        if not self.low <= value <= self.high:
            return f"{_number(value)} is out of range"
        return None


BOUNDS: dict[str, Bound] = {
    "blocks": Bound(1, 64, "blocks"),
    "units": Bound(1, 2_000, "units"),
    "all_units": Bound(1, 4_000, "units"),
    "depth": Bound(1, 8_192, "channels"),
    "depth_bottleneck": Bound(1, 8_192, "channels"),
    "stride": Bound(1, 8),
    "rate": Bound(1, 64),
    # Of a unit times the strides left out ahead of it: the room that TensorFlow takes for it grows with its square.
    "atrous_rate": Bound(1, 256),
    "image": Bound(8, 2_048, "pixels"),
    "channels": Bound(1, 1_024, "channels"),
    "output_stride": Bound(1, 2_048),
    "num_classes": Bound(1, 100_000, "classes"),
    "root_depth": Bound(1, 8_192, "channels"),
    "weight_decay": Bound(0, 1, whole=False),
    "batch_norm_decay": Bound(0, 1, whole=False),
    "batch_norm_epsilon": Bound(1e-12, 1, whole=False),
}

NAME_LENGTH = 64
_DECIMAL = re.compile(r"[+-]?[0-9]*\.[0-9]+")


def parse_whole(text: str) -> int | str:
    """The whole number that `text` is, else `text` itself. Reads '1,000' and ' 64 ', not '1e3' nor '٣'."""
    digits = text.strip().replace(",", "")
    body = digits[1:] if digits[:1] in "+-" else digits
    # A number of thirty digits is out of every range already; Python refuses to read one of five thousand.
    if body.isascii() and body.isdigit() and len(body) <= 30:
        return int(digits)
    return text


def parse_number(text: str) -> float | str:
    """The number that `text` is, else `text` itself. Reads '2', '0.5', '1,000' and ' 2 ', not '1e3' nor 'nan'."""
    if isinstance(whole := parse_whole(text), int):
        return whole
    digits = text.strip().replace(",", "")
    return float(digits) if len(digits) <= 30 and _DECIMAL.fullmatch(digits) else text


def shorten(value: object, length: int = 40) -> str:
    """`value` as text that fits in a message. A long text is cut before anything is made of it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return _number(value) if abs(value) >= 10**length else str(value)
    text = value if isinstance(value, str) else str(value)
    return text if len(text) <= length else text[: length - 1] + "…"


def visible_text(value: object) -> str:
    """`value` as text that a window shows as it is: half characters (U+D800 to U+DFFF), which Qt would drop, as U+FFFD."""
    return str(value).encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def value_text(value: object) -> str:
    """A value as a message quotes it: a text in quotes, a list or an object by its kind and size where it is large."""
    if isinstance(value, str):
        return f"'{shorten(value)}'"
    if isinstance(value, (list, dict, tuple)) and len(value) > 8:
        kind = "an object" if isinstance(value, dict) else "a list"
        return f"{kind} of {len(value):,}"
    if isinstance(value, int) and not isinstance(value, bool):
        return shorten(value)
    return shorten(repr(value))


def _number(value: float) -> str:
    if isinstance(value, int) and value.bit_length() > 40:  # beyond 308 digits it is no float's; beyond 4,300 no text's
        digits = int((value.bit_length() - 1) * math.log10(2))
        if digits > 4_000:
            return f"{'-' * (value < 0)}1e+{digits}"
        text = str(abs(value))
        if len(text) > 12:
            return f"{'-' * (value < 0)}{text[0]}.{text[1:4]}e+{len(text) - 1:02}"
    return f"{value:,}" if isinstance(value, int) or float(value).is_integer() else f"{value:g}"
