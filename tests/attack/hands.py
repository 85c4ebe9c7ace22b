"""The monkey's hands: a window, and a person's means of doing something to it."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
)
from PySide6.QtWidgets import (
    QAbstractScrollArea,
    QApplication,
    QWidget,
)

from resnet_studio.design import notation
from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit
from tests.attack.hostile import JSON_TEXTS, NOTATIONS, TEXTS, json_places, json_with

_Thing = TypeVar("_Thing")
SMALL = Design(
    "small", (Block("b1", (Unit(16, 8), Unit(16, 8, 2))), Block("b2", (Unit(32, 8),), "basic")), (32, 32), 10
)
# Numbers that keep a design small, so that the next event doesn't wait for it, and some that are out of range.
CELLS = ("1", "2", "3", "5", "8", "16", "0", "-1", "9999", "abc", "", "basic", "bo", "block1", "mixed", "1e3")
KEYS = (
    "Return", "Enter", "Tab", "Backtab", "Escape", "Delete", "Backspace", "Home", "End", "PageUp", "PageDown", "Left",
    "Right", "Up", "Down", "Space", "F2", "Plus", "Minus", "A", "Z", "0", "F5", "Menu",
)  # fmt: skip
PRESET_PREFIXES = ("resnet_v", "cifar")
SHORT = {name: text for name, text in TEXTS.items() if len(text) <= 400}
_OWN_TITLES = {"Export the network": "{}.graphml", "Export the picture": "{}.svg", "Save the design": "{}.json"}


class Hands:
    """A window, and a person's means of doing something to it. `told` says in words what was done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.random = random.Random(0)
        self.told = ""
        self.window: QWidget
        self.files = self._write_files()

    def take(self, window: QWidget) -> None:
        """Takes another window."""
        self.window = window

    def _write_files(self) -> list[Path]:
        """Files to open: sound ones, and some that are not."""
        draw = random.Random(1)
        designs = [SMALL, PRESETS["resnet_v2_18_paper"], PRESETS["cifar_resnet_v2_20"]]
        texts = [json.dumps(design_to_json(design)) for design in designs]
        texts += [notation.format(design) for design in designs] + list(NOTATIONS.values())
        base = design_to_json(SMALL)
        places = list(json_places(base))
        texts += [json_with(base, draw.choice(places), draw.choice(list(JSON_TEXTS.values()))) for _ in range(60)]
        found = []
        for number, text in enumerate(texts):
            found.append(self.folder / f"file{number}{'.json' if text.startswith('{') else '.txt'}")
            found[-1].write_text(text, encoding="utf-8", errors="surrogatepass")
        return [*found, self.folder, self.folder / "absent.json"]

    def pick(self, things: Sequence[_Thing]) -> _Thing:
        return things[self.random.randrange(len(things))]

    def widgets(self, kind: type[_Thing] = QWidget) -> list[_Thing]:  # type: ignore[assignment]
        """The widgets of a kind that a person could reach now, of whichever window is in front."""
        top = QApplication.activeModalWidget() or self.window
        if top is self.window and self.window.diff_window.isVisible() and self.random.random() < 0.3:  # type: ignore[attr-defined]
            top = self.window.diff_window  # type: ignore[attr-defined]
        return [each for each in top.findChildren(kind) if each.isVisible() and each.isEnabled()] or [top]  # type: ignore[attr-defined, list-item]

    def send(self, widget: QWidget, event: QEvent) -> None:
        QCoreApplication.sendEvent(widget, event)

    def key(
        self,
        widget: QWidget,
        name: str,
        modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
        text: str = "",
    ) -> None:
        """A key, with the text that it would bring."""
        key = getattr(Qt.Key, f"Key_{name}", Qt.Key.Key_unknown)
        text = text or {"Return": "\r", "Space": " ", "A": "a", "Z": "z", "0": "0", "Plus": "+", "Minus": "-"}.get(
            name, ""
        )
        for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress, QEvent.Type.KeyRelease):
            self.send(widget, QKeyEvent(kind, key, modifiers, text))

    def type(self, widget: QWidget, text: str) -> None:
        """A text, letter by letter; a long one is pasted."""
        if len(text) > 30:
            QGuiApplication.clipboard().setText(text)
            self.key(widget, "V", Qt.KeyboardModifier.ControlModifier)
            return
        for letter in text:
            self.key(widget, "", text=letter)

    def mouse(
        self,
        widget: QWidget,
        kind: QEvent.Type,
        at: QPoint,
        button: Qt.MouseButton,
        held: Qt.MouseButton,
        modifiers: Qt.KeyboardModifier,
    ) -> None:
        """One event of a mouse."""
        self.send(widget, QMouseEvent(kind, QPointF(at), QPointF(widget.mapToGlobal(at)), button, held, modifiers))

    def target(self) -> tuple[QWidget, QPoint]:
        """A widget, its viewport where it scrolls, and a point on it."""
        widget = self.pick(self.widgets())
        if isinstance(widget, QAbstractScrollArea):
            widget = widget.viewport()
        at = QPoint(self.random.randrange(max(widget.width(), 1)), self.random.randrange(max(widget.height(), 1)))
        self.told = f"{name_of(widget)} at {at.x()},{at.y()}"
        return widget, at

    def modifiers(self) -> Qt.KeyboardModifier:
        names = ("NoModifier",) * 5 + ("ShiftModifier", "ControlModifier", "AltModifier")
        return Qt.KeyboardModifier[self.pick(names)]

    def file_to_open(self) -> str:
        """What a file dialog brings."""
        return str(self.pick(self.files)) if self.random.random() < 0.8 else ""

    def file_to_write(self, parent: QWidget, title: str, *rest: str) -> tuple[str, str]:
        """The same; an export of the network, which is a program of its own, is seldom begun."""
        name = self.pick(
            [text for text in SHORT.values() if not set("/\0") & set(text) and len(text) < 60]
        )  # what a dialog can bring
        often = 0.1 if "network" in title else 0.7
        path = str(self.folder / "a" / "b" / "c" / _OWN_TITLES.get(title, "{}.csv").format(name))
        chosen = rest[1].split(";;")[-1] if len(rest) > 1 else ""
        return (path, chosen) if self.random.random() < often else ("", "")

    def start_anew(self) -> None:
        """Leaves a design that is large, or that nothing can be done with any more."""
        self.window.document.start(SMALL)  # type: ignore[attr-defined]


def name_of(widget: QWidget) -> str:
    return (
        f"{type(widget).__name__}[{widget.accessibleName() or widget.objectName() or type(widget.parent()).__name__}]"
    )
