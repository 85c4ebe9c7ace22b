"""The right of the window: the network's totals, always in view, and all about the node that is selected."""

from __future__ import annotations

from itertools import product

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QFormLayout, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from resnet_studio.arch.cost import network_cost, op_costs, total
from resnet_studio.arch.fields import last_field, receptive_fields, weighted_layers
from resnet_studio.arch.folding import runs
from resnet_studio.arch.graph import DETAILS, build_graph
from resnet_studio.arch.network import Network, variables
from resnet_studio.arch.words import bytes_text, count_text, macs_text, shape_text
from resnet_studio.bench.forecast import forecast, forecasts
from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.memory_text import about_bytes, parts_text
from resnet_studio.bench.plan import MODE_TITLES, TimingPlan

from .style import tabular

_WHY = {
    "identity": "identity: the depth stays and the stride is 1",
    "subsample": "subsample (1×1 max-pool): the depth stays, the stride shrinks it",
    "projection": "projection (1×1 convolution): the depth changes",
}


class FactsPanel(QWidget):
    """Totals and inspector of a network."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._network: Network | None = None
        self._plan: TimingPlan | None = None
        self._node = ""
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
        self._values = {name: QLabel("–") for name in self._totals}
        self._inspector = QLabel()
        self._inspector.setWordWrap(True)
        self._inspector.setTextFormat(Qt.TextFormat.PlainText)
        self._inspector.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._inspector.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._heading = QLabel("Inspector")
        self._place()
        self._inspect()

    def set_network(self, network: Network | None) -> None:
        """Shows another network; None (a design with problems) leaves the totals unknown."""
        self._network = network
        self._show_totals()
        self._inspect()

    def set_plan(self, plan: TimingPlan | None) -> None:
        """Takes the plan that activations and memory are told for; None while it has problems."""
        self._plan = plan
        self._show_totals()

    @Slot(str)
    def inspect(self, node: str) -> None:
        """Shows a node of the picture, by its name; '' for none."""
        self._node = node
        self._inspect()

    def _place(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 8, 8, 8)
        column.setSpacing(8)
        for label in (title := QLabel("Totals"), self._heading):
            label.setProperty("role", "heading")
        column.addWidget(title)
        form = QFormLayout()
        form.setVerticalSpacing(6)
        for name, value in self._values.items():
            value.setFont(tabular(value.font()))
            value.setAlignment(Qt.AlignmentFlag.AlignRight)
            value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
            value.setAccessibleName(name)
            label = QLabel(name)
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
        column.addWidget(self._heading)
        area = QScrollArea()
        area.setWidget(self._inspector)
        area.setWidgetResizable(True)
        area.setFrameShape(QFrame.Shape.NoFrame)
        area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        column.addWidget(area, 1)

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
            "Units": f"{len(network.shortcuts):,}",
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
        text = "Click a node of the picture to see its shapes, cost and variables."
        self._heading.setText("Inspector")
        if self._network is not None and self._node:
            for detail, folded in product(DETAILS, ((), runs(self._network))):
                graph = build_graph(self._network, detail, folded)
                if self._node in graph:
                    text = _describe(self._network, graph.nodes[self._node])
                    self._heading.setText(self._node.replace("/", "/\u200b"))
                    break
        self._heading.setWordWrap(True)
        self._inspector.setText(text)


def _describe(network: Network, node: dict[str, object]) -> str:
    ops = [network.by_name[name] for name in node["ops"]]  # type: ignore[attr-defined]
    lines = [str(node["text"]), f"{shape_text(node['shape_in'])} → {shape_text(node['shape'])}"]  # type: ignore[arg-type]
    unit = (str(node["block"]), ops[-1].unit)
    if unit in network.shortcuts and node["kind"] != "block":
        lines.append(f"shortcut: {_WHY[network.shortcuts[unit]]}")
    convs = [op for op in ops if op.kind in ("conv", "max_pool", "subsample")]
    for op in convs if len(convs) <= 4 else []:
        name = op.layer.rsplit("/", 1)[-1]
        pads = "×".join(map(str, op.pads)) if any(op.pads) else "none"
        lines.append(f"{name}: kernel {op.kernel}×{op.kernel}, stride {op.stride}, padding {pads}, depth {op.depth}")
    cost = total(op_costs(network)[op.name] for op in ops)
    lines.append(f"{cost.parameters:,} parameters, {cost.state:,} moving statistics")
    field = receptive_fields(network)[ops[-1].name]
    lines.append(f"receptive field {field.size:,} pixels, effective stride {field.stride:,}")
    lines.append(f"{macs_text(cost.macs)}, {bytes_text(cost.activation_bytes)} of activations an image")
    names = [f"{v.name} {shape_text(v.shape)}" for op in ops for v in variables(op)]
    if names:
        lines.append("\nVariables")
        lines += [name.replace("/", "/\u200b") for name in names[:40]]
        if len(names) > 40:
            lines.append(f"and {len(names) - 40:,} more")
    return "\n".join(lines)
