"""All texts of a window that Qt may take for markup, or in which it reads an ampersand as a sign."""

from collections.abc import Iterator

from PySide6.QtCore import QAbstractListModel, QModelIndex, Qt
from PySide6.QtGui import QAction
from PySide6.QtGui import Qt as TextQt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QGraphicsTextItem,
    QGraphicsView,
    QLabel,
    QTabWidget,
    QTextEdit,
    QWidget,
)

HOSTILE = "<img src=x><b>&amp;"
TAG = "<img src=x>"


def cells(model, parent=None, depth=0):
    parent = parent or QModelIndex()
    for row in range(min(model.rowCount(parent), 60)):
        for column in range(1 if isinstance(model, QAbstractListModel) else model.columnCount(parent)):
            index = model.index(row, column, parent)
            yield index
            if column == 0 and depth < 4:
                yield from cells(model, index, depth + 1)


def rich_texts(top: QWidget) -> Iterator[tuple[str, str]]:
    """(where, text) of all that Qt would take for markup where it looks like markup."""
    for widget in [top, *top.findChildren(QWidget)]:
        what = f"{type(widget).__name__} {widget.objectName()} {widget.accessibleName()}"
        yield f"{what} tooltip", widget.toolTip()
        yield f"{what} What's This", widget.whatsThis()
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            yield f"{what} text", widget.text()
        if isinstance(widget, QTextEdit):
            yield f"{what} text", widget.toHtml()
        if isinstance(widget, QTabWidget):
            yield from ((f"{what} tab's tooltip", widget.tabToolTip(tab)) for tab in range(widget.count()))
        if isinstance(widget, QGraphicsView) and widget.scene() is not None:
            for item in widget.scene().items():
                yield f"{what} item", item.toolTip()
                if isinstance(item, QGraphicsTextItem):  # what pyqtgraph writes beside a plot
                    yield f"{what} text item", item.toHtml()
        if isinstance(widget, QAbstractItemView) and widget.model() is not None:
            for index in cells(widget.model()):
                for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.WhatsThisRole):
                    yield f"{what} cell", str(index.data(role) or "")
    for action in top.findChildren(QAction):
        yield f"action {action.text()}", action.toolTip()
        yield f"action {action.text()} What's This", action.whatsThis()


def short_texts(top: QWidget) -> Iterator[tuple[str, str]]:
    """(where, text) of all in which an ampersand is a sign of Qt's: what follows is underlined, and it is not shown."""
    for action in top.findChildren(QAction):
        yield f"action {action.text()}", action.text()
    for widget in top.findChildren(QWidget):
        if isinstance(widget, QAbstractButton):
            yield f"{type(widget).__name__} {widget.text()}", widget.text()
        if isinstance(widget, QLabel) and widget.buddy() is not None:
            yield f"label {widget.text()}", widget.text()
        if isinstance(widget, QTabWidget):
            yield from ((f"tab {widget.tabText(tab)}", widget.tabText(tab)) for tab in range(widget.count()))


def assert_plain(top: QWidget) -> int:
    """How many texts have the name in them, as its characters."""
    seen = 0
    for where, text in rich_texts(top):
        if TextQt.mightBeRichText(text):
            assert TAG not in text, f"{where}: {text!r}"
            seen += "&lt;img src=x&gt;" in text
    for where, text in short_texts(top):
        if TAG in text:
            assert "&&amp;" in text, f"{where}: the ampersand of {text!r} is not shown"
            seen += 1
    return seen
