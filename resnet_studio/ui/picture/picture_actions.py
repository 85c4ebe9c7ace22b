"""Export picture and Copy picture, the picture's entries in the File and Edit menus."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QByteArray, QMimeData, QObject, Qt, Slot
from PySide6.QtGui import QAction, QGuiApplication, QKeySequence
from PySide6.QtWidgets import QMessageBox, QProgressDialog, QWidget

from resnet_studio.design.bounds import shorten
from resnet_studio.picture.palette import LIGHT, Theme
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.widgets.plain import make_plain, message_box

from .box_item import BoxItem
from .graph_panel import GraphPanel
from .picture_dialog import PictureDialog
from .picture_export import Choice, PictureJob, Shown
from .render import RenderError, svg_to_image

_COPY_PIXELS = 16e6  # a copied image is to be pasted into a text, and is painted while the window waits


class PictureActions(QObject):
    """Writes the picture to a file, one at a time, or puts it into the clipboard."""

    def __init__(self, document: DesignDocument, panel: GraphPanel, window: QWidget) -> None:
        super().__init__(window)
        self._document = document
        self._panel = panel
        self._window = window
        self._theme = LIGHT
        self._dialog: PictureDialog | None = None
        self._job: PictureJob | None = None
        self._progress: QProgressDialog | None = None
        self.export_action = QAction("&Export picture…", window)
        self.export_action.setShortcut(QKeySequence("Ctrl+E"))
        self.export_action.setToolTip("Write the picture as SVG, PDF or PNG (Ctrl+E)")
        self.export_action.triggered.connect(self.ask)
        self.copy_action = QAction("Copy p&icture", window)
        self.copy_action.setShortcut(QKeySequence("Ctrl+Shift+I"))
        self.copy_action.setToolTip("Put the whole picture into the clipboard, as pixels and as SVG (Ctrl+Shift+I)")
        self.copy_action.triggered.connect(self.copy)

    def set_theme(self, theme: Theme) -> None:
        """Takes the colours that the picture is shown in."""
        self._theme = theme

    @property
    def shown(self) -> Shown | None:
        """What the window shows now."""
        picture = self._panel.shown
        if picture is None:
            return None
        view = self._panel.view
        seen = view.mapToScene(view.viewport().rect()).boundingRect()
        selected = {item.box.name for item in view.scene().selectedItems() if isinstance(item, BoxItem)}
        return Shown(picture, (seen.x(), seen.y(), seen.width(), seen.height()), selected, self._theme)

    @Slot()
    def ask(self) -> None:
        """Opens the dialog that asks what goes out."""
        if self.shown is None or self._job is not None:
            return
        if self._dialog is None:
            self._dialog = PictureDialog(self._window)
            self._dialog.chosen.connect(self._chosen)
        folder = self._document.path.parent if self._document.path else Path.home()
        self._dialog.ask(folder / self._document.design.name, len(self.shown.selected))

    def export(self, path: Path, choice: Choice) -> None:
        """Writes the picture to `path`, whose ending says as what; a dialog that can cancel it comes if that takes long."""
        if self.shown is None or self._job is not None:
            return
        svg = self.shown.svg(choice)
        self._job = PictureJob(svg, self.shown.picture.title, path, choice.scale, self)
        self._progress = QProgressDialog(f"Painting {shorten(path.name)}…", "Cancel", 0, 0, self._window)
        self._progress.setWindowTitle("Export picture")
        make_plain(self._progress)
        self._progress.setMinimumDuration(400)
        self._progress.setWindowModality(Qt.WindowModality.NonModal)
        self._progress.canceled.connect(self.cancel)
        self._progress.setValue(0)
        self._job.finished.connect(self._finished)
        self._job.start()

    @Slot()
    def cancel(self) -> None:
        """Leaves the file that is being painted unwritten."""
        if self._job is not None:
            self._job.requestInterruption()

    def shutdown(self) -> None:
        """Cancels, and waits until nothing is being painted."""
        if self._job is not None:
            self._job.requestInterruption()
            self._job.wait()
            self._finished()

    @Slot()
    def copy(self) -> None:
        """Puts the whole picture, as it is shown, into the clipboard: pixels for documents, SVG for drawing programs."""
        if self.shown is None:
            return
        svg = self.shown.svg(Choice())
        _, _, width, height = self.shown.picture.rect
        mime = QMimeData()
        mime.setData("image/svg+xml", QByteArray(svg.encode()))
        try:
            mime.setImageData(svg_to_image(svg, min(2.0, (_COPY_PIXELS / (width * height)) ** 0.5)))
        except RenderError as error:
            self._tell("The picture could not be copied", str(error))
        QGuiApplication.clipboard().setMimeData(mime)

    @Slot(object, object)
    def _chosen(self, path: Path, choice: Choice) -> None:
        self.export(path, choice)

    @Slot()
    def _finished(self) -> None:
        job, self._job = self._job, None
        if self._progress is not None:
            self._progress.deleteLater()
            self._progress = None
        if job is not None:
            if job.fault:
                self._tell("The picture could not be written", job.fault)
            job.deleteLater()

    def _tell(self, title: str, text: str) -> None:
        message_box(self._window, QMessageBox.Icon.Warning, title, title, text).open()
