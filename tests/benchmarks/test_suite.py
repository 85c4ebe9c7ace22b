"""The suite's plumbing: whatever becomes of a part, its rows are there and the suite goes on."""

import json
import math
import sys
from dataclasses import asdict

import pytest

from benchmarks import __main__ as suite
from benchmarks.table import Row

ROW = Row("memory", "forecast / measured", 1.02, low=1.0, high=1.04, rounds=6)


def command(code):
    """A part's program: it is given its name and perhaps --quick behind this."""
    return (sys.executable, "-c", code)


def saying(*rows):
    return command(f"print('noise'); print({suite.MARK!r} + {json.dumps([asdict(row) for row in rows])!r})")


def test_rows_come_back_from_a_part_as_they_were():
    assert suite.part_rows("memory", False, saying(ROW)) == [ROW]


def test_too_few_rounds_for_an_interval_are_told():
    (row,) = suite.part_rows("memory", False, saying(Row("memory", "a", 1.0, low=0.0, high=math.inf, note="few")))
    assert (row.low, row.high, row.note) == (None, None, "few; too few rounds for an interval")


def test_a_part_that_fails_is_a_row():
    (row,) = suite.part_rows("memory", False, command("raise SystemExit(3)"))
    assert (row.value, row.note) == (None, "it failed with status 3")


def test_a_part_that_takes_too_long_is_ended_and_a_row(monkeypatch):
    monkeypatch.setitem(suite.PARTS, "memory", (0.2, {}))
    (row,) = suite.part_rows("memory", False, command("import time; time.sleep(60)"))
    assert row.value is None
    assert "was ended" in row.note


def test_the_tables_are_written_part_by_part(monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(suite, "part_rows", lambda name, quick: [Row(name, f"quick {quick}", 1.0)])
    assert suite.main(["--quick", "--folder", str(tmp_path), "memory", "expansion"]) == 0
    kept = json.loads((tmp_path / "benchmarks.json").read_text())
    assert [(row["benchmark"], row["name"]) for row in kept["rows"]] == [
        ("memory", "quick True"), ("expansion", "quick True")
    ]  # fmt: skip
    assert "| expansion | quick True |" in capsys.readouterr().out


def test_what_is_done_when_it_is_interrupted_stays(monkeypatch, tmp_path):
    def rows(name, quick):
        if name == "expansion":
            raise KeyboardInterrupt
        return [ROW]

    monkeypatch.setattr(suite, "part_rows", rows)
    assert suite.main(["--folder", str(tmp_path), "memory", "expansion"]) == 130
    assert "forecast / measured" in (tmp_path / "benchmarks.md").read_text()


def test_an_unknown_part_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        suite.main(["nothing"])
    assert ended.value.code == 2
    assert "there is no part 'nothing'" in capsys.readouterr().err
