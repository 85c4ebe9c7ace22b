"""Python programs that this one starts: none of them runs a stray file of the folder that a person works in.

Each runs `python -P`, so that no folder of the moment comes first on its path; this very package is handed over by its
place, and not looked for; and it works in a folder of its own, which is removed with it.
"""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
from pathlib import Path

import resnet_studio
from resnet_studio.design.process_mark import lives, process_mark

_PREFIX = "resnet-studio-"
# Packages are imported from where the parent has them: their folder, which may hold anything, is not put on the path.
_BOOT = """
import importlib.machinery, importlib.util, os, runpy, sys
for folder in sys.argv.pop(1).split(os.pathsep):
    name, init = os.path.basename(folder), os.path.join(folder, "__init__.py")
    if name in sys.modules:
        sys.modules[name].__path__.append(folder)
        continue
    if os.path.exists(init):
        spec = importlib.util.spec_from_file_location(name, init, submodule_search_locations=[folder])
    else:
        spec = importlib.machinery.ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = [folder]
    sys.modules[name] = module = importlib.util.module_from_spec(spec)
    if os.path.exists(init):
        spec.loader.exec_module(module)
name = sys.argv.pop(1)
sys.argv[0] = name
runpy.run_module(name, run_name="__main__", alter_sys=True)
""".strip()


def python_child(module: str, *arguments: str, packages: tuple[Path, ...] = ()) -> list[str]:
    """The command that runs a module of this package as a program. packages: further packages' folders that it needs.

    Two folders of one name are one package, which has the modules of both.
    """
    folders = (Path(resnet_studio.__file__).resolve().parent, *packages)
    return [sys.executable, "-P", "-c", _BOOT, os.pathsep.join(map(str, folders)), module, *arguments]


def own_folder() -> tempfile.TemporaryDirectory[str]:
    """A new folder for a child to work in and to put its temporary files into: one that is killed can't tidy up."""
    return tempfile.TemporaryDirectory(prefix=f"{_PREFIX}{process_mark()}-", ignore_cleanup_errors=True)


def remove_left_behind() -> int:
    """Removes the folders of programs of this person's that were killed before they could; how many."""
    removed = 0
    try:
        found = list(Path(tempfile.gettempdir()).glob(f"{_PREFIX}*-*-*"))
    except OSError:
        return 0
    for folder in found:
        mark = "-".join(folder.name.removeprefix(_PREFIX).split("-")[:2])
        try:
            is_ours = stat.S_ISDIR(folder.lstat().st_mode) and folder.lstat().st_uid == os.geteuid()
        except OSError:
            continue
        if is_ours and mark.replace("-", "").isdigit() and not lives(mark):
            shutil.rmtree(folder, ignore_errors=True)
            removed += not folder.exists()
    return removed
