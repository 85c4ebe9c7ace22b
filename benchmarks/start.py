"""The start of the window beside the least that a window with its libraries takes: a bare Python, side by side.

    python -m benchmarks.start [ROUNDS]

Both are programs of their own, timed from outside: from their start to the first turn of the event loop after the window
was shown. The bare one imports PySide6, pyqtgraph and networkx and shows an empty main window. Both find their modules
compiled, as on the second start of any program: the first round compiles them.
"""

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.table import Row, quartiles, show
from resnet_studio.driver.children import own_folder, python_child

_HERE = Path(__file__).resolve().parent


def bare():
    """An empty main window, with the libraries that ours needs."""
    import networkx  # noqa: F401, ICN001
    import pyqtgraph  # noqa: F401
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QApplication, QMainWindow

    app = QApplication([])
    window = QMainWindow()
    window.show()
    QTimer.singleShot(0, ready)
    app.exec()


def studio():
    """Ours, as `main.py` opens it, but for the warm engine, which starts after that."""
    from PySide6.QtCore import QTimer

    from resnet_studio.ui.run.runner import TimingRunner
    from resnet_studio.ui.window import app

    TimingRunner.warm_up = lambda _: None
    shown = app._open_state

    def then_ready(window):
        QTimer.singleShot(0, ready)
        return shown(window)

    app._open_state = then_ready
    app.run()


def ready():
    """Says that the window takes keys and clicks now, and ends."""
    os.write(1, b"ready\n")
    os._exit(0)


def rows(rounds=15):
    seconds = {"studio": [], "bare": []}
    compiled = _HERE.parent / "build" / "compiled"
    for round_ in range(rounds + 1):
        for side in ("studio", "bare") if round_ % 2 else ("bare", "studio"):
            took = start(side, compiled)
            if round_:  # the first reads the disk
                seconds[side].append(took)
    middle, low, high = quartiles([a / b for a, b in zip(seconds["studio"], seconds["bare"], strict=True)])
    yield Row(
        "start", "from a program's start to its window: ours / a bare Python with the same libraries",
        middle, "x", low, high, "quartiles", rounds, "<= 1.3", middle <= 1.3,
        f"{1e3 * quartiles(seconds['studio'])[0]:.0f} ms / {1e3 * quartiles(seconds['bare'])[0]:.0f} ms",
        {f"{side} s": times for side, times in seconds.items()},
    )  # fmt: skip


def start(side, compiled):
    """Seconds that a side takes. compiled: where its modules are kept compiled."""
    kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with own_folder() as folder:
        began = time.perf_counter()
        with subprocess.Popen(
            python_child("benchmarks.start", side, packages=(_HERE,)),
            stdout=subprocess.PIPE,
            cwd=folder,
            env={**kept, "PYTHONPYCACHEPREFIX": str(compiled), "RESNET_STUDIO_HOME": folder},
        ) as program:
            said = program.stdout.readline()
            took = time.perf_counter() - began
    if said != b"ready\n":
        raise RuntimeError(f"the window of {side} did not come up")
    return took


if __name__ == "__main__":
    if sys.argv[1:2] in (["bare"], ["studio"]):
        {"bare": bare, "studio": studio}[sys.argv[1]]()
    else:
        show(rows(*map(int, sys.argv[1:])))
