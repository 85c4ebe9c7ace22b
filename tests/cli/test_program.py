"""The terminal face as a program: what it loads, its streams, and signals."""

import os
import platform
import pty
import shutil
import signal
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from resnet_studio import __version__

Program = Callable[..., subprocess.CompletedProcess[bytes]]
ROOT = Path(__file__).parents[2]
FAKE_ENGINE = ROOT / "tests" / "fake_engine.py"
HEAVY = ("tensorflow", "keras", "PySide6", "pyqtgraph", "shiboken6")


def python(code: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", code, *arguments], capture_output=True, timeout=120, cwd=ROOT)


def test_the_import_is_light() -> None:
    code = "import sys, resnet_studio.cli; print(*sys.modules)"
    loaded = set(python(code).stdout.decode().split())
    assert not loaded & {*HEAVY, "numpy", "networkx", "tqdm"}


@pytest.mark.parametrize("command", ["show", "draw", "bench"])
def test_no_command_loads_qt_or_tensorflow(command: str, tiny: Path, tmp_path: Path) -> None:
    arguments = {
        "show": ["show", str(tiny)],
        "draw": ["draw", str(tiny), "-o", str(tmp_path / "a.svg")],
        "bench": ["bench", str(tiny), "--steps", "2"],
    }[command]
    code = (
        "import sys; from resnet_studio.cli import main\n"
        f"status = main(sys.argv[1:], engine_command=[sys.executable, {str(FAKE_ENGINE)!r}])\n"
        f"sys.exit(status or str(sorted(set(sys.modules) & set({HEAVY!r}))) != '[]')"
    )
    done = python(code, *arguments)
    assert done.returncode == 0, done.stderr


def test_the_version_names_what_a_report_needs(program: Program) -> None:
    from importlib.metadata import version

    lines = program("--version").stdout.decode().splitlines()
    assert lines[0] == f"ResNet Studio {__version__}"
    assert lines[1].startswith(f"Python {platform.python_version()}")
    assert f"tensorflow {version('tensorflow')}" in lines
    assert f"PySide6-Essentials {version('PySide6-Essentials')}" in lines


def test_help_and_version(program: Program) -> None:
    for arguments in (["--help"], ["bench", "--help"], ["--version"]):
        done = program(*arguments)
        assert done.returncode == 0
        assert done.stdout
        assert done.stderr == b""


@pytest.mark.parametrize("more", [{"PYTHONIOENCODING": "ascii"}, {"PYTHONIOENCODING": "latin-1"}, {}])
def test_any_encoding(more: dict[str, str], program: Program) -> None:
    environment = {**os.environ, "LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", **more}
    done = program("show", "resnet_v2_50", env=environment)
    assert (done.returncode, done.stderr) == (0, b"")
    assert b"7x7x1024" in done.stdout or "7×7×1024".encode(more.get("PYTHONIOENCODING", "utf-8")) in done.stdout
    assert program("show", "größe…\udcff", env=environment).stderr.count(b"\n") == 1


@pytest.mark.parametrize("where", ["stdout", "stderr"])
def test_a_reader_that_goes_is_no_trouble(where: str, program: Program) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    arguments = ["show", "resnet_v2_50" if where == "stdout" else "nope"]
    done = subprocess.run(
        [sys.executable, str(ROOT / "main.py"), *arguments],
        stdout=writer if where == "stdout" else subprocess.PIPE,
        stderr=writer if where == "stderr" else subprocess.PIPE,
        timeout=60,
    )
    os.close(writer)
    assert done.returncode == (0 if where == "stdout" else 2)
    assert not done.stdout
    assert not done.stderr


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="there is no /dev/full")
def test_a_full_disk(program: Program) -> None:
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [sys.executable, str(ROOT / "main.py"), "show", "resnet_v2_50"], stdout=full, stderr=subprocess.PIPE
        )
    assert done.returncode == 1
    assert done.stderr == b"error: The output can't be written: No space left on device.\n"


# ---- signals --------------------------------------------------------------------------------------------------------


def living(marker: object) -> list[int]:
    """Processes, zombies apart, with `marker` in their command line."""
    found = []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if str(marker).encode() in (folder / "cmdline").read_bytes():
                found.append(int(folder.name))
        except OSError:
            continue
    return found


