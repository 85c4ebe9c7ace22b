"""What `--version` tells: this program, Python, the system, and the libraries that figures depend on."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version

from resnet_studio import __version__

_LIBRARIES = ("tensorflow", "keras", "numpy", "scipy", "networkx", "PySide6-Essentials", "pyqtgraph", "msgspec")


def version_text() -> str:
    """The versions, one a line, to be pasted into a report. No library is imported for it."""
    lines = [
        f"ResNet Studio {__version__}",
        f"Python {platform.python_version()} ({platform.python_implementation()})",
        f"{platform.system()} {platform.release()}, {platform.machine()}",
    ]
    return "\n".join([*lines, *(f"{name} {_version(name)}" for name in _LIBRARIES)])


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "is not installed"
