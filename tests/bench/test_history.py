"""Runs that outlive the program."""

import json
import math
import sqlite3
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from resnet_studio.bench import history
from resnet_studio.bench.cautions import Conditions, conditions
from resnet_studio.bench.history import HistoryError, HistoryLockedError, keep, past
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.bench.record_json import record_from_json, record_to_json
from resnet_studio.bench.report import report_lines
from resnet_studio.design.presets import PRESETS

WHEN = datetime(2026, 11, 23, 19, 0, 1, 987654, UTC)
RUN = Run(
    "forward", 4, {"build": 5, "steps": 9}, (900,), (123456789, 234567891) * 10, "precise", {"devices": ["CPU"]}, 7
)


def made(steps=20, design="resnet_v2_50"):
    plan = TimingPlan(modes=("forward",), batch=4, steps=steps, until_precise=2.0)
    return Record(Job(PRESETS[design], plan), {"cores": 2, "ceiling_gflops": 80.5}, (RUN,), 10**9, "Finished")


@pytest.fixture
def path(tmp_path):
    return tmp_path / "data" / "history.sqlite"


def test_a_record_survives_its_json_whole():
    assert record_from_json(json.loads(json.dumps(record_to_json(made())))) == made()


@pytest.mark.parametrize(
    "change",
    [
        {"runs": [{}]},
        {"runs": 3},
        {"design": {}},
        {"plan": {"modes": ["forward"], "colour": 1}},
        {"plan": None},
        {"machine": []},
        {"end": None},
        {"peak_bytes": "much"},
    ],
)
def test_what_is_no_record_is_refused(change):
    with pytest.raises(ValueError, match=r"bench --json|design"):
        record_from_json({**record_to_json(made()), **change})
    with pytest.raises(ValueError, match="bench --json"):
        record_from_json([])


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "sideways"},
        {"step_nanoseconds": [0]},
        {"step_nanoseconds": [1.5]},
        {"batch": True},
        {"ended_by": "luck"},
    ],
)
def test_a_run_with_a_wrong_value_is_refused(change):
    value = record_to_json(made())
    value["runs"][0].update(change)
    with pytest.raises(ValueError, match="bench --json"):
        record_from_json(value)


@pytest.mark.parametrize(
    "change",
    [{"device": []}, {"precision": {}}, {"batch": True}, {"batch": 0}, {"modes": ["nap"]}, {"max_seconds": "1"}],
)
def test_a_plan_with_a_value_of_another_type_is_refused(change):
    value = record_to_json(made())
    value["plan"].update(change)
    with pytest.raises(ValueError, match="bench --json"):
        record_from_json(value)


def test_figures_of_a_machine_that_no_machine_has_are_not_known():
    value = record_to_json(made())
    value["machine"] = {"ceiling_gflops": 10**400, "load": 10**400, "megahertz": math.nan}
    value["runs"][0]["in_force"] = {"devices": 3}
    read = record_from_json(value)
    assert read.ceiling is None
    assert conditions(read.machine) == Conditions()
    assert list(report_lines(read))


def test_runs_are_there_again_in_their_order(path):
    assert past(path) == ((), "")
    assert not path.parent.exists()
    keep(path, WHEN, made())
    keep(path, WHEN + timedelta(hours=1), made(design="resnet_v2_101"))
    found, notice = past(path)
    assert notice == ""
    assert [each.ended for each in found] == [WHEN, WHEN + timedelta(hours=1)]
    assert found[0].record == made()
    assert found[0].record.runs[0].summary == RUN.summary


def test_the_oldest_are_dropped_beyond_a_number_and_beyond_a_size(path, monkeypatch):
    monkeypatch.setattr(history, "MOST_RECORDS", 3)
    for steps in range(1, 6):
        keep(path, WHEN, made(steps))
    assert [each.record.job.plan.steps for each in past(path)[0]] == [3, 4, 5]
    with sqlite3.connect(path) as database:
        ((size,),) = database.execute("SELECT max(length(record)) FROM runs")
    database.close()
    monkeypatch.setattr(history, "MOST_BYTES", 2 * size + 50)
    keep(path, WHEN, made(6))
    assert [each.record.job.plan.steps for each in past(path)[0]] == [5, 6]
    monkeypatch.setattr(history, "MOST_BYTES", 100)
    with pytest.raises(HistoryError, match="too long for the history"):
        keep(path, WHEN, made(7))
    assert len(past(path)[0]) == 2


def test_a_damaged_file_is_put_aside_with_a_notice(path):
    path.parent.mkdir()
    path.write_bytes(b"no database at all, but forty bytes or more of it" * 100)
    found, notice = past(path)
    assert found == ()
    (aside,) = path.parent.glob("history-damaged-*.sqlite")
    assert aside.read_bytes().startswith(b"no database")
    assert aside.name in notice
    keep(path, WHEN, made())
    assert len(past(path)[0]) == 1


def test_writing_to_a_damaged_file_leaves_it_as_it_is(path):
    path.parent.mkdir()
    path.write_bytes(b"x" * 5000)
    with pytest.raises(HistoryError, match="can’t be used"):
        keep(path, WHEN, made())
    assert path.read_bytes() == b"x" * 5000


def test_a_damaged_run_is_passed_over_and_told(path):
    keep(path, WHEN, made())
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO runs (ended, record) VALUES ('yesterday', '{}')")
    database.close()
    found, notice = past(path)
    assert len(found) == 1
    assert notice.startswith("1 of the earlier runs can’t be read")


