"""The menu bar and the actions that are not one panel's own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMenu, QMessageBox

from resnet_studio import __version__
from resnet_studio.design.presets import PRESETS, preset_title
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.widgets.plain import message_box

from .keys_dialog import KeysDialog

if TYPE_CHECKING:
    from .main_window import MainWindow


def make_undo_actions(document: DesignDocument, window: MainWindow) -> dict[str, QAction]:
    """Undo and Redo, which name the step they are about."""
    undo = document.undo_stack.createUndoAction(window, "&Undo")
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    redo = document.undo_stack.createRedoAction(window, "&Redo")
    redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
    # Qt would make tooltips of the texts, and show a name in them as markup: the menu names the step.
    undo.setToolTip("Undo the last step (Ctrl+Z)")
    redo.setToolTip("Redo the step that was undone (Ctrl+Shift+Z)")
    return {"undo": undo, "redo": redo}


def add_menus(window: MainWindow) -> None:
    """Fills the window's menu bar."""
    bar = window.menuBar()
    window.files.fill(bar.addMenu("&File"), [window.pictures.export_action, window.exports.action])
    edit = bar.addMenu("&Edit")
    edit.addActions(list(window.undo_actions.values()))
    edit.addSeparator()
    edit.addActions([window.notation.copy_action, window.notation.paste_action, window.pictures.copy_action])
    edit.addSeparator()
    edit.addActions(list(window.design_panel.actions_by_icon.values()))
    edit.addAction(window.design_panel.stride_action)
    edit.addSeparator()
    edit.addAction(window.graph_panel.find_bar.find_action)
    _add_design(window, bar.addMenu("&Design"))
    view = bar.addMenu("&View")
    view.addActions(window.graph_panel.detail_actions.actions())
    view.addSeparator()
    view.addActions(window.graph_panel.fold_actions.actions())
    view.addSeparator()
    view.addActions(list(window.graph_panel.actions_by_icon.values()))
    view.addSeparator()
    _add_themes(window, view.addMenu("&Theme"))
    bench = bar.addMenu("&Benchmark")
    panel = window.benchmark_panel
    bench.addActions([panel.run_action, panel.stop_action, panel.compare.compare_action])
    bench.addSeparator()
    bench.addAction(panel.form.options_action)
    bench.addSeparator()
    results = panel.results
    bench.addActions([results.compare_action, results.export_action, results.delete_action, results.clear_action])
    _add_help(window, bar.addMenu("&Help"))


def _add_design(window: MainWindow, menu: QMenu) -> None:
    options = menu.addAction("Network &options…")
    options.setShortcut(QKeySequence("Ctrl+,"))
    options.triggered.connect(window.more_options.show)
    menu.addAction(window.paths_panel.toggle_action)
    differences = menu.addAction("&Differences…")
    differences.setShortcut(QKeySequence("Ctrl+Shift+D"))
    differences.setToolTip("Two designs side by side, with what was added, removed and changed (Ctrl+Shift+D)")
    differences.triggered.connect(window.diff_window.show_in_front)
    presets = menu.addMenu("Use a &preset")
    for name in PRESETS:
        action = presets.addAction(preset_title(name))
        action.setData(name)
    presets.triggered.connect(lambda action: window.document.use_preset(action.data()))


def _add_themes(window: MainWindow, menu: QMenu) -> None:
    group = window.theme_actions
    for name, text in (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark")):
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setData(name)
        group.addAction(action)
    group.triggered.connect(lambda action: window.theme_chosen.emit(action.data()))


def _add_help(window: MainWindow, menu: QMenu) -> None:
    keys = menu.addAction("&Keys")
    keys.setShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents))
    keys.setToolTip(f"What the keys do ({keys.shortcut().toString()})")
    keys.triggered.connect(lambda: KeysDialog(window.menuBar(), window).show())
    about = (
        f"ResNet Studio {__version__}\n\nDesign a pre-activation residual network, see it, know its cost, and time it."
    )
    action = menu.addAction("&About")
    action.triggered.connect(lambda: _tell(window, "About ResNet Studio", about))


def _tell(window: MainWindow, title: str, words: str) -> None:
    buttons = QMessageBox.StandardButton.Close
    box = message_box(window, QMessageBox.Icon.NoIcon, title, words, buttons=buttons)
    box.setModal(False)
    box.open()
