"""Export network: the terminal's own `export`, run beside the window, with a Cancel that works at once."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, Qt, Slot
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QFileDialog, QMainWindow, QMessageBox, QProgressDialog

from resnet_studio.design.bounds import shorten
from resnet_studio.design.files import save
from resnet_studio.driver.children import own_folder, python_child
from resnet_studio.driver.export import EXPORTS, ExportError, InTheWayError, check_export
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.widgets.plain import make_plain, message_box

_NAMED = 8  # files that a question names
_OFFERED = {f"{kind.title} (*{kind.suffix})": kind for kind in EXPORTS if kind.in_window}


class ExportActions(QObject):
    """One entry of the File menu, and the export that it runs; one at a time."""

    def __init__(self, document: DesignDocument, window: QMainWindow) -> None:
        super().__init__(window)
        self._document = document
        self._window = window
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._out = Path()
        self._process = QProcess(self)
        self._process.finished.connect(self._finished)
        self._dialog: QProgressDialog | None = None
        self.action = QAction("Export net&work…", window)
        self.action.setShortcut(QKeySequence("Ctrl+Shift+E"))
        self.action.setToolTip("Write the network as a program, a model or a graph (Ctrl+Shift+E)")
        self.action.triggered.connect(self._choose)
        document.design_changed.connect(self._refresh)
        self._refresh()

    def export(self, kind: str, out: Path, *, force: bool = False) -> None:
        """Begins to write the design to `out`; a dialog that can cancel it stays until it is done. force: see `driver.export`."""
        # TensorFlow's exports take seconds: in a program of their own they neither hold the window up nor need its memory.
        self._folder = own_folder()
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
        words = ["export", str(design), "--as", kind, "-o", str(out.absolute()), *(["--force"] if force else [])]
        program, *arguments = python_child("resnet_studio", *words)
        self._process.setProgram(program)
        self._process.setArguments(arguments)
        self._process.setWorkingDirectory(self._folder.name)
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
            self._window, "Export the network", str(start), ";;".join(_OFFERED), next(iter(_OFFERED))
        )
        if name:
            kind = _OFFERED.get(chosen, EXPORTS[0])
            path = Path(name)
            self.export_to(kind.name, path.with_suffix(kind.suffix) if path.suffix != kind.suffix else path)

    def export_to(self, kind: str, path: Path) -> None:
        """Exports, after a question where something is there that would be replaced; what can't be is told."""
        try:
            check_export(kind, path)
        except InTheWayError as there:
            goes = f"Replaced: {_names(there.replaced)}." if there.replaced else "Nothing in it is replaced."
            stays = f" Kept as it is: {_names(there.others)}." if there.others else ""
            buttons = QMessageBox.StandardButton
            words = f"{shorten(path.name, 60)} is not empty. Export into it?"
            asked = buttons.Yes | buttons.Cancel
            box = message_box(
                self._window, QMessageBox.Icon.Question, "Export network", words, goes + stays, buttons=asked
            )
            if box.exec() == buttons.Yes:
                self.export(kind, path, force=True)
        except (ExportError, OSError) as error:
            words = "The network was not written"
            message_box(self._window, QMessageBox.Icon.Warning, "Export network", words, str(error)).open()
        else:
            self.export(kind, path)

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


def _names(names: Sequence[str]) -> str:
    shown = ", ".join(shorten(name, 40) for name in names[:_NAMED])
    return shown if len(names) <= _NAMED else f"{shown} and {len(names) - _NAMED:,} more"
