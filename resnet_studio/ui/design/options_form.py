"""The options of the network beside its blocks: name, image, classes, root block, global pool."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from resnet_studio.design.bounds import BOUNDS
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.widgets.number_field import NumberField, by
from resnet_studio.ui.widgets.plain import plain_label, plain_tip

from .document import DesignDocument


class OptionsForm(QWidget):
    """Shows the options of a document's design and edits them."""

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._name = QLineEdit()
        self._name.setToolTip("The network's name: every variable is named below it")
        self._height = NumberField(BOUNDS["image"], 224, "Image height", by(32))
        self._width = NumberField(BOUNDS["image"], 224, "Image width", by(32))
        self._classes = NumberField(BOUNDS["num_classes"], 1000, "Number of classes", by(1))
        self._has_classes = QCheckBox("&Classes")
        self._has_classes.setToolTip("Without classes the network ends ahead of its logits (num_classes=None)")
        self._pool = QCheckBox("&Global pool")
        self._pool.setToolTip("Mean over height and width ahead of the logits (pool5)")
        self._root = QCheckBox("&Root block")
        self._root.setToolTip("conv1 (7×7, stride 2) and pool1 (3×3, stride 2) ahead of the first block")
        self._place()
        self._name.editingFinished.connect(self._name_edited)
        for field in (self._height, self._width):
            field.editingFinished.connect(self._image_edited)
        self._classes.editingFinished.connect(self._classes_edited)
        self._has_classes.clicked.connect(self._classes_edited)
        self._pool.clicked.connect(self._pool_clicked)
        self._root.clicked.connect(self._root_clicked)
        document.design_changed.connect(self._refresh)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        for field in (self._height, self._width, self._classes):
            field.set_theme(theme)

    def go_to(self, field: str) -> None:
        """Puts the keyboard into the field of a problem's place."""
        widget = {
            "name": self._name, "image": self._height, "image height": self._height, "image width": self._width,
            "num_classes": self._classes, "global_pool": self._pool,
            "include_root_block": self._root,
        }.get(field)  # fmt: skip
        if widget:
            widget.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place(self) -> None:
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(8)
        name, image = plain_label("&Name"), plain_label("&Image")
        name.setBuddy(self._name)
        image.setBuddy(self._height)
        size = QHBoxLayout()
        for widget in (self._height, plain_label("×"), self._width, plain_label("pixels")):
            size.addWidget(widget)
        size.addStretch()
        checks = QHBoxLayout()
        checks.addWidget(self._root)
        checks.addWidget(self._pool)
        checks.addStretch()
        grid.addWidget(name, 0, 0)
        grid.addWidget(self._name, 0, 1)
        grid.addWidget(image, 1, 0)
        grid.addLayout(size, 1, 1)
        grid.addWidget(self._has_classes, 2, 0)
        classes = QHBoxLayout()
        classes.addWidget(self._classes)
        classes.addLayout(checks)
        grid.addLayout(classes, 2, 1)

    @Slot()
    def _refresh(self) -> None:
        design = self._document.design
        self._name.setText(str(design.name))
        image: object = design.image  # of a file it may be anything
        sizes = image if isinstance(image, tuple) and len(image) == 2 else ("", "")
        for field, value in zip((self._height, self._width), sizes, strict=True):
            _show(field, value)
        self._has_classes.setChecked(design.num_classes is not None)
        self._classes.setEnabled(design.num_classes is not None)
        if design.num_classes is not None:
            _show(self._classes, design.num_classes)
        self._pool.setChecked(bool(design.global_pool))
        self._root.setChecked(bool(design.include_root_block))
        faults = [p for p in self._document.problems if p.place.block is None and p.place.field == "name"]
        self._name.setProperty("faulty", bool(faults))
        self._name.setToolTip(
            plain_tip(str(faults[0])) if faults else "The network's name: every variable is named below it"
        )
        self._name.setStyleSheet("color: palette(bright-text);" if faults else "")

    @Slot()
    def _name_edited(self) -> None:
        self._edit("name", self._name.text().strip())

    @Slot()
    def _image_edited(self) -> None:
        self._edit("image", (self._height.value, self._width.value))

    @Slot()
    def _classes_edited(self) -> None:
        self._edit("num_classes", self._classes.value if self._has_classes.isChecked() else None)

    @Slot()
    def _pool_clicked(self) -> None:
        self._edit("global_pool", self._pool.isChecked())

    @Slot()
    def _root_clicked(self) -> None:
        self._edit("include_root_block", self._root.isChecked())

    def _edit(self, field: str, value: object) -> None:
        changed: Callable[..., object] = replace
        design = changed(self._document.design, **{field: value})
        self._document.edit(design, f"Set {field}")  # type: ignore[arg-type]


def _show(field: NumberField, value: object) -> None:
    """Writes a value, unless the field says the same already: the cursor stays where it is."""
    if field.value != value:
        if isinstance(value, int) and not isinstance(value, bool):
            field.set_value(value)
        else:
            field.lineEdit().setText(str(value))
