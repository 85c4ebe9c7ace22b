"""The largest width of a text in any font that a viewer may have. Pictures leave so much room, so that no text is cut off."""

from __future__ import annotations

from functools import lru_cache

# Arial, Helvetica and Liberation Sans have equal widths, and most machines have one of them. DejaVu Sans is the widest
# font that may replace them. SVG's `textLength` would be exact, but it stretches letters, and Qt ignores it.
FAMILIES = ("Arial", "Helvetica", "Liberation Sans", "DejaVu Sans")
FONT = ", ".join(f"'{family}'" if " " in family else family for family in (*FAMILIES, "sans-serif"))

# The largest advance widths, in ems, of letters of these families in bold.
_WIDTHS = (
    (0.4, " '|Iijl.,:;·/\\"),
    (0.56, 'ftr-()[]!`²*"J'),
    (0.63, "_–"),
    (0.95, "+=<>~×−#^w"),
    (1.11, "mMW%&"),
    (1.15, "@→…"),
)
_EMS = {letter: ems for ems, letters in _WIDTHS for letter in letters}
_CAPITAL, _LETTER, _OTHER = 0.875, 0.725, 1.11
_REGULAR = 0.9  # the width of regular letters as a part of the bold width


@lru_cache(maxsize=20_000)
def widest(text: str, size: float, bold: bool = False) -> float:
    """A width in points: at font size `size`, `text` is never wider in any of FAMILIES."""
    ems = sum(_EMS.get(letter) or _ems(letter) for letter in text)
    return ems * size * (1.0 if bold else _REGULAR)


def fit(text: str, size: float, width: float, bold: bool = False) -> float:
    """A font size at most `size` at which `text` is surely no wider than `width`."""
    whole = widest(text, size, bold)
    return size * min(1.0, width / whole) if whole else size


def elide(text: str, size: float, width: float, bold: bool = False) -> str:
    """`text`, with '…' in place of what does not fit into `width` at `size`."""
    if widest(text, size, bold) <= width:
        return text
    low, high = 0, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if widest(text[:middle] + "…", size, bold) <= width else (low, middle - 1)
    return text[:low] + "…"


def _ems(letter: str) -> float:
    return _OTHER if letter > "~" else _CAPITAL if letter.isupper() else _LETTER
