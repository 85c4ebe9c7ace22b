"""The right of the window: the network's totals, always in view, and all about the node that is selected."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QFrame, QVBoxLayout, QWidget

from resnet_studio.bench.forecast import forecast, forecasts
from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.memory_text import about_bytes, parts_text
from resnet_studio.bench.plan import MODE_TITLES, TimingPlan
from resnet_studio.design.words import bytes_text, count_text, macs_text, shape_text
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import Network
from resnet_studio.network.node_facts import node_facts, node_title
from resnet_studio.network.receptive_field import last_field, weighted_layers
from resnet_studio.ui.widgets.plain import plain_label
from resnet_studio.ui.widgets.style import tabular

from .inspector import Inspector


class FactsPanel(QWidget):
    """Totals and inspector of a network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self._plan: TimingPlan | None = None
        self._drawn: Network | None = None
        self._ops: frozenset[str] = frozenset()
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

    def set_network(self, network: Network | None, drawn: Network | None = None) -> None:
        """Shows another network; None (a design with problems) leaves the totals unknown. drawn: what is sound of it."""
        self._network = network
        self._drawn = network or drawn
        self._show_totals()
        self._inspect()

    def set_plan(self, plan: TimingPlan | None) -> None:
        """Takes the plan that activations and memory are told for; None while it has problems."""
        self._plan = plan
        self._show_totals()

    @Slot(object)
    def inspect(self, ops: Collection[str]) -> None:
        """Tells about operations, by their names; about none where there are none."""
        self._ops = frozenset(ops)
        self._inspect()

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
        network = self._network
        if network is None:
            for label in self._values.values():
                label.setText("–")
            return
        cost = network_cost(network)
        plan = self._plan
        batch = f"{bytes_text(cost.activation_bytes * plan.batch)} (batch {plan.batch:,})" if plan else "–"
        texts = {
            "Parameters": count_text(cost.parameters),
            "Moving statistics": count_text(cost.state),
            "MACs": macs_text(cost.macs),
            "FLOPs": f"{count_text(2 * cost.macs)}FLOPs",
            "Activations": batch,
            "Memory forecast": about_bytes(forecast(network, plan).total) if plan else "–",
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
                more = "".join(f"\n{MODE_TITLES[need.mode]} {parts_text(need)}" for need in forecasts(network, plan))
            self._values[name].setToolTip(self._totals[name] + more)

    def _inspect(self) -> None:
        network = self._drawn
        ops = self._ops & network.by_name.keys() if network else frozenset()
        if network is not None and ops:
            self.inspector.show_facts(node_title(network, ops), node_facts(network, ops))
        else:
            self.inspector.show_facts("", [])
