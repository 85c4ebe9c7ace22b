"""What the open design is compared with: published networks, files, itself under other settings; and in how many rounds."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QToolButton, QVBoxLayout, QWidget

from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import ROUNDS, TimingPlan
from resnet_studio.bench.rounds import LETTERS, Contest
from resnet_studio.bench.vary import SETTINGS, vary
from resnet_studio.design.spec import Design
from resnet_studio.design.validate import validate
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.design.design_choice import DesignChoice
from resnet_studio.ui.widgets.number_field import NumberField, by
from resnet_studio.ui.widgets.plain import plain_label

MOST_OPPONENTS = 3
ITSELF, OTHERWISE = "itself", "otherwise"  # what stands in the list beside the presets
_FIRST_ROUNDS = 100


class OpponentRow(QWidget):
    """One design that the open one is compared with."""

    edited = Signal()

    def __init__(self, letter: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        own = {OTHERWISE: "The open design, otherwise", ITSELF: "The open design itself"}
        self.choice = DesignChoice(own, f"Design {letter}", "What the open design is compared with", self)
        self.choice.choose("resnet_v2_50_paper")
        self.settings = QLineEdit(self)
        self.settings.setAccessibleName(f"Settings of design {letter}")
        self.settings.setPlaceholderText("form=paper, batch=8")
        self.settings.setClearButtonEnabled(True)
        self.letter = plain_label(f"&{letter}", self)
        self.letter.setBuddy(self.choice)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.letter)
        row.addWidget(self.choice, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addLayout(row)
        column.addWidget(self.settings)
        self.choice.edited.connect(self._changed)
        self.settings.textChanged.connect(self._changed)
        self._changed()

    def job(self, first: Job) -> Job:
        """The job of this side. Raises ValueError, a finished sentence, where what is chosen gives none."""
        match self.choice.currentData():
            case "itself":
                return first
            case "otherwise":
                varied = vary(first, self.settings.text())
                if problems := validate(varied.design):
                    raise ValueError(str(problems[0]))
                return varied
            case _:
                design = self.choice.design()
        # At the same size: the same network on larger images is another question.
        design = replace(design, image=first.design.image)
        if problems := validate(design):
            raise ValueError(f"{design.name}: {problems[0]}")
        return replace(first, design=design)

    @Slot()
    def _changed(self) -> None:
        self.settings.setVisible(self.choice.currentData() == OTHERWISE)
        tip = f"Settings in which this side differs, NAME=VALUE between commas: {', '.join(SETTINGS)}"
        self.settings.setToolTip(tip)
        self.edited.emit()


class CompareForm(QWidget):
    """Keeps what was chosen; `contest` makes of it what is to be timed."""

    edited = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.first = plain_label("", self)
        self.first.setToolTip("A: the open design, timed as the fields above say")
        self.opponents: list[OpponentRow] = []
        self.more = QToolButton(self)
        self.more.setText("One more")
        self.more.setToolTip(f"Compare with one more design, at most {MOST_OPPONENTS}; each is judged against A")
        self.more.clicked.connect(self.add_opponent)
        self.fewer = QToolButton(self)
        self.fewer.setText("One less")
        self.fewer.setToolTip("Take the last design out of the comparison")
        self.fewer.clicked.connect(self.remove_opponent)
        self.rounds = NumberField(
            ROUNDS, _FIRST_ROUNDS, "Rounds of each mode, in which every design is timed once", by(10), self
        )
        self.rounds.setAccessibleName("Rounds")
        self.rounds.edited.connect(self.edited)
        label = plain_label("R&ounds", self)
        label.setBuddy(self.rounds)
        self._rows = QVBoxLayout()
        self._rows.setSpacing(4)
        last = QHBoxLayout()
        last.addWidget(label)
        last.addWidget(self.rounds)
        last.addStretch(1)
        last.addWidget(self.more)
        last.addWidget(self.fewer)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 6, 4, 4)
        column.setSpacing(6)
        column.addWidget(self.first)
        column.addLayout(self._rows)
        column.addLayout(last)
        self.add_opponent()

    @Slot()
    def add_opponent(self) -> None:
        """One more design."""
        row = OpponentRow(LETTERS[len(self.opponents) + 1], self)
        row.edited.connect(self.edited)
        self.opponents.append(row)
        self._rows.addWidget(row)
        self._changed()

    @Slot()
    def remove_opponent(self) -> None:
        """One design less."""
        row = self.opponents.pop()
        self._rows.removeWidget(row)
        row.hide()
        row.deleteLater()
        self._changed()

    def contest(self, design: Design, plan: TimingPlan) -> Contest:
        """`design` timed by `plan` against what was chosen. Raises ValueError, a finished sentence, where that is wrong."""
        if fault := self.rounds.fault:
            raise ValueError(f"rounds: {fault}. Use {ROUNDS.text}.")
        # A comparison has its rounds fixed ahead: see bench.comparison.compare.
        first = Job(design, replace(plan, until_precise=None, max_seconds=None, profile=False))
        jobs = [first]
        for letter, opponent in zip(LETTERS[1:], self.opponents, strict=False):
            try:
                jobs.append(opponent.job(first))
            except ValueError as error:
                raise ValueError(f"{letter}: {error}") from error
        rounds = self.rounds.value
        assert isinstance(rounds, int)
        return Contest(tuple(jobs), rounds)

    def set_theme(self, theme: Theme = LIGHT) -> None:
        """Takes the error colours."""
        self.rounds.set_theme(theme)

    def _changed(self) -> None:
        self.more.setEnabled(len(self.opponents) < MOST_OPPONENTS)
        self.fewer.setEnabled(len(self.opponents) > 1)
        self.edited.emit()
