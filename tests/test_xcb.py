"""Qt finds all the system libraries that a real window needs: what scripts/setup.sh is for."""

import os
import subprocess
import sys

import pytest

PROGRAM = """
from PySide6.QtGui import QFontDatabase
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel

app = QApplication([])
label = QLabel("ResNet Studio")
label.show()
assert QTest.qWaitForWindowExposed(label, 10_000)
assert QFontDatabase.families(), "no font"
pixels = label.grab().toImage()
assert len({pixels.pixelColor(x, y).name() for x in range(pixels.width()) for y in range(pixels.height())}) > 1
print(app.platformName())
"""


@pytest.mark.window
def test_a_real_window_opens_and_shows_text(xvfb_display: str) -> None:
    environment = os.environ | {"DISPLAY": xvfb_display, "QT_QPA_PLATFORM": "xcb"}
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, env=environment, timeout=60)
    assert (done.returncode, done.stdout, done.stderr) == (0, "xcb\n", "")
