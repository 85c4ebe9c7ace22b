"""No subcommand: the window; where there is no display, the same job in the terminal."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from pathlib import Path

from resnet_studio.arch.presets import PRESETS
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan

from .bench import bench
from .draw import draw_to_file
from .inputs import BadInput, sound_design

FOLDER = Path("resnet_studio_output")
PLAN = TimingPlan(batch=4, burn_in=3, steps=10)  # ends in a minute on two cores


def window(design: str | None, engine_command: Sequence[str] | None = None) -> int:
    """Opens the window, on the design that is named, and returns when it is closed.

    With no display, or where Qt can't be loaded, says so in one line and draws and times the design (ResNet-50 by
    default) in the terminal instead.
    """
    if design is not None and design not in PRESETS and not Path(design).exists():
        raise BadInput(f"{design}: no such preset, file or command. See `python main.py --help`.")
    if not _has_display():
        return _without("There is no display", design, engine_command)
    try:
        from resnet_studio.ui.app import run
    except ImportError as error:
        return _without(f"Qt can't be loaded ({error}; `make run` installs what it needs)", design, engine_command)
    return run([design] if design else [], engine_command)


def _has_display() -> bool:
    """Whether a window could be seen. A platform that is asked for by name, such as offscreen, is wanted as it is."""
    if not sys.platform.startswith("linux"):
        return True
    return any(os.environ.get(name) for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"))


def _without(why: str, name: str | None, engine_command: Sequence[str] | None) -> int:
    design = sound_design(name or "resnet_v2_50")
    print(f"{why}: drawing and timing {design.name} in the terminal instead.", flush=True)
    try:
        FOLDER.mkdir(exist_ok=True)
    except OSError as error:
        raise BadInput(f"{FOLDER}: can't be made here: {error.strerror}. Start in another folder.") from error
    picture, times = FOLDER / f"{design.name}.svg", FOLDER / f"{design.name}.json"
    draw_to_file(design, picture)
    print(f"Picture: {picture.resolve()}", flush=True)
    bench(Job(design, PLAN), times, engine_command)
    print(f"Times:   {times.resolve()}")
    return 0
