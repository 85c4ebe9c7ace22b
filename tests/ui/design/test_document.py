"""The document: every change is one step that can be undone."""

from dataclasses import replace

import pytest
import shiboken6

from resnet_studio.design.disk import FileError
from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.design.document import DesignDocument

R50 = PRESETS["resnet_v2_50"]


@pytest.fixture
def document(qapp):
    return DesignDocument(R50)


def test_an_edit_is_one_step_and_undo_goes_back(document, qtbot):
    other = R50.with_block(2, R50.blocks[2].with_count(23))
    with qtbot.waitSignal(document.design_changed):
        document.edit(other, "Set units of block3")
    assert document.design == other
    assert document.modified
    assert document.undo_stack.undoText() == "Set units of block3"
    document.undo_stack.undo()
    assert document.design == R50
    assert not document.modified
    document.undo_stack.redo()
    assert document.design == other


def test_the_same_design_is_no_step(document):
    document.edit(replace(R50), "nothing")
    assert document.undo_stack.count() == 0


def test_a_design_with_problems_has_no_network_and_is_kept(document):
    wrong = replace(R50, image=("abc", 224))
    document.edit(wrong, "Set image")
    assert document.design == wrong
    assert document.network is None
    assert [str(p.place) for p in document.problems] == ["image height"]
    document.undo_stack.undo()
    assert document.network is not None


def test_saving_and_opening(document, tmp_path):
    path = tmp_path / "mine.json"
    document.edit(replace(R50, name="mine"), "Set name")
    document.save(path)
    assert (document.modified, document.path) == (False, path)
    document.use_preset("resnet_v2_101")
    document.open(path)
    assert document.design.name == "mine"
    assert document.undo_stack.count() == 0


def test_a_file_that_is_none_changes_nothing(document, tmp_path):
    (tmp_path / "bad.json").write_text("{}")
    document.edit(replace(R50, name="mine"), "Set name")
    with pytest.raises(FileError):
        document.open(tmp_path / "bad.json")
    assert document.design.name == "mine"
    assert document.undo_stack.count() == 1


def test_a_document_that_goes_with_unsaved_changes_tells_nobody(qapp):
    document, heard = DesignDocument(R50), []
    document.modified_changed.connect(heard.append)
    document.use_preset("resnet_v2_101")
    assert heard == [True]
    shiboken6.delete(document)
    assert heard == [True]
