"""The question ahead of a run that is forecast to take most of the memory that is free."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QMessageBox, QWidget

from resnet_studio.bench.hardware import available_memory
from resnet_studio.bench.memory_text import Shortage, parts_text, shortage
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.spec import Design
from resnet_studio.network.network import expand


def memory_shortage(design: Design, plan: TimingPlan) -> Shortage | None:
    """What has to be asked ahead of a run. On a GPU only the engine knows what is free."""
    return shortage(expand(design), plan, available_memory()) if plan.device == "CPU" else None


class MemoryQuestion(QMessageBox):
    """Asks beside the window whether to run all the same, with the batch that fits, or not at all."""

    def __init__(self, short: Shortage, parent: QWidget) -> None:
        super().__init__(parent)
        self._fits = short.fits
        self.setWindowTitle("Run")
        self.setIcon(QMessageBox.Icon.Question)
        self.setText(f"{short}. A run that runs out of memory is killed, and may take other programs with it.")
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setInformativeText(f"Forecast {parts_text(short.need)}.")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.smaller = None
        if short.fits:
            self.smaller = self.addButton(f"Run with a &batch of {short.fits:,}", QMessageBox.ButtonRole.AcceptRole)
            self.smaller.setToolTip("The largest batch that is forecast to take no more than 80 % of what is free")
            self.setDefaultButton(self.smaller)
        self.anyway = self.addButton("Run &all the same", QMessageBox.ButtonRole.DestructiveRole)
        self.anyway.setToolTip("The forecast may be wrong by 15 %")
        self.setEscapeButton(self.addButton(QMessageBox.StandardButton.Cancel))

    def ask(self, run_anyway: Callable[[], None], run_with_batch: Callable[[int], None]) -> None:
        """Shows the question and returns; one of the two is called once it is answered so."""
        self._run_anyway, self._run_with_batch = run_anyway, run_with_batch
        self.buttonClicked.connect(self._answered)
        self.open()

    @Slot(object)
    def _answered(self, button: object) -> None:
        if button is self.smaller:
            self._run_with_batch(self._fits)
        elif button is self.anyway:
            self._run_anyway()
