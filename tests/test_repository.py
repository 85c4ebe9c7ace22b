"""What holds for the repository as a whole."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

# In pieces, so that this file does not name them.
REGISTRY_HOSTS = [
    ".".join(parts)
    for parts in [
        ("pypi", "org"),
        ("pythonhosted", "org"),
        ("deb", "debian", "org"),
        ("security", "debian", "org"),
        ("npmjs", "org"),
        ("npmjs", "com"),
        ("conda", "anaconda", "org"),
    ]
]


def own_files() -> list[Path]:
    """Files that git tracks or would take: nothing that .gitignore names."""
    if not shutil.which("git") or not (ROOT / ".git").exists():
        pytest.skip("not a git checkout")
    listing = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    files = [ROOT / name for name in listing.stdout.decode().split("\0") if name]
    return [path for path in files if path.is_file()]


def test_no_file_names_a_package_registry_or_a_folder_of_one_machine() -> None:
    # Set-up must work wherever pip and apt are configured to look.
    needles = [*REGISTRY_HOSTS, "file:" + "//", "--extra-" + "index-url", "/work/" + "main"]
    found = [
        f"{path.relative_to(ROOT)}: {needle}"
        for path in own_files()
        for needle in needles
        if needle.encode() in path.read_bytes()
    ]
    assert not found


def test_every_constraint_is_one_exact_version() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    assert not [pin for pin in pins if pin.count("==") != 1 or "+" in pin or "@" in pin or " " in pin]


def test_what_ci_and_people_start_is_there() -> None:
    for name in [
        "LICENSE",
        "main.py",
        "Makefile",
        "README.md",
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "resources/icons/app.svg",
    ]:
        assert (ROOT / name).is_file(), name
    for name in [".ci/run", "scripts/setup.sh"]:
        assert (ROOT / name).stat().st_mode & 0o111, f"{name} is not executable"
