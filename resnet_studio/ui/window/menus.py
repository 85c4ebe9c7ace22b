"""The menu bar and the actions that are not one panel's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMainWindow, QMenu, QMessageBox, QWidget

from resnet_studio import __version__
from resnet_studio.design.presets import PRESETS, preset_title
from resnet_studio.ui.design.design_panel import DesignPanel
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.more_options import MoreOptions
from resnet_studio.ui.differences.diff_window import DiffWindow
from resnet_studio.ui.paths.paths_panel import PathsPanel
from resnet_studio.ui.picture.graph_panel import GraphPanel
from resnet_studio.ui.picture.picture_actions import PictureActions
from resnet_studio.ui.widgets.plain import message_box

from .benchmark_panel import BenchmarkPanel
from .export_actions import ExportActions
from .file_actions import FileActions
from .keys_dialog import KeysDialog
from .notation_actions import NotationActions


@dataclass(frozen=True, slots=True)
class MenuParts:
    """What the menus are made of: the actions that stand alone, and the panels whose own actions are in them."""

    document: DesignDocument
    files: FileActions
    exports: ExportActions
    notation: NotationActions
    pictures: PictureActions
    undo_actions: dict[str, QAction]
    theme_actions: QActionGroup  # filled here
    choose_theme: Callable[[str], None]  # told 'system', 'light' or 'dark'
    design_panel: DesignPanel
    graph_panel: GraphPanel
    paths_panel: PathsPanel
    benchmark_panel: BenchmarkPanel
    more_options: MoreOptions
    diff_window: DiffWindow


def make_undo_actions(document: DesignDocument, window: QWidget) -> dict[str, QAction]:
    """Undo and Redo, which name the step they are about."""
    undo = document.undo_stack.createUndoAction(window, "&Undo")
    undo.setShortcut(QKeySequence.StandardKey.Undo)
    redo = document.undo_stack.createRedoAction(window, "&Redo")
    redo.setShortcuts([QKeySequence("Ctrl+Shift+Z"), QKeySequence("Ctrl+Y")])
    # Qt would make tooltips of the texts, and show a name in them as markup: the menu names the step.
    undo.setToolTip("Undo the last step (Ctrl+Z)")
    redo.setToolTip("Redo the step that was undone (Ctrl+Shift+Z)")
    return {"undo": undo, "redo": redo}


def add_menus(window: QMainWindow, parts: MenuParts) -> None:
    """Fills the window's menu bar."""
    bar = window.menuBar()
    parts.files.fill(bar.addMenu("&File"), [parts.pictures.export_action, parts.exports.action])
    edit = bar.addMenu("&Edit")
    edit.addActions(list(parts.undo_actions.values()))
    edit.addSeparator()
    edit.addActions([parts.notation.copy_action, parts.notation.paste_action, parts.pictures.copy_action])
    edit.addSeparator()
    edit.addActions(list(parts.design_panel.actions_by_icon.values()))
    edit.addAction(parts.design_panel.stride_action)
    edit.addSeparator()
    edit.addAction(parts.graph_panel.find_bar.find_action)
    _add_design(parts, bar.addMenu("&Design"))
    view = bar.addMenu("&View")
    view.addActions(parts.graph_panel.detail_actions.actions())
    view.addSeparator()
    view.addActions(parts.graph_panel.fold_actions.actions())
    view.addSeparator()
    view.addActions(list(parts.graph_panel.actions_by_icon.values()))
    view.addSeparator()
    _add_themes(parts, view.addMenu("&Theme"))
    bench = bar.addMenu("&Benchmark")
    panel = parts.benchmark_panel
    bench.addActions([panel.run_action, panel.stop_action, panel.compare.compare_action])
    bench.addSeparator()
    bench.addAction(panel.form.options_action)
    bench.addSeparator()
    results = panel.results
    bench.addActions([results.compare_action, results.export_action, results.delete_action, results.clear_action])
    _add_help(window, bar.addMenu("&Help"))


def _add_design(parts: MenuParts, menu: QMenu) -> None:
    options = menu.addAction("Network &options…")
    options.setShortcut(QKeySequence("Ctrl+,"))
    options.triggered.connect(parts.more_options.show)
    menu.addAction(parts.paths_panel.toggle_action)
    differences = menu.addAction("&Differences…")
    differences.setShortcut(QKeySequence("Ctrl+Shift+D"))
    differences.setToolTip("Two designs side by side, with what was added, removed and changed (Ctrl+Shift+D)")
    differences.triggered.connect(parts.diff_window.show_in_front)
    presets = menu.addMenu("Use a &preset")
    for title, part in (("Version &2", "_v2_"), ("Version &1", "_v1_"), ("&Plain", "_plain_")):
        group = presets.addMenu(title)
        for name in (each for each in PRESETS if part in each):
            group.addAction(preset_title(name)).setData(name)
    presets.triggered.connect(lambda action: parts.document.use_preset(action.data()))


def _add_themes(parts: MenuParts, menu: QMenu) -> None:
    group = parts.theme_actions
    for name, text in (("system", "As the &system"), ("light", "&Light"), ("dark", "&Dark")):
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setData(name)
        group.addAction(action)
    group.triggered.connect(lambda action: parts.choose_theme(action.data()))


def _add_help(window: QMainWindow, menu: QMenu) -> None:
    keys = menu.addAction("&Keys")
    keys.setShortcut(QKeySequence(QKeySequence.StandardKey.HelpContents))
    keys.setToolTip(f"What the keys do ({keys.shortcut().toString()})")
    keys.triggered.connect(lambda: KeysDialog(window.menuBar(), window).show())
    about = f"ResNet Studio {__version__}\n\nDesign a residual network, see it, know its cost, and time it."
    action = menu.addAction("&About")
    action.triggered.connect(lambda: _tell(window, "About ResNet Studio", about))


def _tell(window: QWidget, title: str, words: str) -> None:
    buttons = QMessageBox.StandardButton.Close
    box = message_box(window, QMessageBox.Icon.NoIcon, title, words, buttons=buttons)
    box.setModal(False)
    box.open()
