"""The window's look: Fusion in the colours of a theme, and which theme the system asks for."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QAction, QColor, QFont, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication, QStyleFactory, QToolButton

from resnet_studio.picture.palette import DARK, LIGHT, Theme

from .resources import resource


def system_theme() -> Theme:
    """Dark where the system says so, else light."""
    return DARK if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else LIGHT


def apply_theme(app: QApplication, theme: Theme) -> None:
    """Gives every widget the theme's colours. Fusion, because native styles take palettes only in part."""
    if app.style().name().lower() != "fusion":
        app.setStyle(QStyleFactory.create("Fusion"))
    app.setPalette(palette(theme))
    check = resource(f"icons/check-{theme.name}.svg").as_posix()
    sheet = _SHEET.format(check=check, **{name: getattr(theme, name) for name in _USED})
    if app.styleSheet() != sheet:  # Qt would look at every widget again
        app.setStyleSheet(sheet)


def palette(theme: Theme) -> QPalette:
    """The theme's colours as Qt's roles."""
    role, group = QPalette.ColorRole, QPalette.ColorGroup
    colours = {
        role.Window: theme.window, role.WindowText: theme.text, role.Base: theme.surface, role.Text: theme.text,
        role.AlternateBase: theme.window, role.Button: theme.raised, role.ButtonText: theme.text,
        role.ToolTipBase: theme.raised, role.ToolTipText: theme.text, role.PlaceholderText: theme.muted,
        role.Highlight: theme.accent, role.HighlightedText: theme.on_accent, role.Link: theme.accent,
        role.Mid: theme.border, role.Dark: theme.border, role.Light: theme.raised, role.Midlight: theme.border,
        role.BrightText: theme.error,
    }  # fmt: skip
    result = QPalette()
    for each, colour in colours.items():
        result.setColor(each, QColor(colour))
    faint = QColor(theme.muted)
    faint.setAlpha(150)
    for each in (role.WindowText, role.Text, role.ButtonText):
        result.setColor(group.Disabled, each, faint)
    return result


def icon_button(action: QAction) -> QToolButton:
    """A small flat button that shows an action's icon; its words are the tooltip and what a screen reader says."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setIconSize(QSize(16, 16))
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
    button.setAutoRaise(True)
    button.setAccessibleName(action.text().replace("&", ""))
    return button


def text_button(action: QAction) -> QToolButton:
    """A button that shows an action's icon and words, and is reached by Tab."""
    button = QToolButton()
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    return button


def tabular(font: QFont) -> QFont:
    """`font` with figures of equal width, so that numbers in a column line up."""
    result = QFont(font)
    result.setFeature(QFont.Tag("tnum"), 1)
    return result


_USED = ("window", "surface", "raised", "border", "text", "muted", "accent", "on_accent", "error")
_SHEET = """
QToolTip {{ color: {text}; background: {raised}; border: 1px solid {border}; padding: 4px; }}
QSplitter::handle {{ background: {window}; }}
QSplitter::handle:hover {{ background: {border}; }}
QHeaderView::section {{ background: {window}; color: {muted}; border: 0; border-bottom: 1px solid {border}; padding: 3px 6px; }}
QTableView {{ gridline-color: {border}; border: 1px solid {border}; }}
QLabel[role="heading"] {{ font-weight: 600; }}
QLabel[role="muted"] {{ color: {muted}; }}
QLabel[role="error"] {{ color: {error}; }}
QCheckBox::indicator, QListView::indicator {{ width: 13px; height: 13px; border: 1px solid {muted}; border-radius: 3px; background: {surface}; }}
QCheckBox::indicator:checked, QListView::indicator:checked {{ background: {accent}; border-color: {accent}; image: url("{check}"); }}
QCheckBox::indicator:focus {{ border: 2px solid {accent}; }}
QCheckBox::indicator:disabled {{ border-color: {border}; }}
QToolBar {{ border: 0; spacing: 4px; padding: 3px 6px; }}
"""
