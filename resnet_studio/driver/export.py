"""A design carried out of the program, with its weights where wanted.

This module never imports TensorFlow: what needs it is written by a program of its own, `export_program`, which this
one starts. Whatever is written is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import glob
import json
import os
import re
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from resnet_studio.design.bounds import shorten
from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.disk import FileError, write_whole
from resnet_studio.design.notation import format as format_notation
from resnet_studio.design.spec import Design
from resnet_studio.network.network import expand
from resnet_studio.picture.graph import Detail
from resnet_studio.source.graph_text import to_dot, to_graphml
from resnet_studio.source.python_source import to_keras_python, to_tensorflow_python

from .cause import failure, memory_state
from .children import own_folder, python_child
from .placing import others_in, staged

_CHECKPOINT = re.compile(r".*\.(index|data-\d{5}-of-\d{5})")
_LISTED = 5  # names that a message lists


@dataclass(frozen=True, slots=True)
class ExportKind:
    """One form that a network is carried out in: all that there is to say of it stands in the table below.

    name: what the terminal calls it. title: its words in the file dialog. suffix: of its file's name, '' for none.
    text: makes the text of the file of a design, a checkpoint's path ('' for none) and a graph's detail; None where
    TensorFlow writes it: see `engine.export_program`. weights: whether there are weights in it. mark: what stands in the
    first bytes of a file that an export of this kind may replace. in_window: whether the window's dialog offers it.
    """

    name: str
    title: str
    suffix: str
    text: Callable[[Design, str, Detail], str] | None = None
    weights: bool = False
    mark: bytes = b""
    in_window: bool = True


EXPORTS: tuple[ExportKind, ...] = (
    ExportKind("keras-python", "Keras program", ".py", lambda d, weights, _: to_keras_python(expand(d), weights), True,
               b"Written by ResNet Studio. It needs Keras"),
    ExportKind("tensorflow-python", "TensorFlow program", ".py",
               lambda d, weights, _: to_tensorflow_python(expand(d), weights), True,
               b"Written by ResNet Studio. It needs TensorFlow"),
    ExportKind("keras", "Keras model", ".keras", weights=True, mark=b"PK\x03\x04"),
    ExportKind("saved-model", "TensorFlow SavedModel, a folder", "", weights=True),
    ExportKind("onnx", "ONNX, with tf2onnx installed", ".onnx", weights=True, mark=b"tf2onnx"),  # who produced it
    ExportKind("checkpoint", "TensorFlow checkpoint", "", weights=True, in_window=False),
    ExportKind("slim", "Slim notation", ".txt", lambda d, *_: format_notation(d), mark=b"Block("),
    ExportKind("graphml", "GraphML", ".graphml", lambda d, _, detail: to_graphml(expand(d), detail), mark=b"<graphml"),
    ExportKind("dot", "DOT", ".dot", lambda d, _, detail: to_dot(expand(d), detail), mark=b"digraph"),
    ExportKind("json", "Design file", ".json",
               lambda d, *_: json.dumps(design_to_json(d), indent=2, ensure_ascii=False) + "\n",
               mark=b'"resnet-studio design"', in_window=False),
)  # fmt: skip
KINDS: dict[str, ExportKind] = {kind.name: kind for kind in EXPORTS}


class ExportError(ValueError):
    """Something that was asked for can't be. The text is a finished sentence."""


class InTheWayError(ExportError):
    """Something is there already. replaced: what the export would replace, by name; others: what would stay."""

    def __init__(self, out: Path, replaced: Sequence[str], others: Sequence[str]) -> None:
        self.replaced, self.others = tuple(replaced), tuple(others)
        goes = f"{_listed(replaced)} would be replaced" if replaced else "nothing would be replaced"
        stays = f", {_listed(others)} would stay" if others else ""
        super().__init__(f"{out}: is there already: {goes}{stays}. Name a new one, or use --force.")


def _listed(names: Sequence[str]) -> str:
    shown = ", ".join(shorten(name, 60) for name in names[:_LISTED])
    return shown if len(names) <= _LISTED else f"{shown} and {len(names) - _LISTED:,} more"


class ExportFailedError(RuntimeError):
    """All was well asked, and did not come to its end. The text is a finished sentence; detail: what the program said."""

    def __init__(self, text: str, detail: str = "") -> None:
        super().__init__(text)
        self.detail = detail


