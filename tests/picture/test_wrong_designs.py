"""Every reader of a network takes one without operations, with one, and what is sound of any wrong design."""

import math
from dataclasses import replace

import pytest

from resnet_studio.design.validate import DesignError, validate
from resnet_studio.network import paths
from resnet_studio.network.cost import Cost, block_costs, network_cost, unit_costs
from resnet_studio.network.diff import diff, differences
from resnet_studio.network.folding import runs
from resnet_studio.network.lesion import without_residuals
from resnet_studio.network.liveness import forward_peak, kept, training_peak
from resnet_studio.network.network import Network, expand
from resnet_studio.network.node_facts import node_facts, node_title
from resnet_studio.network.nodes import NodeTree
from resnet_studio.network.partial import Part, sound_part
from resnet_studio.network.receptive_field import last_field, receptive_fields, weighted_layers
from resnet_studio.network.search import search
from resnet_studio.picture.colouring import COLOURINGS, colouring
from resnet_studio.picture.difference_marks import mark_differences
from resnet_studio.picture.excerpt import selection, within
from resnet_studio.picture.graph import DETAILS, build_graph
from resnet_studio.picture.layout import layouts_for
from resnet_studio.picture.palette import LIGHT
from resnet_studio.picture.path_marks import mark_paths
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.svg import to_svg
from resnet_studio.picture.tikz import to_tikz
from resnet_studio.source.graph_text import to_dot, to_graphml
from resnet_studio.source.python_source import to_keras_python, to_tensorflow_python
from tests.wrong_values import FIELDS, SOUND, wrong_designs

NO_OPERATION = sound_part(replace(SOUND, image=(9999, 32)))
ONE_OPERATION = sound_part(replace(SOUND, root="none"))  # type: ignore[arg-type]
PARTS = {
    "no operation": NO_OPERATION,
    "no operation and nothing missing": Part(NO_OPERATION.network),
    "one operation": ONE_OPERATION,
    "one operation and nothing missing": Part(ONE_OPERATION.network),
}
LAYOUTS = layouts_for(build_graph(expand(SOUND), "units"))


@pytest.fixture(params=PARTS)
def part(request):
    return PARTS[request.param]


def test_the_parts_are_what_they_are_called():
    assert NO_OPERATION.network.ops == ()
    assert [op.kind for op in ONE_OPERATION.network.ops] == ["input"]
    assert NO_OPERATION.missing[0].fault
    assert ONE_OPERATION.missing[0].fault
    assert set(LAYOUTS) >= {"layered", "top-down", "serpentine", "arc", "circular", "kamada-kawai", "spring"}


def test_its_tree_is_its_name_and_its_operations(part):
    root = NodeTree(part.network).root
    assert (root.label, root.kind, root.cost) == ("tiny", "network", Cost())
    assert [node.kind for node in root.children] == [op.kind for op in part.network.ops]
    assert not root.covered_by(frozenset())
    assert root.covered_by(frozenset(op.name for op in part.network.ops)) == bool(part.network.ops)


def test_its_numbers_are_those_of_nothing(part):
    network = part.network
    assert network_cost(network) == Cost()
    assert (unit_costs(network), set(block_costs(network).values()) <= {Cost()}) == ({}, True)
    assert (weighted_layers(network), last_field(network).size) == (0, 1)
    assert len(receptive_fields(network)) == len(network.ops)
    assert forward_peak(network) == 32 * 32 * 3 * len(network.ops)
    assert training_peak(network) == 0  # the image is not the network's
    assert kept(network) == {}
    assert runs(network) == ()


def test_nothing_but_its_operations_is_told_and_found(part):
    names = [op.name for op in part.network.ops]
    assert bool(node_facts(part.network, names)) == bool(names)
    assert node_title(part.network, names) == (names[0] if names else "")
    assert [hit.name for hit in search(part.network, "input")] == names
    assert search(part.network, "conv") == ()


