"""No exception leaves a Qt override: Qt is C++, and an exception that passes through it can end the process.

Every class that derives from a Qt or pyqtgraph class and overrides one of its methods bears `@guarded`. A test finds
the ones that don't.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from functools import wraps
from typing import Any, TypeVar

from PySide6.QtCore import QModelIndex, QRectF, QSize, Qt
from PySide6.QtGui import QPainterPath, QValidator
from PySide6.QtWidgets import QAbstractSpinBox

_Class = TypeVar("_Class", bound=type)


def guarded(kind: _Class) -> _Class:
    """A class decorator. It wraps each method of `kind` that overrides one of a Qt or pyqtgraph class.

    It belongs at the class itself: PySide keeps hold of a method that it has called once, and an exchange crashes then.
    When such a method raises, `sys.excepthook` is told, as for every other fault of the program, and Qt gets the
    method's neutral value: no data, no rows, an empty rectangle. The wrapper costs one more call.
    Raises TypeError for a method that `_NEUTRAL` has no value for: add it there.
    """
    for name in overrides(kind):
        setattr(kind, name, _guard(getattr(kind, name), _neutral(name)))
    return kind


def overrides(kind: type) -> list[str]:
    """The names of the methods that `kind` itself defines and a Qt or pyqtgraph class above it has as well."""
    foreign = [base for base in kind.__mro__ if base.__module__.startswith(("PySide6", "pyqtgraph"))]
    return [
        name
        for name, value in vars(kind).items()
        if callable(value) and not name.startswith("__") and any(hasattr(base, name) for base in foreign)
    ]


def _guard(method: Callable[..., Any], neutral: Callable[[], Any]) -> Callable[..., Any]:
    @wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except Exception:  # noqa: BLE001 - none of them may pass
            with suppress(Exception):  # whatever tells of faults may have one, too
                sys.excepthook(*sys.exc_info())
            return neutral()

    call.neutral = neutral  # type: ignore[attr-defined]  # the sign of a guard, for tests
    return call


def _neutral(name: str) -> Callable[[], Any]:
    if name in _NEUTRAL:
        return _NEUTRAL[name]
    if name.endswith("Event"):
        return _nothing
    raise TypeError(f"{name}: no neutral value is known for this override. Add one to _NEUTRAL.")


def _nothing() -> None:
    return None


# A function for each value, because Qt's values can be changed: no two callers may share one.
_NEUTRAL: dict[str, Callable[[], Any]] = {
    # models
    "columnCount": int,
    "data": _nothing,
    "flags": lambda: Qt.ItemFlag.NoItemFlags,
    "hasChildren": bool,
    "headerData": _nothing,
    "index": QModelIndex,
    "parent": QModelIndex,
    "rowCount": int,
    "setData": bool,
    # what is painted
    "boundingRect": QRectF,
    "paint": _nothing,
    "shape": QPainterPath,
    "tickStrings": list,
    "tickValues": list,
    # widgets
    "closeEditor": _nothing,
    "event": bool,
    "eventFilter": bool,
    "minimumSizeHint": QSize,
    "scrollContentsBy": _nothing,
    "sizeHint": QSize,
    "stepBy": _nothing,
    "stepEnabled": lambda: QAbstractSpinBox.StepEnabledFlag.StepNone,
    "validate": lambda: QValidator.State.Intermediate,
    # layouts
    "addItem": _nothing,
    "count": int,
    "expandingDirections": lambda: Qt.Orientation(0),
    "hasHeightForWidth": bool,
    "heightForWidth": int,
    "itemAt": _nothing,
    "minimumSize": QSize,
    "setGeometry": _nothing,
    "takeAt": _nothing,
    # steps of the history, threads
    "redo": _nothing,
    "run": _nothing,
    "undo": _nothing,
}
