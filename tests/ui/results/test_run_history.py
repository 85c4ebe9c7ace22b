"""Between the table of results and the history's file: what goes wrong is told, and nothing waits."""

import sqlite3
from datetime import UTC, datetime

import pytest

from resnet_studio.bench.history import HistoryError, past
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record import Record, Run
from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.results import run_history
from resnet_studio.ui.results.results import ResultsTable
from resnet_studio.ui.results.run_history import RunHistory

WHEN = datetime(2026, 11, 27, 10, tzinfo=UTC)
RUN = Run("forward", 4, {"steps": 9}, (), (5_000_000,) * 8, "steps")
RECORD = Record(Job(PRESETS["resnet_v2_50"], TimingPlan(("forward",), batch=4, steps=8)), {}, (RUN,), 1, "Finished")


@pytest.fixture
def table(qtbot):
    table = ResultsTable()
    qtbot.addWidget(table)
    return table


@pytest.fixture
def kept(tmp_path, table, monkeypatch):
    monkeypatch.setattr(run_history, "_RETRY_MS", 20)
    kept = RunHistory(tmp_path / "history.sqlite", table, table)
    kept.told = []
    kept.noticed.connect(kept.told.append)
    return kept


def test_a_run_is_kept_once_another_program_lets_go(qtbot, kept, tmp_path):
    path = tmp_path / "history.sqlite"
    kept.keep(WHEN, RECORD)
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    kept.keep(WHEN, RECORD)
    kept.keep(WHEN, RECORD)
    assert kept.told == []
    other.close()
    qtbot.waitUntil(lambda: len(past(path)[0]) == 3)
    assert kept.told == []


def test_what_could_not_be_kept_until_the_window_closes_is_told(kept, tmp_path):
    kept.keep(WHEN, RECORD)
    other = sqlite3.connect(tmp_path / "history.sqlite", isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    kept.keep(WHEN, RECORD)
    kept.finish()
    other.close()
    assert kept.told == [
        "The history of runs is in use by another program. It was tried for half a minute: what it should have kept is not kept."
    ]


def test_a_run_that_can_not_be_shown_does_not_keep_the_others_away(kept, table, monkeypatch):
    kept.keep(WHEN, RECORD)
    kept.keep(WHEN, RECORD)
    add, calls = table.results.add, []

    def picky(when, record):
        calls.append(when)
        if len(calls) == 1:
            raise OverflowError("int too large to convert to float")
        add(when, record)

    monkeypatch.setattr(table.results, "add", picky)
    kept.show()
    assert table.results.rowCount() == 1
    assert kept.told == ["1 of the earlier runs can’t be shown."]


def test_a_history_that_can_not_be_opened_is_told_and_a_run_is_shown_all_the_same(kept, table, monkeypatch):
    def refuse(*_):
        raise HistoryError("The history of runs can’t be used: Permission denied.")

    monkeypatch.setattr(run_history, "past", refuse)
    monkeypatch.setattr(run_history, "keep", refuse)
    kept.show()
    table.add(WHEN, RECORD)
    kept.keep(WHEN, RECORD)
    assert table.results.rowCount() == 1
    assert kept.told == ["The history of runs can’t be used: Permission denied."] * 2
