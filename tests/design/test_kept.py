"""Whatever a reader accepts is kept: it can be hashed, validated, shown, written and read back, equal in every type."""

import copy
import json
import math
import os
import stat
import time
import tracemalloc
from dataclasses import fields
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resnet_studio.design import disk
from resnet_studio.design.design_json import DesignInFile, design_from_json, design_to_json
from resnet_studio.design.disk import FileError, read_file, write_whole
from resnet_studio.design.files import MAX_BYTES, find_design, load, save
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit
from resnet_studio.design.validate import MOST_PROBLEMS, validate
from resnet_studio.network.partial import sound_part

SCALARS = (str, int, float, bool, type(None))
ROOT = Path(__file__).parents[2]


def assert_kept(design: Design, folder: Path) -> None:
    """Fails where `design`, which a reader has accepted, can't be hashed, judged, drawn, written or read back as it is."""
    for value in values_of(design):
        assert isinstance(value, SCALARS), value
        assert not isinstance(value, float) or math.isfinite(value), value
    assert hash(design) == hash(copy.deepcopy(design))
    assert all(str(problem) for problem in validate(design))
    sound_part(design)
    path = folder / "kept.json"
    save(design, path)
    again = load(path)
    assert again == design
    assert repr(again) == repr(design)  # True, 1 and 1.0 are equal, and not the same


def values_of(design: Design) -> list[object]:
    found = [getattr(design, f.name) for f in fields(Design) if f.name not in ("blocks", "image")]
    found += design.image
    for block in design.blocks:
        found += [block.name, block.kind, block.typed_count]
        found += [getattr(unit, f.name) for unit in block.units for f in fields(Unit)]
    return found


# ---- the property ---------------------------------------------------------------------------------------------------

anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["\ud800", "\0", "<b>", "9" * 400, 10**400, -(10**17), 1e308, 0.5, "basic", "v1", {}, []]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner, max_size=3),
    max_leaves=4,
)  # fmt: skip


@st.composite
def mutated_files(draw: st.DrawFn) -> object:
    """A design file with a few of its places exchanged, left out or added to."""
    tree = json.loads(
        json.dumps(design_to_json(PRESETS[draw(st.sampled_from(["resnet_v2_18", "cifar_resnet_v2_20"]))]))
    )
    for _ in range(draw(st.integers(1, 3))):
        here = tree
        for _ in range(draw(st.integers(0, 4))):
            inner = [
                each for each in (here.values() if isinstance(here, dict) else here) if isinstance(each, (dict, list))
            ]
            if not inner:
                break
            here = draw(st.sampled_from(inner))
        if isinstance(here, dict):
            key = draw(st.sampled_from([*sorted(here), "rate", "channels", "resnet_version", "typed_count", "new"]))
            if draw(st.booleans()) or key not in here:
                here[key] = draw(anything)
            else:
                del here[key]
        elif here:
            here[draw(st.integers(0, len(here) - 1))] = draw(anything)
    return tree


@settings(max_examples=300, deadline=None)
@given(value=mutated_files())
def test_what_a_file_gives_is_kept(value, tmp_path_factory):
    folder = tmp_path_factory.mktemp("kept")
    path = folder / "mutated.json"
    path.write_text(json.dumps(value))
    try:
        design = load(path)
    except FileError as error:
        assert str(error).startswith(str(path))  # noqa: PT017
        assert len(str(error)) < 1_000  # noqa: PT017
        return
    assert_kept(design, folder)


def test_the_schema_in_the_documents_is_what_is_read():
    """`python -m tests.write_schemas` writes it anew."""
    published = json.loads((ROOT / "docs" / "design.schema.json").read_text())
    assert published == json.loads(json.dumps(msgspec.json.schema(DesignInFile)))


# ---- what can't be kept is refused, and says where ------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"weight_decay": 1e400}', "1e400 is beyond every finite number"),
        ('{"weight_decay": -1e999}', "-1e999 is beyond every finite number"),
        ('{"image": [1, {}]}', "image[1]: {} is not a single value"),
        ('{"image": [1, 2, 3]}', "image: [1, 2, 3] is not a size"),
        ('{"blocks": {}}', "blocks: {} is not a list of at most 64 blocks"),
        ('{"blocks": [7]}', "blocks[0]: 7 is not a block"),
        ('{"blocks": [{"name": "b", "units": [[]]}]}', "blocks[0].units[0]: [] is not a unit"),
        ('{"blocks": [{"name": "b", "units": 3}]}', "blocks[0].units: 3 is not a list of at most 2,000 units"),
        ('{"blocks": [{"name": "b", "units": [], "typed_count": 3}]}', "blocks[0].typed_count: 3 is not a text"),
        ('{"channel": 3}', "design: there is no field 'channel'. The fields are batch_norm_decay, "),
    ],
)  # fmt: skip
def test_what_could_not_be_kept_is_refused_with_its_place(text, said, tmp_path):
    value = {"format": "resnet-studio design", "version": 1, "name": "n", "blocks": []}
    path = tmp_path / "design.json"
    path.write_text(json.dumps(value)[:-1] + ", " + text[1:])
    if any(f'"{key}"' in text for key in ("name", "blocks")):  # these stand there already
        path.write_text(
            json.dumps({k: v for k, v in value.items() if f'"{k}": ' not in text[:12]})[:-1] + ", " + text[1:]
        )
    with pytest.raises(FileError) as error:
        load(path)
    assert said in str(error.value)


