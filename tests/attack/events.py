"""What the monkey does to a window: a table of events, each with its weight."""

from __future__ import annotations

import json
from collections.abc import Callable

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QHelpEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QHeaderView,
    QLineEdit,
    QMenu,
    QSlider,
    QTabWidget,
    QWidget,
)

from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.design_json import design_from_json, design_to_json
from tests.attack.hands import CELLS, KEYS, PRESET_PREFIXES, SHORT, SMALL, Hands, name_of
from tests.attack.hostile import JSON_TEXTS, NOTATIONS, TEXTS, json_places, json_with


def press_key(hands: Hands) -> None:
    if hands.random.random() < 0.3:
        hands.pick(hands.widgets()).setFocus()
    widget = QApplication.focusWidget() or hands.window
    key, modifiers = hands.pick(KEYS), hands.modifiers()
    hands.told = f"{key} {modifiers.name} on {name_of(widget)}"
    hands.key(widget, key, modifiers)


def use_shortcut(hands: Hands) -> None:
    menus = hands.window.menuBar().findChildren(QMenu)
    actions = [each for menu in menus for each in menu.actions() if each.isEnabled() and not each.menu()]
    # Large networks are for other tests: each event with one takes as long as ten with a small one.
    action = hands.pick(
        [each for each in actions if not each.isSeparator() and not str(each.data()).startswith(PRESET_PREFIXES)]
    )
    hands.told = f"{action.text()!r} {action.shortcut().toString(QKeySequence.SequenceFormat.PortableText)}"
    action.trigger()


def click(hands: Hands) -> None:
    widget, at = hands.target()
    button = hands.pick((Qt.MouseButton.LeftButton,) * 6 + (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton))
    _click(hands, widget, at, button, hands.modifiers())


def _click(hands: Hands, widget: QWidget, at: QPoint, button: Qt.MouseButton, modifiers: Qt.KeyboardModifier) -> None:
    hands.mouse(widget, QEvent.Type.MouseMove, at, Qt.MouseButton.NoButton, Qt.MouseButton.NoButton, modifiers)
    hands.mouse(widget, QEvent.Type.MouseButtonPress, at, button, button, modifiers)
    hands.mouse(widget, QEvent.Type.MouseButtonRelease, at, button, Qt.MouseButton.NoButton, modifiers)


def double_click(hands: Hands) -> None:
    widget, at = hands.target()
    left, modifiers = Qt.MouseButton.LeftButton, hands.modifiers()
    _click(hands, widget, at, left, modifiers)
    hands.mouse(widget, QEvent.Type.MouseButtonDblClick, at, left, left, modifiers)
    hands.mouse(widget, QEvent.Type.MouseButtonRelease, at, left, Qt.MouseButton.NoButton, modifiers)


def drag(hands: Hands) -> None:
    widget, at = hands.target()
    left, none, modifiers = Qt.MouseButton.LeftButton, Qt.MouseButton.NoButton, hands.modifiers()
    hands.mouse(widget, QEvent.Type.MouseButtonPress, at, left, left, modifiers)
    for _ in range(hands.random.randrange(1, 5)):
        at += QPoint(hands.random.randrange(-200, 200), hands.random.randrange(-200, 200))
        hands.mouse(widget, QEvent.Type.MouseMove, at, none, left, modifiers)
    hands.mouse(widget, QEvent.Type.MouseButtonRelease, at, left, none, modifiers)


