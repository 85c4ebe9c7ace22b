"""Results for the clipboard and for files, in full precision."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSaveFile

from resnet_studio.bench.record_json import record_to_json

from .result_columns import WRITTEN
from .result_rows import Row


def as_text(rows: Sequence[Row], delimiter: str) -> str:
    """`rows` under a header, in full precision."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(WRITTEN)
    for row in rows:
        writer.writerow("" if (value := value_of(row)) is None else value for value_of in WRITTEN.values())
    return out.getvalue()


def as_json(rows: Sequence[Row]) -> str:
    """The records of `rows` in the shape of `bench --json`, each once, with every step and when it ended."""
    records = {id(row.record): (row.when, row.record) for row in rows}
    values = [{"when": when.isoformat(timespec="seconds"), **record_to_json(r)} for when, r in records.values()]
    return json.dumps(values, indent=1)


def write_results(path: Path, rows: Sequence[Row]) -> str | None:
    """Writes `rows` whole or not at all: CSV by the file's ending, else JSON. What went wrong, or None."""
    text = as_text(rows, ",") if path.suffix.lower() == ".csv" else as_json(rows)
    file = QSaveFile(str(path))
    if not file.open(QSaveFile.OpenModeFlag.WriteOnly):
        return file.errorString()
    file.write(text.encode())
    return None if file.commit() else file.errorString()
