"""GraphML, DOT and Python sources, as text: TensorFlow's part is in tests/engine/test_export.py."""

import ast
import re
from dataclasses import replace

import networkx as nx
import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.network.network import expand
from resnet_studio.picture.graph import DETAILS, build_graph
from resnet_studio.source.graph_text import quoted, to_dot, to_graphml
from resnet_studio.source.python_source import chosen, to_keras_python, to_tensorflow_python

MIXED = Design(
    "mixed",
    (
        Block("a", (Unit(16, 4, 1), Unit(16, 8, 2), Unit(24, 4, 1))),
        Block("b", (Unit(24, 6, 1), Unit(24, 6, 2)), "basic"),
    ),
    image=(33, 41),
)
WRITERS = (to_tensorflow_python, to_keras_python)


@pytest.mark.parametrize("detail", DETAILS)
def test_graphml_is_read_back_by_networkx_with_the_same_nodes_edges_and_values(detail):
    ours = build_graph(expand(MIXED), detail)
    read = nx.parse_graphml(to_graphml(expand(MIXED), detail))
    assert list(read.nodes) == list(ours.nodes)
    assert set(read.edges) == set(ours.edges)
    for name, data in ours.nodes(data=True):
        for key in ("label", "kind", "parameters", "macs", "stride", "unit"):
            assert read.nodes[name][key] == data[key]
    for edge in ours.edges:
        assert read.edges[edge]["shortcut"] == ours.edges[edge]["shortcut"]
    assert next(iter(read.nodes.values()))["shape"] == "33×41×3"


@pytest.mark.parametrize("detail", DETAILS)
def test_dot_has_a_line_for_every_node_and_edge(detail):
    graph = build_graph(expand(MIXED), detail)
    lines = to_dot(expand(MIXED), detail).splitlines()
    string = r'"(?:[^"\\]|\\.)*"'
    nodes = [line for line in lines if re.fullmatch(rf"    {string} \[label={string}\];", line)]
    edges = [line for line in lines if re.match(rf"    {string} -> {string}", line)]
    assert (len(nodes), len(edges)) == (len(graph), graph.number_of_edges())
    assert len(lines) == len(nodes) + len(edges) + 4
    assert sum("label=" in line for line in edges) == sum(bool(kind) for _, _, kind in graph.edges(data="shortcut"))


def test_dot_quotes_whatever_a_name_may_hold():
    assert quoted("<img src=x>") == '"<img src=x>"'  # only an unquoted <...> is markup
    assert quoted('a"b') == r'"a\"b"'
    assert quoted("a\\") == r'"a\\"'
    assert quoted("a\nb") == r'"a\nb"'


@pytest.mark.parametrize("write", WRITERS)
@pytest.mark.parametrize("design", [*PRESETS.values(), MIXED], ids=lambda design: design.name)
def test_python_sources_say_each_thing_once_and_nothing_that_is_not_used(write, design):
    tree = ast.parse(write(expand(design)))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    names = [node.name for node in functions if not node.name.startswith("__")]
    assert len(names) == len(set(names))
    used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
    used |= {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    assert set(names) - used <= {"load_weights", "weight_loss"}
    assert ({"bottleneck", "basic"} & set(names)) == {block.kind for block in design.blocks}
    constants = {t.id for node in tree.body if isinstance(node, ast.Assign) for t in node.targets if t.id.isupper()}
    assert constants <= used
    for function in functions:
        inside = {node.id for node in ast.walk(function) if isinstance(node, ast.Name)}
        assert {a.arg for a in function.args.args} <= inside | {"self"}
    imported = {a.name for node in ast.walk(tree) if isinstance(node, ast.Import) for a in node.names}
    assert imported <= {"keras", "tensorflow"}


@pytest.mark.parametrize("write", WRITERS)
def test_python_sources_hold_the_blocks_as_data(write):
    assert "[(256, 64, 1)] * 2 + [(256, 64, 2)]" in write(expand(PRESETS["resnet_v2_50"]))
    assert '("a", bottleneck, [(16, 4, 1), (16, 8, 2), (24, 4, 1)]),' in write(expand(MIXED))
    assert '("b", basic, [(24, 1), (24, 2)]),' in write(expand(MIXED))


@pytest.mark.parametrize("write", WRITERS)
def test_a_block_of_many_different_units_is_broken_into_lines(write):
    rows = tuple(Unit(16 + i // 2, 4, 1 + i % 2) for i in range(40))
    source = write(expand(Design("long", (Block("a", rows), block("b", 1, 8, 4, 1)), num_classes=None)))
    assert max(map(len, source.splitlines())) <= 120
    (assigned,) = [n for n in ast.parse(source).body if isinstance(n, ast.Assign) and n.targets[0].id == "BLOCKS"]
    assert ast.literal_eval(assigned.value.elts[0].elts[2]) == [(u.depth, u.depth_bottleneck, u.stride) for u in rows]


@pytest.mark.parametrize("write", WRITERS)
def test_what_a_design_leaves_out_is_left_out_of_the_source(write):
    bare = replace(
        MIXED, num_classes=None, global_pool=False, include_root_block=False, conv_biases=False, weight_decay=0.0,
        batch_norm_scale=False, blocks=(block("a", 2, 8, 4, 1),),
    )  # fmt: skip
    source = write(expand(bare))
    for word in ("logits", "pool", "WEIGHT_DECAY", "bias=bias", 'biases", [', "subsample", "pad", 'conv1", 64'):  # fmt: skip
        assert word not in source, word


@pytest.mark.parametrize("write", WRITERS)
def test_the_weights_stand_in_a_comment_whatever_their_path_is(write):
    path = "/tmp/a\"'\nimport os  # \u2028$NAME"
    assert "load_weights" in write(expand(MIXED))
    with_path, without = write(expand(MIXED), path), write(expand(MIXED))
    assert ast.dump(ast.parse(with_path)) == ast.dump(ast.parse(without))
    assert ascii(path) in with_path


def test_conditions_nest():
    template = "a\n#if x\nb\n#if not y\nc\n#end\n#end\nd\n"
    assert chosen(template, {"x": True, "y": False}) == "a\nb\nc\nd\n"
    assert chosen(template, {"x": True, "y": True}) == "a\nb\nd\n"
    assert chosen(template, {"x": False, "y": False}) == "a\nd\n"
