r"""Translates a picture's SVG into TikZ, for \input in a LaTeX document. It knows only the SVG that `picture.svg` writes.

It reads the SVG and not the picture, so that both exports look the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from xml.etree import ElementTree as ET

from .colouring import VIRIDIS

_HEAD = "% Needs \\usepackage{tikz}. One unit is a point of the picture; \\resizebox or \\scalebox fit it to a page.\n"
_NAMESPACE = "{http://www.w3.org/2000/svg}"
_ANCHORS = {"start": "base west", "middle": "base", "end": "base east"}
_TEX = {
    "\\": r"\textbackslash{}", "{": r"\{", "}": r"\}", "$": r"\$", "&": r"\&", "#": r"\#", "^": r"\^{}", "_": r"\_",
    "~": r"\~{}", "%": r"\%", "<": "$<$", ">": "$>$", "|": "$|$", '"': "''", "×": r"$\times$", "→": r"$\rightarrow$",
    "–": "--", "−": "$-$", "…": r"\ldots{}", "·": r"$\cdot$", "²": "$^2$", "µ": r"$\mu$",
}  # fmt: skip


def to_tikz(svg: str) -> str:
    """A `tikzpicture` from the text that `to_svg` made. Every text is escaped, so nothing in a design becomes a command."""
    root = ET.fromstring(svg)  # noqa: S314 - it is our own
    body = "\n".join(_elements(root, 0.0, 0.0, 1.0))
    return f"{_HEAD}\\begin{{tikzpicture}}[x=1bp, y=-1bp, every node/.style={{inner sep=0}}]\n{body}\n\\end{{tikzpicture}}\n"


def _elements(parent: ET.Element, x: float, y: float, opacity: float) -> Iterator[str]:
    """The children of an element at (x, y) with that opacity."""
    for element in parent:
        dense = opacity * float(element.get("opacity", "1"))
        seen = f", opacity={dense:g}" if dense < 1 else ""
        match element.tag.removeprefix(_NAMESPACE):
            case "g":
                shift = re.findall(r"-?[\d.]+", element.get("transform", "0 0"))
                yield from _elements(element, x + float(shift[0]), y + float(shift[1]), dense)
            case "rect" if element.get("fill", "").startswith("url"):
                yield from _gradient(element, x, y)
            case "rect":
                left, top, width, height, radius = (
                    _number(element, name) for name in ("x", "y", "width", "height", "rx")
                )
                corners = f", rounded corners={min(radius, width / 2, height / 2):.2f}bp" if radius else ""
                box = f"{_point(x + left, y + top)} rectangle {_point(x + left + width, y + top + height)}"
                yield f"\\path[{_paint(element)}{corners}{seen}] {box};"
            case "circle":
                at = _point(x + _number(element, "cx"), y + _number(element, "cy"))
                yield f"\\path[{_paint(element)}{seen}] {at} circle[radius={_number(element, 'r'):.2f}bp];"
            case "path":
                yield f"\\path[{_paint(element)}{seen}] {_path(element.get('d', ''), x, y)};"
            case "text":
                yield _text(element, x, y, seen)


def _paint(element: ET.Element) -> str:
    """The TikZ options for the fill and the outline of a shape."""
    words = []
    if (fill := element.get("fill", "none")) != "none":
        words.append(f"fill={_colour(fill)}")
    if element.get("fill-rule") == "evenodd":
        words.append("even odd rule")
    if stroke := element.get("stroke"):
        words += [f"draw={_colour(stroke)}", f"line width={element.get('stroke-width', '1')}bp"]
    if dashes := element.get("stroke-dasharray"):
        words.append(
            "dash pattern=" + " ".join(f"{w} {n}bp" for w, n in zip(("on", "off") * 9, dashes.split(), strict=False))
        )
    return ", ".join(words)


def _path(data: str, x: float, y: float) -> str:
    """An SVG path as a TikZ path. It knows the commands that `path_data` writes."""
    words: list[str] = []
    here = (x, y)
    for command, text in re.findall(r"([MLQhvz])([^MLQhvz]*)", data):
        numbers = [float(number) for number in re.findall(r"-?[\d.]+", text)]
        match command:
            case "z":
                words.append("-- cycle")
                continue
            case "h":
                to = (here[0] + numbers[0], here[1])
            case "v":
                to = (here[0], here[1] + numbers[0])
            case _:
                to = (x + numbers[-2], y + numbers[-1])
        if command == "Q":  # TikZ's curves are cubic
            bend = (x + numbers[0], y + numbers[1])
            first, second = (tuple(a + (b - a) * 2 / 3 for a, b in zip(end, bend, strict=True)) for end in (here, to))
            words.append(f".. controls {_point(*first)} and {_point(*second)} ..")
        elif command != "M":
            words.append("--")
        words.append(_point(*to))
        here = to
    return " ".join(words)


def _gradient(element: ET.Element, x: float, y: float) -> Iterator[str]:
    """The gradient of the colour bar, the only gradient there is."""
    left, top, width, height = (_number(element, name) for name in ("x", "y", "width", "height"))
    part = width / (len(VIRIDIS) - 1)
    for i, (a, b) in enumerate(pairwise(VIRIDIS)):
        begin, end = _point(x + left + i * part, y + top), _point(x + left + (i + 1) * part, y + top + height)
        yield f"\\shade[left color={_colour(a)}, right color={_colour(b)}] {begin} rectangle {end};"
    box = f"{_point(x + left, y + top)} rectangle {_point(x + left + width, y + top + height)}"
    yield f"\\path[draw={_colour(element.get('stroke', '#000000'))}] {box};"


def _text(element: ET.Element, x: float, y: float, seen: str) -> str:
    size = _number(element, "font-size")
    bold = "\\bfseries" if element.get("font-weight") else ""
    font = f"\\fontsize{{{size:.1f}bp}}{{{size * 1.2:.1f}bp}}\\selectfont\\sffamily{bold}"
    anchor = _ANCHORS[element.get("text-anchor", "start")]
    at = _point(x + _number(element, "x"), y + _number(element, "y"))
    words = "".join(_TEX.get(letter, letter) for letter in element.text or "")
    return f"\\node[anchor={anchor}, text={_colour(element.get('fill', '#000000'))}, font={font}{seen}] at {at} {{{words}}};"


def _number(element: ET.Element, name: str) -> float:
    return float(element.get(name, "0"))


def _point(x: float, y: float) -> str:
    return f"({x:.2f},{y:.2f})"


def _colour(colour: str) -> str:
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"
