"""Numbers in words, always with their unit: one way of writing them for the window, the terminal and pictures."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache


def count_text(value: int) -> str:
    """A count in three or four digits: 25.57 M."""
    for size, letter in ((10**12, "T"), (10**9, "G"), (10**6, "M"), (10**3, "k")):
        if value >= size:
            return f"{_digits(value / size)} {letter}"
    return f"{value:,}"


def macs_text(macs: int) -> str:
    """Multiply-adds: 3.482 GMACs."""
    text = count_text(macs)
    number, _, letter = text.partition(" ")
    return f"{number} {letter}MACs"


def bytes_text(count: int) -> str:
    """A memory size in binary units: 1.86 GiB."""
    for size, unit in ((2**40, "TiB"), (2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB")):
        if count >= size:
            return f"{_digits(count / size)} {unit}"
    return f"{count} bytes"


def seconds_text(seconds: float) -> str:
    """A duration in the unit that suits it: 234 ms, 1.53 s, 2:05 min."""
    if seconds < 0.9995:
        return f"{_digits(seconds * 1e3)} ms"
    if seconds < 99.5:
        return f"{_digits(seconds)} s"
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02} h" if hours else f"{minutes}:{rest:02} min"


def change_text(change: int, words: Callable[[int], str]) -> str:
    """A difference, its number put in words by `words`: +3.51 M, -64, 0."""
    return f"{'+' if change > 0 else '-'}{words(abs(change))}" if change else "0"


@lru_cache(maxsize=4_096)
def shape_text(shape: tuple[int, ...]) -> str:
    """A shape: 56×56×256 (height, width, channels)."""
    return "×".join(f"{extent}" for extent in shape)


def large_text(value: int) -> str:
    """A whole number: 65,536; beyond fifteen digits in four of them, 1.801 × 10^16."""
    digits = str(value)
    if len(digits) <= 15:
        return f"{value:,}"
    exponent = len(digits) - 1
    mantissa = round(int(digits[:8]) / 1e7, 3)
    return f"{mantissa:.3f} × 10^{exponent}" if mantissa < 10 else f"1.000 × 10^{exponent + 1}"


def percent_text(share: float) -> str:
    """A part of a whole, 0 to 1, in five digits: 40.181 %, 0.45367 %, 7.3029e-20 %."""
    return f"{100 * share:.5g} %"


def _digits(value: float) -> str:
    """Three to four digits."""
    return f"{value:.2f}" if value < 99.995 else f"{value:.1f}" if value < 999.95 else f"{value:,.0f}"
