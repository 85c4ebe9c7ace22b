"""What the benchmarks write: every figure can be read again, and a peer that is missing is a row."""

import json

import pytest

from benchmarks.table import (
    NotInstalledError,
    Row,
    attempt,
    in_turn,
    machine,
    not_installed,
    quartiles,
    to_json,
    to_markdown,
    write_table,
)

ROWS = [
    Row("steady_step", "ours / a|b", 1.0123, "x", 0.99, 1.04, "95 % interval", 30, "<= 1.02", True, raw={"ours_ns": [1, 2]}),
    not_installed("steady_step", "ours / PyTorch", "torch"),
]  # fmt: skip


def test_each_row_is_a_line_and_a_missing_peer_says_how_to_get_it():
    lines = to_markdown(ROWS, machine()).splitlines()
    measured, missing = lines[-2:]
    cells = [cell.strip() for cell in measured.replace("\\|", "/").strip("|").split("|")]
    assert cells == ["steady_step", "ours / a/b", "1.012 x", "0.99 to 1.04, 95 % interval", "30", "<= 1.02", "yes"]
    assert "torch is not installed: make benchmarks PEERS=1" in missing
    assert missing.count("|") == lines[3].count("|")


def test_the_json_holds_every_raw_figure(tmp_path):
    write_table(ROWS, tmp_path / "new", machine(), "table")
    read = json.loads((tmp_path / "new" / "table.json").read_text())
    assert read["rows"][0]["raw"] == {"ours_ns": [1, 2]}
    assert read["rows"][1]["value"] is None
    assert read["machine"]["versions"]["numpy"]
    assert (tmp_path / "new" / "table.md").read_text().count("\n") == 6
    assert json.loads(to_json(ROWS, read["machine"])) == read


@pytest.mark.parametrize(("values", "expected"), [([3.0], (3, 3, 3)), ([4, 1, 2, 3, 5], (3, 2, 4))])
def test_quartiles(values, expected):
    assert quartiles(values) == expected


def test_nothing_in_a_cell_breaks_the_table():
    line = to_markdown([Row("memory", "a\\|b\n<img src=x>", None, note="failed: x|y")], machine()).splitlines()[-1]
    assert line == r"| memory | a\\\|b &lt;img src=x> | failed: x\|y |  |  |  |  |"


def test_what_fails_is_a_row_after_those_that_were_found():
    def work(error):
        yield ROWS[0]
        raise error

    found, failed = attempt("memory", "name", lambda: work(OSError("no room")))
    assert found == ROWS[0]
    assert (failed.name, failed.value, failed.note) == ("name", None, "failed: OSError: no room")
    assert list(attempt("memory", "name", lambda: work(NotInstalledError("torch"))))[1] == not_installed(
        "memory", "name", "torch"
    )


def test_rounds_in_turn_have_an_interval_where_there_are_enough():
    row = in_turn("aa_ab", "b / a", [(100, 110), (200, 220), (100, 120)] * 4, ("a", "b"), target="slower")
    assert (row.value, row.low, row.high, row.rounds) == pytest.approx((1.1, 1.1, 1.2, 12))
    assert row.raw["b ns"] == [110, 220, 120] * 4
    few = in_turn("aa_ab", "b / a", [(100, 110)] * 3, ("a", "b"))
    assert (few.value, few.low, few.high) == (pytest.approx(1.1), None, None)
    json.loads(to_json([few], machine()))
