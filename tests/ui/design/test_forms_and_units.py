"""The form in words and the way over; units that differ inside one block."""

from dataclasses import replace

import pytest

from resnet_studio.design.presets import PRESETS, form_of, other_form
from resnet_studio.design.spec import Unit
from resnet_studio.ui.design.document import DesignDocument
from resnet_studio.ui.design.form_line import FormLine
from resnet_studio.ui.design.more_options import MoreOptions
from resnet_studio.ui.design.options_form import OptionsForm
from resnet_studio.ui.design.unit_table import UnitTableModel


@pytest.fixture
def document(qapp):
    return DesignDocument(PRESETS["resnet_v2_50"])


def test_the_form_is_told_and_switched(document, qtbot):
    line = FormLine(document)
    qtbot.addWidget(line)
    assert "stride in a block's last unit" in line._words.text()
    assert "25.55 M parameters (-19,008), 4.09 GMACs (+17.4%)" in line._words.text()
    line._switch.click()
    assert document.design == PRESETS["resnet_v2_50_paper"]
    assert "The paper's form" in line._words.text()
    line._switch.click()
    assert document.design == PRESETS["resnet_v2_50"]
    assert document.undo_stack.count() == 2


@pytest.mark.parametrize("name", PRESETS)
def test_switching_twice_comes_back_for_every_published_network(name):
    design = PRESETS[name]
    other = other_form(design)
    assert form_of(other) != form_of(design)
    assert [b.units for b in other_form(other).blocks] == [b.units for b in design.blocks]


def test_one_unit_is_edited_alone(document, qtmodeltester):
    model = UnitTableModel(document)
    qtmodeltester.check(model)
    model.set_block(1)
    assert model.rowCount() == 4
    model.setData(model.index(1, 1), "96")
    assert document.design.blocks[1].units[1] == Unit(512, 96, 1)
    assert document.design.blocks[1].mixed
    assert document.undo_stack.undoText() == "Set unit 2 of block2"
    model.setData(model.index(3, 0), "deep")
    assert model.index(3, 0).data() == "deep"
    assert [str(p) for p in document.problems] == [
        "block2, unit_4, depth: 'deep' is not a whole number. Use 1 to 8,192 channels."
    ]
    document.undo_stack.undo()
    document.undo_stack.undo()
    assert document.design == PRESETS["resnet_v2_50"]
    model.set_block(-1)
    assert model.rowCount() == 0


def test_a_units_rate_is_edited(document):
    model = UnitTableModel(document)
    model.set_block(3)
    model.paste(0, 3, [["1"], ["2"], ["4"]])
    assert [unit.rate for unit in document.design.blocks[3].units] == [1, 2, 4]
    assert [op.rate for op in document.network.ops if op.block == "block4" and op.kernel == 3] == [1, 2, 4]
    model.setData(model.index(0, 3), "65")
    assert [str(p) for p in document.problems] == ["block4, unit_1, rate: 65 is out of range. Use 1 to 64."]


def test_channels_version_and_output_stride_are_chosen_with_what_they_cost(document, qtbot):
    form = OptionsForm(document)
    qtbot.addWidget(form)
    density = form._density
    strides = density.output_stride
    assert [strides.itemText(i) for i in range(strides.count())] == ["none (32)", "4", "8", "16", "32"]
    assert density.effect.text() == ""
    strides.highlighted.emit(2)
    assert density.effect.text() == "Output stride 8: 18.88 GMACs (5.42×), 156.4 MiB an image (2.62×)."
    assert document.design.output_stride is None
    strides.activated.emit(2)
    assert document.design.output_stride == 8
    assert strides.currentText() == "8"
    assert "18.88 GMACs (5.42×)" in density.effect.text()
    density.version.activated.emit(1)
    assert document.design.version == "v1"
    form._channels.set_value(1)
    form._channels.editingFinished.emit()
    assert document.design == replace(PRESETS["resnet_v2_50"], output_stride=8, version="v1", channels=1)
    document.edit(replace(document.design, output_stride=12), "Open")
    assert strides.currentText() == "12"
    assert density.effect.text().startswith("output_stride: 12 is not reached")
    for _ in range(4):
        document.undo_stack.undo()
    assert (strides.currentText(), density.version.currentText()) == ("none (32)", "2")


def test_the_options_of_the_arg_scope(document, qtbot):
    dialog = MoreOptions(document)
    qtbot.addWidget(dialog)
    dialog._numbers["weight_decay"].setText("0.01")
    dialog._numbers["weight_decay"].editingFinished.emit()
    assert document.design.weight_decay == 0.01
    assert document.undo_stack.undoText() == "Set weight_decay"
    dialog._checks["batch_norm_scale"].click()
    assert document.design.batch_norm_scale is False
    dialog._choices["root"].setCurrentIndex(1)
    dialog._choices["root"].activated.emit(1)
    assert document.design.root == "cifar"
    dialog._numbers["batch_norm_decay"].setText("much")
    dialog._numbers["batch_norm_decay"].editingFinished.emit()
    assert [str(p) for p in document.problems] == ["batch_norm_decay: 'much' is not a number. Use 0 to 1."]
    assert dialog._numbers["batch_norm_decay"].text() == "much"
    for _ in range(4):
        document.undo_stack.undo()
    assert document.design == PRESETS["resnet_v2_50"]
    assert dialog._numbers["batch_norm_decay"].text() == "0.997"
