"""The suite's plumbing: whatever becomes of a part, its rows are there and the suite goes on."""

import json
import textwrap
import time
from pathlib import Path

import pytest

from benchmarks import __main__ as suite
from benchmarks import parts
from benchmarks.parts import Part
from benchmarks.table import Row

GOOD = Row("good", "a / b", 1.02, "x", 1.0, 1.04, "quartiles", 6, raw={"a ns": [1, 2], "b ns": [3, 4]})
SAY_ONE = """
    from benchmarks.table import Row
    def rows(value=1.02):
        print("noise")
        yield Row("good", "a / b", value, "x", 1.0, 1.04, "quartiles", 6, raw={"a ns": [1, 2], "b ns": [3, 4]})
"""


@pytest.fixture
def part(tmp_path, monkeypatch):
    """part(code, ...): a part whose module is `code`, beside the real ones."""
    monkeypatch.setattr(parts, "FOLDERS", (*parts.FOLDERS, tmp_path / "benchmarks"))

    def make(code, name="good", limit=60.0, **quick):
        (tmp_path / "benchmarks").mkdir(exist_ok=True)
        (tmp_path / "benchmarks" / f"{name}.py").write_text(textwrap.dedent(code))
        return Part(name, "what it does", limit, quick)

    return make


def run(part, tmp_path, **options):
    return list(parts.run(part, tmp_path / "part.log", **options))


def test_rows_come_back_from_a_part_as_they_were_and_noise_goes_to_its_log(part, tmp_path):
    assert run(part(SAY_ONE), tmp_path) == [GOOD]
    assert "noise" in (tmp_path / "part.log").read_text()


def test_a_quick_look_has_arguments_of_its_own(part, tmp_path):
    (row,) = run(part(SAY_ONE, value=7), tmp_path, quick=True)
    assert row.value == 7


def test_a_part_that_fails_is_a_row_and_those_before_it_are_kept(part, tmp_path):
    first, second = run(part(SAY_ONE + "        raise OSError('no room')\n"), tmp_path)
    assert first == GOOD
    assert second.value is None
    assert second.note == "failed with status 1; see part.log: OSError: no room"


def test_a_part_that_takes_too_long_is_ended_and_a_row(part, tmp_path):
    late = part(SAY_ONE + "        import time; time.sleep(60)\n", limit=3)
    began = time.monotonic()
    first, second = run(late, tmp_path)
    assert time.monotonic() - began < 30
    assert first == GOOD
    assert second.note == "stopped at its limit of 3 s; see part.log"


def test_nothing_of_a_part_that_is_left_goes_on(part, tmp_path):
    code = SAY_ONE + (
        "        import subprocess, sys, time\n"
        "        child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        "        yield Row('good', 'child', child.pid)\n"
        "        time.sleep(60)\n"
    )
    rows = parts.run(part(code), tmp_path / "part.log")
    next(rows)
    child = next(rows).value
    rows.close()
    deadline = time.monotonic() + 10
    while lives(child) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not lives(child)


def lives(process):
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_the_table_is_written_with_all_parts_though_one_fails(part, tmp_path, capsys):
    chosen = (part("raise ImportError('x')", "bad"), part(SAY_ONE))
    assert suite.main(["--folder", str(tmp_path / "out")], chosen) == 0
    kept = json.loads((tmp_path / "out" / "benchmarks.json").read_text())
    assert [(row["benchmark"], row["value"]) for row in kept["rows"]] == [("bad", None), ("good", 1.02)]
    assert set(kept["machine"]["seconds"]) == {"bad", "good"}
    assert "| good | a / b | 1.02 x |" in (tmp_path / "out" / "benchmarks.md").read_text()
    assert "| good | a / b | 1.02 x |" in capsys.readouterr().out


def test_what_is_done_when_it_is_interrupted_stays(monkeypatch, tmp_path):
    def rows(part, log, quick):
        yield Row(part.name, "done", 1.0)
        if part.name == "second":
            raise KeyboardInterrupt

    monkeypatch.setattr(suite, "run", rows)
    chosen = [Part(name, "", 1) for name in ("first", "second", "third")]
    assert suite.main(["--folder", str(tmp_path)], chosen) == 130
    kept = json.loads((tmp_path / "benchmarks.json").read_text())
    assert [row["benchmark"] for row in kept["rows"]] == ["first", "second"]


def test_an_unknown_part_is_refused(capsys):
    with pytest.raises(SystemExit) as ended:
        suite.main(["nothing"])
    assert ended.value.code == 2
    assert "no part nothing; there are start, expansion, " in capsys.readouterr().err
