"""The plot's legend, above it: a legend inside would cover steps. It carries each mode's figures where they fit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from resnet_studio.bench.plan import MODE_TITLES
from resnet_studio.bench.time_text import spread
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.widgets.guard import guarded
from resnet_studio.ui.widgets.plain import plain_tip

from .step_trace import GLYPH, StepTrace


@guarded
class PlotLegend(QLabel):
    """One entry a mode: its symbol in its colour, its name, mean ± standard deviation."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._texts = ("", "")
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setAccessibleName("Legend")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def write(self, traces: tuple[StepTrace, ...], theme: Theme = LIGHT) -> None:
        """Takes the modes and their figures so far."""
        short = [
            f'<span style="color:{theme.mode(t.mode)}">{GLYPH[t.mode]}</span> {MODE_TITLES[t.mode]}' for t in traces
        ]
        full = [
            f"{entry} <b>{spread(*figures)}</b>" if (figures := trace.mean_and_sd) else entry
            for entry, trace in zip(short, traces, strict=True)
        ]
        if any(trace.outliers for trace in traces):
            full.append("× outlier, counted in")
            short.append("× outlier")
        texts = ("&nbsp; &nbsp;".join(full), "&nbsp; &nbsp;".join(short))
        if texts != self._texts:
            self._texts = texts
            self.setToolTip(plain_tip(texts[0]))
            self._fit()

    def _fit(self) -> None:
        """Leaves the figures out where they would be cut off."""
        self.setText(self._texts[0])
        if self.sizeHint().width() > self.width():
            self.setText(self._texts[1])

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another width, other entries."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Another font, other entries."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
