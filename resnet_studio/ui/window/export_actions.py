"""Export network: the terminal's own `export`, run beside the window, with a Cancel that works at once."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QProcess, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMessageBox, QProgressDialog

from resnet_studio.design.bounds import shorten
from resnet_studio.design.files import save
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.widgets.plain import make_plain, message_box

if TYPE_CHECKING:
    from .main_window import MainWindow

# What the file dialog offers: its words, the kind's name in the terminal, the ending.
KINDS = {
    "Keras program (*.py)": ("keras-python", ".py"),
    "TensorFlow program (*.py)": ("tensorflow-python", ".py"),
    "Keras model (*.keras)": ("keras", ".keras"),
    "TensorFlow SavedModel, a folder (*)": ("saved-model", ""),
    "ONNX, with tf2onnx installed (*.onnx)": ("onnx", ".onnx"),
    "Slim notation (*.txt)": ("slim", ".txt"),
    "GraphML (*.graphml)": ("graphml", ".graphml"),
    "DOT (*.dot)": ("dot", ".dot"),
}
_PROGRAM = "import sys; from resnet_studio.cli import main; sys.exit(main())"


class ExportActions(QObject):
    """One entry of the File menu, and the export that it runs; one at a time."""

    def __init__(self, document: DesignDocument, window: MainWindow) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._out = Path()
        self._process = QProcess(self)
        self._process.setProgram(sys.executable)
        self._process.finished.connect(self._finished)
        self._dialog: QProgressDialog | None = None
        self.action = QAction("Export net&work…", window)
        self.action.setShortcut(QKeySequence("Ctrl+Shift+E"))
        self.action.setToolTip("Write the network as a program, a model or a graph (Ctrl+Shift+E)")
        self.action.triggered.connect(self._choose)
        document.design_changed.connect(self._refresh)
        self._refresh()

    def export(self, kind: str, out: Path) -> None:
        """Begins to write the design to `out`; a dialog that can cancel it stays until it is done."""
        # TensorFlow's exports take seconds: in a program of their own they neither hold the window up nor need its memory.
        self._folder = tempfile.TemporaryDirectory(prefix="resnet-studio-")
        design = Path(self._folder.name) / "design.json"
        save(self._document.design, design)
        self._out = out
        self._dialog = QProgressDialog(f"Writing {shorten(out.name)}…", "Cancel", 0, 0, self._window)
        self._dialog.setWindowTitle("Export network")
        make_plain(self._dialog)
        self._dialog.setMinimumDuration(400)
        self._dialog.setWindowModality(Qt.WindowModality.NonModal)
        self._dialog.canceled.connect(self.cancel)
        self._dialog.setValue(0)
        self._process.setArguments(["-c", _PROGRAM, "export", str(design), "--as", kind, "-o", str(out)])
        self._process.start()
        self._refresh()

    @Slot()
    def cancel(self) -> None:
        """Ends an export that is under way; nothing half-written stays."""
        if self._process.state() != QProcess.ProcessState.NotRunning:
            self._process.terminate()
            if not self._process.waitForFinished(2_000):
                self._process.kill()
                self._process.waitForFinished(1_000)

    @Slot()
    def _choose(self) -> None:
        start = Path.home() / f"{self._document.design.name}.py"
        name, chosen = QFileDialog.getSaveFileName(
            self._window, "Export the network", str(start), ";;".join(KINDS), next(iter(KINDS))
        )
        if name:
            kind, suffix = KINDS.get(chosen, ("keras-python", ".py"))
            path = Path(name)
            self.export(kind, path.with_suffix(suffix) if path.suffix != suffix else path)

    @Slot(int, QProcess.ExitStatus)
    def _finished(self, status: int, how: QProcess.ExitStatus) -> None:
        if self._dialog is not None:
            self._dialog.canceled.disconnect(self.cancel)
            cancelled = self._dialog.wasCanceled()
            self._dialog.close()
            self._dialog.deleteLater()
            self._dialog = None
        else:
            cancelled = False
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        self._refresh()
        if how == QProcess.ExitStatus.NormalExit and status == 0:
            self._window.statusBar().showMessage(f"Written: {self._out}", 20_000)
        elif cancelled:
            self._window.statusBar().showMessage("The export was cancelled; nothing was written.", 20_000)
        else:
            errors = bytes(self._process.readAllStandardError().data()).decode(errors="replace").strip().splitlines()
            why = errors[-1].removeprefix("error: ") if errors else "The export ended without a word."
            icon, words = QMessageBox.Icon.Warning, "The network was not written"
            message_box(self._window, icon, "Export network", words, why, "\n".join(errors)).open()

    @Slot()
    def _refresh(self) -> None:
        idle = self._process.state() == QProcess.ProcessState.NotRunning
        self.action.setEnabled(idle and self._document.network is not None)
