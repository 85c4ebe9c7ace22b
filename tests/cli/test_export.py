"""`export` from the terminal; what is in the files is tested in tests/engine/test_export.py."""

import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from resnet_studio.cli import main
from resnet_studio.design.files import load

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("kind", ["keras-python", "tensorflow-python", "slim", "graphml", "dot", "json"])
def test_it_writes_and_says_so(tiny, tmp_path, capsys, kind):
    assert main(["export", str(tiny), "--as", kind, "-o", str(tmp_path / "out")]) == 0
    assert capsys.readouterr().out == f"{tmp_path / 'out'}\n"
    assert "tiny" in (tmp_path / "out").read_text()


def test_json_is_the_design(tiny, tmp_path):
    assert main(["export", str(tiny), "--as", "json", "-o", str(tmp_path / "out.json")]) == 0
    assert load(tmp_path / "out.json") == load(tiny)


def test_a_graph_has_the_detail_that_was_asked_for(tiny, tmp_path):
    for detail, nodes in (("blocks", 11), ("layers", 18)):
        assert main(["export", str(tiny), "--as", "dot", "-o", str(tmp_path / "g"), "--detail", detail]) == 0
        text = (tmp_path / "g").read_text()
        assert len([line for line in text.splitlines() if "[label=" in line and "->" not in line]) == nodes


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--as", "caffe", "-o", "x"], "--as: 'caffe' is not one of its values"),
        (["--as", "dot", "-o", "x", "--detail", "atoms"], "--detail: 'atoms' is not"),
        (["--as", "dot", "-o", "no/such/folder/x"], "there is no folder"),
        (["--as", "dot", "-o", "tiny.json"], "is there already, and is no dot export"),
        (["--as", "dot", "-o", "x", "--weights", "y"], "dot has no weights"),
        (["--as", "keras", "-o", "x"], "end in '.keras'"),
        (["--as", "keras-python", "-o", "x", "--weights", "y"], "no such checkpoint"),
        (["--as", "saved-model", "-o", "tiny.json"], "is a file"),
        (["--as", "saved-model", "-o", "no/such/folder/x"], "there is no folder"),
        (["--as", "dot"], "required: -o"),
        (["-o", "x"], "required: --as"),
    ],
)
def test_bad_input_is_one_line_and_status_2(tiny, capsys, monkeypatch, arguments, words):
    monkeypatch.chdir(tiny.parent)
    assert main(["export", "tiny.json", *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err
    assert [path.name for path in tiny.parent.iterdir()] == ["tiny.json"]


@pytest.mark.tensorflow
@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_interrupted_it_leaves_nothing(tiny, tmp_path, number, status):
    (tmp_path / "here").mkdir()
    command = [sys.executable, str(ROOT / "main.py"), "export", str(tiny), "--as", "keras", "-o", "m.keras"]
    with subprocess.Popen(command, cwd=tmp_path / "here", stderr=subprocess.PIPE, text=True) as process:
        limit = time.monotonic() + 20
        while not list((tmp_path / "here").iterdir()) and time.monotonic() < limit:  # the staging folder
            time.sleep(0.02)
        process.send_signal(number)
        _, errors = process.communicate(timeout=20)
    assert process.returncode == status
    assert "Traceback" not in errors
    assert list((tmp_path / "here").iterdir()) == []


@pytest.mark.tensorflow
def test_a_damaged_checkpoint_is_bad_input(tiny, program):
    for name in ("c.index", "c.data-00000-of-00001"):
        (tiny.parent / name).write_bytes(b"nothing of the kind")
    run = program("export", str(tiny), "--as", "checkpoint", "-o", "out", "--weights", "c")
    assert run.returncode == 2
    assert b"c: can't be read as a TensorFlow checkpoint" in run.stderr
    assert run.stderr.count(b"\n") == 1
