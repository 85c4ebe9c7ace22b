"""What `pip install .` and pipx install: the package, its resources, and the `resnet-studio` command."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this checkout with what is installed: no network."""
    folder = tmp_path_factory.mktemp("wheel")
    pip = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input"]
    options = ["--no-deps", "--no-build-isolation", "--no-index", "--quiet", "--wheel-dir", str(folder)]
    done = subprocess.run([*pip, "wheel", *options, str(ROOT)], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    [built] = folder.glob("*.whl")
    return built


def test_wheel_holds_the_package_and_all_resources(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    modules = {path.relative_to(ROOT).as_posix() for path in (ROOT / "resnet_studio").rglob("*.py")}
    resources = {
        f"resnet_studio/{p.relative_to(ROOT).as_posix()}" for p in (ROOT / "resources").rglob("*") if p.is_file()
    }
    assert "resnet_studio/resources/icons/app.svg" in resources
    assert names >= modules | resources | {"resnet_studio/py.typed"}
    assert {name.partition("/")[0].partition("-")[0] for name in names} == {"resnet_studio"}


def test_installed_command_runs_away_from_the_checkout(wheel: Path, tmp_path: Path) -> None:
    """The wheel's own files are used, unpacked before this checkout on the path, and the entry point is called."""
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path)
        [entry_points] = [name for name in archive.namelist() if name.endswith("entry_points.txt")]
        assert "resnet-studio = resnet_studio.cli:main" in archive.read(entry_points).decode()
    script = (
        "import sys; from resnet_studio import cli\n"
        f"assert cli.__file__.startswith({str(tmp_path)!r}), cli.__file__\n"
        "sys.argv = ['resnet-studio', 'show', 'resnet_v2_50']; sys.exit(cli.main())"
    )
    environment = os.environ | {"PYTHONPATH": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, cwd=tmp_path.parent, env=environment
    )
    assert done.returncode == 0, done.stderr
    assert "25,5" in done.stdout or "255" in done.stdout
