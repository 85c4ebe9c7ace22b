"""New, Open and Save; nothing unsaved is left without asking."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMenu, QMessageBox, QWidget

from resnet_studio.design.bounds import shorten
from resnet_studio.design.disk import FileError
from resnet_studio.design.files import contents
from resnet_studio.design.notation import Found, NotationError, Reading
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Design
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.widgets.plain import message_box
from resnet_studio.ui.widgets.resources import icon

from .reading_questions import ReadingQuestions

_FILTER = "Designs, programs and notebooks (*.json *.txt *.py *.ipynb);;All files (*)"


class FileActions(QObject):
    """The entries of the File menu."""

    def __init__(self, document: DesignDocument, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._questions = ReadingQuestions(window)
        standard = QKeySequence.StandardKey
        self._actions = {
            name: self._action(text, keys, slot)
            for name, text, keys, slot in (
                ("new", "&New", standard.New, self.new),
                ("open", "&Open…", standard.Open, self.choose_and_open),
                ("save", "&Save", standard.Save, self.save),
                ("save-as", "Save &as…", "Ctrl+Shift+S", self.save_as),
                ("quit", "&Quit", "Ctrl+Q", self._quit),
            )
        }

    @property
    def toolbar_actions(self) -> list[QAction]:
        """The ones that a toolbar shows."""
        return [self._actions[name] for name in ("new", "open", "save")]

    def fill(self, menu: QMenu, exports: list[QAction]) -> None:
        """Puts the actions into the File menu, with the `exports` below what saves."""
        for name, action in self._actions.items():
            if name == "quit":
                menu.addSeparator()
                menu.addActions(exports)
                menu.addSeparator()
            menu.addAction(action)

    def set_theme(self, theme: Theme) -> None:
        """Takes colours for icons."""
        for name in ("new", "open", "save"):
            self._actions[name].setIcon(icon(name, theme))

    def may_leave(self) -> bool:
        """Whether the design may go: it is saved, was saved just now, or is not wanted."""
        if not self._document.modified:
            return True
        buttons = QMessageBox.StandardButton
        question = f"Save the changes to {shorten(self._document.design.name, 64)}?"
        asked = buttons.Save | buttons.Discard | buttons.Cancel
        answer = message_box(self._window, QMessageBox.Icon.Question, "Save", question, buttons=asked).exec()
        if answer == buttons.Save:
            return self.save()
        return bool(answer == buttons.Discard)

    @Slot()
    def new(self) -> None:
        """Begins anew with ResNet-50."""
        if self.may_leave():
            self._document.start(PRESETS["resnet_v2_50"])

    @Slot()
    def choose_and_open(self) -> None:
        """Asks for a file and opens it."""
        if self.may_leave():
            name, _ = QFileDialog.getOpenFileName(self._window, "Open a design", self._folder(), _FILTER)
            if name:
                self.open(Path(name))

    def open(self, path: Path) -> None:
        """Opens a file, or says what is wrong with it. A text's open questions are asked, as for one that is pasted.

        A program is never saved over: what was read from one is a design without a file.
        """
        try:
            found = contents(path)
        except FileError as error:
            if not (isinstance(error.__cause__, NotationError) and error.__cause__.asks):
                self._tell("This file could not be opened", str(error))
                return
        else:
            if isinstance(found, Design):
                self._document.start(found, path)
                return
        self._questions.settle(
            lambda known: _read_text(path, known),
            lambda network: self._document.start(network.design),
            lambda why: self._tell("This file could not be opened", f"{path}: {why}"),
        )

    @Slot()
    def save(self) -> bool:
        """Saves to the design's file, or asks for one."""
        return self._save_to(self._document.path) if self._document.path else self.save_as()

    @Slot()
    def save_as(self) -> bool:
        """Asks for a file and saves to it."""
        start = self._document.path or Path(self._folder()) / f"{self._document.design.name}.json"
        name, _ = QFileDialog.getSaveFileName(self._window, "Save the design", str(start), _FILTER)
        return bool(name) and self._save_to(_with_suffix(Path(name), ".json"))

    def _action(self, text: str, keys: QKeySequence.StandardKey | str, slot: object) -> QAction:
        action = QAction(text, self._window)
        action.setShortcut(QKeySequence(keys))
        plain = text.replace("&", "").replace("…", "")
        action.setToolTip(f"{plain} ({QKeySequence(keys).toString()})")
        action.triggered.connect(slot)
        return action

    def _save_to(self, path: Path) -> bool:
        try:
            self._document.save(path)
        except FileError as error:
            self._tell("The design could not be saved", str(error))
            return False
        return True

    def _folder(self) -> str:
        return str(self._document.path.parent if self._document.path else Path.home())

    def _tell(self, title: str, text: str) -> None:
        message_box(self._window, QMessageBox.Icon.Warning, title, title, text).open()

    @Slot()
    def _quit(self) -> None:
        self._window.close()


def _read_text(path: Path, known: Mapping[str, object]) -> Reading:
    """The networks of a text in a file. Raises NotationError, also where the file has gone meanwhile."""
    try:
        found = contents(path, known)
    except FileError as error:
        if isinstance(error.__cause__, NotationError):
            raise error.__cause__ from error
        raise NotationError(1, 1, str(error).rstrip("."), "the file that was opened") from error
    if isinstance(found, Design):
        return Reading((Found(found.name, found, 1),))
    return found


def _with_suffix(path: Path, suffix: str) -> Path:
    return path if path.suffix else path.with_suffix(suffix)
