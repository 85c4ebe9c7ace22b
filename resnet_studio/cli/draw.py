"""`draw`: a network's picture in a file."""

from __future__ import annotations

import argparse
import math
import sys
from pathlib import Path
from typing import cast

from resnet_studio.design.disk import FileError, write_whole
from resnet_studio.design.validate import DesignError
from resnet_studio.network.derived import Derived
from resnet_studio.picture.colouring import COLOURINGS, colouring
from resnet_studio.picture.graph import DETAILS, Detail
from resnet_studio.picture.palette import THEMES
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.svg import to_svg
from resnet_studio.picture.tikz import to_tikz

from .inputs import BadInput, RunFailed, check_choice, check_writable, read_design

SUFFIXES = (".svg", ".pdf", ".png", ".tex")
_SCALES = (0.05, 20.0)
_SCALE = 2.0


def draw(arguments: argparse.Namespace) -> int:
    """Draws the design that the arguments name, and says where. One with problems is drawn as far as it is sound, with the
    fault marked in its place, and is bad input.
    """
    path: Path = arguments.output
    check_choice("--detail", arguments.detail, DETAILS)
    check_choice("--theme", arguments.theme, THEMES)
    check_choice("--color-by", arguments.color_by, COLOURINGS)
    scale = _read_scale(arguments.scale, path)
    derived = Derived(read_design(arguments.design, arguments.network).design)
    draw_to_file(
        derived, path, cast(Detail, arguments.detail), arguments.layout, arguments.theme,
        arguments.fold, arguments.color_by, scale,
    )  # fmt: skip
    print(path)
    if problems := derived.problems:
        sys.stdout.flush()  # where it is first, then what is wrong, also where both go to one file
        raise BadInput(f"{arguments.design}: drawn as far as it is sound. {DesignError(problems)}")
    return 0


def draw_to_file(
    derived: Derived,
    path: Path,
    detail: Detail = "units",
    layout: str = "layered",
    theme: str = "light",
    fold: bool | None = None,
    color_by: str = "kind",
    scale: float = _SCALE,
) -> None:
    """Writes the picture of a design, as far as it has no problems, as SVG, PDF, PNG or TikZ: whole or not at all.

    fold: as `make_picture`. color_by: one of COLOURINGS. scale: pixels a point, of a PNG.
    """
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadInput(f"-o: '{path}' ends in none of {', '.join(SUFFIXES)}. Choose one of them.")
    check_writable(path)
    part = derived.part
    colours = colouring(part.network, color_by)
    try:
        picture = make_picture(part.network, detail, layout, fold=fold, colouring=colours, missing=part.missing)
    except ValueError as error:  # no such layout, or one that would take too long
        raise BadInput(f"--layout: {error}.") from error
    if picture.note:
        print(picture.note, file=sys.stderr)
    svg = to_svg(picture, THEMES[theme])
    if suffix in (".svg", ".tex"):
        data = (svg if suffix == ".svg" else to_tikz(svg)).encode()
    else:
        data = _painted(svg, picture.title, suffix, scale)
    try:
        write_whole(path, data)
    except FileError as error:
        raise RunFailed(str(error)) from error


def _painted(svg: str, title: str, suffix: str, scale: float) -> bytes:
    try:
        from resnet_studio.ui.picture.render import RenderError, svg_to_pdf, svg_to_png
    except ImportError as error:
        what = f"a {suffix[1:].upper()} needs Qt, which can't be loaded ({error})"
        raise RunFailed(f"{what}. Draw to an .svg file instead.") from error
    try:
        return svg_to_pdf(svg, title) if suffix == ".pdf" else svg_to_png(svg, scale)
    except RenderError as error:
        raise RunFailed(f"{error} Draw to an .svg file instead.") from error


def _read_scale(text: str | None, path: Path) -> float:
    if text is None:
        return _SCALE
    if path.suffix.lower() != ".png":
        raise BadInput(f"--scale: '{path}' has no pixels to scale. Leave it out, or draw to a .png file.")
    try:
        scale = float(text)
    except ValueError:
        scale = math.nan
    if not _SCALES[0] <= scale <= _SCALES[1]:
        raise BadInput(f"--scale: '{text[:40]}' is no scale. Use {_SCALES[0]:g} to {_SCALES[1]:g} pixels a point.")
    return scale
