"""Designs on disk."""

import json
import os
import sys

import pytest

from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.disk import FileError, write_whole
from resnet_studio.design.files import find_design, load, save
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.design.validate import validate

TEXT = json.dumps(design_to_json(PRESETS["resnet_v2_50"]))


@pytest.mark.parametrize("name", PRESETS)
def test_a_design_comes_back_as_it_was(tmp_path, name):
    save(PRESETS[name], tmp_path / "design.json")
    assert load(tmp_path / "design.json") == PRESETS[name]
    assert find_design(str(tmp_path / "design.json")) == PRESETS[name]


def test_what_was_typed_wrong_comes_back_too(tmp_path):
    wrong = Design("a b", (Block("block1", (Unit("deep", 4, -1),), typed_count="many"),), (1, "x"), None)
    save(wrong, tmp_path / "design.json")
    assert load(tmp_path / "design.json") == wrong


@pytest.mark.parametrize(
    "change", [{"channels": 1}, {"output_stride": 8}, {"version": "plain"}, {"channels": True, "output_stride": "x"}]
)
def test_later_fields_come_back_and_are_only_written_where_they_say_something(tmp_path, change):
    units = (Unit(8, 4), Unit(8, 4, 1, 2))
    design = Design("net", (Block("block1", units),), **change)
    save(design, tmp_path / "design.json")
    assert load(tmp_path / "design.json") == design
    written = design_to_json(design)
    assert written["version"] == 1
    assert [run.get("rate") for run in written["blocks"][0]["units"]] == [None, 2]
    assert {"channels", "output_stride", "resnet_version"} & written.keys() == {
        {"version": "resnet_version"}.get(field, field) for field in change
    }


def test_equal_units_are_written_once():
    assert design_to_json(PRESETS["resnet_v2_152"])["blocks"][2]["units"] == [
        {"repeat": 35, "depth": 1024, "depth_bottleneck": 256, "stride": 1},
        {"repeat": 1, "depth": 1024, "depth_bottleneck": 256, "stride": 2},
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "line 1, column 1: Expecting value"),
        ("{", "line 1, column 2"),
        ("[]", "is not a ResNet Studio design"),
        ('{"a": 1, "a": 2}', "'a' stands twice"),
        ('{"a": NaN}', "NaN is not a number of JSON"),
        ("[" * 100_000, "recursion"),
        (TEXT.replace('"version": 1', '"version": 7'), "version: 7 is not 1"),
        (TEXT.replace('"depth":', '"deep":'), "blocks[0].units[0]: there is no field 'deep'"),
        (TEXT.replace('"depth": 256,', ""), "blocks[0].units[0]: 'depth' is missing"),
        (TEXT.replace('"depth": 256', '"depth": [1]'), "blocks[0].units[0].depth: [1] is not a single value"),
        (TEXT.replace("[224, 224]", "[224]"), "image: [224] is not a size"),
    ],
)
def test_what_is_no_design_is_told_with_its_place(tmp_path, text, message):
    path = tmp_path / "design.json"
    path.write_text(text)
    with pytest.raises(FileError) as error:
        load(path)
    assert str(error.value).startswith(f"{path}: ")
    assert message in str(error.value)


def test_a_foreign_binary_file(tmp_path):
    (tmp_path / "design.json").write_bytes(b"\x80\x04\x95\xff\x00")
    with pytest.raises(FileError, match="is not a text file"):
        load(tmp_path / "design.json")


def test_a_file_too_large_to_be_a_design(tmp_path):
    (tmp_path / "design.json").write_bytes(b" " * (2**20 + 1))
    with pytest.raises(FileError, match="larger than 1 MiB"):
        load(tmp_path / "design.json")


def test_a_count_out_of_bounds_is_told_and_never_built(tmp_path):
    path = tmp_path / "design.json"
    path.write_text(TEXT.replace('"repeat": 2', '"repeat": 2000000000'))
    (problem,) = validate(load(path))
    assert str(problem) == "block1, units: 2,000,000,000 is out of range. Use 1 to 2,000 units."


def test_no_such_preset_or_file():
    with pytest.raises(FileError, match=r"resnet_v2_51: no such preset or file\. The presets are resnet_v2_18, "):
        find_design("resnet_v2_51")
    with pytest.raises(FileError, match="can't be read"):
        find_design(os.sep)


def test_a_write_that_fails_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "design.json"
    path.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    with pytest.raises(FileError, match="No space left on device"):
        write_whole(path, b"new")
    assert path.read_bytes() == b"old"
    assert [each.name for each in tmp_path.iterdir()] == ["design.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="links and modes")
def test_a_link_is_followed_and_the_mode_stays(tmp_path):
    (tmp_path / "real.json").write_bytes(b"old")
    (tmp_path / "real.json").chmod(0o640)
    (tmp_path / "link.json").symlink_to("real.json")
    write_whole(tmp_path / "link.json", b"new")
    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_bytes() == b"new"
    assert (tmp_path / "real.json").stat().st_mode & 0o777 == 0o640
