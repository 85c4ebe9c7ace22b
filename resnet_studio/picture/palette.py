"""The colours of the window and of pictures: two themes, with the palette of Okabe & Ito for colours that mean something.

Structure is grey, and colour shows kinds (M. Okabe & K. Ito 2008, "Color Universal Design"). The colours are darkened or
lightened where a contrast of 4.5:1 with the background needs it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ThemeName = Literal["light", "dark"]


@dataclass(frozen=True, slots=True)
class Theme:
    """Colours as #rrggbb. window, surface and raised are three steps of depth."""

    name: ThemeName
    window: str
    surface: str
    raised: str
    border: str
    line: str
    text: str
    muted: str
    accent: str
    on_accent: str
    error: str
    error_fill: str
    band: tuple[str, str]
    chip: str
    chip_strong: str
    identity: str
    subsample: str
    projection: str
    forward: str
    forward_backward: str
    added: str
    removed: str
    changed: str

    def shortcut(self, kind: str) -> str:
        """The colour of a kind of shortcut. Any other kind has the colour of the main line."""
        return {"identity": self.identity, "subsample": self.subsample, "projection": self.projection}.get(
            kind, self.line
        )

    def difference(self, status: str) -> str:
        """The colour for 'added', 'removed' or 'changed'; '' for any other status."""
        return {"added": self.added, "removed": self.removed, "changed": self.changed}.get(status, "")

    def mode(self, mode: str) -> str:
        """The colour of a timing mode."""
        return self.forward if mode == "forward" else self.forward_backward


LIGHT = Theme(
    name="light", window="#f3f4f6", surface="#ffffff", raised="#ffffff", border="#cfd3da", line="#4b5563",
    text="#16191f", muted="#586171", accent="#0064a8", on_accent="#ffffff", error="#b3261e", error_fill="#fbe3e1",
    band=("#eef1f5", "#dfe4ec"), chip="#ffffff", chip_strong="#e3e8f0",
    identity="#0072b2", subsample="#00795a", projection="#b84e00", forward="#0072b2", forward_backward="#b84e00",
    added="#00795a", removed="#b3261e", changed="#8f3f74",
)  # fmt: skip

DARK = Theme(
    name="dark", window="#1b1d22", surface="#23262d", raised="#2c3038", border="#454b57", line="#a7afbd",
    text="#eceef2", muted="#b4bcc9", accent="#56b4e9", on_accent="#10202b", error="#ff8a80", error_fill="#4a2522",
    band=("#292d35", "#343a45"), chip="#363c47", chip_strong="#414856",
    identity="#56b4e9", subsample="#2fc79a", projection="#f0a04b", forward="#56b4e9", forward_backward="#f0a04b",
    added="#2fc79a", removed="#ff8a80", changed="#e0a3c8",
)  # fmt: skip


def mix(a: str, b: str, share: float) -> str:
    """The colour `share` of the way from `a` to `b`, both #rrggbb."""
    pairs = ((int(a[i : i + 2], 16), int(b[i : i + 2], 16)) for i in (1, 3, 5))
    return "#" + "".join(f"{round(x + (y - x) * share):02x}" for x, y in pairs)


def readable_on(ground: str) -> str:
    """Black or white, whichever has more contrast with `ground`: at least 4.58:1 (WCAG 2.2, contrast ratio)."""
    return "#000000" if contrast("#000000", ground) >= contrast("#ffffff", ground) else "#ffffff"


def contrast(a: str, b: str) -> float:
    """The contrast ratio of two colours, 1 to 21.   WCAG 2.2."""
    low, high = sorted((_luminance(a), _luminance(b)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


THEMES: dict[str, Theme] = {"light": LIGHT, "dark": DARK}

# Dashes, for readers who can't tell the colours of shortcuts apart: the lengths of dash and gap, in line widths.
DASHES: dict[str, tuple[float, ...]] = {"main": (), "identity": (), "subsample": (5.0, 3.0), "projection": ()}
