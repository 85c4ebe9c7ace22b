"""Graph, layouts and pictures: every shortcut has a way of its own."""

import itertools
import os
import subprocess
import sys
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.network.network import expand
from resnet_studio.picture.graph import DETAILS, build_graph
from resnet_studio.picture.layout import layouts_for, make_layout
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.svg import to_svg

TINY = Design("tiny", (Block("block1", (Unit(8, 4, 2),)),), (32, 32), None, False, False)
MIXED = Design("mixed", (Block("b", (Unit(8, 4), Unit(16, 4, 2), Unit(16, 8))), block("c", 40, 16, 4, 2)), (64, 64), 10)
DESIGNS = [PRESETS["resnet_v2_50"], PRESETS["resnet_v2_152"], PRESETS["resnet_v2_18_paper"], TINY, MIXED]
NAMES = [design.name for design in DESIGNS]


@pytest.mark.parametrize("design", DESIGNS, ids=NAMES)
@pytest.mark.parametrize("detail", DETAILS)
def test_the_graph_is_the_list_of_operations_contracted(design, detail):
    network = expand(design)
    graph = build_graph(network, detail)
    assert nx.is_directed_acyclic_graph(graph)
    assert sorted(itertools.chain(*nx.get_node_attributes(graph, "ops").values())) == sorted(
        op.name for op in network.ops
    )
    counts = [edge["counts"] for *_, edge in graph.edges(data=True)]
    if detail != "layers":
        assert sum(sum(each.values()) for each in counts) == len(network.shortcuts)
    additions = [node for node, role in graph.nodes(data="role") if role == "add"]
    for addition in additions:
        assert sorted(bool(graph.edges[edge]["shortcut"]) for edge in graph.in_edges(addition)) == [False, True]


def test_an_unknown_detail_or_layout_is_refused():
    network = expand(TINY)
    with pytest.raises(ValueError, match="detail: 'atoms' is not one of blocks, units, layers"):
        build_graph(network, "atoms")
    with pytest.raises(ValueError, match="there is no layout 'star'"):
        make_layout(build_graph(network), "star")
    with pytest.raises(ValueError, match="layout 'spring' takes too long beyond 120 nodes"):
        make_layout(build_graph(expand(PRESETS["resnet_v2_152"]), "layers"), "spring")


def test_slow_layouts_are_offered_for_small_graphs_only():
    assert layouts_for(build_graph(expand(PRESETS["resnet_v2_50"]), "units"))[0] == "layered"
    assert "kamada-kawai" in layouts_for(build_graph(expand(PRESETS["resnet_v2_50"]), "units"))
    large = layouts_for(build_graph(expand(PRESETS["cifar_resnet_v2_1001"]), "layers"))
    assert set(large) == {"layered", "top-down", "serpentine", "arc", "circular"}


def test_the_same_design_is_drawn_the_same():
    """Whatever was drawn before, and whatever order Python's sets and dictionaries of texts have."""
    program = (
        "import hashlib\n"
        "from resnet_studio.network.network import expand\n"
        "from resnet_studio.picture.picture import make_picture\n"
        "from resnet_studio.design.presets import PRESETS\n"
        "network = expand(PRESETS['resnet_v2_50'])\n"
        "for detail, fold in (('units', False), ('layers', True), ('blocks', None)):\n"
        "    for layout in make_picture(network, detail, fold=fold).layouts:\n"
        "        picture = make_picture(network, detail, layout, fold=fold)\n"
        "        assert picture == make_picture(network, detail, layout, fold=fold)\n"
        "        print(layout, detail, hashlib.sha256(repr(picture).encode()).hexdigest())\n"
    )
    said = [
        subprocess.run([sys.executable, "-c", program], env=os.environ | {"PYTHONHASHSEED": seed}, check=True,
                       capture_output=True, text=True).stdout
        for seed in ("1", "2")
    ]  # fmt: skip
    assert said[0] == said[1]
    assert said[0].count("\n") == 20


def test_rows_follow_the_shape_of_the_window():
    network = expand(PRESETS["resnet_v2_152"])
    wide, tall = (make_picture(network, "units", "serpentine", aspect).rect for aspect in (4.0, 0.5))
    assert wide[2] / wide[3] > 2
    assert tall[2] / tall[3] < 0.8


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_svg_is_well_formed_and_escaped(theme):
    network = expand(PRESETS["resnet_v2_50"])
    picture = make_picture(network, "layers")
    text = to_svg(picture, theme)
    root = ET.fromstring(text)
    paths = [each for each in root.iter("{http://www.w3.org/2000/svg}path") if each.get("data-ends")]
    assert len(paths) == len(picture.lines)
    hostile = make_picture(network)
    object.__setattr__(hostile, "title", "<img src=x> & \"'")
    again = ET.fromstring(to_svg(hostile, theme))
    assert again.findtext("{http://www.w3.org/2000/svg}title") == "<img src=x> & \"'"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_colours_can_be_read(theme):
    for name in ("text", "muted", "error", "identity", "subsample", "projection", "accent"):
        for ground in (theme.window, theme.surface):
            assert _contrast(getattr(theme, name), ground) >= 4.5, (name, ground)
    for ground in (theme.chip, theme.chip_strong, *theme.band):
        assert _contrast(theme.text, ground) >= 4.5
        assert _contrast(theme.muted, ground) >= 4.5, ground


def _contrast(a, b):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)
