"""The Paths tab, with a fake engine."""

import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QFileDialog

from resnet_studio.design.presets import PRESETS
from resnet_studio.picture.palette import DARK
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.picture.box_item import BoxItem
from resnet_studio.ui.run.runner import TimingRunner
from resnet_studio.ui.window.main_window import MainWindow

# An engine that measures paths: it tells what its job asks for, and then the job's events, one a line of its source.
ENGINE = """
import json, sys, time
def emit(event, **fields):
    print(json.dumps({"event": event, **fields}), flush=True)
emit("Ready", seconds=0)
line = sys.stdin.readline()
if not line: sys.exit()
job = json.loads(line)
emit("Started", machine={"job": job})
if job["task"] == "lesion":
    emit("LesionEffect", relative_l2=0.125, kl=0.5, agreement=0.75)
    for mode in job["plan"]["modes"]:
        for index in range(job["plan"]["steps"]):
            emit("LesionRound", mode=mode, index=index, whole_nanoseconds=1000, left_nanoseconds=900)
else:
    emit("PhaseBegan", phase="paths", mode=None)
    for length in range(17 - len(job["lesions"])):
        if "--hang" in sys.argv and length == 3: time.sleep(999)
        emit("PathGradient", length=length, norms=[0.25 ** length])
emit("Finished", peak_bytes=1)
"""


@pytest.fixture
def make_window(qtbot, qapp):
    qapp.setOrganizationName("resnet-studio-tests")
    qapp.setApplicationName("ResNet Studio")
    QSettings().clear()

    def make(*options, name="resnet_v2_50"):
        runner = TimingRunner([sys.executable, "-c", ENGINE, *options])
        window = MainWindow(DesignDocument(PRESETS[name]), runner)
        qtbot.addWidget(window, before_close_func=lambda w: w.document.undo_stack.setClean())
        window.show()
        window.side.setCurrentWidget(window.paths_panel)
        return window

    yield make
    QSettings().clear()


@pytest.fixture
def window(make_window):
    return make_window()


def marks(window):
    items = window.graph_panel.view.scene().items()
    return {item.box.name: item.box.mark for item in items if isinstance(item, BoxItem) and item.box.mark}


def test_count_lengths_and_band(window):
    panel = window.paths_panel
    assert panel.count.text() == "65,536 = 2^16 paths"
    assert panel.band_text.text().startswith("0 to 7 of 16 residual branches: 40.181 % of all paths.")
    assert list(panel.plot._bars.opts["x"]) == list(range(17))
    assert sum(panel.plot._bars.opts["height"]) == pytest.approx(100)
    panel.lengths_in.setCurrentText("weighted layers")
    assert panel.plot._bars.opts["x"][0] == 6
    assert panel.plot._bars.opts["x"][-1] == 50
    assert panel.plot._band.getRegion()[0] == 5.5


def test_cifar_110_in_words(make_window):
    panel = make_window(name="cifar_resnet_v2_110").paths_panel
    assert "5 to 17 of 54 residual branches: 0.45367 % of all paths" in panel.band_text.text()


def test_a_path_is_highlighted_at_every_detail_and_stepped_through(window):
    panel, chooser = window.paths_panel, window.paths_panel.chooser
    assert marks(window) == {}
    chooser.kinds.setCurrentIndex(1)
    assert {mark for name, mark in marks(window).items() if "unit_" in name and "add" not in name} == {"faded"}
    chooser.kinds.setCurrentIndex(2)
    assert set(marks(window).values()) == {"path"}
    chooser.kinds.setCurrentIndex(3)
    chooser.length.setValue(5)
    assert len(chooser.path) == 5
    assert chooser.text.text().startswith("5 of 16 residual branches, ")
    before = chooser.path
    chooser.another.click()
    assert chooser.path != before
    for detail in ("layers", "blocks", "units"):
        window.graph_panel.set_detail(detail)
        assert "path" in marks(window).values()
    chooser.on.click()
    assert chooser.text.text().startswith("1 of 16: block1/unit_1 by its ")
    assert marks(window)["predictions"] == "faded"
    chooser.back.click()
    assert marks(window)["predictions"] == "path"
    chooser.kinds.setCurrentIndex(0)
    assert marks(window) == {}
    assert panel.chooser.path is None


