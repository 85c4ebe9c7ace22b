"""Writes a picture as SVG, with title and legend. It looks the same in a browser and in a document."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from .box_look import EMPTY_DASHES, GAIN, OPACITY, box_ink, box_rows
from .colouring import VIRIDIS, ColourBar
from .palette import DASHES, Theme, mix
from .shapes import BADGE_SIZE, LEGEND, Band, Box, Line, Path, Picture, Rect, Text
from .text_fit import FONT, fit

MARGIN, TITLE, LEGEND_HEIGHT, BAR_HEIGHT = 20.0, 34.0, 34.0, 72.0
LEGEND_PITCH = 236.0
BAR_WIDTH = 420.0
# Characters that XML forbids even when escaped. The names in a design with problems may contain them.
_NO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_svg(picture: Picture, theme: Theme) -> str:
    """`picture` as a whole SVG document. Every text in it is escaped: nothing in a design becomes markup."""
    left, top, width, height = picture.rect
    page_width = max(width, LEGEND_PITCH * len(LEGEND)) + 2 * MARGIN
    bar_height = BAR_HEIGHT if picture.bar else 0.0
    page_height = height + TITLE + LEGEND_HEIGHT + bar_height + 2 * MARGIN
    shift_x = (page_width - width) / 2 - left
    parts = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {page_width:.1f} {page_height:.1f}" '
            f'width="{page_width:.1f}" height="{page_height:.1f}" font-family="{FONT}" role="img">'
        ),
        f"<title>{escape(picture.title)}</title>",
        f'<rect width="{page_width:.1f}" height="{page_height:.1f}" fill="{theme.surface}"/>',
        f'<g transform="translate({shift_x:.2f} {MARGIN + TITLE - top:.2f})">',
        *(_band(band, theme) for band in picture.bands),
        *(_line(line, theme) for line in picture.lines),
        *(_box(box, theme) for box in picture.boxes),
        *(_badge(line, theme) for line in picture.lines if line.badge),
        *(_caption(text, theme) for text in picture.texts),
        "</g>",
        _surround(((page_width - width) / 2, MARGIN + TITLE, width, height), page_width, page_height, theme),
        _title(picture.title, page_width, theme),
        _legend(page_height - bar_height - MARGIN - 8, theme),
        _bar(picture.bar, page_height - bar_height - MARGIN + 14, theme) if picture.bar else "",
        "</svg>",
    ]
    return _NO_XML.sub("\ufffd", "\n".join(parts) + "\n")


def _surround(rect: Rect, width: float, height: float, theme: Theme) -> str:
    """Covers the page around an excerpt, whose lines lead out of it: Qt's SVG renderer knows no clipping."""
    x, y, across, down = rect
    hole = f"M{x:.2f} {y:.2f}h{across:.2f}v{down:.2f}h{-across:.2f}z"
    return f'<path d="M0 0h{width:.1f}v{height:.1f}h{-width:.1f}z{hole}" fill="{theme.surface}" fill-rule="evenodd"/>'


def _title(title: str, page_width: float, theme: Theme) -> str:
    size = fit(title, 15, page_width - 2 * MARGIN, bold=True)
    return _text(MARGIN, MARGIN + 16, title, theme.text, size, bold=True, anchor="start")


def path_data(path: Path) -> str:
    """A path as SVG's `d`."""
    return " ".join(f"{command}{' '.join(f'{number:.2f}' for number in numbers)}" for command, *numbers in path)


def dash_text(kind: str, width: float) -> str:
    """The dashes of a kind of line as SVG's `stroke-dasharray`; '' for a solid line."""
    return " ".join(f"{length * width:.1f}" for length in DASHES[kind])


def line_width(kind: str) -> float:
    """The thickness of a kind of line in points."""
    return {"main": 1.4, "identity": 1.8, "subsample": 2.2, "projection": 2.6}[kind]


def _band(band: Band, theme: Theme) -> str:
    x, y, width, height = band.rect
    paint = f'fill="{mix(*theme.band, band.level)}"'
    if band.outline:
        paint = f'fill="none" stroke="{theme.muted}" stroke-width="1.2" stroke-dasharray="2 3"'
    shape = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="8" {paint}/>'
    return shape + "".join(_caption(text, theme) for text in band.texts)


def _line(line: Line, theme: Theme) -> str:
    colour, width = theme.shortcut(line.kind), line_width(line.kind) * GAIN.get(line.mark, 1.0)
    dash = f' stroke-dasharray="{dash_text(line.kind, width)}"' if DASHES[line.kind] else ""
    tooltip = f"<title>{escape(line.tooltip)}</title>" if line.tooltip else ""
    return (
        f'<path d="{path_data(line.path)}" fill="none" stroke="{colour}" stroke-width="{width:.2f}"{_opacity(line.mark)} '
        f'stroke-linecap="butt"{dash} data-ends={quoteattr(" ".join(line.ends))} class="{line.kind}">{tooltip}</path>'
    )


