"""SVG text -> PNG, with no window and no display."""

from __future__ import annotations

import math

from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QGuiApplication, QImage, QPainter
from PySide6.QtSvg import QSvgRenderer

MAX_SIDE = 20_000  # pixels
MAX_PIXELS = 64_000_000  # a quarter of a GiB while it is painted


class RenderError(ValueError):
    """A picture that could not be painted. The text is a finished sentence."""


def svg_to_png(svg: str, scale: float = 2.0) -> bytes:
    """The PNG of `svg` at `scale` pixels a point, at fewer where the picture would pass MAX_SIDE or MAX_PIXELS.

    Raises RenderError for what is no SVG, and for a picture that memory does not hold.
    """
    # A picture can be painted without a screen: the platform is told, so that no display is asked for.
    app = QGuiApplication.instance() or QGuiApplication(["resnet-studio", "-platform", "offscreen"])
    renderer = QSvgRenderer(QByteArray(svg.encode()))
    size = renderer.viewBoxF().size()
    if not renderer.isValid() or size.isEmpty():
        raise RenderError("The picture is no SVG that Qt can read.")
    width, height = size.width(), size.height()
    scale = min(scale, MAX_SIDE / max(width, height), math.sqrt(MAX_PIXELS / (width * height)))
    image = QImage(max(int(width * scale), 1), max(int(height * scale), 1), QImage.Format.Format_ARGB32_Premultiplied)
    if image.isNull():
        raise RenderError("There is not enough memory for the picture.")
    image.fill(0)
    painter = QPainter(image)
    painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
    renderer.render(painter)
    painter.end()
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):  # type: ignore[call-overload]
        raise RenderError("The picture could not be written as PNG.")
    del app  # was only to live until here
    return bytes(buffer.data().data())