def test_a_lesion_by_its_box_by_key_and_back(window, qtbot):
    panel = window.paths_panel
    row = next(i for i in range(16) if panel.lesions.units.item(i).text() == "block3/unit_3")
    panel.lesions.units.item(row).setCheckState(Qt.CheckState.Unchecked)
    assert panel.lesion == {("block3", 3)}
    assert panel.count.text() == "32,768 = 2^15 paths"
    assert panel.lesions.text.text().splitlines()[0] == "Paths: 2^15 = 32,768, one in 2"
    assert panel.lesions.text.text().splitlines()[1] == "Parameters: 24.45 M (−1.12 M)"
    assert marks(window) == {"block3/unit_3": "lesion"}
    assert panel.chooser.length.maximum() == 15
    item = next(
        i for i in window.graph_panel.view.scene().items() if isinstance(i, BoxItem) and i.box.name == "block2/unit_1"
    )
    item.setSelected(True)
    panel.toggle_action.trigger()
    assert panel.lesion == {("block3", 3), ("block2", 1)}
    panel.toggle_action.trigger()
    assert panel.lesion == {("block3", 3)}
    panel.lesions.restore.click()
    assert panel.lesion == frozenset()
    assert marks(window) == {}
    assert not window.document.modified


def test_what_is_exported_is_marked_as_it_is_shown(window):
    window.paths_panel.lesions.set_lesion(frozenset({("block3", 3)}))
    shown = window.pictures.shown.picture
    assert {box.name: box.mark for box in shown.boxes if box.mark} == {"block3/unit_3": "lesion"}
    window.paths_panel.lesions.restore.click()
    assert window.pictures.shown.picture == window.graph_panel.picture


def test_a_folded_node_switches_all_its_units(window):
    window.graph_panel.set_fold(True)
    window.graph_panel.scene.select({"block3/units_2-5"})
    window.paths_panel.toggle_action.trigger()
    assert window.paths_panel.lesion == {("block3", n) for n in (2, 3, 4, 5)}
    window.graph_panel.scene.select({"logits"})
    assert not window.paths_panel.toggle_action.isEnabled()


def test_an_edit_keeps_the_lesion_as_far_as_it_is_there(window):
    panel = window.paths_panel
    panel.lesions.set_lesion(frozenset({("block3", 6), ("block1", 2)}))
    panel.chooser.kinds.setCurrentIndex(2)
    document = window.document
    document.edit(document.design.with_block(2, document.design.blocks[2].with_count(4)), "fewer")
    assert panel.lesion == {("block1", 2)}
    assert panel.count.text() == "8,192 = 2^13 paths"
    assert marks(window)["block1/unit_2"] == "lesion"
    document.edit(document.design.with_block(0, document.design.blocks[0].with_all("depth", -1)), "wrong")
    assert "problems" in panel.count.text()
    assert marks(window) == {}


def test_the_lesion_measured(window, qtbot):
    panel = window.paths_panel
    assert not panel.study.lesion_button.isEnabled()
    panel.lesions.set_lesion(frozenset({("block3", 3)}))
    with qtbot.waitSignal(window.runner.ended, timeout=10_000):
        panel.study.lesion_button.click()
        assert not window.benchmark_panel.run_action.isEnabled()
    text = panel.study.status.text()
    assert "Output changed by 12.5 % (relative L2 of the output)" in text
    assert "same class for 75 % of the images" in text
    assert "Forward: what is left takes 0.900 times as long as the whole [0.900, 0.900]: faster" in text
    assert "images 64×64 pixels, fresh random weights, not trained ones as in the paper." in text
    assert window.benchmark_panel.run_action.isEnabled()


