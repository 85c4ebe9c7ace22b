"""Text as it is: Qt takes some texts for markup, and an ampersand or a '[*]' for a sign of its own.

Names come from files and from the clipboard. `<img src=…>` in one would be loaded, `&` in a menu be swallowed. So every
label and message box of the window is made here; a test looks for others.
"""

from __future__ import annotations

import html

from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as TextQt
from PySide6.QtWidgets import QLabel, QMessageBox, QWidget

from resnet_studio.design.bounds import shorten

_LONGEST = 80  # characters of a name or step in a menu or a window's title
_LONGEST_MESSAGE = 2_000  # characters: more of them make a box higher than the screen


def plain_label(text: str = "", parent: QWidget | None = None) -> QLabel:
    """A label that shows its text, this one and every later one, as the characters it has."""
    label = QLabel(parent)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setText(text)
    return label


def plain_tip(text: str) -> str:
    """`text` for a tooltip, shown as the characters it has: Qt would take some texts for markup."""
    if not TextQt.mightBeRichText(text):
        return text
    return f'<p style="white-space:pre">{html.escape(text)}</p>'


def menu_text(text: str) -> str:
    """`text` for a menu, button or tab: on one line, no longer than fits, and its ampersands stay."""
    return shorten(" ".join(text.split()), _LONGEST).replace("&", "&&")


def title_text(text: str) -> str:
    """`text` for a part of a window's title, where '[*]' stands for 'not saved'."""
    return shorten(" ".join(text.split()), _LONGEST).replace("[*]", "[*][*]")


def message_box(
    parent: QWidget,
    icon: QMessageBox.Icon,
    title: str,
    text: str,
    more: str = "",
    details: str = "",
    buttons: QMessageBox.StandardButton = QMessageBox.StandardButton.Ok,
) -> QMessageBox:
    """A message box that shows texts as they are; `open` or `exec` shows it. It is gone once it is closed.

    text: what it is about. more: the sentences below it. details: what can be unfolded. buttons: what answers it.
    """
    box = QMessageBox(icon, title, "", buttons, parent)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    box.setText(text)
    box.setInformativeText(shorten(more, _LONGEST_MESSAGE))
    box.setDetailedText(details)
    make_plain(box)
    return box


def make_plain(dialog: QWidget) -> None:
    """Sets all labels of a dialog of Qt's own to plain text, once their texts are there."""
    if isinstance(dialog, QMessageBox):
        dialog.setTextFormat(Qt.TextFormat.PlainText)
    for label in dialog.findChildren(QLabel):
        label.setTextFormat(Qt.TextFormat.PlainText)