@pytest.mark.parametrize("value", [math.inf, math.nan, {1}, b"x"])
def test_what_can_not_be_written_leaves_the_old_file(value, tmp_path):
    path = tmp_path / "design.json"
    path.write_text("old")
    with pytest.raises(FileError, match="can't be written"):
        save(Design("n", (Block("b", (Unit(8, 4),)),), weight_decay=value), path)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["design.json"]


def test_what_would_not_come_back_is_not_kept(tmp_path, monkeypatch):
    path = tmp_path / "design.json"
    save(PRESETS["resnet_v2_18"], path)
    monkeypatch.setattr("resnet_studio.design.files.design_from_json", lambda value: PRESETS["resnet_v2_50"])
    with pytest.raises(FileError, match="would not come back"):
        save(PRESETS["resnet_v2_34"], path)
    monkeypatch.undo()
    assert load(path) == PRESETS["resnet_v2_18"]


# ---- files that are none --------------------------------------------------------------------------------------------


def test_a_pipe_is_not_waited_for(tmp_path):
    os.mkfifo(tmp_path / "pipe.json")
    for act in (load, lambda path: save(PRESETS["resnet_v2_18"], path)):
        with pytest.raises(FileError, match="is no plain file"):
            act(tmp_path / "pipe.json")
    assert stat.S_ISFIFO((tmp_path / "pipe.json").stat().st_mode)


@pytest.mark.parametrize("name", ["/dev/null", "/dev/zero", "/proc/self/mem"])
def test_a_device_is_left_alone(name):
    for act in (load, lambda path: save(PRESETS["resnet_v2_18"], path)):
        with pytest.raises(FileError):
            act(Path(name))
    assert Path("/dev/null").is_char_device()


@pytest.mark.parametrize("name", ["a\0b", "\ud800", "x" * 5_000, "loop/design.json"])
def test_a_path_that_is_none_is_told(name, tmp_path):
    (tmp_path / "loop").symlink_to("loop")
    path = tmp_path / name
    for act in (load, lambda path: save(PRESETS["resnet_v2_18"], path), lambda path: find_design(str(path))):
        with pytest.raises(FileError) as error:
            act(path)
        assert len(str(error.value)) < 1_200
        str(error.value).encode()  # it can be written to a terminal


def test_a_read_only_file_stays_also_for_root(tmp_path):
    path = tmp_path / "design.json"
    path.write_text("old")
    path.chmod(0o444)
    with pytest.raises(FileError, match=r"is read-only\. Make it writable"):
        write_whole(path, b"new")
    assert path.read_text() == "old"


def test_all_names_of_a_file_get_the_new_text(tmp_path):
    (tmp_path / "one.json").write_text("the old text, which is longer")
    (tmp_path / "two.json").hardlink_to(tmp_path / "one.json")
    write_whole(tmp_path / "one.json", b"new")
    assert (tmp_path / "two.json").read_text() == "new"
    assert (tmp_path / "one.json").samefile(tmp_path / "two.json")
    assert len(list(tmp_path.iterdir())) == 2


def test_when_writing_over_a_file_of_two_names_fails_the_new_text_is_kept_beside(tmp_path, monkeypatch):
    (tmp_path / "one.json").write_text("old")
    (tmp_path / "two.json").hardlink_to(tmp_path / "one.json")
    real = os.fsync

    def full(handle):
        if os.fstat(handle).st_nlink == 2:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(disk.os, "fsync", full)
    with pytest.raises(FileError, match=r"What was to be written is in .*one.json.new"):
        write_whole(tmp_path / "one.json", b"new")
    assert (tmp_path / "one.json.new").read_bytes() == b"new"


def test_the_owner_and_the_mode_stay(tmp_path):
    path = tmp_path / "design.json"
    path.write_text("old")
    path.chmod(0o640)
    if os.geteuid() == 0:
        os.chown(path, 12345, 23456)
    before = path.stat()
    write_whole(path, b"new")
    after = path.stat()
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)


def test_where_the_owner_can_not_be_kept_the_file_is_written_over(tmp_path, monkeypatch):
    path = tmp_path / "design.json"
    path.write_text("old")
    inode = path.stat().st_ino
    monkeypatch.setattr(disk, "_take_owner", lambda *_: False)
    write_whole(path, b"new")
    assert (path.read_bytes(), path.stat().st_ino) == (b"new", inode)


