"""SVG text -> PNG or PDF, with no window and no display: one picture, so that no two formats can differ."""

from __future__ import annotations

import math

from PySide6.QtCore import QBuffer, QByteArray, QIODevice, QMarginsF, QRectF, QSizeF, Qt
from PySide6.QtGui import QFontDatabase, QGuiApplication, QImage, QPageSize, QPainter, QPdfWriter
from PySide6.QtSvg import QSvgRenderer

from resnet_studio.picture.text_fit import FAMILIES, FONT

MAX_SIDE = 20_000  # pixels
MAX_PIXELS = 64_000_000  # a quarter of a GiB while it is painted
MAX_PAGE = 14_400.0  # points: the longest side that readers of PDF 1.x take (ISO 32000-1, annex C)
_QUALITY = 80  # of a PNG, which loses nothing at any: this one takes half the time of the densest
_PAGE_DPI = 1200  # how finely a page is measured: Qt rounds places of texts to it


class RenderError(ValueError):
    """A picture that could not be painted. The text is a finished sentence."""


def svg_to_png(svg: str, scale: float = 2.0) -> bytes:
    """The PNG of `svg` at `scale` pixels a point, at fewer where the picture would pass MAX_SIDE or MAX_PIXELS.

    Raises RenderError for what is no SVG, and for a picture that memory does not hold.
    """
    app = _application()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not svg_to_image(svg, scale).save(buffer, "PNG", _QUALITY):  # type: ignore[call-overload]
        raise RenderError("The picture could not be written as PNG.")
    del app  # was only to live until here
    return bytes(buffer.data().data())


def svg_to_image(svg: str, scale: float = 2.0) -> QImage:
    """The same as an image, opaque as its page is. Needs a QGuiApplication."""
    renderer, size = _renderer(svg)
    width, height = size.width(), size.height()
    scale = min(scale, largest_scale(width, height))
    image = QImage(max(int(width * scale), 1), max(int(height * scale), 1), QImage.Format.Format_RGB32)
    if image.isNull():
        raise RenderError("There is not enough memory for the picture.")
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    renderer.render(painter)
    painter.end()
    return image


def svg_to_pdf(svg: str, title: str) -> bytes:
    """A PDF of one page as large as the picture, smaller where that would pass MAX_PAGE: vectors, and texts whose fonts
    are in it.

    Raises RenderError for what is no SVG.
    """
    app = _application()
    renderer, size = _renderer(svg)
    size *= min(1.0, MAX_PAGE / max(size.width(), size.height()))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("ResNet Studio")
    writer.setResolution(_PAGE_DPI)
    writer.setPageSize(QPageSize(size, QPageSize.Unit.Point, "", QPageSize.SizeMatchPolicy.ExactMatch))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0))
    painter = QPainter(writer)
    if not painter.isActive():
        raise RenderError("The picture could not be written as PDF.")
    renderer.render(painter, QRectF(0, 0, writer.width(), writer.height()))
    painter.end()
    del writer, app  # what is left is written when the writer goes
    return bytes(buffer.data().data())


def largest_scale(width: float, height: float) -> float:
    """The most pixels a point that a picture of this many points can be painted at."""
    return min(MAX_SIDE / max(width, height), math.sqrt(MAX_PIXELS / (width * height)))


def _application() -> QGuiApplication:
    # A picture can be painted without a screen: the platform is told, so that no display is asked for.
    app = QGuiApplication.instance()
    return app if isinstance(app, QGuiApplication) else QGuiApplication(["resnet-studio", "-platform", "offscreen"])


def _renderer(svg: str) -> tuple[QSvgRenderer, QSizeF]:
    # Qt takes a list of families for the name of one, and then any font: it is told the one that a browser would take.
    installed = set(QFontDatabase.families())
    family = next((family for family in FAMILIES if family in installed), "sans-serif")
    renderer = QSvgRenderer(QByteArray(svg.replace(f'font-family="{FONT}"', f'font-family="{family}"', 1).encode()))
    size = renderer.viewBoxF().size()
    if not renderer.isValid() or size.isEmpty():
        raise RenderError("The picture is no SVG that Qt can read.")
    return renderer, size
