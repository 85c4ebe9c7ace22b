"""The window of differences follows the open design, marks both pictures and leads from a row to its parts."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from resnet_studio.bench.events import Finished, PhaseEnded, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.recording import record
from resnet_studio.design.files import save
from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.differences.diff_window import SAVED, DiffWindow
from resnet_studio.ui.picture.box_item import BoxItem
from resnet_studio.ui.results.result_rows import Row

FIFTY, MORE = PRESETS["resnet_v2_50"], PRESETS["resnet_v2_101"]


def row(design, nanoseconds):
    plan = TimingPlan(("forward",), batch=4, burn_in=0, steps=8)
    events = [
        PhaseEnded("trace", 1000, "forward"),
        *(Step("forward", i, nanoseconds, False) for i in range(8)),
        Finished(),
    ]
    kept = record(Job(design, plan), events)
    return Row(datetime(2026, 11, 1, tzinfo=UTC), kept, kept.runs[0])


@pytest.fixture
def opened(qtbot):
    document = DesignDocument(FIFTY)
    runs = []
    window = DiffWindow(document, lambda: runs, None)
    window.runs = runs
    window.choices["b"].choose("resnet_v2_101")
    qtbot.addWidget(window)
    window.show()
    yield document, window
    window.close()


def boxes(window, side):
    return {item.box.name: item for item in window.views[side].scene().items() if isinstance(item, BoxItem)}


def test_both_pictures_are_marked(opened):
    _, window = opened
    assert {item.box.mark for item in boxes(window, "a").values()} == {""}
    added = [name for name, item in boxes(window, "b").items() if item.box.mark == "added"]
    assert len(added) == 34  # 17 units and their additions
    assert window.names["b"].text() == "resnet_v2_101"
    assert window.summary.text() == "17 added +, 0 removed −, 0 changed ≠; 23 the same"
    assert "25.57 M → 44.58 M parameters (+19.01 M)" in window.totals.text()


def test_an_edit_shows_at_once(opened):
    document, window = opened
    document.edit(replace(FIFTY, num_classes=10), "Set classes")
    assert window.summary.text().endswith("num_classes 10 → 1,000")
    document.undo_stack.undo()
    assert window.summary.text().endswith("23 the same")


def test_a_row_leads_to_its_parts(opened):
    _, window = opened
    window.table.selectRow(0)
    chosen = {name for name, item in boxes(window, "b").items() if item.isSelected()}
    assert {"block3/unit_6", "block3/unit_22"} <= chosen
    assert not [name for name, item in boxes(window, "a").items() if item.isSelected()]


def test_sides_change_places(opened):
    _, window = opened
    window.choices["a"].exchange(window.choices["b"])
    assert window.summary.text().startswith("0 added +, 17 removed −")
    assert window.model.data(window.model.index(0, 0)) == "− block3/unit_6 to unit_22"


def test_the_design_as_it_was_saved(opened, tmp_path):
    document, window = opened
    window.choices["b"].choose(SAVED)
    assert "was not saved yet" in window.summary.text()
    assert window.model.rowCount() == 0
    document.save(tmp_path / "mine.json")
    assert window.summary.text() == "They are the same network."


def test_problems_are_told_with_their_side(opened):
    document, window = opened
    document.edit(replace(FIFTY, num_classes=-1), "Set classes")
    assert window.summary.text().startswith("A: resnet_v2_50 has problems: num_classes")
    assert window.totals.text() == ""


def test_a_file_that_is_none_is_told(opened, tmp_path):
    _, window = opened
    save(replace(FIFTY, name="other"), tmp_path / "other.json")
    window.choices["b"].open_file(tmp_path / "other.json")
    assert window.names["b"].text() == "other"
    window.choices["b"].open_file(tmp_path / "none.json")
    assert window.summary.text().startswith("B: ")
    assert "none.json" in window.summary.text()


def test_times_are_told_where_both_were_timed_alike(opened):
    document, window = opened
    assert window.times.text() == ""
    window.runs[:] = [row(FIFTY, 100_000_000), row(MORE, 150_000_000)]
    document.edit(replace(FIFTY, num_classes=10), "Set classes")
    document.undo_stack.undo()
    assert "Forward, batch 4: 0.1 s → 0.15 s, × 1.50" in window.times.text()
    assert "not interleaved" in window.times.text()


def test_both_themes_and_all_details_are_drawn(opened):
    _, window = opened
    for theme in (DARK, LIGHT):
        window.set_theme(theme)
        assert window.views["a"].scene().backgroundBrush().color().name() == theme.surface
    for detail in ("blocks", "layers"):
        window.detail.setCurrentText(detail)
        assert any(item.box.mark == "added" for item in boxes(window, "b").values())