def test_the_folder_is_flushed_too(tmp_path, monkeypatch):
    flushed = []
    real = os.fsync
    monkeypatch.setattr(disk.os, "fsync", lambda handle: (flushed.append(os.fstat(handle).st_mode), real(handle))[1])
    write_whole(tmp_path / "design.json", b"new")
    assert [stat.S_ISDIR(mode) for mode in flushed] == [False, True]


# ---- nothing takes long ---------------------------------------------------------------------------------------------

_HEAD = '{"format": "resnet-studio design", "version": 1, "name": "n", '
_UNITS = '{"depth": %s, "depth_bottleneck": 1}'
LARGE = {
    "20,000 keys and a duplicate": "{" + "".join(f'"k{i}": 1,' for i in range(20_000)) + '"k0": 2}',
    "80,000 keys": "{" + ",".join(f'"{i}": 1' for i in range(80_000)) + "}",
    "brackets": "[" * MAX_BYTES,
    "objects": '{"a":' * (MAX_BYTES // 5),
    "a long text as a depth": _HEAD
    + '"blocks": [{"name": "b", "units": ['
    + _UNITS % ('"' + "x" * 1_000_000 + '"')
    + "]}]}",
    "2,000 texts as depths": _HEAD
    + '"blocks": [{"name": "b", "units": ['
    + ",".join(_UNITS % ('"' + f"{i}" * 80 + '"') for i in range(2_000))
    + "]}]}",
    "64 blocks of too many units": _HEAD
    + '"blocks": ['
    + ",".join(
        f'{{"name": "b{i}", "units": [{{"repeat": 2000, "depth": "x", "depth_bottleneck": 1}}]}}' for i in range(64)
    )
    + "]}",
    "a number of 4,000 digits": _HEAD + '"num_classes": ' + "9" * 4_000 + ', "blocks": []}',
    "a number of a million digits": _HEAD + '"num_classes": ' + "9" * 1_000_000 + ', "blocks": []}',
    "a long name": _HEAD.replace('"n"', '"' + "x" * 1_000_000 + '"') + '"blocks": []}',
    "half characters": _HEAD.replace('"n"', '"' + "\\ud800" * 100_000 + '"') + '"blocks": []}',
}


@pytest.mark.parametrize("name", LARGE)
def test_no_input_takes_long_or_much(name, tmp_path):
    """0.2 s and 50 MB at the most on a quiet machine; the test allows for a busy one."""
    path = tmp_path / "large.json"
    path.write_text(LARGE[name])
    assert path.stat().st_size <= MAX_BYTES
    tracemalloc.start()
    try:
        began = time.thread_time()
        try:
            problems = validate(load(path))
        except FileError as error:
            assert len(str(error)) < 1_000  # noqa: PT017
        else:
            assert 0 < len(problems) <= MOST_PROBLEMS + 1
            assert all(len(str(problem)) < 400 for problem in problems)
        took, peak = time.thread_time() - began, tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert took < 2.0  # tracemalloc alone makes it several times slower
    assert peak < 50e6


def test_a_file_beyond_the_limit_is_not_read(tmp_path):
    with (tmp_path / "sparse.json").open("wb") as file:
        file.truncate(10**12)
    with pytest.raises(FileError, match="is larger than 1 MiB"):
        load(tmp_path / "sparse.json")
    with pytest.raises(FileError, match="is larger than 10 bytes"):
        read_file(tmp_path / "sparse.json", 10)


def test_problems_beyond_a_hundred_are_counted():
    wrong = Design("n", (Block("b", tuple(Unit(-i, -i) for i in range(2_000))),))
    problems = validate(wrong)
    assert len(problems) == MOST_PROBLEMS + 1
    assert str(problems[-1]) == "design: 3,900 more problems are not told. Mend those above first."


@pytest.mark.parametrize(
    "wrong", [{"blocks": 5}, {"blocks": (7,)}, {"image": 3}, {"image": "ab"}, {"name": {}}, {"root": []}]
)
def test_a_field_of_any_type_is_a_problem_and_no_fault(wrong):
    assert validate(Design(**{"name": "n", "blocks": PRESETS["resnet_v2_18"].blocks, **wrong}))


@pytest.mark.parametrize("wrong", [{"units": "x"}, {"units": (1,)}, {"name": []}, {"kind": {}}, {"typed_count": 3}])
def test_a_field_of_a_block_of_any_type_is_a_problem_and_no_fault(wrong):
    assert validate(Design("n", (Block(**{"name": "b", "units": (Unit(8, 4),), **wrong}),)))


def test_the_form_that_is_read_is_the_one_that_is_written():
    """A field that `Design` has and the file's form lacks would be refused when it is read back."""
    written = design_to_json(
        Design("n", (Block("b", (Unit(8, 4, 1, 2),)),), (8, 8), 2, channels=1, output_stride=4, version="v1")
    )
    assert set(written) == set(DesignInFile.__struct_fields__)
    assert design_from_json(written).version == "v1"
