"""A residual network as 2^n paths: count, lengths, one path in the picture, lesions, and what the engine measures of them."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeySequence, QShowEvent, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QComboBox,
    QFrame,
    QHBoxLayout,
    QScrollArea,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.bench.path_totals import carrying_band, gradient_shares
from resnet_studio.design.words import large_text, percent_text
from resnet_studio.network.lesion import without_residuals
from resnet_studio.network.names import UnitPlace
from resnet_studio.network.network import Network
from resnet_studio.network.paths import (
    count_paths,
    gradient_band,
    layers_between,
    lengths_in_layers,
    lengths_in_units,
    paths_note,
    share,
    units_of,
)
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.picture.path_marks import PathMarks
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.selection import Selection
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label

from .lesion_list import LesionList
from .path_chooser import PathChooser
from .path_study import PathStudy
from .paths_plot import PathsPlot

_UNITS, _LAYERS = "units", "weighted layers"


@guarded
class PathsPanel(QScrollArea):
    """Shows the paths of a document's network. `marks_changed` tells how they are to be marked in the picture."""

    marks_changed = Signal(object)  # PathMarks, or None

    def __init__(
        self, document: DesignDocument, selection: Selection, runner: TimingRunner, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._document, self._selection = document, selection
        self._left: Network | None = None
        self._stale = True
        self._inner = QWidget()
        self._wheel = _WheelScrolls(self)
        self.count = plain_label()
        self.lengths_in = QComboBox()
        self.lengths_in.addItems((_UNITS, _LAYERS))
        self.lengths_in.setToolTip(
            "What a path's length is counted in: residual branches taken, or weighted layers on the way "
            "(convolutions, with root, projections and logits)"
        )
        self.lengths_in.setAccessibleName("Unit of length")
        self.plot = PathsPlot()
        self.band_text = plain_label()
        self.chooser = PathChooser()
        self.lesions = LesionList()
        self.study = PathStudy(runner)
        self.toggle_action = QAction("Switch residual branch off or on", self)
        self.toggle_action.setShortcut(QKeySequence("Ctrl+L"))
        self.toggle_action.setToolTip("Switch the selected unit's residual branch off, or on again (Ctrl+L)")
        self.toggle_action.triggered.connect(self._toggle)
        self._place()
        self.lengths_in.currentTextChanged.connect(self._show_lengths)
        self.chooser.changed.connect(self._mark)
        self.lesions.changed.connect(self._lesion_changed)
        self.study.gradients_changed.connect(self._show_lengths)
        self.set_theme(LIGHT)
        document.design_changed.connect(self._design_changed)
        selection.changed.connect(self._enable_toggle)
        self._enable_toggle()

    @property
    def _network(self) -> Network | None:
        return self._document.network

    @property
    def lesion(self) -> frozenset[UnitPlace]:
        """The units whose residual branch is switched off: a view of the design, which no file holds."""
        return self.lesions.lesion

    @Slot()
    def _design_changed(self) -> None:
        """Shows another network's paths, at once or, while nothing of it is in sight, when it is."""
        self._stale = True
        self._enable_toggle()
        if self.isVisible() or self.lesion or self.chooser.path is not None:
            self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self.plot.set_theme(theme)

    @property
    def _selected(self) -> tuple[UnitPlace, ...]:
        """The units that something is selected of: they are what Ctrl+L switches."""
        places = self._selection.places
        return tuple(place for place in units_of(self._network) if place in places) if self._network and places else ()

    @Slot(object)
    def _enable_toggle(self, *_: object) -> None:
        self.toggle_action.setEnabled(bool(self._selected))

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._refresh()

    def _place(self) -> None:
        column = QVBoxLayout(self._inner)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(6)
        self.count.setProperty("role", "heading")
        for label in (self.count, self.band_text):
            label.setWordWrap(True)
            label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        unit = QHBoxLayout()
        label = plain_label("Len&gths in")
        label.setBuddy(self.lengths_in)
        unit.addWidget(label)
        unit.addWidget(self.lengths_in, 1)
        column.addWidget(self.count)
        column.addLayout(unit)
        column.addWidget(self.plot)
        column.addWidget(self.band_text)
        parts = (("Highlight", self.chooser), ("Lesion", self.lesions), ("Measure on the engine", self.study))
        for title, part in parts:
            heading = plain_label(title)
            heading.setProperty("role", "heading")
            column.addSpacing(6)
            column.addWidget(heading)
            column.addWidget(part)
        column.addStretch()
        self.setWidget(self._inner)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)

        fields = (*self._inner.findChildren(QComboBox), *self._inner.findChildren(QAbstractSpinBox))
        for field in (*fields, self.plot.shares.viewport(), self.plot.norms.viewport()):
            field.installEventFilter(self._wheel)
        for field in fields:
            field.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def _refresh(self) -> None:
        self._stale = False
        self._inner.setEnabled(self._network is not None)
        self.lesions.set_network(self._network)  # tells of a change, and all follows

    @Slot()
    def _lesion_changed(self) -> None:
        network = self._network
        self._left = without_residuals(network, self.lesion) if network else None
        self.study.set_subject(network, self.lesion)
        self.chooser.set_network(self._left)  # tells of a change: the marks follow
        self._show_lengths()

    @Slot()
    def _show_lengths(self) -> None:
        network = self._left
        if network is None:
            self.count.setText("The design has problems: no paths are counted.")
            self.band_text.setText("")
            return
        units = len(network.shortcuts)
        self.count.setText(f"{large_text(count_paths(network))} = 2^{units} paths")
        lengths = lengths_in_units(network)
        low, high = gradient_band(units)
        words = (
            f"{low:,} to {high:,} of {units:,} residual branches: {percent_text(share(lengths, low, high))} of all paths. "
            "They carry the gradient, as far as what Veit et al. 2016 measured on 54 units (5 to 17) holds here."
        )
        shares: dict[int, float] = {}
        if self.study.gradients and self.study.measured == (self._network, self.lesion):
            shares = gradient_shares(self.study.gradients, lengths)
        if shares:
            low, high = carrying_band(shares)
            part = percent_text(share(lengths, low, high))
            weights = (
                "the checkpoint’s weights" if self.study.measured_weights else "fresh random weights, not trained ones"
            )
            words = (
                f"Measured with {weights}: {low:,} to {high:,} of {units:,} residual branches, {part} of all paths, "
                "carry 95 % of the gradient. Bars: paths; line: gradient."
            )
        if note := paths_note(network):
            words = note if not units else f"{words} {note}"
        in_units = self.lengths_in.currentText() == _UNITS
        if in_units:
            self.plot.set_counts(lengths, _UNITS, (low, high))
        else:
            self.plot.set_counts(lengths_in_layers(network), _LAYERS, layers_between(network, low, high))
        shown = shares if in_units else {}
        self.plot.set_gradients(self.study.gradients if shown else (), shown)
        self.band_text.setText(words)

    @Slot()
    def _mark(self) -> None:
        path, lesion = self.chooser.path, self.lesion
        if self._network is None or (path is None and not lesion):
            self.marks_changed.emit(None)
            return
        places = units_of(self._left) if self._left else ()
        until = self.chooser.until
        at = None if until is None else units_of(self._network).index(places[until])
        self.marks_changed.emit(PathMarks(path, lesion, at))

    @Slot()
    def _toggle(self) -> None:
        if self._stale:
            self._refresh()
        if self._selected:
            self.lesions.toggle(self._selected)


@guarded
class _WheelScrolls(QObject):
    """Makes the wheel scroll the panel over its fields: none of them changes under it unless it has the focus."""

    def __init__(self, area: QScrollArea) -> None:
        super().__init__(area)
        self._bar = area.verticalScrollBar()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if not isinstance(event, QWheelEvent) or (isinstance(watched, QWidget) and watched.hasFocus()):
            return False
        self._bar.setValue(self._bar.value() - event.angleDelta().y() // 2)
        return True
