"""Each hostile value in each place of each file that the program reads: refused in a sentence, or kept whole."""

import json
import os
import sqlite3
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from resnet_studio.bench.history import keep, past
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.record_json import record_from_json, record_to_json
from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.disk import FileError
from resnet_studio.design.files import load, save
from resnet_studio.design.spec import Block, Design, Unit
from tests.attack.hostile import JSON_TEXTS, NOTATIONS, SURROGATES, TEXTS, json_places, json_with
from tests.attack.keeps import is_kept, is_told

SMALL = Design("small", (Block("b1", (Unit(16, 8), Unit(16, 8, 2))),), (32, 32), 10)
FILE = design_to_json(SMALL)
RUN = Run("forward", 4, {"build": 5, "steps": 9}, (900,), (123, 234), "precise", {"devices": ["CPU"]}, 7)
RECORD = Record(Job(SMALL, TimingPlan(modes=("forward",), batch=4, steps=2)), {"cores": 2}, (RUN,), 10**9, "Finished")
ROW = record_to_json(RECORD)
WHEN = datetime(2026, 11, 23, 19, 0, tzinfo=UTC)


def place_name(path):
    return ".".join(map(str, path)) or "the whole"


@pytest.fixture(autouse=True)
def quick_disk(monkeypatch):
    """What is written here need not outlive a loss of power."""
    monkeypatch.setattr(os, "fsync", lambda handle: None)


def read(path, again):
    """Whether a file was accepted; what is accepted has to be kept, what is refused to be told in a sentence."""
    try:
        design = load(path)
    except FileError as error:
        told = str(error)
    else:
        is_kept(design, again, draw=False)
        return True
    assert told.endswith(".")
    assert len(told) < 2_000
    return False


@pytest.mark.parametrize("path", list(json_places(FILE)), ids=place_name)
def test_a_design_file_with_a_hostile_value_is_refused_or_kept(path, tmp_path):
    file, again = tmp_path / "design.json", tmp_path / "again.json"
    taken = []
    for name, text in JSON_TEXTS.items():
        file.write_text(json_with(FILE, path, text), encoding="utf-8", errors="surrogatepass")
        try:
            taken += [name] * read(file, again)
        except Exception as error:
            error.add_note(f"the value was: {name}")
            raise
    assert len(taken) < len(JSON_TEXTS)


@pytest.mark.parametrize("name", [*NOTATIONS, *TEXTS])
def test_a_text_file_is_refused_or_kept(name, tmp_path):
    file = tmp_path / "design.txt"
    file.write_bytes(NOTATIONS.get(name, TEXTS.get(name)).encode())
    read(file, tmp_path / "again.json")


@pytest.mark.parametrize("name", [*TEXTS, *SURROGATES])
def test_a_file_of_a_hostile_name_is_written_or_refused(name, tmp_path):
    here = tmp_path / "one" / "two" / "three"
    here.mkdir(parents=True)
    path = here / {**TEXTS, **SURROGATES}[name]
    try:
        save(SMALL, path)
    except FileError as error:
        told = str(error)
    else:
        told = "."
        assert load(path) in (SMALL, replace(SMALL, name=path.stem))
    assert told.endswith(".")
    with pytest.raises(FileError):
        load(here / "absent" / path.name)


@pytest.mark.parametrize("path", [path for path in json_places(ROW) if path[:1] != ("design",)], ids=place_name)
def test_a_record_with_a_hostile_value_is_refused_or_told_about(path):
    for name, text in JSON_TEXTS.items():
        try:
            record = record_from_json(json.loads(json_with(ROW, path, text)))
        except (ValueError, RecursionError):
            continue
        try:
            is_told(record)
        except Exception as error:
            error.add_note(f"the value was: {name}")
            raise


def test_a_history_of_hostile_rows_is_shown_without_them(tmp_path):
    path = tmp_path / "history.sqlite"
    keep(path, WHEN, RECORD)
    small = {name: text for name, text in JSON_TEXTS.items() if len(text) < 6_000}
    for place in [("machine",), ("machine", "cores"), ("plan", "batch"), ("peak_bytes",), ("runs", 0, "batch"), ()]:
        with sqlite3.connect(path) as database:
            database.execute("DELETE FROM runs WHERE id > 1")
            rows = [(WHEN.isoformat(), json_with(ROW, place, text)) for text in small.values()]
            rows += [(text, json.dumps(ROW)) for text in TEXTS.values() if len(text) < 6_000]
            rows += [(b"\xff\x00", json.dumps(ROW)), (WHEN.isoformat(), b"\xff"), (10**17, 5)]
            database.executemany("INSERT INTO runs (ended, record) VALUES (?, ?)", rows)
        database.close()
        found, notice = past(path)
        assert found[0].record == RECORD, place
        assert "can’t be read" in notice, place
        for each in found:
            is_told(each.record)
