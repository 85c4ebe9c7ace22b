"""Out of the window with the picture: what of it, in which colours, as which file; painted beside the window."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import QObject, QThread

from resnet_studio.design.disk import FileError, write_whole
from resnet_studio.picture.excerpt import selection, within
from resnet_studio.picture.palette import THEMES, Theme
from resnet_studio.picture.shapes import Picture, Rect
from resnet_studio.picture.svg import to_svg
from resnet_studio.picture.tikz import to_tikz
from resnet_studio.ui.widgets.guard import guarded

from .render import RenderError, svg_to_pdf, svg_to_png

What = Literal["whole", "view", "selection"]
SUFFIXES = {
    ".svg": "SVG, vectors for the web",
    ".pdf": "PDF, vectors for print",
    ".png": "PNG, pixels",
    ".tex": "TikZ, for LaTeX",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """What is to go out. theme: 'light', 'dark' or 'shown'. scale: pixels a point, of a PNG."""

    what: What = "whole"
    theme: str = "shown"
    scale: float = 2.0


@dataclass(frozen=True, slots=True)
class Shown:
    """What a window shows: the picture, the part of it that is in view, the nodes that are selected, the colours."""

    picture: Picture
    view: Rect
    selected: Collection[str]
    theme: Theme

    def svg(self, choice: Choice) -> str:
        """The chosen part in the chosen colours, as SVG. Raises ValueError for a selection of nothing."""
        picture = self.picture
        if choice.what == "view":
            picture = within(picture, self.view)
        elif choice.what == "selection":
            picture = selection(picture, self.selected)
        return to_svg(picture, THEMES.get(choice.theme, self.theme))


@guarded
class PictureJob(QThread):
    """Paints a picture and writes it, whole or not at all. `fault` says after `finished` what went wrong, '' nothing.

    A thread of its own: a PNG of a thousand layers takes seconds.
    """

    def __init__(self, svg: str, title: str, path: Path, scale: float, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._svg = svg
        self._title = title
        self.path = path
        self._scale = scale
        self.fault = ""

    def run(self) -> None:
        try:
            data = self._painted()
            # One that was cancelled is painted to its end, which can't be hastened, and then thrown away.
            if not self.isInterruptionRequested():
                write_whole(self.path, data)
        except (FileError, RenderError) as error:
            self.fault = str(error)

    def _painted(self) -> bytes:
        match self.path.suffix.lower():
            case ".png":
                return svg_to_png(self._svg, self._scale)
            case ".pdf":
                return svg_to_pdf(self._svg, self._title)
            case ".tex":
                return to_tikz(self._svg).encode()
        return self._svg.encode()
