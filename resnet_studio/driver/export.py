"""A design carried out of the program, with its weights where wanted.

This module never imports TensorFlow: what needs it is written by a program of its own, `export_program`, which this
one starts. Whatever is written is written whole or not at all.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

import resnet_studio
from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.disk import FileError, write_whole
from resnet_studio.design.notation import format as format_notation
from resnet_studio.design.spec import Design
from resnet_studio.network.network import expand
from resnet_studio.picture.graph import Detail
from resnet_studio.source.graph_text import to_dot, to_graphml
from resnet_studio.source.python_source import to_keras_python, to_tensorflow_python

from .process import failure

# By kind, a mark in the first bytes of a file that an export of that kind may replace.
_MARKS: dict[str, bytes] = {
    "keras": b"PK\x03\x04",
    "onnx": b"tf2onnx",  # who produced it
    "keras-python": b"Written by ResNet Studio. It needs Keras",
    "tensorflow-python": b"Written by ResNet Studio. It needs TensorFlow",
    "slim": b"Block(",
    "graphml": b"<graphml",
    "dot": b"digraph",
    "json": b'"resnet-studio design"',
}
_BY_PROGRAM = ("saved-model", "keras", "onnx", "checkpoint")
_WITH_WEIGHTS = (*_BY_PROGRAM, "keras-python", "tensorflow-python")
KINDS = (*_WITH_WEIGHTS, "slim", "graphml", "dot", "json")


class ExportError(ValueError):
    """Something that was asked for can't be. The text is a finished sentence."""


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
) -> tuple[str, ...]:
    """Writes `design`, which has no problems, to `out` as one of KINDS.

    weights: a checkpoint; otherwise the weights are those of seed 0. detail: of a graph.
    command: the export program. Returns the names of what was left unread in the checkpoint (see `load_checkpoint`).
    Raises ExportError, ExportFailedError.
    """
    out = Path(os.path.abspath(out))  # noqa: PTH100  resolve() would follow links
    if weights:
        weights = Path(os.path.abspath(weights).removesuffix(".index"))  # noqa: PTH100  likewise
    check_export(kind, out, weights)
    if kind in _BY_PROGRAM:
        with _staged(out) as staged:
            return _run_program(design, kind, staged, weights, command)
    try:
        write_whole(out, _text(design, kind, weights, detail).encode())
    except FileError as error:
        raise ExportFailedError(str(error)) from error
    return ()


def check_export(kind: str, out: Path, weights: Path | None = None) -> None:
    """Raises ExportError where `out` is something that an export of this kind must not replace, or weights have no place."""
    if kind not in KINDS:
        raise ExportError(f"'{kind}' is no kind of export. Use one of {', '.join(KINDS)}.")
    if weights and kind not in _WITH_WEIGHTS:
        raise ExportError(f"{kind} has no weights in it. Leave them out, or use one of {', '.join(_WITH_WEIGHTS)}.")
    if weights and not weights.exists() and not weights.with_name(f"{weights.name}.index").exists():
        raise ExportError(f"{weights}: there is no such checkpoint. Name it as it was saved, without '.index'.")
    if kind == "keras" and out.suffix != ".keras":
        raise ExportError(f"{out}: Keras reads only files whose names end in '.keras'. Choose such a name.")
    if kind == "saved-model":
        if out.is_dir() and any(out.iterdir()) and not (out / "saved_model.pb").is_file():
            raise ExportError(f"{out}: is a folder with something else in it. Name a new one.")
        if out.exists() and not out.is_dir():
            raise ExportError(f"{out}: is a file, and a SavedModel is a folder. Name a new one.")
    elif out.is_dir():
        raise ExportError(f"{out}: is a folder. Name a file in it.")
    elif kind in _MARKS and out.exists():
        with out.open("rb") as file:
            head = file.read(4096)
        if head and _MARKS[kind] not in head:
            raise ExportError(f"{out}: is there already, and is no {kind} export. Choose another name, or remove it.")


def _text(design: Design, kind: str, weights: Path | None, detail: Detail) -> str:
    match kind:
        case "keras-python":
            return to_keras_python(expand(design), str(weights or ""))
        case "tensorflow-python":
            return to_tensorflow_python(expand(design), str(weights or ""))
        case "graphml":
            return to_graphml(expand(design), detail)
        case "dot":
            return to_dot(expand(design), detail)
        case "slim":
            return format_notation(design)
        case _:
            return json.dumps(design_to_json(design), indent=2, ensure_ascii=False) + "\n"


def _run_program(
    design: Design, kind: str, out: Path, weights: Path | None, command: Sequence[str] | None
) -> tuple[str, ...]:
    """Has the program write `out`. It is gone when this returns or raises, KeyboardInterrupt too."""
    job = {"design": design_to_json(design), "kind": kind, "out": str(out), "weights": weights and str(weights)}
    pipe = subprocess.PIPE
    # It runs from the folder that holds this package (see EngineProcess), in a session of its own: Ctrl+C comes here.
    process = subprocess.Popen(
        command or [sys.executable, "-m", "resnet_studio.engine.export_program"],
        stdin=pipe, stdout=pipe, stderr=pipe, text=True, encoding="utf-8", errors="replace",
        cwd=Path(resnet_studio.__file__).parent.parent, start_new_session=True,
    )  # fmt: skip
    with process:
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
        end = failure(process.returncode, errors)
        raise ExportFailedError(f"{end.summary} {end.remedy}".strip(), end.detail) from None
    if error := said.get("error"):
        raise ExportError(error) if said["bad_input"] else ExportFailedError(error)
    return tuple(said["unread"])


@contextlib.contextmanager
def _staged(out: Path) -> Iterator[Path]:
    """A path in a hidden folder beside `out`; what is written there, and beside it, is moved to its place at the end."""
    out = out.resolve()
    try:
        folder = Path(tempfile.mkdtemp(prefix=f".{out.name[:40]}.", dir=out.parent))
        try:
            yield folder / out.name
            # A checkpoint's data comes ahead of its index, by which readers find it.
            for written in sorted(folder.iterdir()):
                target = out.with_name(written.name)
                if written.is_dir() and target.exists():
                    target.rename(folder / ".replaced")
                written.replace(target)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise ExportFailedError(f"{out}: can't be written: {error.strerror or error}.") from error
