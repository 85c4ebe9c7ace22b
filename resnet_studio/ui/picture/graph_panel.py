"""The middle of the window: the network's picture at a chosen detail and layout, with find bar, minimap and legend."""

from __future__ import annotations

from collections.abc import Callable, Collection

from PySide6.QtCore import QPointF, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.design.spec import Design
from resnet_studio.network.network import Network
from resnet_studio.network.partial import Missing
from resnet_studio.network.search import Hit
from resnet_studio.picture.graph import Detail
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.picture.picture import Picture, coloured, make_picture
from resnet_studio.picture.shapes import Box
from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.resources import icon

from .box_item import BoxItem
from .colour_bar import ColourBarStrip
from .colour_chooser import Profile
from .find_bar import FindBar
from .graph_view import GraphView
from .legend import Legend
from .minimap import Minimap
from .picture_bar import PictureBar
from .picture_selection import boxes_of, rect_of, unit_ops
from .places import Place, Places
from .scene import PictureScene, make_scene
from .view_actions import make_detail_actions, make_fold_actions, make_view_actions

Marking = Callable[[Picture], Picture]
Held = tuple[frozenset[str], QPointF]  # operations, and where on the viewport they are to stay


class GraphPanel(QWidget):
    """The picture of a network. What is selected in it is a set of operations, at whatever detail."""

    node_selected = Signal(str)  # the name of the first box that is selected, "" for none
    selection_changed = Signal()  # by the person who looks at the picture: see `selected_ops`
    detail_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.network: Network | None = None
        self.picture: Picture | None = None
        self.selected_ops: frozenset[str] = frozenset()
        self._missing: tuple[Missing, ...] = ()
        self._theme = LIGHT
        self._blocks: frozenset[str] = frozenset()
        self._hit: Hit | None = None
        self._aspect = 0.0
        self._marking: Marking | None = None
        self._fold: bool | None = None
        self._unfolded: frozenset[str] = frozenset()
        self._places = Places()
        self._selecting = False
        self.view = GraphView()
        self.minimap = Minimap(self.view)
        self.find_bar = FindBar()
        self._bar = PictureBar()
        self._notice = plain_label()
        self._notice.setProperty("role", "error")
        self._notice.setWordWrap(True)
        self._notice.hide()
        self._colour_bar = ColourBarStrip()
        self._legend = Legend()
        self._relayout = QTimer(self, singleShot=True, interval=120)
        self._relayout.timeout.connect(self._resized)
        self.actions_by_icon = make_view_actions(self)
        self.detail_actions = make_detail_actions(self)
        self.fold_actions = make_fold_actions(self)
        self._place()
        self.set_theme(LIGHT)
        self._bar.details.currentTextChanged.connect(self._detail_chosen)
        self._bar.layouts.textActivated.connect(self._layout_chosen)
        self._bar.colours.chosen.connect(self._colour)
        self._bar.folding.clicked.connect(self.set_fold)
        self.view.opened.connect(self._toggle_run)
        self.view.resized.connect(self._relayout.start)
        self.minimap.jumped.connect(self._leave)
        self.find_bar.found.connect(self._found)
        self.find_bar.stepped.connect(self._stepped)
        self.find_bar.closed.connect(self.view.setFocus)

    def _place(self) -> None:
        self._bar.add_buttons(self.actions_by_icon.values())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar)
        column.addWidget(self.find_bar)
        column.addWidget(self._notice)
        column.addWidget(self.view, 1)
        column.addWidget(self._colour_bar)
        column.addWidget(self._legend)
        self._tell_places()

    # ---- what is drawn

    @property
    def detail(self) -> Detail:
        """The detail that is drawn."""
        return self._bar.detail

    @property
    def layout_name(self) -> str:
        """The layout that is drawn."""
        return self._bar.layouts.currentText() or "layered"

    @property
    def colour_by(self) -> str:
        """What the picture is coloured by: see `ColourChooser.by`."""
        return self._bar.colours.by

    @property
    def fold(self) -> bool | None:
        """Whether all runs of equal units are folded; None: where there are many nodes."""
        return self._fold

    @property
    def shown(self) -> Picture | None:
        """The picture with the marks that it is shown with."""
        return self._marking(self.picture) if self.picture and self._marking else self.picture

    def set_network(self, network: Network, missing: tuple[Missing, ...] = ()) -> None:
        """Draws another network; missing: what follows it, where it is only the sound part of a design."""
        before, design = self.network.design if self.network else None, network.design
        held = None if self.view.fitted else self._eye()
        another = before is not None and before.name != design.name and before.blocks != design.blocks
        if another:
            # Another design, not a step in this one.
            held, self.selected_ops, self._unfolded = None, frozenset(), frozenset()
            self.view.fit()
        self._missing = missing
        self.network = network
        self._marking = None  # it was of the network before
        self._bar.colours.set_network(network)
        self._draw(held)
        self.find_bar.set_network(network)
        if another:
            self._tell_selection()

    def set_shares(self, profile: Profile | None, design: Design | None = None) -> None:
        """Offers to colour by the shares of a profiled run of `design`, while that is what is shown; None for none."""
        self._bar.colours.set_shares(profile, design)

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
        self._colour_bar.set_theme(theme)
        for name, action in self.actions_by_icon.items():
            action.setIcon(icon(name, theme))
        self._show()

    @Slot(str)
    def set_detail(self, detail: str) -> None:
        """Draws at another detail."""
        self._bar.details.setCurrentText(detail)

    def set_colour_by(self, by: str) -> None:
        """Colours by something else, where that is offered."""
        self._bar.colours.choose(by)

    def set_layout_name(self, name: str) -> None:
        """Draws another layout, where it is offered."""
        if self._bar.layouts.findText(name) >= 0:
            held = self._eye()
            self._bar.layouts.setCurrentText(name)
            self._draw(held)

    @Slot(object)
    def set_fold(self, fold: bool | None) -> None:
        """Folds all runs of equal units, or none; None: where there are many nodes."""
        self._leave()
        held = self._eye()
        self._fold, self._unfolded = fold, frozenset()
        self._draw(held)

    def mark_blocks(self, names: Collection[str]) -> None:
        """Marks blocks as those that are selected in the table."""
        if self._blocks != (names := frozenset(names)):
            self._blocks = names
            if self.scene is not None:
                self.scene.mark_blocks(names)

    # ---- what is selected, and where one looks

    @property
    def scene(self) -> PictureScene | None:
        """What the view shows."""
        scene = self.view.scene()
        return scene if isinstance(scene, PictureScene) else None

    def select_ops(self, ops: Collection[str], reveal: bool = True) -> None:
        """Selects the boxes of operations; reveal: moves the view to them where none of them is in view."""
        self.selected_ops = frozenset(ops)
        chosen = self._select()
        if reveal and chosen and not self.view.fitted:
            rect = rect_of(chosen)
            if not self.view.seen.intersects(rect):
                size = self.view.viewport().size()
                self.view.put(rect.center(), QPointF(size.width() / 2, size.height() / 2))

    @Slot()
    def zoom_to_selection(self) -> None:
        """Shows what is selected as large as it goes; the whole picture where nothing is."""
        chosen = boxes_of(self.picture, self.selected_ops) if self.picture else []
        self._leave()
        if chosen:
            self.view.show_rect(rect_of(chosen))
        else:
            self.view.fit()

    @Slot()
    def fit(self) -> None:
        """Shows the whole picture."""
        self._leave()
        self.view.fit()

    @Slot()
    def go_back(self) -> None:
        """Looks again at the place that was left last."""
        self._go(self._places.back(self._here()))

    @Slot()
    def go_forward(self) -> None:
        """Looks again at the place that one went back from."""
        self._go(self._places.forward(self._here()))

    def _here(self) -> Place:
        view = self.view
        centre = view.seen.center()
        return Place(
            self.detail, self.layout_name, self._fold, self._unfolded, view.fitted, view.zoom,
            (centre.x(), centre.y()), self.selected_ops,
        )  # fmt: skip

    @Slot()
    def _leave(self) -> None:
        if self.picture is not None:
            self._places.leave(self._here())
            self._tell_places()

    def _go(self, place: Place | None) -> None:
        if place is None:
            return
        for widget, text in ((self._bar.details, place.detail), (self._bar.layouts, place.layout)):
            widget.blockSignals(True)
            widget.setCurrentText(text)
            widget.blockSignals(False)
        self._fold, self._unfolded, self.selected_ops = place.fold, place.unfolded, place.selected
        self._draw()
        if place.fitted:
            self.view.fit()
        else:
            size = self.view.viewport().size()
            self.view.put(QPointF(*place.centre), QPointF(size.width() / 2, size.height() / 2), place.zoom)
        self._tell_places()
        self._tell_selection()
        self.detail_changed.emit()

    def _tell_places(self) -> None:
        self.actions_by_icon["back"].setEnabled(self._places.can_go_back)
        self.actions_by_icon["forward"].setEnabled(self._places.can_go_forward)

    def _eye(self, box: Box | None = None) -> Held | None:
        """What is to stay where it is on the screen: a box, else the selected or the middlemost unit that is in view.

        None while the whole picture is in view and nothing is selected.
        """
        if self.scene is None or self.network is None or (box is None and self.view.fitted and not self.selected_ops):
            return None
        seen = self.view.seen
        inside = [item.box for item in self.scene.boxes if item.box.ops and seen.contains(item.middle)]
        if box is None:
            chosen = [each for each in inside if self.selected_ops.issuperset(each.ops)] if self.selected_ops else []
            middle = seen.center()
            near = sorted(chosen or inside, key=lambda each: (rect_of([each]).center() - middle).manhattanLength())
            if not near or (self.view.fitted and not chosen):
                return None
            box = near[0]
        ops = unit_ops(self.network, box)
        middle = rect_of(boxes_of(self.picture, ops)).center() if self.picture else rect_of([box]).center()
        return ops, self.view.viewportTransform().map(middle)

    # ---- drawing

    def _draw(self, held: Held | None = None) -> None:
        if self.network is None:
            return
        self._aspect = self._view_aspect()
        try:
            self.picture = self._make_picture(self.layout_name)
        except ValueError:  # offered for smaller graphs only
            self.picture = self._make_picture("layered")
        self._bar.follow(self.picture)
        for group, value in ((self.detail_actions, self.detail), (self.fold_actions, self._fold)):
            for action in group.actions():
                action.setChecked(action.data() == value)
        notice = "The design has problems: it is drawn as far as it is sound." if self._missing else self.picture.note
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))
        self._show(held)

    def _make_picture(self, layout: str) -> Picture:
        assert self.network is not None
        return make_picture(
            self.network, self.detail, layout, self._aspect, fold=self._fold, unfolded=self._unfolded,
            missing=self._missing,
            colouring=self._bar.colours.colouring(),
        )  # fmt: skip

    def _show(self, held: Held | None = None) -> None:
        if (shown := self.shown) is None:
            return
        self._colour_bar.set_bar(shown.bar)
        scene = make_scene(shown, self._theme)
        scene.mark_blocks(self._blocks)
        where = None
        if held is not None and (boxes := boxes_of(shown, held[0] & self.network.by_name.keys())):  # type: ignore[union-attr]
            where = (rect_of(boxes).center(), held[1])
        if self.scene is not None:
            self.scene.selectionChanged.disconnect(self._selected)  # it would tell of its end as of a choice
        self.view.set_scene(scene)
        if where is not None:
            self.view.put(*where)
        self._select()
        self._mark_hits()
        scene.selectionChanged.connect(self._selected)
        self.minimap.set_picture(shown, self._theme)

    def _select(self) -> list[Box]:
        if self.scene is None or self.picture is None:
            return []
        chosen = boxes_of(self.picture, self.selected_ops)
        names = {box.name for box in chosen}
        self._selecting = True
        self.scene.select(names)
        self._selecting = False
        self.node_selected.emit(chosen[0].name if chosen else "")
        return chosen

    def _mark_hits(self) -> None:
        if self.scene is not None:
            at = frozenset(self._hit.ops) if self._hit else frozenset()
            self.scene.mark_found(frozenset(op for hit in self.find_bar.hits for op in hit.ops), at)

    @Slot()
    def _colour(self) -> None:
        if self.picture is not None:
            self.picture = coloured(self.picture, self._bar.colours.colouring())
            self._show()

    def _view_aspect(self) -> float:
        size = self.view.viewport().size()
        return min(max(size.width() / max(size.height(), 1), 0.5), 4.0)

    @Slot()
    def _resized(self) -> None:
        # Rows are cut to the window's shape: cut them anew once it has changed enough to matter.
        if abs(self._view_aspect() / (self._aspect or 1.0) - 1) > 0.1:
            self._draw(None if self.view.fitted else self._eye())

    # ---- what was chosen

    @Slot(str)
    def _detail_chosen(self, detail: str) -> None:
        if self.picture is not None:
            self._places.leave(self._here_at(self.picture.detail))
            self._tell_places()
        self._draw(self._eye())
        self.detail_changed.emit()

    def _here_at(self, detail: str) -> Place:
        here = self._here()
        return Place(detail, *(getattr(here, name) for name in Place.__slots__[1:]))

    @Slot(str)
    def _layout_chosen(self, _: str) -> None:
        self._leave()
        self._draw(self._eye())

    @Slot(str)
    def _toggle_run(self, run: str) -> None:
        if self.picture is not None and self.picture.folded and self.scene is not None:
            first = next((item.box for item in self.scene.boxes if item.box.run == run), None)
            self._leave()
            held = self._eye(first)
            self._unfolded ^= {run}
            self._draw(held)

    @Slot(object)
    def _found(self, hits: tuple[Hit, ...]) -> None:
        self._hit = None
        self._mark_hits()

    @Slot(object)
    def _stepped(self, hit: Hit) -> None:
        self._leave()
        self._hit = hit
        if self.picture is not None and (boxes := boxes_of(self.picture, hit.ops)):
            box = boxes[0]
            within = [each for each in self.find_bar.hits if not frozenset(each.ops).isdisjoint(box.ops)]
            if box.folded and len(within) == 1:  # the run would hide which of its units it is
                self._unfolded |= {box.run}
                self._draw(self._eye())
        self._mark_hits()
        self.select_ops(hit.ops)
        self._tell_selection()

    @Slot()
    def _selected(self) -> None:
        if self._selecting or self.scene is None:
            return
        chosen = [item.box for item in self.scene.selectedItems() if isinstance(item, BoxItem)]
        self.selected_ops = frozenset(op for box in chosen for op in box.ops)
        self.node_selected.emit(chosen[0].name if chosen else "")
        self._tell_selection()

    def _tell_selection(self) -> None:
        self.selection_changed.emit()
