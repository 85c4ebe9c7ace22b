"""Two designs side by side, aligned by block and unit: a window of its own, beside which one goes on editing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QAction, QKeySequence, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QComboBox,
    QHBoxLayout,
    QHeaderView,
    QSplitter,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.bench.comparison import NOT_INTERLEAVED, compare_unpaired
from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.time_text import duration
from resnet_studio.design.disk import FileError
from resnet_studio.design.files import load
from resnet_studio.design.presets import other_form
from resnet_studio.design.spec import Design
from resnet_studio.design.validate import DesignError
from resnet_studio.network.diff import SIGNS, Change, Diff, diff, differences
from resnet_studio.network.network import Network, expand
from resnet_studio.picture.difference_marks import mark_differences
from resnet_studio.picture.graph import DETAILS
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.picture.picture import make_picture
from resnet_studio.ui.design.design_choice import DesignChoice
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.picture.box_item import BoxItem
from resnet_studio.ui.picture.graph_view import GraphView
from resnet_studio.ui.picture.scene import make_scene
from resnet_studio.ui.results.result_rows import Row
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label

from .diff_table import DiffModel, totals_text

OPEN, SAVED, TWIN = "open", "saved", "twin"
_OWN = {OPEN: "The open design", SAVED: "The open design as it was saved", TWIN: "The open design in its other form"}
Side = Literal["a", "b"]
SIDES: tuple[Side, Side] = ("a", "b")


@guarded
class DiffWindow(QWidget):
    """Follows the open design while it is shown.

    measured: the runs that there are, newest first: where both designs were timed by one plan, their times are told too.
    """

    def __init__(self, document: DesignDocument, measured: Callable[[], Sequence[Row]], parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Window)
        self._document = document
        self._measured = measured
        self._theme = LIGHT
        self.diff: Diff | None = None
        self.choices = {
            "a": DesignChoice(_OWN, "Design A", "The design on the left, from which the differences are told", self),
            "b": DesignChoice(_OWN, "Design B", "The design on the right", self),
        }
        self.choices["b"].choose(TWIN)
        self.views = {side: GraphView(self) for side in SIDES}
        self.names = {side: plain_label("", self) for side in SIDES}
        self.detail = QComboBox(self)
        self.detail.addItems(DETAILS)
        self.detail.setCurrentText("units")
        self.detail.setToolTip("How much of the networks is drawn: blocks, units or layers")
        self.detail.setAccessibleName("Detail")
        self.summary = plain_label("", self)
        self.totals = plain_label("", self)
        self.times = plain_label("", self)
        self.model = DiffModel(self)
        self.table = QTableView(self)
        self._place()
        for choice in self.choices.values():
            choice.edited.connect(self._refresh)
        self.detail.currentIndexChanged.connect(self._draw)
        self.table.selectionModel().selectionChanged.connect(self._go)
        document.design_changed.connect(self._document_changed)
        document.path_changed.connect(self._document_changed)

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self._theme = theme
        if self.isVisible():
            self._draw()

    @Slot()
    def show_in_front(self) -> None:
        """Opens the window, or brings it to the front."""
        self.show()
        self.raise_()
        self.activateWindow()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._refresh()

    def _place(self) -> None:
        self.setWindowTitle("Differences – ResNet Studio")
        self.resize(1180, 760)
        close = QAction("&Close", self, shortcut=QKeySequence("Esc"))
        close.triggered.connect(self.close)
        self.addAction(close)
        swap = QToolButton(self)
        swap.setText("⇄")
        swap.setToolTip("Exchange A and B")
        swap.setAccessibleName("Exchange A and B")
        swap.clicked.connect(self._swap)
        label = plain_label("&Detail", self)
        label.setBuddy(self.detail)
        bar = QHBoxLayout()
        for side in SIDES:
            letter = plain_label(f"&{side.upper()}", self)
            letter.setBuddy(self.choices[side])
            bar.addWidget(letter)
            bar.addWidget(self.choices[side], 1)
            if side == "a":
                bar.addWidget(swap)
        bar.addSpacing(12)
        bar.addWidget(label)
        bar.addWidget(self.detail)
        pictures = QSplitter(Qt.Orientation.Horizontal, self)
        for side in SIDES:
            holder = QWidget(self)
            column = QVBoxLayout(holder)
            column.setContentsMargins(0, 0, 0, 0)
            column.addWidget(self.names[side])
            column.addWidget(self.views[side], 1)
            self.names[side].setProperty("role", "heading")
            self.views[side].setAccessibleName(f"Picture of design {side.upper()}")
            pictures.addWidget(holder)
        self.table.setModel(self.model)
        self.table.setAccessibleName("Differences")
        self.table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.table.setToolTip("Choose a row to see it in both pictures")
        self.table.setShowGrid(False)
        self.table.verticalHeader().hide()
        self.table.verticalHeader().setDefaultSectionSize(24)
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(1, QHeaderView.ResizeMode.Stretch)
        whole = QSplitter(Qt.Orientation.Vertical, self)
        whole.addWidget(pictures)
        whole.addWidget(self.table)
        whole.setStretchFactor(0, 3)
        whole.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.addLayout(bar)
        column.addWidget(self.summary)
        column.addWidget(whole, 1)
        for words in (*self.names.values(), self.summary, self.totals, self.times):
            words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        for words in (self.totals, self.times):
            words.setWordWrap(True)
            column.addWidget(words)

    @Slot()
    def _document_changed(self) -> None:
        if self.isVisible():
            self._refresh()

    @Slot()
    def _swap(self) -> None:
        a, b = self.choices.values()
        a.exchange(b)

    def _network(self, side: Side) -> Network:
        """What is chosen, expanded. Raises ValueError, a finished sentence, where that is no network."""
        document, choice = self._document, self.choices[side]
        design: Design
        match choice.currentData():
            case "open":
                design = document.design
            case "twin":
                design = other_form(document.design)
            case "saved":
                if document.path is None:
                    raise ValueError("The open design was not saved yet. Save it, or choose another.")
                try:
                    design = load(document.path)
                except (FileError, OSError) as error:
                    raise ValueError(str(error)) from error
            case _:
                design = choice.design()
        try:
            return expand(design)
        except DesignError as error:
            raise ValueError(f"{design.name} has problems: {error}") from error

    @Slot()
    def _refresh(self) -> None:
        self.diff = None
        networks: list[Network] = []
        for side in SIDES:
            try:
                networks.append(self._network(side))
            except ValueError as error:
                self._tell_fault(f"{side.upper()}: {error}")
                return
        self.diff = found = diff(networks[0], networks[1])
        counts = ", ".join(f"{found.count(s):,} {s} {SIGNS[s]}" for s in SIGNS)
        options = "".join(f"; {field} {a} → {b}" for field, a, b in found.options)
        same = "They are the same network." if not found.different and not found.options else ""
        self.summary.setProperty("role", "")
        self.summary.setText(same or f"{counts}; {found.count('same'):,} the same{options}")
        self.totals.setText(f"Whole network: {totals_text(*found.costs)}")
        self.times.setText(self._times(found))
        self.times.setVisible(bool(self.times.text()))
        self._draw()

    def _tell_fault(self, text: str) -> None:
        self.summary.setText(text)
        for words in (self.totals, self.times):
            words.setText("")
        self.model.show((), self._theme)

    def _times(self, found: Diff) -> str:
        """How long both take, where there are runs of both by one plan."""
        of_a, of_b = (
            {(row.run.mode, row.record.job.plan): row for row in reversed(self._measured())
             if row.record.job.design == network.design and row.run.step_nanoseconds}
            for network in (found.a, found.b)
        )  # fmt: skip
        told = []
        for key in dict.fromkeys(key for key in of_a if key in of_b):
            a, b = (of[key].run.step_nanoseconds for of in (of_a, of_b))
            compared = compare_unpaired(a, b)
            medians = [summary.median for of in (of_a, of_b) if (summary := of[key].run.summary)]
            told.append(
                f"{MODE_TITLES[key[0]]}, batch {key[1].batch:,}: {duration(medians[0])} → {duration(medians[1])}, "
                f"× {compared.ratio:.2f} [{compared.low:.2f}, {compared.high:.2f}]"
            )
        return f"Measured: {'; '.join(told)} ({NOT_INTERLEAVED})" if told else ""

    @Slot()
    def _draw(self) -> None:
        found = self.diff
        if found is None:
            return
        for side, network in zip(SIDES, (found.a, found.b), strict=True):
            view = self.views[side]
            size = view.viewport().size()
            aspect = min(max(size.width() / max(size.height(), 1), 0.5), 4.0)
            picture = make_picture(network, DETAILS[self.detail.currentIndex()], aspect=aspect)
            view.set_scene(make_scene(mark_differences(picture, found, side), self._theme))
            self.names[side].setText(network.design.name)
        self.model.show(differences(found), self._theme)

    @Slot()
    def _go(self) -> None:
        """Brings the chosen row's parts into view, on each side that has them."""
        rows = self.table.selectionModel().selectedRows()
        if rows:
            change: Change = self.model.changes[rows[0].row()]
            for side in SIDES:
                wanted = {name for part in change.parts for name in (part.ops_a if side == "a" else part.ops_b)}
                _bring_into_view(self.views[side], wanted)


def _bring_into_view(view: GraphView, ops: set[str]) -> None:
    view.scene().clearSelection()
    boxes = [item for item in view.scene().items() if isinstance(item, BoxItem) and ops & set(item.box.ops)]
    for item in boxes:
        item.setSelected(True)
    if boxes:
        view.ensureVisible(boxes[-1])