def test_it_has_one_path_and_no_unit_to_switch_off(part):
    network = part.network
    assert paths.count_paths(network) == 1
    assert paths.lengths_in_units(network) == {0: 1}
    assert sum(paths.lengths_in_layers(network).values()) == 1
    assert paths.path_ops(network, ()) == tuple(op.name for op in network.ops)
    assert paths.path_layers(network, ()) == 0
    assert (paths.remains(network, ()).units, paths.random_path(network, 0, 1)) == (0, frozenset())
    assert without_residuals(network, paths.units_of(network)) == network


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("layout", LAYOUTS)
def test_its_picture_has_a_box_for_each_operation_and_each_missing_part(part, detail, layout):
    picture = make_picture(part.network, detail, layout, missing=part.missing)
    assert len(picture.boxes) == len(part.network.ops) + len(part.missing)
    assert_finite(picture)
    marked = mark_paths(picture, part.network, path=())
    to_tikz(to_svg(within(marked, marked.rect), LIGHT))
    for box in picture.boxes[:1]:
        assert len(selection(picture, [box.name]).boxes) == 1
    for by in COLOURINGS:
        made = make_picture(part.network, detail, layout, missing=part.missing, colouring=colouring(part.network, by))
        assert len(made.boxes) == len(picture.boxes)
        to_svg(made, LIGHT)


@pytest.mark.parametrize("detail", DETAILS)
def test_as_a_graph_it_has_its_operations_and_no_edge(part, detail):
    graphml, dot = to_graphml(part.network, detail), to_dot(part.network, detail)
    assert graphml.count("<node ") == dot.count("[label=") == len(part.network.ops)
    assert "->" not in dot


def test_all_of_another_network_was_added_to_it(part):
    whole = expand(SOUND)
    for a, b, sign in ((part.network, whole, "added"), (whole, part.network, "removed")):
        found = diff(a, b)
        assert found.count(sign) >= 5, "the five units at least"
        assert differences(found)
        assert found.count("added" if sign == "removed" else "removed") == 0
        for side, network in (("a", a), ("b", b)):
            mark_differences(make_picture(network), found, side)
    assert not diff(part.network, part.network).different


@pytest.mark.parametrize("write", [to_keras_python, to_tensorflow_python])
def test_no_program_is_written_of_what_is_sound_of_a_design(part, write):
    with pytest.raises(DesignError, match=r"image height|root"):
        write(part.network)


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_sound_of_any_wrong_design_is_read_by_all(field):
    found = wrong_designs(field)
    assert found, "no value is wrong in this field"
    for value, design in found:
        problems = validate(design)
        assert all(len(str(problem)) < 400 for problem in problems), value
        part = sound_part(design)
        assert bool(part.missing) or len(part.network.ops) == len(expand(SOUND).ops), value
        read_by_all(part.network, part)


def read_by_all(network: Network, part: Part):
    waiting = [NodeTree(network).root]
    while waiting:
        node = waiting.pop()
        assert node.label or node.name == network.design.name
        assert node.kind
        waiting += node.children
    names = [op.name for op in network.ops]
    assert bool(node_facts(network, names)) == bool(names)
    search(network, "conv")
    assert paths.count_paths(network) == 2 ** len(network.shortcuts)
    assert weighted_layers(network) >= 0
    assert last_field(network).size >= 1
    assert (forward_peak(network) > 0) == bool(names)
    assert (training_peak(network) > 0) == (len(names) > 1)
    to_dot(network)
    to_graphml(network, "units")
    diff(network, network)
    picture = make_picture(network, missing=part.missing)
    assert len([box for box in picture.boxes if box.kind in ("fault", "missing")]) == len(part.missing)
    assert_finite(picture)
    to_tikz(to_svg(picture, LIGHT))


def assert_finite(picture):
    numbers = [*picture.rect, *(each for box in picture.boxes for each in box.rect)]
    assert all(map(math.isfinite, numbers))
    assert picture.rect[2] > 0
    assert picture.rect[3] > 0
