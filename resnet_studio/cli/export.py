"""`export`: a network carried out of the program, in a form that others read."""

from __future__ import annotations

import contextlib
import signal
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NoReturn, cast

from resnet_studio.design.bounds import shorten
from resnet_studio.driver.export import KINDS, ExportError, ExportFailedError, check_export
from resnet_studio.driver.export import export as write
from resnet_studio.picture.graph import DETAILS, Detail

from .inputs import BadInput, RunFailed, check_choice, check_writable, sound_design

_TOLD = 5  # names of what was not read of a checkpoint


def export(
    name: str,
    kind: str,
    path: Path,
    weights: Path | None = None,
    detail: str = "layers",
    network: str | None = None,
    *,
    force: bool = False,
) -> int:
    """Writes the design that `name` names to `path`, and says so. network: which of the networks in a text is meant."""
    check_choice("--as", kind, KINDS)
    check_choice("--detail", detail, DETAILS)
    design = sound_design(name, network)
    try:
        check_export(kind, path, weights, force=force)
        check_writable(path / "saved_model.pb" if kind == "saved-model" and path.is_dir() else path)
        with _stoppable():
            unread = write(design, kind, path, weights, cast(Detail, detail), force=force)
    except ExportError as error:
        raise BadInput(str(error)) from error
    except ExportFailedError as error:
        if error.detail:
            print(error.detail.rstrip(), file=sys.stderr)
        raise RunFailed(str(error)) from error
    except OSError as error:  # what is there can't be looked at
        raise BadInput(f"{path}: can't be read: {error.strerror or error}. Choose another place.") from error
    if unread:
        more = f" and {len(unread) - _TOLD:,} more" if len(unread) > _TOLD else ""
        names = ", ".join(shorten(each, 100) for each in unread[:_TOLD])
        print(f"Not read from the checkpoint: {names}{more}.", file=sys.stderr)
    print(path)
    return 0


@contextlib.contextmanager
def _stoppable() -> Iterator[None]:
    """Signals that end programs end this one through Python, so that nothing half-written or running stays behind."""

    def stop(number: int, frame: object) -> NoReturn:
        for each in numbers:  # an impatient second one must not cut the clearing up short
            signal.signal(each, signal.SIG_IGN)
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        raise SystemExit(128 + number)

    numbers = [signal.SIGINT, signal.SIGTERM]
    if hasattr(signal, "SIGHUP") and signal.getsignal(signal.SIGHUP) != signal.SIG_IGN:
        numbers.append(signal.SIGHUP)
    before = {number: signal.signal(number, stop) for number in numbers}
    try:
        yield
    finally:
        for number, handler in before.items():
            if signal.getsignal(number) is stop:
                signal.signal(number, handler)
