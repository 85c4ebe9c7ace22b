"""An export takes its place: the old is there or the new, and what is somebody else's stays."""

import os
import signal
import subprocess
import sys

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.driver import placing
from resnet_studio.driver.export import ExportError, ExportFailedError, InTheWayError, check_export, export

# An export program that writes as TensorFlow would: what `job["out"]` says, as a folder or a checkpoint's two files.
PROGRAM = """
import json, pathlib, sys
job = json.loads(sys.stdin.readline())
out = pathlib.Path(job["out"])
if job["kind"] == "saved-model":
    (out / "variables").mkdir(parents=True)
    (out / "saved_model.pb").write_text("new")
    (out / "variables" / "variables.index").write_text("new")
else:
    for end in (".index", ".data-00000-of-00001"):
        out.with_name(out.name + end).write_text("new")
print(json.dumps({"unread": []}))
"""
COMMAND = [sys.executable, "-c", PROGRAM]
DESIGN = PRESETS["resnet_v2_18"]


@pytest.fixture
def model(tmp_path):
    """A SavedModel's folder with files of the person's own in it."""
    folder = tmp_path / "model"
    (folder / "variables").mkdir(parents=True)
    (folder / "saved_model.pb").write_text("old")
    (folder / "variables" / "variables.index").write_text("old")
    (folder / "variables" / "old.data").write_text("old")
    (folder / "notes.txt").write_text("mine")
    (folder / "plots" / "deep").mkdir(parents=True)
    (folder / "plots" / "deep" / "a.png").write_text("mine")
    (folder / "link").symlink_to("notes.txt")
    return folder


def tree(folder):
    return {str(p.relative_to(folder)): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


MINE = {"notes.txt": "mine", "plots/deep/a.png": "mine", "link": "mine"}
OLD = {**MINE, "saved_model.pb": "old", "variables/variables.index": "old", "variables/old.data": "old"}
NEW = {**MINE, "saved_model.pb": "new", "variables/variables.index": "new"}


def test_a_folder_that_is_not_empty_is_asked_about_with_its_contents(model):
    with pytest.raises(InTheWayError) as error:
        check_export("saved-model", model)
    assert str(error.value) == (
        f"{model}: is there already: saved_model.pb, variables would be replaced, link, notes.txt, plots would stay. "
        "Name a new one, or use --force."
    )
    (model / "saved_model.pb").unlink()
    with pytest.raises(InTheWayError, match=r"variables would be replaced, link, notes\.txt, plots would stay"):
        check_export("saved-model", model)
    assert tree(model)["notes.txt"] == "mine"


def test_with_force_only_what_an_export_writes_is_replaced(model, tmp_path):
    inode, when = (model / "notes.txt").stat().st_ino, (model / "plots").stat().st_mtime_ns
    export(DESIGN, "saved-model", model, command=COMMAND, force=True)
    assert tree(model) == NEW
    assert (model / "notes.txt").stat().st_ino == inode  # the very file, not a copy
    assert (model / "plots").stat().st_mtime_ns == when
    assert [each.name for each in tmp_path.iterdir()] == ["model"]


def test_where_names_can_not_be_exchanged_the_same_comes_of_it(model, monkeypatch):
    monkeypatch.setattr(placing.ctypes, "CDLL", lambda *_, **__: object())
    export(DESIGN, "saved-model", model, command=COMMAND, force=True)
    assert tree(model) == NEW


def test_where_links_can_not_be_had_a_copy_stays(model, monkeypatch):
    def refuse(self, target):
        raise OSError(18, "Invalid cross-device link")

    monkeypatch.setattr(placing.Path, "hardlink_to", refuse)
    export(DESIGN, "saved-model", model, command=COMMAND, force=True)
    assert tree(model) == NEW


@pytest.mark.parametrize("moment", ["write", "_link", "_exchange", "rmtree"])
def test_a_kill_at_any_moment_leaves_the_old_or_the_new(model, moment):
    code = f"""
import os, pathlib, shutil, signal, sys
from resnet_studio.driver import placing
def die(*_, **__): os.kill(os.getpid(), signal.SIGKILL)
moment, out = {moment!r}, pathlib.Path({str(model)!r})
if moment == "rmtree": placing.shutil.rmtree = die
elif moment != "write": setattr(placing, moment, die)
with placing.staged(out) as place:
    (place / "variables").mkdir(parents=True)
    (place / "saved_model.pb").write_text("new")
    if moment == "write": die()
    (place / "variables" / "variables.index").write_text("new")
"""
    assert subprocess.run([sys.executable, "-c", code]).returncode == -signal.SIGKILL
    assert tree(model) == (NEW if moment == "rmtree" else OLD)


def test_an_export_that_fails_leaves_the_old(model, tmp_path):
    failing = [sys.executable, "-c", "print('no JSON')"]
    with pytest.raises(ExportFailedError, match="without saying how"):
        export(DESIGN, "saved-model", model, command=failing, force=True)
    assert tree(model) == OLD
    assert [each.name for each in tmp_path.iterdir()] == ["model"]


def test_a_checkpoint_that_is_there_is_replaced_only_when_asked_for(tmp_path):
    out = tmp_path / "ckpt"
    (tmp_path / "ckpt.index").write_text("old")
    (tmp_path / "ckpt.data-00000-of-00002").write_text("old")
    (tmp_path / "ckpt.notes").write_text("mine")
    with pytest.raises(InTheWayError, match=r"ckpt\.data-00000-of-00002, ckpt\.index would be replaced"):
        check_export("checkpoint", out)
    export(DESIGN, "checkpoint", out, command=COMMAND, force=True)
    assert (tmp_path / "ckpt.index").read_text() == (tmp_path / "ckpt.data-00000-of-00001").read_text() == "new"
    assert (tmp_path / "ckpt.notes").read_text() == "mine"


def test_no_index_ever_stands_beside_anothers_data(tmp_path, monkeypatch):
    (tmp_path / "ckpt.index").write_text("old")
    (tmp_path / "ckpt.data-00000-of-00001").write_text("old")
    seen = []
    real = placing.Path.replace

    def replace(self, target):
        real(self, target)
        seen.append({p.name: p.read_text() for p in tmp_path.glob("ckpt*")})

    monkeypatch.setattr(placing.Path, "replace", replace)
    export(DESIGN, "checkpoint", tmp_path / "ckpt", command=COMMAND, force=True)
    data, index = "ckpt.data-00000-of-00001", "ckpt.index"
    assert seen == [{data: "new"}, {data: "new", index: "new"}]


def test_a_file_in_a_folders_place_is_never_replaced(tmp_path):
    (tmp_path / "model").write_text("mine")
    with pytest.raises(ExportError, match="is a file, and a SavedModel is a folder"):
        check_export("saved-model", tmp_path / "model", force=True)
    assert os.listdir(tmp_path) == ["model"]  # noqa: PTH208
