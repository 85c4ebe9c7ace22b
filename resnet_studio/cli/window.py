"""No command: the window, or, where there is none to be had, the same job in the terminal."""

from __future__ import annotations

import ctypes
import importlib.util
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan

from .inputs import BadInput, check_openable, check_writable, sound_design

OUTPUT_FOLDER = Path("resnet_studio_output")
DEFAULT_DESIGN = "resnet_v2_50"
# Small enough that ResNet-50 ends within about a minute on two cores.
PLAN = TimingPlan(batch=4, burn_in=3, steps=10)
# Qt's platforms that draw on a display server; all others (offscreen, vnc, ...) were asked for by name.
_DISPLAY_PLATFORMS = ("", "xcb", "wayland", "wayland-egl")


def window(design: str | None, engine_command: Sequence[str] | None = None) -> int:
    """Opens the window, on `design` where one is named, and returns when it is closed."""
    if design is not None:
        try:
            check_openable(design)  # one with problems opens in the window: that is the place to mend it
        except BadInput as error:
            raise BadInput(f"{error} There is no such command either; see --help.") from error
    trouble = why_no_window(os.environ)
    if trouble is None:
        try:
            from resnet_studio.ui.window.app import run
        except ImportError as error:
            # A library that Qt needs is missing or too old. What is not installed, and faults of our own, are others'.
            if isinstance(error, ModuleNotFoundError) or (error.name or "").startswith("resnet_studio"):
                raise
            trouble = _missing(error)
        else:
            return run([] if design is None else [design], engine_command)
    # Not on standard error: nothing has failed, the person is only told which way the job is done.
    print(f"{trouble} Doing the same job in the terminal (see --help for more).", flush=True)
    return terminal_job(design or DEFAULT_DESIGN, engine_command)


def terminal_job(name: str, engine_command: Sequence[str] | None = None) -> int:
    """Draws the design, times it forward and backward, and says where the files are."""
    from resnet_studio.network.derived import Derived

    from .bench import bench
    from .draw import draw_to_file

    design = sound_design(name)
    try:
        OUTPUT_FOLDER.mkdir(exist_ok=True)
    except OSError as error:
        raise BadInput(f"{OUTPUT_FOLDER}: can't be made here: {error.strerror}. Start from another folder.") from error
    picture, times = (OUTPUT_FOLDER / f"{design.name}{suffix}" for suffix in (".svg", ".json"))
    check_writable(times)
    draw_to_file(Derived(design), picture)
    print(f"The picture of {design.name} is in {picture.resolve()}", flush=True)
    return bench(Job(design, PLAN), times.resolve(), engine_command)


def why_no_window(environment: Mapping[str, str]) -> str | None:
    """Why no window can be opened, as a sentence with what to do; None where one can be, as far as can be told."""
    platform = environment.get("QT_QPA_PLATFORM", "").partition(":")[0].partition(";")[0]
    if not sys.platform.startswith("linux") or platform not in _DISPLAY_PLATFORMS:
        return None
    if not environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        return "There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set), so no window."
    if environment.get("DISPLAY") and not environment.get("WAYLAND_DISPLAY"):
        return _why_no_x11()
    return None


def _why_no_x11() -> str | None:
    """Why Qt could not come up on X11. Qt itself would abort the program, so it is tried ahead."""
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError as error:
        return _missing(error)
    xcb.xcb_connect.restype = ctypes.c_void_p
    connection = ctypes.c_void_p(xcb.xcb_connect(None, None))
    refused = xcb.xcb_connection_has_error(connection)
    xcb.xcb_disconnect(connection)
    if refused:
        return f"The display {os.environ.get('DISPLAY')} does not answer, so no window."
    package = importlib.util.find_spec("PySide6")  # where it is, without loading it
    if package is None or not package.submodule_search_locations:
        return None
    plugin = Path(package.submodule_search_locations[0]) / "Qt/plugins/platforms/libqxcb.so"
    try:
        if plugin.exists():
            ctypes.CDLL(str(plugin))
    except OSError as error:
        return _missing(error)
    return None


def _missing(error: Exception) -> str:
    return f"The window needs Qt, which can't be loaded ({error}): `make run` installs what it needs."
