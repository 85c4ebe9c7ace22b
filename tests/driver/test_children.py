"""Programs that this one starts run none of the files that lie in the folder where a person works."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import parts
from resnet_studio.bench.events import Ready, decode
from resnet_studio.bench.job import Job, encode_job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.files import save
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.process_mark import process_mark
from resnet_studio.driver import children
from resnet_studio.driver.children import own_folder, python_child, remove_left_behind
from resnet_studio.driver.process import EngineProcess

# What the children import, at some time or other: one file of each name lies in the folder that they are started from.
IMPORTED = (
    "resnet_studio", "benchmarks", "json", "runpy", "importlib", "os", "sys", "signal", "tempfile", "dataclasses", "numpy",
    "networkx", "scipy", "msgspec", "tqdm", "tensorflow", "keras", "PySide6", "pyqtgraph", "h5py", "google", "charset_normalizer",
    "random", "time", "threading", "resource", "psutil", "sitecustomize", "usercustomize", "readline",
)  # fmt: skip


@pytest.fixture
def poisoned(tmp_path, monkeypatch):
    """The current folder, in which every module that a child imports lies: each says in a file that it ran, and fails."""
    folder = tmp_path / "work"
    folder.mkdir()
    ran = tmp_path / "ran"
    for name in IMPORTED:
        (folder / f"{name}.py").write_text(
            f"open({str(ran)!r}, 'a').write('{name}\\n'); raise SystemExit('{name} ran')\n"
        )
    monkeypatch.chdir(folder)
    monkeypatch.setenv("PYTHONSTARTUP", str(folder / "json.py"))
    yield folder
    assert not ran.exists(), ran.read_text()


def test_the_poison_works(poisoned, tmp_path):
    """Started as children once were, the first file runs."""
    old = [sys.executable, "-c", "import sys; sys.path.insert(0, ''); import networkx"]
    assert subprocess.run(old, capture_output=True).returncode == 1
    (tmp_path / "ran").unlink()


def test_a_module_of_the_package_runs(poisoned, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep)  # an empty entry is the folder that the child works in: its own
    done = subprocess.run(
        python_child("resnet_studio", "show", "resnet_v2_18"), capture_output=True, text=True, cwd="/"
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "resnet_v2_18" in done.stdout


def test_a_module_of_the_package_runs_even_in_that_folder(poisoned):
    done = subprocess.run(python_child("resnet_studio", "show", "resnet_v2_18"), capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")


def test_an_export_from_the_terminal(poisoned):
    save(PRESETS["resnet_v2_18"], poisoned / "design.json")
    words = ["export", "design.json", "--as", "graphml", "-o", "net.graphml"]
    done = subprocess.run([*python_child("resnet_studio", *words)], capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, "")
    assert (poisoned / "net.graphml").stat().st_size > 1_000


def test_the_export_program_up_to_tensorflow(poisoned):
    """It imports TensorFlow first of all: here one that is not there is asked for in its place."""
    job = {"design": design_to_json(PRESETS["resnet_v2_18"]), "kind": "keras", "out": "x", "weights": None}
    command = python_child("resnet_studio.engine.export_program")
    boot = command[3].replace("runpy.run_module(", 'sys.modules["tensorflow"] = None; runpy.run_module(')
    with own_folder() as folder:
        done = subprocess.run(
            [*command[:3], boot, *command[4:]], input=json.dumps(job) + "\n", capture_output=True, text=True, cwd=folder
        )
    assert "TensorFlow could not be imported" in json.loads(done.stdout)["error"]


def test_a_part_of_the_benchmarks(poisoned):
    done = subprocess.run(
        python_child("benchmarks.parts", "nothing", "{}", packages=parts.FOLDERS), capture_output=True, text=True
    )
    assert "No module named 'benchmarks.nothing'" in done.stderr


@pytest.mark.tensorflow
def test_the_engine(poisoned, monkeypatch):
    monkeypatch.setenv("PYTHONPATH", os.pathsep)
    job = Job(PRESETS["cifar_resnet_v2_20"], TimingPlan(("forward",), batch=1, burn_in=0, steps=1))
    engine = EngineProcess()
    events = list(engine.run(job))
    assert type(events[-1]).__name__ == "Finished", events[-1]
    with own_folder() as folder:
        done = subprocess.run(
            python_child("resnet_studio.engine.serve"),
            input=encode_job(job) + "\n",
            capture_output=True,
            text=True,
            cwd=folder,
        )
    assert isinstance(decode(done.stdout.splitlines()[0]), Ready)


def test_a_clone_that_nobody_installed_finds_its_package(tmp_path):
    """`python main.py` in a clone: no path file names it, and the children get it by its place all the same."""
    command = python_child("resnet_studio", "--version")
    done = subprocess.run([command[0], "-S", *command[1:]], capture_output=True, text=True, cwd=tmp_path)
    assert done.stdout.startswith("ResNet Studio ")


def test_a_package_of_two_folders_has_the_modules_of_both(tmp_path):
    for folder, module in (("a/extra", "one"), ("b/extra", "two")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"{module}.py").write_text("import sys; print(__name__, sys.argv[1:])")
    packages = (tmp_path / "a/extra", tmp_path / "b/extra")
    for module in ("one", "two"):
        done = subprocess.run(
            python_child(f"extra.{module}", "x", packages=packages), capture_output=True, text=True, cwd=tmp_path
        )
        assert (done.stdout, done.stderr) == ("__main__ ['x']\n", "")


def test_folders_of_killed_programs_go_at_the_next_start_and_no_others(tmp_path, monkeypatch):
    monkeypatch.setattr(children.tempfile, "tempdir", str(tmp_path))
    with own_folder() as mine:
        gone = [tmp_path / "resnet-studio-999999999-7-abc", tmp_path / f"resnet-studio-{os.getpid()}-1-abc"]
        kept = [
            Path(mine),
            tmp_path / "resnet-studio-notes",
            tmp_path / "resnet-studio-1-2",
            tmp_path / "other-999999999-7-x",
        ]
        for folder in (*gone, *kept):
            folder.mkdir(exist_ok=True)
            (folder / "file").write_text("x")
        link = tmp_path / "resnet-studio-999999999-8-link"
        link.symlink_to(kept[1])
        assert remove_left_behind() == 2
        assert not any(folder.exists() for folder in gone)
        assert all((folder / "file").exists() for folder in (*kept, link))
        assert process_mark() in mine


def test_the_engine_works_in_its_own_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    code = "import os, sys; print(os.getcwd(), os.environ['TMPDIR'], file=sys.stderr, flush=True); sys.exit(3)"
    end = list(EngineProcess([sys.executable, "-c", code]).run(Job(PRESETS["resnet_v2_18"], TimingPlan())))[-1]
    where, temporary = end.detail.split()
    assert where == temporary
    assert not Path(where).exists()
