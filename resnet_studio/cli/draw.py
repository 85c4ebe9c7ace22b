"""`draw`: a network's picture in a file."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import cast

from resnet_studio.arch.files import FileError, write_whole
from resnet_studio.arch.graph import DETAILS, Detail
from resnet_studio.arch.network import expand
from resnet_studio.arch.palette import THEMES
from resnet_studio.arch.picture import make_picture
from resnet_studio.arch.spec import Design
from resnet_studio.arch.svg import to_svg

from .inputs import BadInput, RunFailed, check_choice, check_writable, sound_design

SUFFIXES = (".svg", ".png")


def draw(name: str, path: Path, detail: str, layout: str, theme: str, fold: bool | None) -> int:
    """Draws the design that `name` names to `path`, and says so."""
    check_choice("--detail", detail, DETAILS)
    check_choice("--theme", theme, THEMES)
    draw_to_file(sound_design(name), path, cast(Detail, detail), layout, theme, fold)
    print(path)
    return 0


def draw_to_file(
    design: Design,
    path: Path,
    detail: Detail = "units",
    layout: str = "layered",
    theme: str = "light",
    fold: bool | None = None,
) -> None:
    """Writes the picture of `design`, which has no problems, as SVG or PNG: whole or not at all. fold: as `make_picture`."""
    suffix = path.suffix.lower()
    if suffix not in SUFFIXES:
        raise BadInput(f"-o: '{path}' ends in neither of {', '.join(SUFFIXES)}. Choose one of them.")
    check_writable(path)
    try:
        picture = make_picture(expand(design), detail, layout, fold=fold)
    except ValueError as error:  # no such layout, or one that would take too long
        raise BadInput(f"--layout: {error}.") from error
    if picture.note:
        print(picture.note, file=sys.stderr)
    svg = to_svg(picture, THEMES[theme])
    data = svg.encode() if suffix == ".svg" else _png(svg)
    try:
        write_whole(path, data)
    except FileError as error:
        raise RunFailed(str(error)) from error


def _png(svg: str) -> bytes:
    try:
        from resnet_studio.ui.render import RenderError, svg_to_png
    except ImportError as error:
        raise RunFailed(f"a PNG needs Qt, which can't be loaded ({error}). Draw to an .svg file instead.") from error
    try:
        return svg_to_png(svg)
    except RenderError as error:
        raise RunFailed(f"{error} Draw to an .svg file instead.") from error
