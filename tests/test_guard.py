"""The leak guard of conftest.py turns each kind of leak red, and nothing else."""

from pathlib import Path

import pytest

pytest_plugins = ["pytester"]

HEAD = """
import subprocess, sys, threading, time
import pytest
from PySide6.QtCore import QObject, QThread, QTimer
from PySide6.QtWidgets import QWidget, QMainWindow

kept = []
"""

LEAKS = {
    "running QThread": """
        class Worker(QThread):
            def run(self):
                self.exec()
        kept.append(Worker())
        kept[0].start()
        while kept[0].eventDispatcher() is None:
            time.sleep(0.01)
        """,
    "active QTimer": """
        kept.append(QTimer(interval=10))
        kept[0].start()
        """,
    "window": """
        kept.append(QMainWindow())
        kept[0].show()
        """,
    "child process": """
        kept.append(subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]))
        """,
    "Python thread": """
        kept.append(threading.Thread(target=time.sleep, args=(2,)))
        kept[0].start()
        """,
}


def run(pytester: pytest.Pytester, body: str) -> pytest.RunResult:
    """Runs tests of their own under this project's conftest.py, in a program of their own."""
    conftest = Path(__file__).with_name("conftest.py").read_text()
    assert "GRACE_SECONDS = 2.0" in conftest
    pytester.makeconftest(conftest.replace("GRACE_SECONDS = 2.0", "GRACE_SECONDS = 0.7"))  # leaks do not get better
    pytester.makepyfile(HEAD + body)
    return pytester.runpytest_subprocess("-p", "no:cacheprovider", timeout=120)


@pytest.mark.parametrize("kind", LEAKS)
def test_a_leak_turns_its_own_test_red_and_no_other(pytester: pytest.Pytester, kind: str) -> None:
    result = run(
        pytester, f"def test_leaks(qtbot):\n        pass\n{LEAKS[kind]}\n\ndef test_after(qtbot):\n    assert True\n"
    )
    result.assert_outcomes(passed=2, errors=1)  # the guard speaks at teardown, which pytest counts as an error
    result.stdout.fnmatch_lines(["*the test left behind:", f"  {kind}: *"])
    assert result.ret == pytest.ExitCode.TESTS_FAILED


def test_clean_tests_stay_green(pytester: pytest.Pytester) -> None:
    result = run(
        pytester,
        """
@pytest.fixture(scope="module")
def shared_program():
    with subprocess.Popen([sys.executable, "-c", "import time; time.sleep(60)"]) as program:
        yield program
        program.kill()

@pytest.fixture
def window(qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    QTimer(window, interval=5).start()
    window.show()
    return window

def test_without_qt():
    assert subprocess.run([sys.executable, "-c", ""]).returncode == 0

def test_window_is_closed_by_its_fixture(window):
    assert window.isVisible()

def test_window_deletes_itself(qtbot):
    window = QWidget()
    window.show()
    window.deleteLater()

def test_plot(qtbot):
    import pyqtgraph
    plot = pyqtgraph.PlotWidget()
    qtbot.addWidget(plot)
    plot.plot([1, 2, 3])
    plot.show()

def test_thread_is_waited_for(qtbot):
    thread = QThread()
    thread.start()
    thread.quit()
    assert thread.wait(5000)

def test_thread_is_on_its_way_out(qtbot):
    class Worker(QThread):
        def run(self):
            time.sleep(0.3)
    worker = Worker()
    kept.append(worker)
    worker.start()

def test_timer_is_stopped(qtbot):
    timer = QTimer(interval=1)
    timer.start()
    kept.append(timer)
    qtbot.wait(5)
    timer.stop()

def test_single_shot_is_left_to_fire(qtbot):
    timer = QTimer(interval=50, singleShot=True)
    kept.append(timer)
    timer.start()

def test_program_of_wider_scope(shared_program):
    assert shared_program.poll() is None

def test_program_of_wider_scope_again(shared_program):
    assert shared_program.poll() is None
""",
    )
    result.assert_outcomes(passed=10)
