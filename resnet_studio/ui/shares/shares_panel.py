"""Where the time goes: the shares of a profiled run in a table and as bars, and the choice of which the picture is given."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QComboBox,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QSplitter,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.record import Record
from resnet_studio.bench.share_rows import LEVELS, Level, ShareRow, share_rows
from resnet_studio.bench.shares import Shares
from resnet_studio.design.spec import Design
from resnet_studio.network.network import Network, expand
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.widgets.plain import plain_label, plain_tip

from .shares_plot import SharesPlot
from .shares_table import SharesTable

_HINT = (
    "Where a step’s time goes, by unit and by kind of operation.\n"
    "Tick “Profile after the timing” among the run’s options, then press Run."
)


class SharesPanel(QWidget):
    """Shows the last profiled run, or the one that is selected among the results, whichever design is drawn; what is selected in it is selected in the picture too."""

    profile_changed = Signal(object, object)  # Shares, and the Design that they are of
    ops_chosen = Signal(object)  # tuple[str, ...]: names of the operations of the row that was selected

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self._design: Design | None = None
        self._profile: Sequence[Shares] = ()
        self._rows: Sequence[ShareRow] = ()
        self._places: dict[str, int] = {}
        self.levels = QComboBox(self)
        self.levels.setAccessibleName("Rows of the table")
        self.levels.setToolTip("What a row of the table is: a unit, a layer, or a kind of operation")
        for level in LEVELS:
            self.levels.addItem({"unit": "by unit", "layer": "by layer", "kind": "by kind of operation"}[level], level)
        self.modes = QComboBox(self)
        self.modes.setAccessibleName("Profiled step")
        self.modes.setToolTip("Which step’s shares are shown, here and as colours of the picture")
        self.note = plain_label("", self)
        self.note.setProperty("role", "muted")
        self.note.setSizePolicy(
            QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred
        )  # it is cut, not the panel wider
        self.note.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.legend = QLabel(self)
        self.legend.setTextFormat(Qt.TextFormat.RichText)  # markup of our own
        self.hint = plain_label(_HINT, self)
        self.hint.setProperty("role", "muted")
        self.hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.hint.setWordWrap(True)
        self.table = SharesTable(self)
        self.plot = SharesPlot(self)
        self._lay_out()
        self.levels.currentIndexChanged.connect(self._show)
        self.modes.currentIndexChanged.connect(self._mode_chosen)
        self.table.row_chosen.connect(self._row_chosen)
        self.plot.row_chosen.connect(self._bar_chosen)

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setContentsMargins(4, 4, 4, 0)
        head.setSpacing(8)
        head.addWidget(self.modes)
        head.addWidget(self.levels)
        head.addWidget(self.note, 1)
        head.addWidget(self.legend)
        self.splitter = QSplitter(Qt.Orientation.Horizontal)
        self.splitter.addWidget(self.table)
        self.splitter.addWidget(self.plot)
        self.splitter.setChildrenCollapsible(False)
        self.splitter.setSizes([500, 500])
        shown = QWidget()
        column = QVBoxLayout(shown)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(head)
        column.addWidget(self.splitter, 1)
        self._pages = QStackedWidget(self)
        self._pages.addWidget(self.hint)
        self._pages.addWidget(shown)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self._pages)

    @Slot(object)
    def show_record(self, record: Record) -> None:
        """Takes the shares of a run. One without a profile leaves what is shown, or says why it has none."""
        if record.profile:
            self._network, self._profile = expand(record.job.design), record.profile
            self.modes.blockSignals(True)
            self.modes.clear()
            for shares in record.profile:
                self.modes.addItem(f"{MODE_TITLES[shares.mode]} step")
            self.modes.setCurrentIndex(self.modes.count() - 1)  # the one with a backward part, where there is one
            self.modes.blockSignals(False)
            self.modes.setEnabled(self.modes.count() > 1)
            self._pages.setCurrentIndex(1)
            self._mode_chosen()
        elif record.profile_faults and not self._profile:
            self.hint.setText("\n".join(record.profile_faults))

    def set_design(self, design: Design) -> None:
        """Takes the design that is drawn: whether the shares are of it is said."""
        self._design = design
        self._say()

    @Slot(object)
    def select_ops(self, ops: Collection[str]) -> None:
        """Selects the first row that has any of these operations; none where no row has."""
        chosen = self.table.chosen
        if 0 <= chosen < len(self._rows) and not set(ops).isdisjoint(self._rows[chosen].ops):
            return
        drawn = self._network is not None and self._network.design == self._design
        rows = [place for place, row in enumerate(self._rows) if drawn and not set(ops).isdisjoint(row.ops)]
        self.table.choose(rows[0] if rows else -1)

    def set_theme(self, theme: Theme) -> None:
        """Takes the theme's colours."""
        self.table.shares.set_theme(theme)
        self.plot.set_theme(theme)
        self.legend.setText(self.plot.legend)

    @property
    def _shares(self) -> Shares | None:
        return self._profile[self.modes.currentIndex()] if self._profile else None

    @Slot()
    def _mode_chosen(self, *_: object) -> None:
        self._show()
        if self._shares is not None and self._network is not None:
            self.profile_changed.emit(self._shares, self._network.design)

    @Slot()
    def _show(self, *_: object) -> None:
        shares, network = self._shares, self._network
        if shares is None or network is None:
            return
        level: Level = self.levels.currentData()
        self._rows = share_rows(network, shares, level)
        self.table.show_rows(shares, level, self._rows)
        # Kinds have no place in the network: beside them the units are drawn.
        bars = self._rows if level != "kind" else share_rows(network, shares, "unit")
        self._places = {row.name: place for place, row in enumerate(bars)} if level != "kind" else {}
        self.plot.show_rows(bars, bool(shares.backward))
        self.legend.setText(self.plot.legend)
        self._say()

    def _say(self) -> None:
        shares, network = self._shares, self._network
        if shares is None or network is None:
            return
        drawn = self._design is None or self._design == network.design
        texts = [network.design.name + ("" if drawn else " (not the design drawn)")]
        if shares.backward:
            texts.append(f"a step is {100 - shares.backward:.1f} % forward, {shares.backward:.1f} % backward")
        texts.append(f"{shares.steps:,} steps profiled, apart from the timed ones")
        self.note.setText("; ".join(texts))
        self.note.setToolTip(plain_tip("; ".join(texts)))

    @Slot(int)
    def _row_chosen(self, place: int) -> None:
        row = self._rows[place] if 0 <= place < len(self._rows) else None
        self.plot.choose(self._places.get(row.name, -1) if row else -1)
        if row and row.ops and self._network is not None and self._design == self._network.design:
            self.ops_chosen.emit(row.ops)

    @Slot(int)
    def _bar_chosen(self, place: int) -> None:
        if self._places:
            self.table.choose(place)
