"""What was exported is put in its place: a kill at any moment leaves the old or the new, and nothing of anybody else's goes.

A folder: the new one, built beside the old, is given hard links to everything in the old one that no export writes; then
the two exchange their names at one blow (Linux's renameat2), and the old one is removed. A file: a rename. The files of a
checkpoint: the old index goes first and the new one comes last, so that no index ever stands beside another's data.
"""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

# What TensorFlow and Keras write into a SavedModel's folder (tensorflow/python/saved_model/constants.py).
SAVED_MODEL_NAMES = frozenset(
    {
        "saved_model.pb", "saved_model.pbtxt", "saved_model.cpb", "fingerprint.pb", "keras_metadata.pb", "variables", "assets",
        "assets.extra", "debug",
    }
)  # fmt: skip
_EXCHANGE, _AT_FDCWD = 2, -100


@contextlib.contextmanager
def staged(out: Path) -> Iterator[Path]:
    """A path in a hidden folder beside `out`. What is written there, and beside it, is put in its place at the end."""
    out = out.resolve()
    folder = Path(tempfile.mkdtemp(prefix=f".{out.name[:40]}.", dir=out.parent))
    try:
        yield folder / out.name
        written = sorted(folder.iterdir())
        for index in (each for each in written if each.suffix == ".index"):
            with contextlib.suppress(FileNotFoundError):
                out.with_name(index.name).unlink()
        # A checkpoint's data comes ahead of its index, by which readers find it.
        for each in written:
            target = out.with_name(each.name)
            if each.is_dir() and target.is_dir():
                _exchange(each, target)
            else:
                each.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def others_in(folder: Path) -> tuple[list[str], list[str]]:
    """(what a SavedModel's export would replace, what is somebody else's) in a folder, by name; empty where there is none."""
    names = sorted(each.name for each in folder.iterdir()) if folder.is_dir() else []
    return [n for n in names if n in SAVED_MODEL_NAMES], [n for n in names if n not in SAVED_MODEL_NAMES]


def _exchange(new: Path, old: Path) -> None:
    """Gives `new` the name `old`, and everything in `old` that is not a SavedModel's; `old` gets the other name."""
    for name in others_in(old)[1]:
        _link(old / name, new / name)
    new.chmod(old.stat().st_mode & 0o7777)
    libc = ctypes.CDLL(None, use_errno=True)
    done = hasattr(libc, "renameat2") and not libc.renameat2(
        _AT_FDCWD, os.fsencode(new), _AT_FDCWD, os.fsencode(old), _EXCHANGE
    )
    if not done:  # a system or a disk that knows no exchange: for a moment the old one has another name
        aside = new.with_name(f"{new.name}.replaced")
        old.rename(aside)
        try:
            new.rename(old)
        except OSError:
            aside.rename(old)
            raise


def _link(source: Path, target: Path) -> None:
    """The same file under a second name; of a folder, its files one by one. Where links can't be had, a copy."""
    if source.is_dir() and not source.is_symlink():
        target.mkdir()
        for each in source.iterdir():
            _link(each, target / each.name)
        shutil.copystat(source, target)
        return
    try:
        target.hardlink_to(source) if not source.is_symlink() else target.symlink_to(source.readlink())
    except OSError:
        shutil.copy2(source, target)
