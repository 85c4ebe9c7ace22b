"""Where the icons are: inside an installed package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QSize, Qt
from PySide6.QtGui import QIcon, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from resnet_studio.picture.palette import Theme

_PACKAGE = Path(__file__).resolve().parents[2]


def resource(name: str) -> Path:
    """The path of a shipped file, such as 'icons/app.svg'."""
    inside = _PACKAGE / "resources" / name
    return inside if inside.exists() else _PACKAGE.parent / "resources" / name


def icon(name: str, theme: Theme, size: int = 32) -> QIcon:
    """A shipped icon, drawn in the theme's colours: `currentColor` is its text, and paler where it is disabled.

    One that can't be read is empty: no picture of a button may keep the window from opening.
    """
    result = QIcon()
    try:
        svg = resource(f"icons/{name}.svg").read_text(encoding="utf-8")
    except OSError:
        return result
    for mode, colour in ((QIcon.Mode.Normal, theme.text), (QIcon.Mode.Disabled, theme.border)):
        renderer = QSvgRenderer(QByteArray(svg.replace("currentColor", colour).encode()))
        pixmap = QPixmap(QSize(size, size))
        pixmap.fill(Qt.GlobalColor.transparent)
        painter = QPainter(pixmap)
        renderer.render(painter)
        painter.end()
        result.addPixmap(pixmap, mode)
    return result
