"""Places the panels and connects them. What they do is in their own files."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QActionGroup, QCloseEvent, QShowEvent
from PySide6.QtWidgets import QMainWindow, QSplitter, QTabWidget, QToolBar, QWidget

from resnet_studio.network.partial import sound_part
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.design.design_panel import DesignPanel
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.more_options import MoreOptions
from resnet_studio.ui.differences.diff_window import DiffWindow
from resnet_studio.ui.facts.facts_panel import FactsPanel
from resnet_studio.ui.facts.node_tree import NodeTree
from resnet_studio.ui.paths.paths_panel import PathsPanel
from resnet_studio.ui.picture.graph_panel import GraphPanel
from resnet_studio.ui.picture.picture_actions import PictureActions
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import title_text
from resnet_studio.ui.widgets.resources import icon

from .benchmark_panel import BenchmarkPanel
from .export_actions import ExportActions
from .file_actions import FileActions
from .menus import add_menus, make_undo_actions
from .notation_actions import NotationActions
from .selection_link import SelectionLink
from .settings import read_settings, write_settings

_WIDE = 1500  # pixels: a screen on which the side may be wider than it must


@guarded
class MainWindow(QMainWindow):
    """The one window. `runner` is shut down when it closes."""

    theme_chosen = Signal(str)  # 'system', 'light' or 'dark'

    def __init__(self, document: DesignDocument, runner: TimingRunner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.document = document
        self.runner = runner
        self.files = FileActions(document, self)
        self.notation = NotationActions(document, self)
        self.exports = ExportActions(document, self)
        self.design_panel = DesignPanel(document)
        self.graph_panel = GraphPanel()
        self.pictures = PictureActions(document, self.graph_panel, self)
        self.facts_panel = FactsPanel()
        self.node_tree = NodeTree()
        self.selection = SelectionLink(self.graph_panel, self.design_panel, self.node_tree, self.facts_panel, self)
        self.paths_panel = PathsPanel(runner)
        self.benchmark_panel = BenchmarkPanel(runner)
        self.more_options = MoreOptions(document, self)
        self.diff_window = DiffWindow(document, lambda: self.benchmark_panel.results.results.rows, self)
        self.theme_actions = QActionGroup(self)
        self.undo_actions = make_undo_actions(document, self)
        self._place()
        add_menus(self)
        self._connect()
        self._refresh()
        read_settings(self)
        self._show_title()

    def _place(self) -> None:
        self.side = QTabWidget()
        self.side.setDocumentMode(True)
        self.side.addTab(self.facts_panel, "Facts")
        self.side.addTab(self.node_tree, "Nodes")
        self.side.addTab(self.paths_panel, "Paths")
        self.graph_panel.view.addAction(self.paths_panel.toggle_action)
        self.graph_panel.view.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        self.upper = QSplitter(Qt.Orientation.Horizontal)
        for panel, stretch in ((self.design_panel, 0), (self.graph_panel, 1), (self.side, 0)):
            self.upper.addWidget(panel)
            self.upper.setStretchFactor(self.upper.count() - 1, stretch)
        room = self.screen().availableSize()
        self.upper.setSizes([440, 800, 300 if room.width() >= _WIDE else 252])
        self.whole = QSplitter(Qt.Orientation.Vertical)
        self.whole.addWidget(self.upper)
        self.whole.addWidget(self.benchmark_panel)
        self.whole.setStretchFactor(0, 3)
        self.whole.setStretchFactor(1, 2)
        self.whole.setSizes([600, 340])
        for splitter in (self.upper, self.whole):
            splitter.setChildrenCollapsible(False)
            splitter.setHandleWidth(5)
        self.setCentralWidget(self.whole)
        self.toolbar = QToolBar("Main")
        self.toolbar.setObjectName("main")
        self.toolbar.setMovable(False)
        self.toolbar.setIconSize(QSize(18, 18))
        self.toolbar.addActions(self.files.toolbar_actions)
        self.toolbar.addSeparator()
        self.toolbar.addActions(list(self.undo_actions.values()))
        self.toolbar.addSeparator()
        self.toolbar.addActions([self.benchmark_panel.run_action, self.benchmark_panel.stop_action])
        self.addToolBar(self.toolbar)
        self.resize(min(1680, room.width() - 20), min(1020, room.height() - 40))

    def _connect(self) -> None:
        self.document.design_changed.connect(self._refresh)
        self.document.path_changed.connect(self._show_title)
        self.document.modified_changed.connect(self._show_title)
        self.graph_panel.node_selected.connect(self.paths_panel.select)
        self.paths_panel.marking_changed.connect(self.graph_panel.set_marking)
        self.benchmark_panel.plan_changed.connect(self._plan_changed)
        self.benchmark_panel.problems_changed.connect(self._plan_changed)
        self.benchmark_panel.shares.profile_changed.connect(self.graph_panel.set_shares)
        self.benchmark_panel.shares.ops_chosen.connect(self.selection.choose)
        self.selection.changed.connect(self.benchmark_panel.shares.select_ops)
        self._plan_changed()

    def set_theme(self, theme: Theme) -> None:
        """Gives every panel the theme's colours; the application's palette is set apart."""
        for panel in (self.design_panel, self.graph_panel, self.paths_panel, self.benchmark_panel):
            panel.set_theme(theme)
        self.files.set_theme(theme)
        self.pictures.set_theme(theme)
        self.more_options.set_theme(theme)
        self.diff_window.set_theme(theme)
        for name, action in self.undo_actions.items():
            action.setIcon(icon(name, theme))

    @Slot()
    def _refresh(self) -> None:
        document = self.document
        if document.network:
            self.graph_panel.set_network(document.network)
        else:
            part = sound_part(document.design)
            self.graph_panel.set_network(part.network, part.missing)
        self.facts_panel.set_network(document.network, self.graph_panel.network)
        self.node_tree.set_network(self.graph_panel.network)
        self.paths_panel.set_network(document.network)
        self.benchmark_panel.set_design(document.design, document.problems)
        self._show_title()

    @Slot()
    def _plan_changed(self, *_: object) -> None:
        self.facts_panel.set_plan(self.benchmark_panel.plan)

    @Slot()
    def _show_title(self) -> None:
        place = f" ({title_text(self.document.path.name)})" if self.document.path else ""
        self.setWindowTitle(f"{title_text(str(self.document.design.name))}{place}[*] – ResNet Studio")
        self.setWindowModified(self.document.modified)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.runner.warm_up()

    def closeEvent(self, event: QCloseEvent) -> None:
        event.ignore()  # until it is certain that nothing is lost
        if not self.files.may_leave():
            return
        event.accept()
        write_settings(self)
        self.exports.cancel()
        self.pictures.shutdown()
        self.runner.shutdown()