def _badge(line: Line, theme: Theme) -> str:
    x, y, width, height = line.badge_rect
    colour = theme.shortcut(line.kind)
    words = _text(x + width / 2, y + height / 2 + 3.6, line.badge, colour, BADGE_SIZE, True)
    return (
        f'<g{_opacity(line.mark)}><rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height}" rx="8" fill="{theme.surface}" '
        f'stroke="{colour}"/>{words}</g>'
    )


def _box(box: Box, theme: Theme) -> str:
    x, y, width, height = box.rect
    ink, tooltip = box_ink(box, theme), f"<title>{escape(box.hover)}</title>"
    middle_x, middle_y = x + width / 2, y + height / 2
    dash = f' stroke-dasharray="{" ".join(map(str, EMPTY_DASHES))}"' if ink.empty and box.form != "add" else ""
    paint = f'fill="{ink.fill}" stroke="{ink.edge}" stroke-width="1.4"{dash}'
    if box.form == "add":
        arm = width * 0.26
        cross = f"M{middle_x - arm:.1f} {middle_y:.1f}h{2 * arm:.1f}M{middle_x:.1f} {middle_y - arm:.1f}v{2 * arm:.1f}"
        return (
            f'<g{_opacity(box.mark)}>{tooltip}<circle cx="{middle_x:.1f}" cy="{middle_y:.1f}" r="{width / 2:.1f}" {paint}/>'
            f'<path d="{cross}" stroke="{ink.title}" stroke-width="1.4"/></g>'
        )
    radius = min(height / 2, 16.0) if box.kind == "norm" else 8.0 if box.form == "card" else 6.0
    shape = f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius}" {paint}/>'
    if box.stacked:
        shape = "".join(f'<g transform="translate({step} {step})">{shape}</g>' for step in (6, 3)) + shape
    rows = [(text, fit(text, size, width - 8, bold), bold) for text, size, bold in box_rows(box)]
    total = sum(size * 1.3 for _, size, _ in rows)
    baseline, parts = middle_y - total / 2, []
    for text, size, bold in rows:
        baseline += size * 1.3
        parts.append(_text(middle_x, baseline - size * 0.36, text, ink.title if bold else ink.text, size, bold))
    return f"<g{_opacity(box.mark)}>{tooltip}{shape}{''.join(parts)}</g>"


def _opacity(mark: str) -> str:
    return f' opacity="{OPACITY[mark]}"' if mark in OPACITY else ""


def _caption(text: Text, theme: Theme) -> str:
    x, y, width, height = text.rect
    at = {"start": x, "middle": x + width / 2, "end": x + width}[text.align]
    colour = theme.text if text.bold else theme.muted
    return _text(at, y + height / 2 + text.size * 0.36, text.text, colour, text.size, text.bold, text.align)


def _legend(y: float, theme: Theme) -> str:
    parts = []
    for i, (kind, words) in enumerate(LEGEND):
        x, width = MARGIN + i * LEGEND_PITCH, line_width(kind)
        dash = f' stroke-dasharray="{dash_text(kind, width)}"' if DASHES[kind] else ""
        parts.append(f'<path d="M{x:.1f} {y:.1f}h34" stroke="{theme.shortcut(kind)}" stroke-width="{width}"{dash}/>')
        parts.append(_text(x + 42, y + 4, words, theme.text, 12, anchor="start"))
    return "".join(parts)


def _bar(bar: ColourBar, top: float, theme: Theme) -> str:
    """The colour bar with its heading above and its ticks below. Grey is explained beside it where a box is grey."""
    left, y = MARGIN + 28.0, top + 20.0
    parts = [_text(MARGIN, top + 11, bar.heading, theme.text, 12, bold=True, anchor="start")]
    if bar.ticks:
        stops = "".join(
            f'<stop offset="{i / (len(VIRIDIS) - 1):.1f}" stop-color="{colour}"/>' for i, colour in enumerate(VIRIDIS)
        )
        parts.append(
            f'<defs><linearGradient id="colours">{stops}</linearGradient></defs><rect x="{left}" y="{y}" '
            f'width="{BAR_WIDTH}" height="12" fill="url(#colours)" stroke="{theme.line}" class="colour-bar"/>'
        )
    for share, text in bar.ticks:
        x = left + share * BAR_WIDTH
        parts.append(f'<path d="M{x:.1f} {y + 12}v4" stroke="{theme.line}"/>')
        parts.append(_text(x, y + 28, text, theme.muted, 11))
    if bar.nothing:
        x = left + BAR_WIDTH + 48 if bar.ticks else MARGIN
        dash = " ".join(map(str, EMPTY_DASHES))
        parts.append(
            f'<rect x="{x:.1f}" y="{y - 1}" width="22" height="14" rx="3" fill="{theme.chip_strong}" '
            f'stroke="{theme.line}" stroke-dasharray="{dash}"/>'
            + _text(x + 30, y + 10, bar.nothing, theme.text, 12, anchor="start")
        )
    return f"<g>{''.join(parts)}</g>"


def _text(x: float, y: float, text: str, colour: str, size: float, bold: bool = False, anchor: str = "middle") -> str:
    weight = ' font-weight="600"' if bold else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" fill="{colour}" font-size="{size:.1f}"{weight} '
        f'text-anchor="{anchor}">{escape(text)}</text>'
    )
