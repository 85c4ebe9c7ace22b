"""What a text leaves open is asked: which of its networks is meant, and values that it doesn't tell."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Qt
from PySide6.QtWidgets import QInputDialog, QMessageBox, QWidget

from resnet_studio.design.notation import Found, NotationError, Reading
from resnet_studio.ui.widgets.plain import make_plain, message_box

_ASKED = 32  # values of one text
_SHOWN = 2_000  # characters of a message


class ReadingQuestions(QObject):
    """Goes from a reading to the network that is meant, with as many questions as that takes. Nothing waits for them."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window

    def settle(
        self,
        read: Callable[[Mapping[str, object]], Reading],
        take: Callable[[Found], None],
        refuse: Callable[[str], None],
        known: Mapping[str, object] | None = None,
    ) -> None:
        """Calls `take` with the network that is meant, or `refuse` with why there is none.

        read: reads the text with the values that are known of what it doesn't tell; it is called anew after each answer.
        """
        known = known or {}
        try:
            reading = read(known)
        except NotationError as error:
            asks = [each for each in error.asks if each.name not in known]
            if not asks or len(known) >= _ASKED:
                refuse(str(error))
                return
            ask = asks[0]
            words = f"The network hangs on {ask.name} (line {ask.line}), which the text does not tell.\nIts value:"
            dialog = self._dialog("A value is missing", words)
            dialog.textValueSelected.connect(lambda text: self.settle(read, take, refuse, {**known, ask.name: text}))
            dialog.open()
            return
        if len(reading.networks) == 1:
            self._taken(reading, reading.networks[0], take)
        else:
            self._choose(reading, take)

    def _choose(self, reading: Reading, take: Callable[[Found], None]) -> None:
        rows = {f"{each.name}  ({each.size}, line {each.line})": each for each in reading.networks}
        words = "The text holds several networks. Which one?"
        if reading.undecided is not None:
            words += "\nThe text does not tell: it hangs on a value that is not in it."
        dialog = self._dialog("Choose a network", words)
        dialog.setComboBoxItems(list(rows))
        dialog.textValueSelected.connect(lambda text: self._taken(reading, rows[text], take))
        dialog.open()

    def _taken(self, reading: Reading, found: Found, take: Callable[[Found], None]) -> None:
        take(found)
        if notes := reading.notes_of(found):
            words = f"{found.name}: what to know of it"
            icon = QMessageBox.Icon.Information
            box = message_box(self._window, icon, "What was read", words, "\n".join(notes)[:_SHOWN])
            box.setModal(False)
            box.show()

    def _dialog(self, title: str, words: str) -> QInputDialog:
        dialog = QInputDialog(self._window)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setWindowTitle(title)
        dialog.setLabelText(words)
        make_plain(dialog)
        return dialog
