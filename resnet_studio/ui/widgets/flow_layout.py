"""A row of controls that goes on in a second line where it is too wide, so that it never widens the window."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QLayout, QLayoutItem, QWidget

from .guard import guarded


@guarded
class FlowLayout(QLayout):
    """Items from left to right, in as many lines as it takes. The last one stands at the right end of its line."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._items: list[QLayoutItem] = []

    def addItem(self, item: QLayoutItem) -> None:
        self._items.append(item)

    def add_row(self, row: QLayout) -> None:
        """Adds controls that stay together, a label and its field."""
        self.addChildLayout(row)
        self._items.append(row)

    def count(self) -> int:
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return self._arrange(QRect(0, 0, width, 0), place=False)

    def setGeometry(self, rect: QRect) -> None:
        super().setGeometry(rect)
        self._arrange(rect, place=True)

    def sizeHint(self) -> QSize:
        """All in one line."""
        shown = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(size.width() for size in shown) + self.spacing() * max(len(shown) - 1, 0)
        return self._framed(QSize(width, max((size.height() for size in shown), default=0)))

    def minimumSize(self) -> QSize:
        """The widest item."""
        size = QSize()
        for item in self._items:
            if not item.isEmpty():
                size = size.expandedTo(item.minimumSize())
        return self._framed(size)

    def _framed(self, size: QSize) -> QSize:
        frame = self.contentsMargins()
        return size + QSize(frame.left() + frame.right(), frame.top() + frame.bottom())

    def _arrange(self, rect: QRect, place: bool) -> int:
        """Breaks the lines at `rect`'s width, puts the items there where `place`, and tells the height that it takes."""
        inner = rect.marginsRemoved(self.contentsMargins())
        lines: list[list[QLayoutItem]] = [[]]
        x = 0
        for item in self._items:
            if item.isEmpty():
                continue
            width = item.sizeHint().width()
            if lines[-1] and x + width > inner.width():
                lines.append([])
                x = 0
            lines[-1].append(item)
            x += width + self.spacing()
        y = inner.top()
        for line in lines:
            height = max((item.sizeHint().height() for item in line), default=0)
            x = inner.left()
            for item in line if place else ():
                size = QSize(min(item.sizeHint().width(), inner.width()), height)
                if item is self._items[-1]:
                    x = max(x, inner.right() + 1 - size.width())
                item.setGeometry(QRect(QPoint(x, y), size))
                x += size.width() + self.spacing()
            y += height + self.spacing()
        return y - self.spacing() - rect.top() + self.contentsMargins().bottom()
