"""The right of the window: the network's totals, always in view, and all about the node that is selected."""

from __future__ import annotations

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QFormLayout, QFrame, QVBoxLayout, QWidget

from resnet_studio.bench.forecast import forecasts
from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.memory_text import about_bytes, parts_text
from resnet_studio.bench.plan import MODE_TITLES, TimingPlan
from resnet_studio.design.words import bytes_text, count_text, macs_text, shape_text
from resnet_studio.network.cost import network_cost
from resnet_studio.network.node_facts import node_facts, node_title
from resnet_studio.network.receptive_field import last_field, weighted_layers
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.selection import Selection
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.style import tabular

from .inspector import Inspector


@guarded
class FactsPanel(QWidget):
    """Totals of a document's network, and all about what is selected."""

    def __init__(self, document: DesignDocument, selection: Selection, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document, self._selection = document, selection
        self._plan: TimingPlan | None = None
        self._stale = True
        self._totals = {
            "Parameters": "Trainable values: weights, biases, batch-norm gammas and betas",
            "Moving statistics": "Batch norm's moving means and variances: kept, not trained",
            "MACs": "Multiply-adds of one image's forward pass: convolutions and logits only",
            "FLOPs": "Two a multiply-add: what the papers' tables call FLOPs are often MACs",
            "Activations": "Outputs that the backward pass reads again, in float32, for the whole batch",
            "Memory forecast": "What a run’s greediest mode takes at its peak, TensorFlow itself not counted",
            "Memory free": "What a program could take now, within what its container allows",
            "Units": "Residual units in all",
            "Weighted layers": "Convolutions and logits on the longest way, projections left out: what a name counts",
            "Receptive field": "Pixels a side that one output of the last unit sees, as if the image had no border",
            "Output": "Shape of the output for one image: height × width × channels",
        }
        self._values = {name: plain_label("–") for name in self._totals}
        self.inspector = Inspector()
        self._place()
        document.design_changed.connect(self._refresh)
        selection.changed.connect(self._inspect)

    def set_plan(self, plan: TimingPlan | None) -> None:
        """Takes the plan that activations and memory are told for; None while it has problems."""
        self._plan = plan
        self._refresh_totals()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self._stale:
            self._show_totals()

    @Slot()
    def _refresh(self) -> None:
        self._refresh_totals()
        self._inspect()

    def _refresh_totals(self) -> None:
        """Totals that nobody sees are reckoned when somebody does."""
        self._stale = True
        if self.isVisible():
            self._show_totals()

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(8)
        title = plain_label("Totals")
        title.setProperty("role", "heading")
        column.addWidget(title)
        form = QFormLayout()
        form.setVerticalSpacing(3)
        for name, value in self._values.items():
            value.setFont(tabular(value.font()))
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(name)
            label = plain_label(name)
            label.setProperty("role", "muted")
            for widget in (label, value):
                widget.setToolTip(self._totals[name])
            form.addRow(label, value)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        column.addLayout(form)
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        rule.setFrameShadow(QFrame.Shadow.Plain)
        column.addWidget(rule)
        column.addWidget(self.inspector, 1)

    def _show_totals(self) -> None:
        self._stale = False
        network = self._document.network
        if network is None:
            for label in self._values.values():
                label.setText("–")
            return
        cost = network_cost(network)
        plan = self._plan
        needs = forecasts(network, plan) if plan else ()
        batch = f"{bytes_text(cost.activation_bytes * plan.batch)} (batch {plan.batch:,})" if plan else "–"
        texts = {
            "Parameters": count_text(cost.parameters),
            "Moving statistics": count_text(cost.state),
            "MACs": macs_text(cost.macs),
            "FLOPs": f"{count_text(2 * cost.macs)}FLOPs",
            "Activations": batch,
            "Memory forecast": about_bytes(max(need.total for need in needs)) if plan else "–",
            "Memory free": about_bytes(available_memory()),
            "Units": f"{len(network.units):,}",
            "Weighted layers": f"{weighted_layers(network):,}",
            "Receptive field": f"{last_field(network).size:,} pixels",
            "Output": shape_text(network.by_name[network.output].shape),
        }
        exact = {
            "Parameters": cost.parameters,
            "Moving statistics": cost.state,
            "MACs": cost.macs,
            "FLOPs": 2 * cost.macs,
        }
        for name, text in texts.items():
            self._values[name].setText(text)
            more = f"\nExactly {exact[name]:,}" if name in exact else ""
            if name == "Memory forecast" and plan:
                more = "".join(f"\n{MODE_TITLES[need.mode]} {parts_text(need)}" for need in needs)
            self._values[name].setToolTip(self._totals[name] + more)

    @Slot(object)
    def _inspect(self, *_: object) -> None:
        network, ops = self._document.drawn, self._selection.ops
        if ops:
            self.inspector.show_facts(node_title(network, ops), node_facts(network, ops))
        else:
            self.inspector.show_facts("", [])
