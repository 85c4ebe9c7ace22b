"""Help > Keys: the keys of every entry of the menus, and those of single places."""

from __future__ import annotations

import html
import re

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QMenu, QMenuBar, QTextBrowser, QVBoxLayout, QWidget

_PLACES = (
    (
        "In the tables",
        "type to replace a cell, Enter goes down, Tab goes right, Ctrl+C and Ctrl+V copy and paste cells",
    ),
    (
        "In the picture",
        "the wheel or + and - zoom, dragging or the arrow keys pan, 0 fits, a click selects, with Ctrl several",
    ),
    (
        "On a run of equal units (×N)",
        "a click on its + opens it, a click on its − folds it; so does Enter or a double click",
    ),
    ("In the find bar", "Enter goes to the next hit, Shift+Enter to the one before, Esc closes it"),
    ("In the plots", "the wheel zooms, dragging moves, Home shows the whole run again"),
    ("In the results", "Ctrl+C copies rows, Del deletes their runs; Ctrl+click selects a second row to compare"),
    ("In the differences", "Esc closes the window"),
)
_SIZE = (520, 640)  # pixels


def keys_of(bar: QMenuBar) -> dict[str, list[tuple[str, str]]]:
    """By menu, the keys of its entries and what they do."""
    found: dict[str, list[tuple[str, str]]] = {}
    for entry in bar.actions():
        for action in _entries(entry):
            texts = [each.toString(QKeySequence.SequenceFormat.NativeText) for each in action.shortcuts()]
            if texts:
                found.setdefault(_plain(entry), []).append((", ".join(texts), _plain(action)))
    return found


def keys_html(bar: QMenuBar) -> str:
    """A table of all keys."""
    rows = []
    for menu, entries in keys_of(bar).items():
        rows.append(f'<tr><td colspan="2"><b>{html.escape(menu)}</b></td></tr>')
        rows += [f"<tr><td>{html.escape(what)}</td><td>{html.escape(keys)}</td></tr>" for keys, what in entries]
    places = [f"<p><b>{html.escape(place)}:</b> {html.escape(text)}.</p>" for place, text in _PLACES]
    return f'<table cellpadding="3" width="100%">{"".join(rows)}</table>{"".join(places)}'


class KeysDialog(QDialog):
    """Stays open beside the window; its text scrolls."""

    def __init__(self, bar: QMenuBar, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.text = QTextBrowser(self)
        self.text.setAccessibleName("Keys")
        self.text.setToolTip("What the keys do, menu by menu")
        self.text.setHtml(keys_html(bar))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.close)
        column = QVBoxLayout(self)
        column.addWidget(self.text)
        column.addWidget(buttons)
        self.resize(*_SIZE)


def _entries(entry: QAction) -> list[QAction]:
    """An entry of a menu; where it opens a menu, what is in there."""
    inner = entry.menu()
    return [each for action in inner.actions() for each in _entries(action)] if isinstance(inner, QMenu) else [entry]


def _plain(action: QAction) -> str:
    """What an entry reads: of each ampersand pair, which stands for one, the second, and no other."""
    return re.sub("&(.?)", r"\1", action.text()).rstrip("…")
