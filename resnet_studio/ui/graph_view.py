"""The middle of the window: the network's picture, with zoom, pan and fit, its detail and layout, and the legend."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QAction,
    QActionGroup,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QPainter,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFrame,
    QGraphicsScene,
    QGraphicsView,
    QHBoxLayout,
    QLabel,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.arch.graph import DETAILS, Detail
from resnet_studio.arch.network import Network
from resnet_studio.arch.palette import LIGHT, Theme
from resnet_studio.arch.partial import Missing
from resnet_studio.arch.picture import Picture, coloured, make_picture
from resnet_studio.arch.spec import Design

from .colour_bar import ColourBarStrip
from .colour_chooser import ColourChooser, Profile
from .flow_layout import FlowLayout
from .legend import Legend
from .resources import icon
from .scene import BoxItem, make_scene, mark_block, select_box
from .style import icon_button

Marking = Callable[[Picture], Picture]

MAX_SCALE = 6.0
MIN_SCALE = 0.02


class GraphView(QGraphicsView):
    """Shows a picture. The wheel zooms at the pointer, dragging pans; a picture that was fitted stays fitted."""

    resized = Signal()
    opened = Signal(str)  # the run of equal units that was double-clicked, or chosen with Enter: see `Box.run`

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.TextAntialiasing)
        self.setDragMode(QGraphicsView.DragMode.ScrollHandDrag)
        self.setTransformationAnchor(QGraphicsView.ViewportAnchor.AnchorUnderMouse)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMinimumSize(240, 160)
        self.setAccessibleName("Network graph")
        self.viewport().setCursor(Qt.CursorShape.ArrowCursor)
        self._fitted = True

    def set_scene(self, scene: QGraphicsScene) -> None:
        """Exchanges the scene and keeps the view: fitted, or at the same place and scale."""
        centre = self.mapToScene(self.viewport().rect().center())
        old = self.scene()
        self.setScene(scene)
        scene.setParent(self)
        if old is not None:
            old.deleteLater()
        if self._fitted:
            self.fit()
        else:
            self.centerOn(centre)

    @Slot()
    def fit(self) -> None:
        """The whole picture, as large as it goes but not larger than life."""
        self._fitted = True
        if self.scene() is None:
            return
        rect = self.scene().sceneRect()
        self.fitInView(rect, Qt.AspectRatioMode.KeepAspectRatio)
        if self.transform().m11() > 1.25:
            self.resetTransform()
            self.scale(1.25, 1.25)
            self.centerOn(rect.center())

    @Slot()
    def zoom_in(self) -> None:
        """A quarter larger."""
        self._zoom(1.25)

    @Slot()
    def zoom_out(self) -> None:
        """A fifth smaller."""
        self._zoom(0.8)

    def _zoom(self, factor: float) -> None:
        scale = self.transform().m11() * factor
        if MIN_SCALE <= scale <= MAX_SCALE:
            self._fitted = False
            self.scale(factor, factor)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._zoom(1.0015 ** max(min(event.angleDelta().y(), 480), -480))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_in()
        elif event.key() == Qt.Key.Key_Minus:
            self.zoom_out()
        elif event.key() == Qt.Key.Key_0:
            self.fit()
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.scene() is not None:
            self._open(next(iter(self.scene().selectedItems()), None))
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        item = self.itemAt(event.position().toPoint())
        if event.button() == Qt.MouseButton.RightButton and isinstance(item, BoxItem):
            # The menu is about the node that it was called up on.
            self.scene().clearSelection()
            item.setSelected(True)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        self._open(self.itemAt(event.position().toPoint()))

    def _open(self, item: object) -> None:
        if isinstance(item, BoxItem) and item.box.run:
            self.opened.emit(item.box.run)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self._fitted:
            self.fit()
        self.resized.emit()


class GraphPanel(QWidget):
    """The picture of a network at a chosen detail and layout."""

    node_selected = Signal(str)  # its name, "" for none
    block_selected = Signal(str)  # the name of the block of a node that was selected
    detail_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self._missing: tuple[Missing, ...] = ()
        self._theme = LIGHT
        self._block = self._node = ""
        self._aspect = 0.0
        self.picture: Picture | None = None
        self._marking: Marking | None = None
        self.view = GraphView()
        self._details = QComboBox()
        self._details.setToolTip("How much of the network is drawn: blocks, units or layers")
        self._details.addItems(DETAILS)
        self._details.setCurrentText("units")
        self._layouts = QComboBox()
        self._layouts.setToolTip("How the nodes are laid out; slow layouts are offered for small graphs only")
        self._fold: bool | None = None
        self._unfolded: frozenset[str] = frozenset()
        self._folding = QCheckBox("&Fold")
        self._folding.setToolTip(
            "Draw runs of equal units as one node, ×N. A double click on one (or Enter) opens it, and folds it again"
        )
        self._notice = QLabel()
        self._notice.setProperty("role", "error")
        self._notice.setWordWrap(True)
        self._notice.hide()
        self._colours = ColourChooser()
        self._bar = ColourBarStrip()
        self._legend = Legend()
        self._relayout = QTimer(self, singleShot=True, interval=120)
        self._relayout.timeout.connect(self._resized)
        self.actions_by_icon = self._make_actions()
        self.detail_actions = self._make_detail_actions()
        self._place()
        self.set_theme(LIGHT)
        self._details.currentTextChanged.connect(self._detail_chosen)
        self._layouts.textActivated.connect(self._draw)
        self._colours.chosen.connect(self._colour)
        self._folding.clicked.connect(self._fold_chosen)
        self.view.opened.connect(self._toggle_run)
        self.view.resized.connect(self._relayout.start)

    @property
    def detail(self) -> Detail:
        """The detail that is drawn."""
        return DETAILS[self._details.currentIndex()]

    @property
    def layout_name(self) -> str:
        """The layout that is drawn."""
        return self._layouts.currentText() or "layered"

    @property
    def shown(self) -> Picture | None:
        """The picture with the marks that it is shown with."""
        return self._marking(self.picture) if self.picture and self._marking else self.picture

    def set_network(self, network: Network, missing: tuple[Missing, ...] = ()) -> None:
        """Draws another network; missing: what follows it, where it is only the sound part of a design."""
        self._missing = missing
        self._network = network
        self._marking = None  # it was of the network before
        self._colours.set_network(network)
        self._draw()

    def set_shares(self, profile: Profile | None, design: Design | None = None) -> None:
        """Offers to colour by the shares of a profiled run of `design`, while that is what is shown; None for none."""
        self._colours.set_shares(profile, design)

    @Slot(object)
    def select_ops(self, ops: Collection[str]) -> None:
        """Selects the node that has the first of these operations, a folded run for any of its units, and shows it."""
        node = next((box.name for box in self.picture.boxes if set(ops) & set(box.ops)), "") if self.picture else ""
        if node and self.view.scene() is not None:
            self.view.scene().clearSelection()
            if item := select_box(self.view.scene(), node):
                self.view.ensureVisible(item)

    @Slot(object)
    def set_marking(self, marking: Marking | None) -> None:
        """Draws the picture as `marking` marks it, at whatever detail; None for no marks."""
        if marking is not None or self._marking is not None:
            self._marking = marking
            self._show()

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self._theme = theme
        self._legend.set_theme(theme)
        self._bar.set_theme(theme)
        for name, action in self.actions_by_icon.items():
            action.setIcon(icon(name, theme))
        self._show()

    @Slot(str)
    def set_detail(self, detail: str) -> None:
        """Draws at another detail."""
        self._details.setCurrentText(detail)

    @property
    def colour_by(self) -> str:
        """What the picture is coloured by: see `ColourChooser.by`."""
        return self._colours.by

    def set_colour_by(self, by: str) -> None:
        """Colours by something else, where that is offered."""
        self._colours.choose(by)

    def set_layout_name(self, name: str) -> None:
        """Draws another layout, where it is offered."""
        if self._layouts.findText(name) >= 0:
            self._layouts.setCurrentText(name)
            self._draw()

    def mark_block(self, name: str) -> None:
        """Marks a block as the one that is selected in the table."""
        if name != self._block:
            self._block = name
            if self.view.scene() is not None:
                mark_block(self.view.scene(), name)

    def _make_actions(self) -> dict[str, QAction]:
        actions = {}
        for name, text, keys, slot in (
            ("zoom-in", "Zoom &in", QKeySequence(QKeySequence.StandardKey.ZoomIn), self.view.zoom_in),
            ("zoom-out", "Zoom &out", QKeySequence(QKeySequence.StandardKey.ZoomOut), self.view.zoom_out),
            ("fit", "&Fit to window", QKeySequence("Ctrl+0"), self.view.fit),
        ):
            action = QAction(text, self)
            action.setShortcut(keys)
            action.setToolTip(f"{text.replace('&', '')} ({keys.toString()})")
            action.triggered.connect(slot)
            actions[name] = action
        return actions

    def _make_detail_actions(self) -> QActionGroup:
        group = QActionGroup(self)
        for number, detail in enumerate(DETAILS, start=1):
            action = QAction(f"&{detail.capitalize()}", self, checkable=True)
            action.setShortcut(QKeySequence(f"Ctrl+{number}"))
            action.setChecked(detail == "units")
            action.setData(detail)
            group.addAction(action)
        group.triggered.connect(self._detail_action)
        return group

    def _place(self) -> None:
        bar = FlowLayout()
        bar.setContentsMargins(8, 4, 8, 4)
        bar.setSpacing(8)
        for text, chooser in (("Detai&l", self._details), ("La&yout", self._layouts), ("Colou&r by", self._colours)):
            label = QLabel(text)
            label.setBuddy(chooser)
            bar.add_row(_row(label, chooser))
        bar.addWidget(self._folding)
        bar.add_row(_row(*map(icon_button, self.actions_by_icon.values())))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(bar)
        column.addWidget(self._notice)
        column.addWidget(self.view, 1)
        column.addWidget(self._bar)
        column.addWidget(self._legend)

    @Slot()
    def _draw(self) -> None:
        if self._network is None:
            return
        self._aspect = self._view_aspect()
        try:
            self.picture = self._make_picture(self.layout_name)
        except ValueError:  # offered for smaller graphs only
            self.picture = self._make_picture("layered")
        self._offer(self.picture.layouts)
        self._layouts.setCurrentText(self.picture.layout)
        self._folding.setChecked(self.picture.folded)
        self._folding.setEnabled(self.detail != "blocks")
        notice = "The design has problems: it is drawn as far as it is sound." if self._missing else self.picture.note
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))
        self._show()

    def _make_picture(self, layout: str) -> Picture:
        assert self._network is not None
        return make_picture(
            self._network, self.detail, layout, self._aspect, fold=self._fold, unfolded=self._unfolded,
            missing=self._missing,
            colouring=self._colours.colouring(),
        )  # fmt: skip

    def _offer(self, layouts: tuple[str, ...]) -> None:
        if [self._layouts.itemText(i) for i in range(self._layouts.count())] != list(layouts):
            self._layouts.blockSignals(True)
            self._layouts.clear()
            self._layouts.addItems(layouts)
            self._layouts.blockSignals(False)

    def _show(self) -> None:
        if (shown := self.shown) is not None:
            self._bar.set_bar(shown.bar)
            scene = make_scene(shown, self._theme)
            mark_block(scene, self._block)
            select_box(scene, self._node)
            scene.selectionChanged.connect(self._selected)
            self.view.set_scene(scene)

    @Slot()
    def _colour(self) -> None:
        if self.picture is not None:
            self.picture = coloured(self.picture, self._colours.colouring())
            self._show()

    def _view_aspect(self) -> float:
        size = self.view.viewport().size()
        return min(max(size.width() / max(size.height(), 1), 0.5), 4.0)

    @Slot()
    def _resized(self) -> None:
        # Rows are cut to the window's shape: cut them anew once it has changed enough to matter.
        if abs(self._view_aspect() / (self._aspect or 1.0) - 1) > 0.1:
            self._draw()

    @Slot(str)
    def _detail_chosen(self, detail: str) -> None:
        for action in self.detail_actions.actions():
            action.setChecked(action.data() == detail)
        self.view.fit()
        self._draw()
        self.detail_changed.emit()

    @Slot(bool)
    def _fold_chosen(self, fold: bool) -> None:
        self._fold, self._unfolded = fold, frozenset()
        self._draw()

    @Slot(str)
    def _toggle_run(self, run: str) -> None:
        if self.picture is not None and self.picture.folded:
            self._unfolded ^= {run}
            self._draw()

    @Slot(QAction)
    def _detail_action(self, action: QAction) -> None:
        self.set_detail(action.data())

    @Slot()
    def _selected(self) -> None:
        chosen = [item.box for item in self.view.scene().selectedItems() if isinstance(item, BoxItem)]
        self._node = chosen[0].name if chosen else ""
        self.node_selected.emit(self._node)
        if chosen and chosen[0].block:
            self.block_selected.emit(chosen[0].block)


def _row(*widgets: QWidget) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(6)
    for widget in widgets:
        row.addWidget(widget)
    return row