def wheel(hands: Hands) -> None:
    widget, at = hands.target()
    turn = QPoint(0, hands.pick((-1200, -120, 120, 1200)))
    event = QWheelEvent(
        QPointF(at), QPointF(widget.mapToGlobal(at)), QPoint(), turn, Qt.MouseButton.NoButton, hands.modifiers(),
        Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip
    hands.send(widget, event)


def ask_for_menu(hands: Hands) -> None:
    widget, at = hands.target()
    hands.send(widget, QContextMenuEvent(QContextMenuEvent.Reason.Mouse, at, widget.mapToGlobal(at)))


def ask_for_tip(hands: Hands) -> None:
    widget, at = hands.target()
    hands.send(widget, QHelpEvent(hands.pick((QEvent.Type.ToolTip, QEvent.Type.WhatsThis)), at, widget.mapToGlobal(at)))


def type_into_table(hands: Hands) -> None:
    panel = hands.window.design_panel
    table = hands.pick((panel._table, panel._table, panel._units))
    model = table.model()
    if not model.rowCount():
        return
    row, column = hands.random.randrange(model.rowCount()), hands.random.randrange(model.columnCount())
    text = hands.pick(CELLS) if hands.random.random() < 0.8 else hands.pick(list(SHORT.values()))
    hands.told = f"{table.accessibleName()} {row},{column}: {text!r:.80}"
    table.setFocus()
    table.go_to(row, column)
    if hands.random.random() < 0.2:
        QGuiApplication.clipboard().setText(hands.pick(list(TEXTS.values())))
        hands.key(table, "V", Qt.KeyboardModifier.ControlModifier)
        return
    hands.key(table, "F2")
    editor = next((each for each in table.viewport().findChildren(QLineEdit)), None)
    if editor is None:
        hands.type(table, text)
        editor = QApplication.focusWidget() or table
    else:
        editor.selectAll()
        hands.type(editor, text)
    hands.key(editor, hands.pick(("Return", "Return", "Return", "Tab", "Escape", "Down")))


def type_into_field(hands: Hands) -> None:
    kinds = [*hands.widgets(QLineEdit), *hands.widgets(QAbstractSpinBox)]
    field = hands.pick(kinds)
    text = hands.pick(CELLS) if hands.random.random() < 0.6 else hands.pick(list(SHORT.values()))
    hands.told = f"{name_of(field)}: {text!r:.80}"
    field.setFocus()
    if hasattr(field, "selectAll"):
        field.selectAll()
    field = QApplication.focusWidget() or field  # the field that a line edit is a part of
    hands.type(field, text)
    hands.key(field, hands.pick(("Return", "Return", "Tab", "Escape", "Up")))


def paste_notation(hands: Hands) -> None:
    name = hands.pick([*NOTATIONS, *TEXTS])
    hands.told = name
    QGuiApplication.clipboard().setText({**TEXTS, **NOTATIONS}[name])
    hands.window.notation.paste_action.trigger()


def undo_or_redo(hands: Hands) -> None:
    name = hands.pick(("undo", "undo", "redo"))
    for _ in range(hands.random.randrange(1, 6)):
        hands.window.undo_actions[name].trigger()


def turn_to_tab(hands: Hands) -> None:
    tabs = hands.pick(hands.window.findChildren(QTabWidget))
    tabs.setCurrentIndex((tabs.currentIndex() + 1) % max(tabs.count(), 1))
    hands.told = tabs.tabText(tabs.currentIndex())


def choose(hands: Hands) -> None:
    box = hands.pick(hands.widgets(QComboBox))
    if not isinstance(box, QComboBox) or not box.count():
        return
    row = hands.pick([row for row in range(box.count()) if not str(box.itemData(row)).startswith(PRESET_PREFIXES)])
    hands.told = f"{name_of(box)}: {box.itemText(row)}"
    box.setCurrentIndex(row)
    box.activated.emit(row)
    box.textActivated.emit(box.itemText(row))


def push(hands: Hands) -> None:
    button = hands.pick(hands.widgets(QAbstractButton))
    if isinstance(button, QAbstractButton):
        hands.told = f"{name_of(button)} {button.text()!r}"
        button.click()


def slide(hands: Hands) -> None:
    if isinstance(slider := hands.pick(hands.widgets(QSlider)), QSlider):
        slider.setValue(hands.random.randint(slider.minimum(), slider.maximum()))


def select(hands: Hands) -> None:
    view = hands.pick(hands.widgets(QAbstractItemView))
    if not isinstance(view, QAbstractItemView) or isinstance(view, QHeaderView) or view.model() is None:
        return
    hands.told = name_of(view)
    parent = view.rootIndex()
    for _ in range(hands.random.randrange(1, 4)):
        if not (rows := view.model().rowCount(parent)):
            break
        index = view.model().index(hands.random.randrange(rows), 0, parent)
        view.setCurrentIndex(index)
        view.scrollTo(index)
        parent = index


def select_box(hands: Hands) -> None:
    scene = hands.window.graph_panel.scene
    if scene is None or not scene.boxes:
        return
    item = hands.pick(scene.boxes)
    hands.told = item.box.name
    if hands.random.random() < 0.7:
        scene.clearSelection()
    item.setSelected(not item.isSelected())


def find(hands: Hands) -> None:
    bar = hands.window.graph_panel.find_bar
    bar.open()
    bar.text.setText(hands.pick(("conv", "unit_1", "block1", "b", "projection", "add", *SHORT.values())))
    for _ in range(hands.random.randrange(4)):
        hands.pick((bar.next, bar.previous))()
    hands.told = f"{bar.text.text()!r:.80}"
    if hands.random.random() < 0.3:
        bar.close_bar()


def open_file(hands: Hands) -> None:
    path = hands.pick(hands.files)
    hands.told = path.name
    hands.window.files.open(path)


def save_file(hands: Hands) -> None:
    name = hands.pick([text for text in SHORT.values() if "/" not in text])
    hands.told = f"{name!r:.80}"
    hands.window.files._save_to(hands.folder / "a" / "b" / "c" / name)


def put_value(hands: Hands) -> None:
    """A value in a place of the design, as a file brings it."""
    base = design_to_json(hands.window.document.design)
    place, name = hands.pick(list(json_places(base))), hands.pick(list(JSON_TEXTS))
    hands.told = f"{'.'.join(map(str, place))} = {name}"
    try:
        design = design_from_json(json.loads(json_with(base, place, JSON_TEXTS[name])))
    except (ValueError, RecursionError):
        return
    hands.window.document.edit(design, f"Set {place[-1] if place else 'all'}")


def set_plan(hands: Hands) -> None:
    plan = TimingPlan(
        batch=hands.pick((1, 2, 32)),
        burn_in=hands.pick((0, 3)),
        steps=hands.pick((1, 5, 40)),
        profile=hands.random.random() < 0.5,
    )
    hands.window.benchmark_panel.set_plan(plan)


def run(hands: Hands) -> None:
    set_plan(hands)
    panel = hands.window.benchmark_panel
    panel.run_action.trigger()
    if hands.random.random() < 0.3:
        panel.stop_action.trigger()


def resize(hands: Hands) -> None:
    hands.window.resize(hands.random.randrange(200, 1500), hands.random.randrange(200, 900))


def begin_anew(hands: Hands) -> None:
    name = hands.pick(("resnet_v2_18", "cifar_resnet_v2_20", "small", "small", "small"))
    hands.told = name
    if name == "small":
        hands.window.document.edit(SMALL, "Use small")
    else:
        hands.window.document.use_preset(name)


EVENTS: dict[str, tuple[int, Callable[[Hands], None]]] = {
    "key": (16, press_key),
    "shortcut": (8, use_shortcut),
    "click": (14, click),
    "double click": (4, double_click),
    "drag": (4, drag),
    "wheel": (4, wheel),
    "context menu": (3, ask_for_menu),
    "tip": (3, ask_for_tip),
    "cell": (9, type_into_table),
    "field": (8, type_into_field),
    "paste": (5, paste_notation),
    "undo": (5, undo_or_redo),
    "tab": (4, turn_to_tab),
    "choose": (6, choose),
    "push": (6, push),
    "slide": (1, slide),
    "select": (5, select),
    "box": (5, select_box),
    "find": (4, find),
    "open": (3, open_file),
    "save": (2, save_file),
    "value": (4, put_value),
    "run": (1, run),
    "resize": (2, resize),
    "anew": (1, begin_anew),
}
