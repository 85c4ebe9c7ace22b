from collections.abc import Callable, Sequence
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

import resnet_studio.ui.window.app
from resnet_studio.cli import main, window

Engine = Callable[..., list[str]]


@pytest.fixture
def opened(monkeypatch: pytest.MonkeyPatch) -> list[Sequence[str]]:
    """What the window was opened with."""
    calls: list[Sequence[str]] = []

    def run(argv: Sequence[str] = (), engine_command: Sequence[str] | None = None) -> int:
        calls.append(argv)
        return 0

    monkeypatch.setattr(resnet_studio.ui.window.app, "run", run)
    return calls


@pytest.fixture
def no_display(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_window_opens(opened: list[Sequence[str]], tiny: Path) -> None:
    assert main([]) == 0
    assert main(["resnet_v2_101"]) == 0
    assert main([str(tiny)]) == 0
    assert opened == [[], ["resnet_v2_101"], [str(tiny)]]


def test_a_design_with_problems_opens(opened: list[Sequence[str]], tiny: Path) -> None:
    tiny.write_text(tiny.read_text().replace('"depth": 8,', '"depth": 0,'))
    assert main([str(tiny)]) == 0
    assert opened == [[str(tiny)]]


@pytest.mark.parametrize(
    ("environment", "open_"),
    [
        ({}, False),
        ({"QT_QPA_PLATFORM": "xcb"}, False),
        ({"QT_QPA_PLATFORM": "wayland;xcb"}, False),
        ({"DISPLAY": "", "WAYLAND_DISPLAY": ""}, False),
        ({"QT_QPA_PLATFORM": "offscreen"}, True),
        ({"QT_QPA_PLATFORM": "minimal:enable_fonts"}, True),
        ({"QT_QPA_PLATFORM": "vnc"}, True),
        ({"WAYLAND_DISPLAY": "wayland-0"}, True),
    ],
)
def test_where_a_window_can_be(environment: dict[str, str], open_: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    assert (window.why_no_window(environment) is None) is open_


def test_a_display_that_does_not_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987654")
    assert window.why_no_window({"DISPLAY": ":987654"}) is not None


def test_a_display_that_answers(monkeypatch: pytest.MonkeyPatch, xvfb_display: str) -> None:
    monkeypatch.setenv("DISPLAY", xvfb_display)
    assert window.why_no_window({"DISPLAY": xvfb_display}) is None


def test_without_a_display_the_terminal_does_the_job(
    no_display: Path, fake_engine: Engine, opened: list[Sequence[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([], engine_command=fake_engine()) == 0
    assert opened == []
    folder = no_display / "resnet_studio_output"
    assert sorted(path.name for path in folder.iterdir()) == ["resnet_v2_50.json", "resnet_v2_50.svg"]
    ET.parse(folder / "resnet_v2_50.svg")
    out = capsys.readouterr().out
    assert out.splitlines()[0].startswith("There is no display")
    assert "Forward across 10 steps" in out
    assert "Forward-backward across 10 steps" in out
    assert f"is in {folder / 'resnet_v2_50.svg'}" in out
    assert f"are in {folder / 'resnet_v2_50.json'}" in out


def test_without_a_display_a_named_design_is_done(
    no_display: Path, tiny: Path, fake_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tiny)], engine_command=fake_engine()) == 0
    assert (no_display / "resnet_studio_output" / "tiny.svg").exists()


def test_where_no_folder_can_be_made(no_display: Path, capsys: pytest.CaptureFixture[str]) -> None:
    Path("resnet_studio_output").write_text("a file")
    assert main([]) == 2
    assert "resnet_studio_output: can't be made here" in capsys.readouterr().err


def test_a_missing_system_library(
    no_display: Path,
    tiny: Path,
    fake_engine: Engine,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(window, "why_no_window", lambda environment: None)

    def broken(name: str, *rest: object) -> object:
        if name == "resnet_studio.ui.window.app":
            raise ImportError("libEGL.so.1: cannot open shared object file: No such file or directory")
        return original(name, *rest)

    original = __import__
    monkeypatch.setattr("builtins.__import__", broken)
    assert main([str(tiny)], engine_command=fake_engine()) == 0
    assert "needs Qt, which can't be loaded (libEGL.so.1: cannot open shared object file" in capsys.readouterr().out
