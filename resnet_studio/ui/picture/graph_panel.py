"""The middle of the window: the network's picture at a chosen detail and layout, with find bar, minimap and legend."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import QTimer, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from resnet_studio.design.spec import Design
from resnet_studio.network.network import Network
from resnet_studio.picture.graph import Detail
from resnet_studio.picture.palette import Theme
from resnet_studio.picture.path_marks import PathMarks
from resnet_studio.picture.picture import Picture
from resnet_studio.picture.view import Drawn, PictureView
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.selection import Selection
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.resources import icon

from .choices import Choices
from .colour_bar import ColourBarStrip
from .colour_chooser import Profile
from .drawing import Drawing
from .find_bar import FindBar
from .graph_view import GraphView
from .legend import Legend
from .minimap import Minimap
from .picture_bar import PictureBar
from .scene import PictureScene
from .stage import Stage
from .view_actions import make_detail_actions, make_fold_actions, make_view_actions


@guarded
class GraphPanel(QWidget):
    """The picture of a document's network. All that is seen follows from one value, `shows`; each change of it is drawn once."""

    def __init__(self, document: DesignDocument, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._selection = selection
        self.view = GraphView()
        self.minimap = Minimap(self.view)
        self.find_bar = FindBar(document)
        self._bar = PictureBar(document)
        self._notice = plain_label()
        self._notice.setProperty("role", "error")
        self._notice.setWordWrap(True)
        self._notice.hide()
        self._colour_bar = ColourBarStrip()
        self._legend = Legend()
        self._stage = Stage(self.view, self.minimap, self._colour_bar, self)
        self._drawing = Drawing(document, selection, self._stage, self._bar.colours, self)
        self._choices = Choices(self._drawing, self._stage, selection, self._bar, self.find_bar, self)
        self._relayout = QTimer(self, singleShot=True, interval=120)
        self._relayout.timeout.connect(self._resized)
        self._make_actions()
        self._place()
        self.set_theme(self.shows.theme)
        self._connect()

    def _make_actions(self) -> None:
        places = self._choices.places
        slots = {
            "back": places.go_back, "forward": places.go_forward, "zoom-in": self.view.zoom_in,
            "zoom-out": self.view.zoom_out, "zoom-selection": self._choices.zoom_to_selection, "fit": self._choices.fit,
        }  # fmt: skip
        self.actions_by_icon = make_view_actions(self, slots)
        places.enable(self.actions_by_icon["back"], self.actions_by_icon["forward"])
        self.detail_actions = make_detail_actions(self, self.set_detail)
        self.fold_actions = make_fold_actions(self, self._choices.set_fold)

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

    def _connect(self) -> None:
        self._drawing.drawn_anew.connect(self._follow)
        self.view.resized.connect(self._relayout.start)
        self.minimap.jumped.connect(self._choices.places.leave)
        self.find_bar.closed.connect(self.view.setFocus)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._drawing.seen()

    # ---- what is drawn

    @property
    def shows(self) -> PictureView:
        """All that decides what is seen."""
        return self._drawing.shows

    @property
    def picture(self) -> Picture:
        """The picture, without the marks of a path or lesion."""
        return self._drawing.seen().plain

    @property
    def shown(self) -> Picture:
        """The picture with the marks that it is shown with."""
        return self._drawing.seen().picture

    @property
    def scene(self) -> PictureScene | None:
        """What the view shows."""
        return self._stage.scene

    @property
    def network(self) -> Network:
        """The network that is drawn: of a design with problems, the part that is sound."""
        return self.shows.network

    @property
    def detail(self) -> Detail:
        """The detail that is chosen."""
        return self.shows.detail

    @property
    def layout_name(self) -> str:
        """The layout that is chosen."""
        return self.shows.layout

    @property
    def colour_by(self) -> str:
        """What the picture is coloured by: see `ColourChooser.by`."""
        return self._bar.colours.by

    @property
    def fold(self) -> bool | None:
        """Whether all runs of equal units are folded; None: where there are many nodes."""
        return self.shows.fold

    @property
    def selected_ops(self) -> frozenset[str]:
        """The operations that are selected."""
        return self._selection.ops

    def set_shares(self, profile: Profile | None, design: Design | None = None) -> None:
        """Offers to colour by the shares of a profiled run of `design`, while that is what is shown; None for none."""
        self._bar.colours.set_shares(profile, design)

    @Slot(object)
    def set_marks(self, marks: PathMarks | None) -> None:
        """Shows a path or a lesion in the picture, at whatever detail; None for neither."""
        if marks != self.shows.marks:
            self._drawing.change(marks=marks)

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self._legend.set_theme(theme)
        self._colour_bar.set_theme(theme)
        for name, action in self.actions_by_icon.items():
            action.setIcon(icon(name, theme))
        self._drawing.change(theme=theme)

    @Slot(str)
    def set_detail(self, detail: str) -> None:
        """Draws at another detail."""
        self._bar.details.setCurrentText(detail)

    def set_colour_by(self, by: str) -> None:
        """Colours by something else, where that is offered."""
        self._bar.colours.choose(by)

    def set_layout_name(self, name: str) -> None:
        """Draws another layout; one that is not offered for so large a picture gives way to 'layered'."""
        self._choices.set_layout_name(name)

    def set_fold(self, fold: bool | None) -> None:
        """Folds all runs of equal units, or none; None: where there are many nodes."""
        self._choices.set_fold(fold)

    def select_ops(self, ops: Collection[str]) -> None:
        """Selects operations, here and everywhere."""
        self._selection.choose(ops)

    def fit(self) -> None:
        """Shows the whole picture."""
        self._choices.fit()

    def zoom_to_selection(self) -> None:
        """Shows what is selected as large as it goes; the whole picture where nothing is."""
        self._choices.zoom_to_selection()

    @Slot(object)
    def _follow(self, drawn: Drawn) -> None:
        """The choosers show what is drawn."""
        picture = drawn.plain
        self._bar.follow(picture)
        for group, value in ((self.detail_actions, drawn.view.detail), (self.fold_actions, drawn.view.fold)):
            for action in group.actions():
                action.setChecked(action.data() == value)
        sound = not drawn.view.missing
        notice = picture.note if sound else "The design has problems: it is drawn as far as it is sound."
        self._notice.setText(notice)
        self._notice.setVisible(bool(notice))

    @Slot()
    def _resized(self) -> None:
        # Rows are cut to the window's shape: cut them anew once it has changed enough to matter.
        if abs(self.view.aspect / self.shows.aspect - 1) > 0.1:
            self._drawing.fill()
