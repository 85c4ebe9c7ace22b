"""The options of the network beside its blocks: name, image, classes, root block, global pool; density_form.py has more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import Qt, Slot
from PySide6.QtWidgets import QCheckBox, QGridLayout, QHBoxLayout, QLineEdit, QWidget

from resnet_studio.design.bounds import visible_text
from resnet_studio.design.design_fields import DESIGN_FIELDS, SIDE
from resnet_studio.picture.palette import Theme
from resnet_studio.ui.widgets.number_field import NumberField, by, number_field
from resnet_studio.ui.widgets.plain import plain_label, plain_tip

from .density_form import DensityForm
from .document import DesignDocument


class OptionsForm(QWidget):
    """Shows the options of a document's design and edits them."""

    def __init__(self, document: DesignDocument, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._document = document
        self._name = QLineEdit()
        self._name.setToolTip(DESIGN_FIELDS["name"].tip)
        self._height = number_field(SIDE, 224, by(32))
        self._width = number_field(SIDE, 224, by(32))
        self._channels = number_field(DESIGN_FIELDS["channels"], 3, by(1))
        self._density = DensityForm(document)
        self._classes = number_field(DESIGN_FIELDS["num_classes"], 1000, by(1))
        self._has_classes = QCheckBox(DESIGN_FIELDS["num_classes"].label)
        self._has_classes.setToolTip(DESIGN_FIELDS["num_classes"].help)
        self._pool = QCheckBox(DESIGN_FIELDS["global_pool"].label)
        self._pool.setToolTip(DESIGN_FIELDS["global_pool"].tip)
        self._root = QCheckBox(DESIGN_FIELDS["include_root_block"].label)
        self._root.setToolTip(DESIGN_FIELDS["include_root_block"].tip)
        self._height.setAccessibleName("Image height")
        self._width.setAccessibleName("Image width")
        self._place()
        self._name.editingFinished.connect(self._name_edited)
        for field in (self._height, self._width):
            field.editingFinished.connect(self._image_edited)
        self._channels.editingFinished.connect(self._channels_edited)
        self._classes.editingFinished.connect(self._classes_edited)
        self._has_classes.clicked.connect(self._classes_edited)
        self._pool.clicked.connect(self._pool_clicked)
        self._root.clicked.connect(self._root_clicked)
        document.design_changed.connect(self._refresh)
        self._refresh()

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        for field in (self._height, self._width, self._channels, self._classes):
            field.set_theme(theme)
        self._density.set_theme(theme)

    def go_to(self, field: str) -> None:
        """Puts the keyboard into the field of a problem's place."""
        widget = {
            "name": self._name, "image": self._height, "image height": self._height, "image width": self._width,
            "channels": self._channels, "num_classes": self._classes, "version": self._density.version,
            "output_stride": self._density.output_stride, "global_pool": self._pool,
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
        for widget in (self._height, plain_label("×"), self._width, plain_label("×"), self._channels):
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
        grid.addWidget(self._density, 3, 0, 1, 2)

    @Slot()
    def _refresh(self) -> None:
        design = self._document.design
        self._name.setText(visible_text(design.name))
        image: object = design.image  # of a file it may be anything
        sizes = image if isinstance(image, tuple) and len(image) == 2 else ("", "")
        for field, value in zip((self._height, self._width), sizes, strict=True):
            _show(field, value)
        _show(self._channels, design.channels)
        self._has_classes.setChecked(design.num_classes is not None)
        self._classes.setEnabled(design.num_classes is not None)
        if design.num_classes is not None:
            _show(self._classes, design.num_classes)
        self._pool.setChecked(bool(design.global_pool))
        self._root.setChecked(bool(design.include_root_block))
        faults = [p for p in self._document.problems if p.place.block is None and p.place.field == "name"]
        self._name.setProperty("faulty", bool(faults))
        self._name.setToolTip(plain_tip(str(faults[0])) if faults else DESIGN_FIELDS["name"].tip)
        self._name.setStyleSheet("color: palette(bright-text);" if faults else "")

    @Slot()
    def _name_edited(self) -> None:
        if self._name.text() != visible_text(self._document.design.name):
            self._edit("name", self._name.text().strip())

    @Slot()
    def _image_edited(self) -> None:
        self._edit("image", (self._height.value, self._width.value))

    @Slot()
    def _channels_edited(self) -> None:
        self._edit("channels", self._channels.value)

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
            field.lineEdit().setText(visible_text(value))
