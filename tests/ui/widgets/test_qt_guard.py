"""No exception leaves a Qt override: every class of the window is guarded, and faults are told once a place."""

import importlib
import inspect
import pkgutil
import sys
import threading

import pytest
from PySide6.QtCore import QAbstractItemModel, QEvent, QModelIndex, QPointF, QRectF, QSize, QThread
from PySide6.QtGui import QPainterPath
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QGraphicsItem,
    QGraphicsScene,
    QGraphicsView,
    QLabel,
    QLayout,
    QMainWindow,
    QMessageBox,
    QTreeView,
    QVBoxLayout,
    QWidget,
)

import resnet_studio.ui
from resnet_studio.ui.widgets.guard import _NEUTRAL, guarded, overrides
from resnet_studio.ui.window.app import CrashReporter


def classes_of_the_window():
    for found in pkgutil.walk_packages(resnet_studio.ui.__path__, "resnet_studio.ui."):
        for kind in vars(importlib.import_module(found.name)).values():
            if inspect.isclass(kind) and kind.__module__ == found.name:
                yield kind


def test_every_override_of_every_class_of_the_window_is_guarded():
    seen = {f"{kind.__name__}.{name}": vars(kind)[name] for kind in classes_of_the_window() for name in overrides(kind)}
    assert len(seen) > 90
    assert {"NodeModel.data", "BoxItem.paint", "RatioAxis.tickStrings", "_ReplaceDesign.redo"} <= seen.keys()
    bare = [name for name, method in seen.items() if not hasattr(method, "neutral")]
    assert not bare, f"put @guarded on the classes of {', '.join(bare)}: an exception there may end the program"


def test_no_override_is_put_onto_an_object_where_no_guard_reaches_it():
    for found in pkgutil.walk_packages(resnet_studio.ui.__path__, "resnet_studio.ui."):
        source = inspect.getsource(importlib.import_module(found.name))
        assert "Event = " not in source, found.name
        assert ".paint = " not in source, found.name


def test_an_override_without_a_neutral_value_is_refused_where_it_is_written():
    with pytest.raises(TypeError, match=r"^fixup: no neutral value is known"):
        make_failing(QAbstractSpinBox, "fixup")
    assert overrides(make_failing(QAbstractSpinBox, "columnCount")) == []  # a spin box has no such method


@pytest.fixture
def told(monkeypatch):
    """What `sys.excepthook` was told."""
    found = []
    monkeypatch.setattr(sys, "excepthook", lambda kind, error, trace: found.append(str(error)))
    return found


def failing(name):
    def method(self, *args, **kwargs):
        raise ZeroDivisionError(name)

    return method


def make_failing(base, *names):
    """A guarded class, each of whose overrides raises."""
    return guarded(type(f"Failing{base.__name__}", (base,), {name: failing(name) for name in names}))


def shown(widget, qtbot):
    qtbot.addWidget(widget)
    widget.resize(200, 120)
    widget.show()
    QApplication.processEvents()
    widget.grab()
    return widget


def test_a_model_that_fails_in_every_method_is_an_empty_one(qtbot, told):
    names = ("index", "parent", "rowCount", "columnCount", "data", "headerData", "flags", "hasChildren", "setData")
    model = make_failing(QAbstractItemModel, *names)()
    view = shown(QTreeView(), qtbot)
    view.setModel(model)
    view.expandAll()
    view.selectAll()
    QApplication.processEvents()
    view.grab()
    assert {"columnCount", "hasChildren"} <= set(told)
    assert (model.rowCount(), model.index(0, 0), model.data(QModelIndex())) == (0, QModelIndex(), None)


class TwoRows(QAbstractItemModel):
    """Rows that are there, and fail when they are shown."""

    def index(self, row, column, parent=None):
        return self.createIndex(row, column)

    def parent(self, index=None):
        return QModelIndex()

    def rowCount(self, parent=None):
        return 0 if parent is not None and parent.isValid() else 2

    def columnCount(self, parent=None):
        return 2

    def data(self, index, role=0):
        raise ZeroDivisionError("data")

    def headerData(self, section, orientation, role=0):
        raise ZeroDivisionError("headerData")

    def flags(self, index):
        raise ZeroDivisionError("flags")


def test_a_cell_that_fails_is_blank(qtbot, told):
    view = QTreeView()
    view.setModel(guarded(TwoRows)(view))
    shown(view, qtbot)
    view.setCurrentIndex(view.model().index(1, 0))
    QTest.keyClick(view, "a")
    assert {"data", "headerData", "flags"} <= set(told)
    assert view.model().index(0, 0).data() is None


def test_an_item_of_the_picture_that_fails_is_not_drawn(qtbot, told):
    scene = QGraphicsScene(0, 0, 100, 100)
    kind = make_failing(QGraphicsItem, "paint", "shape", "mousePressEvent")
    kind.boundingRect = lambda self: QRectF(0, 0, 100, 100)
    items = [kind(), make_failing(QGraphicsItem, "boundingRect", "paint", "shape")()]
    for item in items:
        scene.addItem(item)
    shown(QGraphicsView(scene), qtbot)
    assert scene.items(QPointF(50, 50)) == []
    assert {"paint", "boundingRect", "shape"} <= set(told)


