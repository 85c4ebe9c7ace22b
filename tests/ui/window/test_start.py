"""Nothing optional keeps the window from opening, and nothing that ends it takes unsaved changes along."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QSettings
from PySide6.QtGui import QIcon

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.recovery import Unsaved, own_file, write_unsaved
from resnet_studio.picture.palette import LIGHT
from resnet_studio.ui.design import autosave
from resnet_studio.ui.design.autosave import Autosave
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.widgets import resources
from resnet_studio.ui.widgets.optional import optional
from resnet_studio.ui.window import main_window
from resnet_studio.ui.window.main_window import MainWindow

FAKE = Path(__file__).parents[2] / "fake_engine.py"
# The window as `main.py` opens it. It says what is told and what it shows, edits where it is asked to, and goes on or closes.
PROGRAM = f"""
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from resnet_studio.ui.window import app
from resnet_studio.ui.window.main_window import MainWindow
shown = MainWindow.showEvent
def look():
    window = next(each for each in QApplication.topLevelWidgets() if isinstance(each, MainWindow))
    if sys.argv[1] == "edit":
        window.document.use_preset("resnet_v2_101")
        QTimer.singleShot(int(sys.argv[2]), lambda: print("edited", flush=True))
        return
    print(repr((window.document.design.name, window.document.modified, window.benchmark_panel.log.toPlainText())), flush=True)
    window.document.undo_stack.setClean()
    window.close()
QTimer.singleShot(0, lambda: QTimer.singleShot(300, look))
sys.exit(app.run([], [sys.executable, {str(FAKE)!r}]))
"""


def start(home, *arguments):
    environment = {**os.environ, "RESNET_STUDIO_HOME": str(home), "QT_QPA_PLATFORM": "offscreen"}
    return subprocess.Popen(
        [sys.executable, "-c", PROGRAM, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def looked_at(home):
    """(name of the design, whether it is modified, the log) of a window that is opened and closed, with all it printed."""
    with start(home, "look") as program:
        out, errors = program.communicate(timeout=60)
    said = [line for line in errors.splitlines() if "propagateSizeHints" not in line]  # the offscreen platform's own
    assert (program.returncode, said) == (0, [])
    return eval(out)


@pytest.mark.parametrize(("number", "wait"), [(signal.SIGTERM, "0"), (signal.SIGHUP, "0"), (signal.SIGKILL, "1500")])
def test_whatever_ends_the_window_its_changes_come_back(tmp_path, number, wait):
    with start(tmp_path, "edit", wait) as program:
        assert program.stdout.readline() == "edited\n"
        program.send_signal(number)
        program.communicate(timeout=60)
    name, modified, log = looked_at(tmp_path)
    assert (name, modified) == ("resnet_v2_101", True)
    assert "The unsaved changes of resnet_v2_101 are back: the window that had them was ended." in log
    assert not list(tmp_path.glob("unsaved-*"))  # that window was closed in order


@pytest.mark.parametrize(
    "state", ["a file in the folder's place", "no database", "a newer history", "rubbish in the settings"]
)
def test_the_window_opens_whatever_its_folder_holds(tmp_path, state):
    home = tmp_path / "home"
    match state:
        case "a file in the folder's place":
            home.write_text("")
        case "no database":
            home.mkdir()
            (home / "history.sqlite").write_bytes(b"rubbish" * 1_000)
        case "a newer history":
            home.mkdir()
            with sqlite3.connect(home / "history.sqlite") as database:
                database.execute("PRAGMA user_version = 9")
            database.close()
        case _:
            (home / "resnet-studio").mkdir(parents=True)
            (home / "resnet-studio" / "ResNet Studio.ini").write_text(
                "[General]\nversion=@Invalid(\ngeometry=\x00\x01\n[[["
            )
    name, modified, log = looked_at(home)
    assert (name, modified) == ("resnet_v2_50", False)
    expected = {
        "no database": "was damaged",
        "a newer history": "newer version",
        "a file in the folder's place": "can't be used",
    }
    assert expected.get(state, "") in log


def test_settings_that_break_are_done_without(qtbot, monkeypatch):
    def broken(*_):
        raise OverflowError("a number of 400 digits")

    monkeypatch.setattr(main_window, "read_settings", broken)
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window)
    assert "The settings can't be used: a number of 400 digits." in window.benchmark_panel.log.toPlainText()
    window.runner.shutdown()


def test_settings_of_any_kind_are_read(qtbot):
    store = QSettings()
    store.setValue("version", 1)
    for key in (
        "geometry",
        "upper",
        "whole",
        "detail",
        "layout",
        "fold",
        "colour_by",
        "plan/batch",
        "plan/modes",
        "plan/profile",
    ):
        store.setValue(key, "9" * 400)
    window = MainWindow(DesignDocument(PRESETS["resnet_v2_50"]), TimingRunner([sys.executable, str(FAKE)]))
    qtbot.addWidget(window)
    assert window.benchmark_panel.plan is not None
    assert window.benchmark_panel.plan.batch == 32
    window.runner.shutdown()
    store.clear()


def test_an_icon_that_is_gone_is_done_without(monkeypatch, tmp_path):
    monkeypatch.setattr(resources, "_PACKAGE", tmp_path)
    assert isinstance(resources.icon("run", LIGHT), QIcon)


def test_what_is_optional_is_told_once_and_the_rest_goes_on():
    told = []
    with optional("The moon", told.append):
        raise RuntimeError("is away.")
    assert told == ["The moon can't be used: is away. The rest works without."]


def test_a_row_of_edits_is_written_once_and_a_save_removes_it(qtbot, tmp_path, monkeypatch):
    monkeypatch.setattr(autosave, "DELAY_MS", 30)
    document = DesignDocument(PRESETS["resnet_v2_50"])
    keeper = Autosave(document, tmp_path, document)
    for classes in (3, 4, 5):
        document.edit(replace(document.design, num_classes=classes), "Set classes")
    assert not own_file(tmp_path).exists()
    qtbot.waitUntil(own_file(tmp_path).exists)
    document.save(tmp_path / "saved.json")
    qtbot.waitUntil(lambda: not own_file(tmp_path).exists())
    keeper.finish()


def test_a_folder_that_takes_nothing_is_told_once(qtbot, tmp_path):
    (tmp_path / "file").write_text("")
    document = DesignDocument(PRESETS["resnet_v2_50"])
    keeper = Autosave(document, tmp_path / "file", document)
    told = []
    keeper.noticed.connect(told.append)
    for classes in (3, 4):
        document.edit(replace(document.design, num_classes=classes), "Set classes")
        keeper.write()
    assert len(told) == 1
    assert told[0].startswith("Unsaved changes are not kept beside the window: ")
    keeper.finish()


def test_what_comes_back_is_modified_and_can_be_saved_to_its_file(qtbot, tmp_path):
    path = tmp_path / "mine.json"
    DesignDocument(PRESETS["resnet_v2_50"]).save(path)
    edited = replace(PRESETS["resnet_v2_50"], num_classes=7)
    write_unsaved(tmp_path / "unsaved-999999999-7.json", Unsaved(edited, path))
    document = DesignDocument(PRESETS["resnet_v2_101"])
    keeper = Autosave(document, tmp_path, document)
    keeper.restore()
    assert (document.design, document.path, document.modified) == (edited, path, True)
    time.sleep(0)
    document.save(path)
    assert not document.modified
    keeper.finish()