def test_the_gradient_measured_and_the_job_it_takes(window, qtbot):
    panel = window.paths_panel
    panel.lesions.set_lesion(frozenset({("block3", 3)}))
    seen = []
    window.runner.started.connect(lambda handle: seen.append(handle.task.job))
    with qtbot.waitSignal(window.runner.ended, timeout=10_000):
        panel.study.gradient_button.click()
    (job,) = seen
    assert (job.task, job.lesions, job.design.image) == ("path-gradient", (("block3", 3),), (64, 64))
    assert [each.length for each in panel.study.gradients] == list(range(16))
    assert panel.plot.norms.isVisibleTo(panel)
    assert panel.band_text.text().startswith(
        "Measured with fresh random weights, not trained ones: 0 to 6 of 15 residual branches"
    )
    panel.lesions.restore.click()
    assert "Measured" not in panel.band_text.text()


def test_a_checkpoints_name_is_shown_as_the_characters_it_has(window, qtbot, monkeypatch):
    study = window.paths_panel.study
    chosen = ("/tmp/<img src=x>.index", "")
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: chosen)
    study.weights_button.click()
    assert study.weights_text.text() == "<img src=x>.index"
    with qtbot.waitSignal(window.runner.ended, timeout=10_000):
        study.gradient_button.click()
    assert "weights of <img src=x>.index" in study.status.text()
    assert {label.textFormat() for label in (study.weights_text, study.status)} == {Qt.TextFormat.PlainText}


def test_stop_keeps_what_was_measured(make_window, qtbot):
    window = make_window("--hang")
    study = window.paths_panel.study
    study.gradient_button.click()
    qtbot.waitUntil(lambda: len(study.gradients) == 3, timeout=10_000)
    with qtbot.waitSignal(window.runner.ended, timeout=10_000):
        study.stop_button.click()
    assert study.status.text().startswith("Stopped.")
    assert len(study.gradients) == 3
    assert study.gradient_button.isEnabled()


def test_the_wheel_scrolls_and_changes_nothing_on_its_way(window):
    panel = window.paths_panel
    for target in (panel.study.batch, panel.lengths_in, panel.plot.shares.viewport()):
        before = (panel.study.batch.value(), panel.lengths_in.currentIndex(), panel.verticalScrollBar().value())
        middle = QPointF(target.rect().center())
        wheel = QWheelEvent(
            middle, target.mapToGlobal(middle), QPoint(), QPoint(0, -120), Qt.MouseButton.NoButton,
            Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(target, wheel)
        after = (panel.study.batch.value(), panel.lengths_in.currentIndex(), panel.verticalScrollBar().value())
        assert after[:2] == before[:2]
        assert after[2] == before[2] + 60


def test_the_menu_is_about_the_unit_it_was_called_up_on(window, qtbot):
    view = window.graph_panel.view
    item = next(i for i in view.scene().items() if isinstance(i, BoxItem) and i.box.name == "block2/unit_3")
    place = view.mapFromScene(item.sceneBoundingRect().center())
    qtbot.mousePress(view.viewport(), Qt.MouseButton.RightButton, pos=place)
    assert item.isSelected()
    assert window.paths_panel.toggle_action.isEnabled()
    window.paths_panel.toggle_action.trigger()
    assert window.paths_panel.lesion == {("block2", 3)}


def test_everything_has_a_tip_a_name_and_the_theme(window):
    window.set_theme(DARK)
    panel = window.paths_panel
    for widget in (
        panel.lengths_in, panel.chooser.kinds, panel.chooser.length, panel.chooser.another, panel.chooser.on,
        panel.chooser.back, panel.lesions.units, panel.lesions.restore, panel.study.batch, panel.study.image,
        panel.study.repeats, panel.study.lesion_button, panel.study.gradient_button, panel.study.stop_button,
        panel.study.weights_button,
    ):  # fmt: skip
        assert widget.toolTip()
        assert widget.accessibleName() or widget.text()