def test_a_newer_programs_history_is_left_alone(path):
    keep(path, WHEN, made())
    with sqlite3.connect(path) as database:
        database.execute("PRAGMA user_version = 2")
    database.close()
    with pytest.raises(HistoryError, match="newer version"):
        past(path)
    with pytest.raises(HistoryError, match="newer version"):
        keep(path, WHEN, made())


def test_two_programs_at_once_lose_nothing(path):
    code = (
        "import sys; from pathlib import Path; from datetime import datetime, UTC\n"
        "from resnet_studio.bench.history import keep, past\n"
        "record = past(Path(sys.argv[1]))[0][0].record\n"
        "for _ in range(20): keep(Path(sys.argv[1]), datetime.now(UTC), record)\n"
    )
    keep(path, WHEN, made())
    programs = [subprocess.Popen([sys.executable, "-c", code, str(path)]) for _ in range(2)]
    assert [program.wait(60) for program in programs] == [0, 0]
    assert len(past(path)[0]) == 41


# ---- what is optional stops nothing ---------------------------------------------------------------------------------


def insert(path, text, ended="2026-11-27T10:00:00+00:00"):
    with sqlite3.connect(path) as database:
        database.execute("INSERT INTO runs (ended, record) VALUES (?, ?)", (ended, text))
    database.close()


@pytest.mark.parametrize(
    "change",
    [
        lambda value: value["plan"].update(steps=10**400),
        lambda value: value["plan"].update(intra_op_threads=10**400),
        lambda value: value.update(peak_bytes=10**400),
        lambda value: value["runs"][0].update(step_nanoseconds=[10**400]),
        lambda value: value["design"].update(num_classes=10**400),
        lambda value: value.update(machine={"a": [[[]]] * 3}, runs=[{}]),
    ],
)
def test_a_row_that_no_run_makes_is_skipped_and_counted(path, change):
    keep(path, WHEN, made())
    value = json.loads(json.dumps(record_to_json(made())))
    change(value)
    insert(path, json.dumps(value))
    found, notice = past(path)
    assert [each.record for each in found] == [made()]
    assert notice == "1 of the earlier runs can’t be read and are not shown."


def test_an_endless_number_of_a_machine_is_not_known_and_the_run_is_shown(path):
    keep(path, WHEN, made())
    value = json.loads(json.dumps(record_to_json(made())))
    value["machine"] = {"cores": 10**400, "megahertz": [1e300, 2]}
    value["runs"][0]["in_force"] = {"threads": -(10**30)}
    insert(path, json.dumps(value))
    found, notice = past(path)
    assert notice == ""
    assert found[1].record.machine == {"cores": None, "megahertz": [None, 2]}
    assert found[1].record.runs[0].in_force == {"threads": None}


def test_a_folder_that_may_not_be_searched_is_told(path, monkeypatch):
    def refuse(self):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "exists", refuse)
    for act in (lambda: past(path), lambda: history.forget(path, [WHEN])):
        with pytest.raises(HistoryError, match="Permission denied"):
            act()


def test_a_history_that_can_only_be_read_is_shown(path, monkeypatch):
    keep(path, WHEN, made())
    real = sqlite3.connect

    def connect(where, **more):
        if "immutable=1" not in str(where):
            raise sqlite3.OperationalError("attempt to write a readonly database")
        return real(where, **more)

    monkeypatch.setattr(history.sqlite3, "connect", connect)
    found, notice = past(path)
    assert [each.record for each in found] == [made()]
    assert notice == "The history of runs can only be read here: new runs are shown, and not kept."
    with pytest.raises(HistoryError, match="readonly"):
        keep(path, WHEN, made())


def test_a_history_that_another_program_holds_is_not_waited_for(path):
    keep(path, WHEN, made())
    other = sqlite3.connect(path, isolation_level=None)
    try:
        other.execute("BEGIN EXCLUSIVE")
        began = time.monotonic()
        with pytest.raises(HistoryLockedError, match="in use by another program"):
            keep(path, WHEN, made(), wait=0.05)
        assert time.monotonic() - began < 1.0
    finally:
        other.close()
    keep(path, WHEN, made())
    assert len(past(path)[0]) == 2


def test_only_its_owner_can_read_the_history(path):
    keep(path, WHEN, made())
    assert path.stat().st_mode & 0o777 == 0o600
    assert path.parent.stat().st_mode & 0o777 == 0o700
    path.chmod(0o644)  # as earlier programs made it
    database = sqlite3.connect(path)
    database.execute("SELECT * FROM runs").fetchall()
    keep(path, WHEN, made())
    assert {
        each.name: each.stat().st_mode & 0o077 for each in path.parent.iterdir() if each.name.startswith(path.name)
    } == {each.name: 0 for each in path.parent.iterdir() if each.name.startswith(path.name)}
    database.close()


def test_of_two_windows_that_find_it_damaged_one_puts_it_aside_and_the_other_leaves_the_new_one(path, monkeypatch):
    path.parent.mkdir()
    path.write_bytes(b"no database at all, but forty bytes or more of it" * 100)
    real = history._rows

    def while_another_window_does_the_same(*_):
        monkeypatch.setattr(history, "_rows", real)
        assert "was put aside as history-damaged-" in past(path)[1]
        keep(path, WHEN, made())
        raise HistoryError("x") from sqlite3.DatabaseError("file is not a database")

    monkeypatch.setattr(history, "_rows", while_another_window_does_the_same)
    assert past(path) == ((), "The history of runs was damaged; another window has put it aside and begun a new one.")
    assert [each.record for each in past(path)[0]] == [made()]
    assert len(list(path.parent.glob("history-damaged-*.sqlite"))) == 1