def export(
    design: Design,
    kind: str,
    out: Path,
    weights: Path | None = None,
    detail: Detail = "layers",
    command: Sequence[str] | None = None,
    *,
    force: bool = False,
) -> tuple[str, ...]:
    """Writes `design`, which has no problems, to `out` as one of KINDS.

    weights: a checkpoint; otherwise the weights are those of seed 0. detail: of a graph.
    command: the export program. force: into a folder, or over a checkpoint, that is there. Returns the names of what was left unread in the checkpoint (see `load_checkpoint`).
    Raises ExportError, ExportFailedError.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100  resolve() would follow links
    if weights:
        weights = Path(os.path.abspath(weights).removesuffix(".index"))  # noqa: PTH100  likewise
    check_export(kind, out, weights, force=force)
    if (text := KINDS[kind].text) is None:
        try:
            with staged(out) as place:
                return _run_program(design, kind, place, weights, command)
        except OSError as error:
            raise ExportFailedError(f"{out}: can't be written: {error.strerror or error}.") from error
    try:
        write_whole(out, text(design, str(weights or ""), detail).encode())
    except FileError as error:
        raise ExportFailedError(str(error)) from error
    return ()


def check_export(kind: str, out: Path, weights: Path | None = None, *, force: bool = False) -> None:
    """Raises ExportError where `out` is something that an export of this kind must not replace, or weights have no place.

    InTheWayError, where `force` would do: it replaces only what an export of this kind writes.
    """
    if kind not in KINDS:
        raise ExportError(f"'{kind}' is no kind of export. Use one of {', '.join(KINDS)}.")
    if weights and not KINDS[kind].weights:
        with_weights = ", ".join(each.name for each in EXPORTS if each.weights)
        raise ExportError(f"{kind} has no weights in it. Leave them out, or use one of {with_weights}.")
    if weights and not weights.exists() and not weights.with_name(f"{weights.name}.index").exists():
        raise ExportError(f"{weights}: there is no such checkpoint. Name it as it was saved, without '.index'.")
    if kind == "keras" and out.suffix != ".keras":
        raise ExportError(f"{out}: Keras reads only files whose names end in '.keras'. Choose such a name.")
    if kind == "saved-model":
        if out.exists() and not out.is_dir():
            raise ExportError(f"{out}: is a file, and a SavedModel is a folder. Name a new one.")
        replaced, others = others_in(out)
        if (replaced or others) and not force:
            raise InTheWayError(out, replaced, others)
    elif out.is_dir():
        raise ExportError(f"{out}: is a folder. Name a file in it.")
    elif kind == "checkpoint":
        beside = [
            each.name
            for each in sorted(out.parent.glob(f"{glob.escape(out.name)}.*"))
            if _CHECKPOINT.fullmatch(each.name)
        ]
        if beside and not force:
            raise InTheWayError(out, beside, [])
    elif (mark := KINDS[kind].mark) and out.exists():
        with out.open("rb") as file:
            head = file.read(4096)
        if head and mark not in head:
            raise ExportError(f"{out}: is there already, and is no {kind} export. Choose another name, or remove it.")


def _run_program(
    design: Design, kind: str, out: Path, weights: Path | None, command: Sequence[str] | None
) -> tuple[str, ...]:
    """Has the program write `out`. It is gone when this returns or raises, KeyboardInterrupt too."""
    job = {"design": design_to_json(design), "kind": kind, "out": str(out), "weights": weights and str(weights)}
    pipe = subprocess.PIPE
    before = memory_state()
    # In a session of its own: Ctrl+C comes here.
    with own_folder() as folder, subprocess.Popen(
        command or python_child("resnet_studio.engine.export_program"),
        stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", errors="replace", cwd=folder,
        start_new_session=True,
    ) as process:  # fmt: skip
        try:
            answer, errors = process.communicate(json.dumps(job) + "\n")
        except BaseException:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()  # after a KeyboardInterrupt Popen itself would not
            raise
    try:
        said = json.loads(answer)
    except ValueError:
        end = failure(process.returncode, errors, before=before)
        raise ExportFailedError(f"{end.summary} {end.remedy}".strip(), end.detail) from None
    if error := said.get("error"):
        raise ExportError(error) if said["bad_input"] else ExportFailedError(error)
    return tuple(said["unread"])
