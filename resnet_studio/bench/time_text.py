"""Times, rates and counts as people read them: with their units, and with no more digits than they deserve."""

from __future__ import annotations

import math

from resnet_studio.bench.plan import MODE_TITLES, Mode
from resnet_studio.bench.stats import Summary

MILLISECONDS_BELOW = 0.1  # seconds


def unit_of(seconds: float) -> tuple[str, float]:
    """The unit that `seconds` is read best in, and its length in seconds."""
    return ("ms", 1e-3) if 0 < seconds < MILLISECONDS_BELOW else ("s", 1.0)


def duration(seconds: float) -> str:
    """One duration to four digits: '0.2345 s', '12.31 ms', '31.2 s'."""
    unit, length = unit_of(seconds)
    return f"{seconds / length:.4g} {unit}"


def spread(mean: float, sd: float) -> str:
    """Mean and standard deviation (seconds) to the digits that sd supports: '0.234 ± 0.003 s'."""
    unit, length = unit_of(mean)
    decimals = _decimals(sd / length) if sd > 0 else _decimals(mean / length / 300)
    return f"{mean / length:,.{decimals}f} ± {sd / length:,.{decimals}f} {unit}"


def median_text(summary: Summary) -> str:
    """The median with its 95 % interval, to the digits that it supports: '0.2341 s (0.2335 to 0.2349, 95 %)'."""
    unit, length = unit_of(summary.median)
    decimals = median_decimals(summary, length)
    if summary.median_interval is None:
        return f"{summary.median / length:,.{decimals}f} {unit} (too few steps for an interval)"
    low, high = (f"{end / length:,.{decimals}f}" for end in summary.median_interval)
    return f"{summary.median / length:,.{decimals}f} {unit} ({low} to {high}, 95 %)"


def median_decimals(summary: Summary, length: float = 1.0) -> int:
    """The decimals of the median that its interval supports, in a unit of `length` seconds."""
    half = summary.median_half_width or summary.median / 300
    return _decimals(half / length)


def rate(images_per_second: float) -> str:
    """'137 images/s', '4.27 images/s'."""
    decimals = 0 if images_per_second >= 100 else 1 if images_per_second >= 10 else 2
    return f"{images_per_second:,.{decimals}f} images/s"


def sentence(mode: Mode, summary: Summary) -> str:
    """'Forward 0.234 ± 0.003 s a batch (137 images/s)'."""
    return f"{MODE_TITLES[mode]} {spread(summary.mean, summary.sd)} a batch ({rate(summary.images_per_second)})"


def clock(seconds: float) -> str:
    """A time to wait: '0:41', '1:02:05'. Rounded up: nobody minds that it is over early."""
    whole = math.ceil(max(seconds, 0.0))
    minutes, second = divmod(whole, 60)
    hours, minute = divmod(minutes, 60)
    return f"{hours:,}:{minute:02}:{second:02}" if hours else f"{minute}:{second:02}"


def elapsed(seconds: float) -> str:
    """A time that runs: '3.2 s', '41 s', '2:05'. In tenths only while they can be told apart."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    return f"{int(seconds)} s" if seconds < 60 else clock(math.floor(seconds))


def _decimals(value: float) -> int:
    """The decimals that show one digit of `value`, two where the first is a 1 or a 2."""
    exponent = math.floor(math.log10(value))
    leading = value / 10**exponent
    return min(max(-exponent + (1 if leading < 3 else 0), 0), 9)
