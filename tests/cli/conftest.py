"""The terminal face, called as a function with a fake engine; as a program where signals and streams matter."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication

from resnet_studio.design.files import save
from resnet_studio.design.spec import Design, block

ROOT = Path(__file__).parents[2]
FAKE_ENGINE = ROOT / "tests" / "fake_engine.py"


@pytest.fixture(autouse=True)
def application(qapp: QApplication) -> QApplication:
    """A PNG makes do with less of an application, which would stay for the tests of the window and not do for them."""
    return qapp


@pytest.fixture
def fake_engine() -> Callable[..., list[str]]:
    """The command of a fake engine with these options."""

    def command(*options: str) -> list[str]:
        return [sys.executable, str(FAKE_ENGINE), "--step-seconds", "0.001", *options]

    return command


@pytest.fixture
def tiny(tmp_path: Path) -> Path:
    """A design file whose network takes no time: two units on 16x16 pixels."""
    path = tmp_path / "tiny.json"
    blocks = (block("block1", 1, 8, 4, 1), block("block2", 1, 16, 8, 2))
    save(Design("tiny", blocks, image=(16, 16), num_classes=10, root_depth=8), path)
    return path


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[bytes]]:
    """`python main.py ...` to its end, in an empty folder."""

    def run(*arguments: str, **options: object) -> subprocess.CompletedProcess[bytes]:
        command = [sys.executable, str(ROOT / "main.py"), *arguments]
        return subprocess.run(command, capture_output=True, timeout=120, cwd=tmp_path, **options)  # type: ignore[call-overload, no-any-return]

    return run
