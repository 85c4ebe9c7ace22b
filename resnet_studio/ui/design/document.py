"""The one mutable thing: the design that is open, its history, its file, and what follows from it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QUndoCommand, QUndoStack

from resnet_studio.design.files import load, save
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Design
from resnet_studio.design.validate import Problem, validate
from resnet_studio.network.network import Network, expand
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import menu_text


class DesignDocument(QObject):
    """Holds one design. Every change is one undoable command, and everybody listens to `design_changed`."""

    design_changed = Signal()
    path_changed = Signal()
    modified_changed = Signal(
        bool
    )  # the stack's own signal comes once more while it is destroyed, with the window half gone

    def __init__(self, design: Design, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.undo_stack = QUndoStack(self)
        self.undo_stack.cleanChanged.connect(self._clean_changed)
        self.path: Path | None = None
        self._replace(design)

    @property
    def design(self) -> Design:
        """The design as it stands, right or wrong."""
        return self._design

    @property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the design from being a network."""
        return self._problems

    @property
    def network(self) -> Network | None:
        """The design, expanded; None while it has problems."""
        return self._network

    @property
    def modified(self) -> bool:
        """Whether there is something that no file holds."""
        return not self.undo_stack.isClean()

    def edit(self, design: Design, text: str) -> None:
        """Makes `design` the current one. text names the step in the Edit menu: 'Set depth of block2'."""
        # True, 1 and 1.0 are equal, and not the same: what was typed is told by its type too.
        if design != self._design or repr(design) != repr(self._design):
            self.undo_stack.push(_ReplaceDesign(self, design, text))

    def open(self, path: Path) -> None:
        """Reads a design file in place of what is open; its history goes. Raises FileError and changes nothing then."""
        self.start(load(path), path)

    def start(self, design: Design, path: Path | None = None) -> None:
        """Begins anew with `design`: no history, nothing unsaved."""
        self.undo_stack.clear()
        self.path = path
        self.show(design)
        self.path_changed.emit()

    def save(self, path: Path) -> None:
        """Writes the design. Raises FileError, and is still unsaved then."""
        save(self._design, path)
        self.path = path
        self.undo_stack.setClean()
        self.path_changed.emit()

    def show(self, design: Design) -> None:
        """Makes `design` the current one without a step in the history: for commands only."""
        self._replace(design)
        self.design_changed.emit()

    def _replace(self, design: Design) -> None:
        self._design = design
        self._problems = validate(design)
        self._network = None if self._problems else expand(design)

    @Slot(bool)
    def _clean_changed(self, clean: bool) -> None:
        self.modified_changed.emit(not clean)

    @Slot(str)
    def use_preset(self, name: str) -> None:
        """Exchanges the design for a preset, as a step that can be undone."""
        self.edit(PRESETS[name], f"Use {name}")


@guarded
class _ReplaceDesign(QUndoCommand):
    """Designs are frozen, so a step is the one before and the one after."""

    def __init__(self, document: DesignDocument, design: Design, text: str) -> None:
        super().__init__(menu_text(text))
        self._document = document
        self._before, self._after = document.design, design

    def redo(self) -> None:
        self._document.show(self._after)

    def undo(self) -> None:
        self._document.show(self._before)
