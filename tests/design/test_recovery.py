"""Unsaved changes that outlive a killed window."""

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.design import recovery
from resnet_studio.design.disk import FileError
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.process_mark import process_mark
from resnet_studio.design.recovery import Unsaved, drop_unsaved, own_file, take_unsaved, write_unsaved
from resnet_studio.design.state_folder import state_folder

EDITED = Unsaved(replace(PRESETS["resnet_v2_50"], num_classes=7), Path("/designs/mine.json"))


def left_behind(folder, name, unsaved=EDITED):
    """The file of a process that is gone."""
    path = folder / f"unsaved-{name}.json"
    write_unsaved(path, unsaved)
    return path


def test_what_a_window_that_is_gone_left_is_taken_and_becomes_ones_own(tmp_path):
    path = left_behind(tmp_path, "999999999-7")
    assert path.stat().st_mode & 0o777 == 0o600
    assert take_unsaved(tmp_path) == (EDITED, 0, 0)
    assert list(tmp_path.iterdir()) == [own_file(tmp_path)]
    assert take_unsaved(tmp_path) == (None, 0, 0)  # this process lives
    drop_unsaved(own_file(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_process_of_the_same_number_that_began_later_is_another(tmp_path):
    left_behind(tmp_path, f"{os.getpid()}-1")
    assert take_unsaved(tmp_path)[0] == EDITED


def test_a_window_that_lives_keeps_its_own(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        left_behind(tmp_path, process_mark(other.pid))
        assert take_unsaved(tmp_path) == (None, 0, 0)
        other.communicate(b"\n")
    assert take_unsaved(tmp_path)[0] == EDITED


def test_the_newest_is_taken_first_and_the_others_are_counted(tmp_path):
    for age, classes in ((30, 3), (10, 1), (20, 2)):
        path = left_behind(
            tmp_path, f"99999999{age}-7", replace(EDITED, design=replace(EDITED.design, num_classes=classes))
        )
        os.utime(path, (10_000 - age, 10_000 - age))
    taken, more, _ = take_unsaved(tmp_path)
    assert (taken.design.num_classes, more) == (1, 2)


def test_of_two_that_start_at_one_time_one_takes_it(tmp_path, monkeypatch):
    left_behind(tmp_path, "999999999-7")
    real = recovery._left_behind
    found = real(tmp_path)
    assert take_unsaved(tmp_path)[0] == EDITED
    monkeypatch.setattr(recovery, "_left_behind", lambda folder: found)  # seen ahead of the other's taking
    assert take_unsaved(tmp_path)[0] is None


@pytest.mark.parametrize("text", ["", "{", "[]", '{"format": "x"}', "\0" * 100, '{"a":' * 50_000])
def test_a_torn_file_is_set_aside_and_the_rest_goes_on(tmp_path, text):
    (tmp_path / "unsaved-999999998-7.json").write_text(text)
    left_behind(tmp_path, "999999999-7")
    taken, more, damaged = take_unsaved(tmp_path)
    assert (taken, more, damaged) == (EDITED, 0, 1)
    assert (tmp_path / "unsaved-999999998-7.damaged").read_text() == text


def test_a_folder_that_can_not_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(FileError, match="unsaved changes can't be kept"):
        write_unsaved(tmp_path / "file" / "unsaved-1-1.json", EDITED)
    assert take_unsaved(tmp_path / "file") == (None, 0, 0)
    assert take_unsaved(tmp_path / "nowhere") == (None, 0, 0)


def test_wrong_designs_are_kept_too(tmp_path):
    wrong = Unsaved(replace(PRESETS["resnet_v2_50"], num_classes="many", weight_decay=True), None)
    left_behind(tmp_path, "999999999-7", wrong)
    taken = take_unsaved(tmp_path)[0]
    assert taken == wrong
    assert taken.design.weight_decay is True


def test_where_the_state_is(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.delenv("RESNET_STUDIO_HOME", raising=False)
    if sys.platform.startswith("linux"):
        assert state_folder() == tmp_path / "resnet-studio" / "ResNet Studio"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")  # which the specification has ignored
    assert str(Path.home()) in str(state_folder())
    monkeypatch.setenv("RESNET_STUDIO_HOME", str(tmp_path / "mine"))
    assert state_folder() == tmp_path / "mine"
    assert json.dumps(str(state_folder()))
