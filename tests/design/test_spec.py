"""Blocks as a person edits them."""

from resnet_studio.design.spec import Block, Unit, block

SLIM = block("block1", 3, 256, 64, 2)
PAPER = block("block1", 3, 256, 64, 2, "first")


def test_the_stride_sits_in_the_last_unit_or_the_first():
    assert [u.stride for u in SLIM.units] == [1, 1, 2]
    assert [u.stride for u in PAPER.units] == [2, 1, 1]
    assert (SLIM.stride, SLIM.stride_in) == (2, "last")
    assert (PAPER.stride, PAPER.stride_in) == (2, "first")


def test_another_count_keeps_the_striding_unit_where_it_is():
    assert [u.stride for u in SLIM.with_count(5).units] == [1, 1, 1, 1, 2]
    assert [u.stride for u in SLIM.with_count(1).units] == [2]
    assert [u.stride for u in PAPER.with_count(5).units] == [2, 1, 1, 1, 1]
    assert [u.stride for u in PAPER.with_count(2).units] == [2, 1]
    assert SLIM.with_count(23) == block("block1", 23, 256, 64, 2)


def test_a_count_mends_one_that_was_mistyped():
    wrong = Block("block1", SLIM.units, typed_count="many")
    assert wrong.with_count(3) == SLIM


def test_one_field_of_every_unit():
    assert {u.depth for u in SLIM.with_all("depth", 512).units} == {512}
    assert {u.depth_bottleneck for u in SLIM.with_all("depth_bottleneck", 8).units} == {8}
    assert [u.stride for u in SLIM.with_stride(1).units] == [1, 1, 1]
    assert SLIM.with_stride(2, "first") == PAPER


def test_mixed_units():
    assert not SLIM.mixed
    assert not PAPER.mixed
    assert Block("block1", (Unit(256, 64), Unit(256, 32))).mixed
    assert Block("block1", (Unit(8, 4, 2), Unit(8, 4, 2))).mixed