def test_a_widget_that_fails_in_every_event_still_stands_in_the_window(qtbot, told):
    names = [
        name
        for name in dir(QWidget)
        if (name.endswith("Event") or name in ("sizeHint", "minimumSizeHint", "heightForWidth", "hasHeightForWidth"))
        and name not in ("nativeEvent", "customEvent")
    ]
    holder = QWidget()
    column = QVBoxLayout(holder)
    widget = make_failing(QWidget, *names)()
    watcher = make_failing(QWidget, "eventFilter", "event")(holder)
    widget.installEventFilter(watcher)
    column.addWidget(widget, 1)
    shown(holder, qtbot)
    QTest.keyClick(widget, "a")
    widget.setEnabled(False)
    assert {"paintEvent", "resizeEvent", "sizeHint", "eventFilter", "showEvent"} <= set(told)
    assert widget.isVisible()


def test_a_layout_and_a_field_that_fail_take_no_room_and_no_input(qtbot, told):
    names = ("addItem", "count", "itemAt", "takeAt", "sizeHint", "minimumSize", "setGeometry", "hasHeightForWidth")
    holder = QWidget()
    layout = make_failing(QLayout, *names, "heightForWidth", "expandingDirections")(holder)
    layout.addWidget(QLabel("a", holder))
    field = make_failing(QAbstractSpinBox, "validate", "stepEnabled", "stepBy", "sizeHint", "keyPressEvent")(holder)
    shown(holder, qtbot)
    QTest.keyClicks(field.lineEdit(), "12")
    field.stepUp()
    assert {"addItem", "setGeometry", "stepBy"} <= set(told)
    assert not field.hasAcceptableInput()


def test_a_thread_that_fails_comes_to_its_end(qtbot, told):
    thread = make_failing(QThread, "run")()
    with qtbot.waitSignal(thread.finished):
        thread.start()
    thread.wait()
    assert told == ["run"]


def test_a_reporter_that_fails_does_no_harm(monkeypatch):
    monkeypatch.setattr(sys, "excepthook", failing("hook"))
    assert make_failing(QAbstractSpinBox, "event")().event(QEvent(QEvent.Type.User)) is False


@pytest.mark.parametrize("name", _NEUTRAL)
def test_two_callers_never_share_a_neutral_value_that_can_be_changed(name):
    first, second = _NEUTRAL[name](), _NEUTRAL[name]()
    assert first == second
    assert first is not second or not isinstance(first, list | QRectF | QSize | QPainterPath)


# ---- how faults are told


@pytest.fixture
def reporter(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    return CrashReporter(window)


def report(reporter, error):
    try:
        raise error
    except (ValueError, KeyboardInterrupt):
        reporter.report(*sys.exc_info())


def boxes(reporter):
    QApplication.processEvents()
    return [box for box in reporter._window.findChildren(QMessageBox) if box.isVisible()]


def test_a_place_that_fails_a_thousand_times_is_told_once(reporter, capsys):
    for _ in range(1_000):
        report(reporter, ValueError("the same"))
    (box,) = boxes(reporter)
    assert box.informativeText() == "ValueError: the same"
    assert capsys.readouterr().err.count("ValueError") == 1


def test_another_place_is_added_to_the_open_box_and_opens_one_later(reporter):
    report(reporter, ValueError("first"))
    (box,) = boxes(reporter)
    try:
        _ = {}["second"]
    except KeyError:
        reporter.report(*sys.exc_info())
    assert boxes(reporter) == [box]
    assert "ValueError: first" in box.detailedText()
    assert "KeyError: 'second'" in box.detailedText()
    box.close()
    row = 3
    try:
        _ = "abc"[row]
    except IndexError:
        reporter.report(*sys.exc_info())
    (later,) = boxes(reporter)
    assert later.informativeText() == "IndexError: string index out of range"


def test_a_fault_of_another_thread_is_told_by_the_windows(reporter):
    thread = threading.Thread(target=report, args=(reporter, ValueError("elsewhere")))
    thread.start()
    thread.join()
    (box,) = boxes(reporter)
    assert box.thread() is QApplication.instance().thread()


def test_a_fault_is_told_in_plain_text_and_briefly_and_ctrl_c_is_none(reporter):
    report(reporter, KeyboardInterrupt())
    assert boxes(reporter) == []
    try:
        raise ValueError("<img src=x>" + "a" * 100_000)
    except ValueError:
        reporter.report(*sys.exc_info())
    (box,) = boxes(reporter)
    assert box.informativeText().startswith("ValueError: <img src=x>aaa")
    assert len(box.informativeText()) == 500
    labels = [label for label in box.findChildren(QLabel) if label.text()]
    assert labels
    assert {label.textFormat().name for label in labels} == {"PlainText"}
