"""Which form the design is in, in words, how it differs from its twin, and the way over."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QHBoxLayout, QPushButton, QWidget

from resnet_studio.design.presets import form_of, other_form
from resnet_studio.design.validate import validate
from resnet_studio.design.words import count_text, macs_text
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand
from resnet_studio.ui.widgets.plain import plain_label

from .document import DesignDocument

_WORDS = {
    "tf-slim": "TF-Slim's form: stride in a block's last unit, convolution biases.",
    "paper": "The paper's form: stride in a block's first unit, no convolution biases.",
    None: "Neither TF-Slim's form nor the paper's.",
}


class FormLine(QWidget):
    """The same name stands for two networks: this line says which one is open."""

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._words = plain_label()
        self._words.setWordWrap(True)
        self._words.setProperty("role", "muted")
        self._switch = QPushButton()
        self._switch.clicked.connect(self._clicked)
        self._switch.setText("S&witch form")
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(self._words, 1)
        row.addWidget(self._switch, 0, Qt.AlignmentFlag.AlignTop)
        document.design_changed.connect(self._refresh)
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        network = self._document.network
        self._switch.setEnabled(network is not None)
        if network is None:
            return
        form = form_of(network.design)
        twin = other_form(network.design)
        name = "TF-Slim's form" if form == "paper" else "the paper's form"
        text = _WORDS[form]
        biased = network.design.version == "v2"
        if not biased:  # a batch norm follows every convolution
            text = text.split(",")[0].rstrip(".") + "."
        if not validate(twin):
            ours, theirs = network_cost(network), network_cost(expand(twin))
            text += (
                f" In {name}: {count_text(theirs.parameters)} parameters ({theirs.parameters - ours.parameters:+,}), "
                f"{macs_text(theirs.macs)} ({theirs.macs / max(ours.macs, 1) - 1:+.1%})."
            )
        self._words.setText(text)
        self._switch.setToolTip(
            f"Switch to {name}: moves the strides{' and the biases' if biased else ''}. Undo brings them back"
        )

    @Slot()
    def _clicked(self) -> None:
        if self._document.network is not None:
            twin = other_form(self._document.design)
            self._document.edit(twin, f"Use {'the paper' if form_of(twin) == 'paper' else 'TF-Slim'}'s form")
