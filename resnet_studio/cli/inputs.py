"""What a person typed, checked: a design, a choice, a place to write to. Whatever is wrong is a BadInput."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from .streams import one_line

if TYPE_CHECKING:
    from resnet_studio.design.files import Opened
    from resnet_studio.design.spec import Design


class CommandError(Exception):
    """What a command could not do. The text is for the person: a finished sentence."""


class BadInput(CommandError):  # noqa: N818 - it is the person's slip, not the program's error
    """Something typed, or found in a file, is wrong. Exit status 2."""


class RunFailed(CommandError):  # noqa: N818 - likewise
    """All was well asked, and did not come to its end. Exit status 1."""


def read_design(text: str, network: str | None = None) -> Opened:
    """The design that `text` names, which may have problems; what was assumed in reading it goes to standard error.

    network: which of the networks in a text is meant.
    """
    from resnet_studio.design.bounds import shorten
    from resnet_studio.design.disk import FileError
    from resnet_studio.design.files import find

    try:
        opened = find(text, network)
    except FileError as error:
        raise BadInput(str(error)) from error
    except (OSError, ValueError) as error:  # a text that can't even be a path: thousands of characters
        raise BadInput(f"{shorten(text, 200)}: no such preset or file.") from error
    for note in opened.notes:
        print(one_line(f"note: {note}"), file=sys.stderr)
    return opened


def check_openable(text: str) -> None:
    """Raises BadInput for what the window could not open either. What a text leaves open, the window asks."""
    from resnet_studio.design.bounds import shorten
    from resnet_studio.design.disk import FileError
    from resnet_studio.design.files import contents, find
    from resnet_studio.design.notation import NotationError
    from resnet_studio.design.presets import PRESETS

    try:
        if text in PRESETS or not Path(text).exists():
            find(text)
        else:
            contents(Path(text))
    except FileError as error:
        if not (isinstance(error.__cause__, NotationError) and error.__cause__.asks):
            raise BadInput(str(error)) from error
    except (OSError, ValueError) as error:
        raise BadInput(f"{shorten(text, 200)}: no such preset or file.") from error


def sound_design(text: str, network: str | None = None) -> Design:
    """The design that `text` names, without problems. network: as in `read_design`."""
    from resnet_studio.design.validate import DesignError, validate

    design = read_design(text, network).design
    if problems := validate(design):
        raise BadInput(f"{text}: {DesignError(problems)}")
    return design


def network_for(networks: Sequence[str], place: int) -> str | None:
    """What `--network` says for the design at a place: given once, it is for all; given several times, for each in turn."""
    if not networks:
        return None
    return networks[0] if len(networks) == 1 else networks[min(place, len(networks) - 1)] or None


def check_choice(option: str, value: str, choices: Iterable[str]) -> None:
    """Raises BadInput where `value` is none of `choices`."""
    from resnet_studio.design.bounds import shorten

    choices = tuple(choices)
    if value not in choices:
        raise BadInput(f"{option}: '{shorten(value)}' is not one of its values. Use one of {', '.join(choices)}.")


def check_writable(path: Path) -> None:
    """Raises BadInput where `design.files.write_whole(path)` would fail, so that a long run is not in vain.

    What is there and is no plain file (a folder, /dev/null) is refused: it would be put out of the way.
    """
    try:
        target = path.resolve()
        if target.is_dir():
            raise BadInput(f"{path}: is a folder. Name a file in it.")
        if target.exists() and not target.is_file():
            raise BadInput(f"{path}: is not a plain file. Name another.")
        if not target.parent.is_dir():
            raise BadInput(f"{path}: there is no folder {target.parent}. Make it, or choose another.")
        # Whether a file can be made there is found out by making one: permissions alone don't tell for root, nor for
        # file systems that are read-only.
        with tempfile.TemporaryFile(prefix=f".{target.name[:40]}.", dir=target.parent):
            pass
    except (OSError, RuntimeError) as error:  # RuntimeError: links in a circle
        reason = error.strerror if isinstance(error, OSError) else None
        raise BadInput(f"{path}: can't be written: {reason or error}. Choose another place.") from error
