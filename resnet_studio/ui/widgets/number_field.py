"""A field for a number that keeps what was typed, right or wrong, and says what is wrong with it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QPalette, QValidator, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QWidget

from resnet_studio.design.bounds import Bound, parse_number, parse_whole
from resnet_studio.design.fields import Field
from resnet_studio.picture.palette import LIGHT, Theme

from .guard import guarded
from .plain import plain_tip


def by(amount: int) -> Callable[[int, int], int]:
    """Stepping by a fixed amount."""
    return lambda value, steps: value + steps * amount


def by_doubling(value: int, steps: int) -> int:
    """Stepping to the next power of two: how batches are tried."""
    for _ in range(abs(steps)):
        value = 1 << value.bit_length() if steps > 0 else 1 << max((value - 1).bit_length() - 1, 0)
    return value


def number_field(
    field: Field, value: float, step: Callable[[int, int], int], parent: QWidget | None = None
) -> NumberField:
    """The spin box of a field that is a number: its bound, help and special word come out of the field's table."""
    bound = field.range
    assert bound is not None, f"{field.name} is no number"
    box = NumberField(bound, value, field.help, step, parent, field.low_text)
    box.setAccessibleName(field.title)
    return box


@guarded
class NumberField(QAbstractSpinBox):
    """A spin box without clamping. tip: what the number is for; its range is added. special: words for the least number."""

    edited = Signal()  # the text changed, by hand or by set_value

    def __init__(
        self, bound: Bound, value: float, tip: str, step: Callable[[int, int], int], parent: QWidget | None = None,
        special: str = "",
    ) -> None:  # fmt: skip
        super().__init__(parent)
        self._bound = bound
        self._tip = tip
        self._special = special
        self._step = step
        self._theme = LIGHT
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAccessibleName(tip)
        self.lineEdit().textChanged.connect(self._text_changed)
        self.set_value(value)

    @property
    def value(self) -> float | str:
        """The number, or what was typed where that is none. It may be out of bounds: see `fault`."""
        text = self.lineEdit().text()
        if self._special and text.strip() in ("", self._special):
            return self._bound.low
        return parse_whole(text) if self._bound.whole else parse_number(text)

    @property
    def fault(self) -> str | None:
        """What is wrong with the value, as the end of a sentence."""
        return self._bound.fault(self.value)

    def set_value(self, value: float) -> None:
        """Writes a number into the field."""
        if self._special and value == self._bound.low:
            self.lineEdit().setText(self._special)
            return
        self.lineEdit().setText(f"{value:,}" if isinstance(value, int) else f"{value:,.6g}")

    def set_theme(self, theme: Theme) -> None:
        """Takes the error colours."""
        self._theme = theme
        self._mark()

    @Slot()
    def _text_changed(self) -> None:
        self._mark()
        self.updateGeometry()
        self.edited.emit()

    def _mark(self) -> None:
        fault = self.fault
        # Untouched roles are left to the application's palette, so that a change of theme reaches them.
        palette = QPalette()
        if fault:
            for role in (QPalette.ColorRole.Base, QPalette.ColorRole.Button):
                palette.setColor(role, QColor(self._theme.error_fill))
            palette.setColor(QPalette.ColorRole.Text, QColor(self._theme.error))
        self.setPalette(palette)
        self.lineEdit().setPalette(palette)  # below an application's style sheet it does not inherit
        self.setToolTip(plain_tip(f"{fault[0].upper()}{fault[1:]}. Use {self._bound.text}.") if fault else self._help())
        self.setAccessibleDescription(self.toolTip())

    def _help(self) -> str:
        return f"{self._tip}: {self._bound.text}"

    def stepBy(self, steps: int) -> None:
        """Up and Down, Page Up and Page Down, the wheel and the arrows."""
        if isinstance(value := self.value, (int, float)):
            stepped = min(max(self._step(int(value), steps), self._bound.low), self._bound.high)
            self.set_value(int(stepped) if self._bound.whole else stepped)
            self.selectAll()

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel changes the number only where one is typing, not where one happens to scroll by."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Stepping is left out only at the bounds and where there is no number."""
        enabled = QAbstractSpinBox.StepEnabledFlag.StepNone
        if isinstance(value := self.value, (int, float)):
            if value < self._bound.high:
                enabled |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
            if value > self._bound.low:
                enabled |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return enabled

    def validate(self, text: str, position: int) -> tuple[QValidator.State, str, int]:
        """Anything may be typed; `fault` says what is wrong."""
        return QValidator.State.Acceptable, text, position

    def sizeHint(self) -> QSize:
        """As wide as its text, and wide enough for most numbers: a number that is cut off is a wrong number."""
        hint = super().sizeHint()
        texts = (f"{int(min(self._bound.high, 99_999)):,}", self.lineEdit().text()[:14])
        return QSize(max(map(self.fontMetrics().horizontalAdvance, texts)) + 36, hint.height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()
