"""Where the program keeps what outlives it: the history of runs, unsaved changes, the log of a crash."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def state_folder() -> Path:
    """The folder, which need not be there yet. `RESNET_STUDIO_HOME` names another; settings then go there as well.

    It is where Qt puts an application's data: the organisation's and the application's name below the person's own folder.
    Raises RuntimeError where the person has no home.
    """
    if home := os.environ.get("RESNET_STUDIO_HOME"):
        return Path(home).absolute()
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Application Support"
    else:
        named = os.environ.get("XDG_DATA_HOME", "")
        base = Path(named) if Path(named).is_absolute() else Path.home() / ".local" / "share"
    return base / "resnet-studio" / "ResNet Studio"


def make_private(folder: Path) -> None:
    """Makes a folder that only its owner can look into. Raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