@pytest.fixture
def start(tmp_path: Path, tiny: Path) -> Iterator[Callable[..., subprocess.Popen[bytes]]]:
    """Starts a bench with a fake engine, a copy of its own so that it can be found by name."""
    engine = tmp_path / "an_engine_of_its_own.py"
    shutil.copy(FAKE_ENGINE, engine)
    started: list[subprocess.Popen[bytes]] = []

    def begin(*engine_options: str, before: str = "", **options: object) -> subprocess.Popen[bytes]:
        code = (
            f"import sys, signal; {before}\nfrom resnet_studio.cli import main\n"
            f"sys.exit(main(sys.argv[1:], engine_command=[sys.executable, {str(engine)!r}, *{engine_options!r}]))"
        )
        arguments = ["bench", str(tiny), "--steps", "5", "--burn-in", "0"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, **options}
        process = subprocess.Popen([sys.executable, "-c", code, *arguments], cwd=ROOT, **pipes)  # type: ignore[call-overload]
        started.append(process)
        return process  # type: ignore[no-any-return]

    yield begin
    for process in started:
        process.kill()
        process.communicate()


def wait_for(process: subprocess.Popen[bytes], text: bytes) -> None:
    assert process.stderr is not None
    for line in process.stderr:
        if text in line:
            return
    pytest.fail(f"it ended before it said {text!r}")


@pytest.mark.parametrize(
    ("number", "before", "status"),
    [
        (signal.SIGINT, "", 130),
        (signal.SIGINT, "signal.signal(signal.SIGINT, signal.SIG_IGN)", 130),
        (signal.SIGTERM, "", 143),
        (signal.SIGHUP, "", 129),
    ],
    ids=["Ctrl+C", "Ctrl+C in the background", "terminate", "hang-up"],
)
@pytest.mark.parametrize("phase", ["Starting", "tracing", "timing"])
def test_interrupted(
    phase: str,
    number: signal.Signals,
    before: str,
    status: int,
    tmp_path: Path,
    start: Callable[..., subprocess.Popen[bytes]],
) -> None:
    options = {
        "Starting": ("--start-seconds", "60"),
        "tracing": ("--trace-seconds", "60"),
        "timing": ("--fault", "hang"),
    }[phase]
    process = start(*options, before=before)
    wait_for(process, phase.encode())
    process.send_signal(number)
    time.sleep(0.01)
    if process.poll() is None:
        process.send_signal(number)  # an impatient second one changes nothing
    _, errors = process.communicate(timeout=20)
    assert process.returncode == status
    assert b"Traceback" not in errors
    assert errors == (b"Interrupted.\n" if number == signal.SIGINT else b"")
    assert living(tmp_path) == []


def test_a_hang_up_that_is_ignored(start: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = start("--step-seconds", "0.1", before="signal.signal(signal.SIGHUP, signal.SIG_IGN)")
    wait_for(process, b"timing")
    process.send_signal(signal.SIGHUP)
    process.communicate(timeout=20)
    assert process.returncode == 0


def test_a_reader_that_goes_ends_the_run(tmp_path: Path, start: Callable[..., subprocess.Popen[bytes]]) -> None:
    process = start("--trace-seconds", "1")
    assert process.stdout is not None
    process.stdout.close()
    _, errors = process.communicate(timeout=20)
    assert process.returncode == 1
    assert b"Traceback" not in errors
    assert b"Broken" not in errors
    assert living(tmp_path) == []


@pytest.mark.parametrize("columns", [0, 60, 100])
def test_a_terminal_has_bars_and_is_left_clean(
    columns: int, start: Callable[..., subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "xterm")
    ours, theirs = pty.openpty()
    termios.tcsetwinsize(theirs, (24, columns))
    process = start("--step-seconds", "0.3", stderr=theirs)
    os.close(theirs)
    shown = b""
    while True:
        try:
            chunk = os.read(ours, 4096)
        except OSError:  # Linux's way to say that the other end is closed
            break
        if not chunk:
            break
        shown += chunk
    os.close(ours)
    process.communicate(timeout=20)
    assert process.returncode == 0
    assert b"0/5 [" in shown
    assert shown.count(b"\n") == 10  # a line a phase; the bars took theirs back
    assert shown.rpartition(b"\r")[2].strip() == b""


def test_a_dumb_terminal_has_no_bars(
    start: Callable[..., subprocess.Popen[bytes]], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    ours, theirs = pty.openpty()
    process = start(stderr=theirs)
    process.communicate(timeout=20)
    os.close(theirs)
    shown = os.read(ours, 100_000)
    os.close(ours)
    assert b"%" not in shown
