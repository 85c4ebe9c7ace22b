"""Runs of equal units, and what folding them keeps."""

from collections import Counter
from dataclasses import replace

import networkx as nx
import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.network.folding import MAX_ITEMS, Run, decide_folding, runs
from resnet_studio.network.network import expand
from resnet_studio.picture.graph import build_graph
from resnet_studio.picture.picture import make_picture

ODD = Design("odd", (Block("b", (*[Unit(16, 4)] * 3, Unit(16, 8), Unit(16, 8), Unit(16, 8, 2))),), (32, 32), 10)


@pytest.mark.parametrize(("name", "wanted"), [
    ("resnet_v2_50", [("block2", 2, 3), ("block3", 2, 5), ("block4", 2, 3)]),
    ("resnet_v2_50_paper", [("block1", 2, 3), ("block2", 2, 4), ("block3", 2, 6), ("block4", 2, 3)]),
    ("resnet_v2_18_paper", [("block1", 1, 2)]),
    ("cifar_resnet_v2_1001", [("block1", 2, 111), ("block2", 2, 111), ("block3", 2, 111)]),
])  # fmt: skip
def test_runs_are_the_units_that_are_equal_up_to_their_names(name, wanted):
    assert [(run.block, run.first, run.last) for run in runs(expand(PRESETS[name]))] == wanted


def test_a_run_ends_where_a_unit_differs():
    assert runs(expand(ODD)) == (Run("b", 2, 3), Run("b", 4, 5))
    assert (Run("b", 2, 3).name, Run("b", 2, 3).node, Run("b", 2, 3).count) == ("b/unit_2", "b/units_2-3", 2)


@pytest.mark.parametrize("detail", ["units", "layers"])
@pytest.mark.parametrize(
    "design", [PRESETS["resnet_v2_152"], PRESETS["cifar_resnet_v2_1001"], ODD], ids=lambda d: d.name
)
def test_folding_loses_no_operation_and_no_shortcut(design, detail):
    network = expand(design)
    graph = build_graph(network, detail, runs(network))
    assert nx.is_directed_acyclic_graph(graph)
    drawn = [name for _, ops in graph.nodes(data="ops") for name in ops]
    assert sorted(drawn) == sorted(op.name for op in network.ops)
    counts = Counter()
    for _, target, edge in graph.edges(data=True):
        if graph.nodes[target]["role"] == "add":
            counts.update(edge["counts"])
    assert counts == Counter(network.shortcuts.values())
    whole = build_graph(network, detail)
    for key in ("parameters", "macs"):
        assert sum(value for _, value in graph.nodes(data=key)) == sum(value for _, value in whole.nodes(data=key))


def test_a_run_is_opened_by_its_name():
    network = expand(PRESETS["resnet_v2_152"])
    folded = make_picture(network, "units", fold=True)
    assert [(box.title, box.run) for box in folded.boxes if box.folded] == [
        ("×6", "block2/unit_2"), ("×34", "block3/unit_2"), ("×2", "block4/unit_2"),
    ]  # fmt: skip
    opened = make_picture(network, "units", fold=True, unfolded=frozenset({"block3/unit_2"}))
    assert len(opened.boxes) == len(folded.boxes) + 2 * 33
    assert sum(box.run == "block3/unit_2" for box in opened.boxes) == 2 * 34
    unfolded = make_picture(network, "units", fold=False)
    assert len([line for line in unfolded.lines if line.kind != "main"]) == 50


def test_long_networks_fold_by_themselves_and_huge_ones_say_so():
    assert not make_picture(expand(PRESETS["resnet_v2_152"]), "units").folded
    assert make_picture(expand(PRESETS["cifar_resnet_v2_1001"]), "units").folded
    huge = Design("huge", tuple(replace(block(f"b{i}", 1000, 16, 4, 1)) for i in range(4)), (32, 32), 10)
    network = expand(huge)
    picture = make_picture(network, "layers", fold=False)
    assert picture.folded
    assert picture.note.startswith("Runs of equal units are folded: ")
    assert len(picture.boxes) + len(picture.lines) < MAX_ITEMS
    opened = make_picture(network, "layers", unfolded=frozenset(run.name for run in runs(network)))
    assert (opened.boxes, opened.note[:30]) == (picture.boxes, picture.note[:30])


def test_what_is_too_much_and_does_not_fold_is_drawn_in_less_detail():
    units = tuple(Unit(16 + 8 * (i % 2), 4) for i in range(1000))
    network = expand(Design("huge", tuple(Block(f"b{i}", units) for i in range(4)), (32, 32), 10))
    picture = make_picture(network, "layers")
    assert picture.detail == "blocks"
    assert len(picture.boxes) + len(picture.lines) < MAX_ITEMS
    assert picture.note.startswith("Drawn in blocks: in units it has 20,")


def test_the_number_of_items_is_known_before_the_graph_is_built():
    for name in ("resnet_v2_50", "cifar_resnet_v2_1001"):
        network = expand(PRESETS[name])
        for detail in ("units", "layers"):
            graph = build_graph(network, detail)
            monkey = len(graph) + graph.number_of_edges()
            outside = len({op.layer for op in network.ops if not op.block})
            nodes = (
                len({op.layer for op in network.ops}) if detail == "layers" else 2 * len(network.shortcuts) + outside
            )
            assert (len(graph), monkey) == (nodes, 2 * nodes - 1 + len(network.shortcuts))
            assert decide_folding(network, detail, False) == (False, "")
