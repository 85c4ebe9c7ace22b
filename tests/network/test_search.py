"""Blocks, units and layers, found by name or kind."""

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.network.search import search

NETWORK = expand(PRESETS["resnet_v2_50"])


@pytest.mark.parametrize(
    ("query", "count", "first"),
    [
        ("projection", 4, "block1/unit_1/bottleneck_v2/shortcut"),
        ("subsample", 3, "block1/unit_3/bottleneck_v2/shortcut"),
        ("identity", 9, "block1/unit_2/bottleneck_v2/add"),
        ("CONV2", 16, "block1/unit_1/bottleneck_v2/conv2"),
        ("block3/unit_4", 1, "block3/unit_4"),
        ("unit_1", 4, "block1/unit_1"),
        ("block", 4, "block1"),
        (" logits ", 1, "logits"),
        ("", 0, ""),
        ("<img src=x>", 0, ""),
        ("(", 0, ""),
    ],
)
def test_what_is_found(query, count, first):
    hits = search(NETWORK, query)
    assert len(hits) == count
    assert not hits or hits[0].name == first


def test_a_number_at_the_end_is_meant_whole():
    deep = expand(PRESETS["cifar_resnet_v2_164"])
    assert [hit.name for hit in search(deep, "block1/unit_1")] == ["block1/unit_1"]


def test_a_hit_holds_all_its_operations_and_no_two_hits_share_one():
    for query in ("unit", "conv", "norm", "a"):
        names = [name for hit in search(NETWORK, query) for name in hit.ops]
        assert len(names) == len(set(names))
    (hit,) = search(NETWORK, "block4/unit_2")
    assert set(hit.ops) == {op.name for op in NETWORK.ops if (op.block, op.unit) == ("block4", 2)}
