"""Graph, layouts and pictures: every shortcut has a way of its own."""

import itertools
import math
from xml.etree import ElementTree as ET

import networkx as nx
import pytest

from resnet_studio.arch.graph import DETAILS, build_graph
from resnet_studio.arch.layout import layouts_for, make_layout
from resnet_studio.arch.network import expand
from resnet_studio.arch.palette import DARK, LIGHT
from resnet_studio.arch.picture import make_picture
from resnet_studio.arch.presets import PRESETS
from resnet_studio.arch.spec import Block, Design, Unit, block
from resnet_studio.arch.svg import to_svg

TINY = Design("tiny", (Block("block1", (Unit(8, 4, 2),)),), (32, 32), None, False, False)
MIXED = Design("mixed", (Block("b", (Unit(8, 4), Unit(16, 4, 2), Unit(16, 8))), block("c", 40, 16, 4, 2)), (64, 64), 10)
DESIGNS = [PRESETS["resnet_v2_50"], PRESETS["resnet_v2_152"], PRESETS["resnet_v2_18_paper"], TINY, MIXED]
NAMES = [design.name for design in DESIGNS]
CASES = [(design, detail, name) for design in DESIGNS for detail in DETAILS
         for name in layouts_for(build_graph(expand(design), detail))]  # fmt: skip


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
    with pytest.raises(ValueError, match="layout 'spring' takes too long beyond 200 nodes"):
        make_layout(build_graph(expand(PRESETS["resnet_v2_152"]), "layers"), "spring")


def test_slow_layouts_are_offered_for_small_graphs_only():
    assert layouts_for(build_graph(expand(PRESETS["resnet_v2_50"]), "units"))[0] == "layered"
    assert "kamada-kawai" in layouts_for(build_graph(expand(PRESETS["resnet_v2_50"]), "units"))
    large = layouts_for(build_graph(expand(PRESETS["cifar_resnet_v2_1001"]), "layers"))
    assert set(large) == {"layered", "top-down", "serpentine", "arc", "circular"}


@pytest.mark.parametrize(("design", "detail", "layout"), CASES, ids=lambda value: getattr(value, "name", value))
def test_every_shortcut_has_a_line_of_its_own(design, detail, layout):
    """No two shortcuts, and no shortcut and main line, run along each other."""
    picture = make_picture(expand(design), detail, layout, fold=False)
    graph = build_graph(expand(design), detail)
    drawn = {(line.ends, line.kind) for line in picture.lines}
    wanted = {((a, b), kind) for a, b, edge in graph.edges(data=True) for kind in (edge["counts"] or {"main": 1})}
    assert drawn == wanted
    main = [_samples(line) for line in picture.lines if line.kind == "main"]
    shortcuts = [_samples(line) for line in picture.lines if line.kind != "main"]
    cells = _grid(main)
    for points in shortcuts:
        middle = points[len(points) // 4 : -len(points) // 4]
        near = sum(_distance(point, cells) < 2.0 for point in middle)
        assert near <= 0.2 * len(middle), "a shortcut lies on the main line"
    for number, points in enumerate(shortcuts):
        others = _grid(shortcuts[:number] + shortcuts[number + 1 :])
        middle = points[len(points) // 4 : -len(points) // 4]
        near = sum(_distance(point, others) < 2.0 for point in middle)
        assert near <= 0.2 * len(middle), "two shortcuts lie on each other"


@pytest.mark.parametrize("detail", DETAILS)
@pytest.mark.parametrize("layout", ["layered", "serpentine", "arc"])
@pytest.mark.parametrize("design", DESIGNS, ids=NAMES)
def test_boxes_do_not_overlap_and_stay_inside(design, detail, layout):
    picture = make_picture(expand(design), detail, layout, fold=False)
    left, top, width, height = picture.rect
    for box in picture.boxes:
        x, y, w, h = box.rect
        assert left <= x
        assert x + w <= left + width
        assert top <= y
        assert y + h <= top + height
    rows = sorted(picture.boxes, key=lambda box: (round(box.rect[1] + box.rect[3] / 2), box.rect[0]))
    for a, b in itertools.pairwise(rows):
        assert not _overlap(a.rect, b.rect), (a.name, b.name)


def test_the_same_design_is_drawn_the_same():
    for layout in layouts_for(build_graph(expand(PRESETS["resnet_v2_50"]))):
        pictures = [make_picture(expand(PRESETS["resnet_v2_50"]), "units", layout) for _ in range(2)]
        assert pictures[0] == pictures[1]


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


def _samples(line):
    """Points along a line, about one a point of its length."""
    found, here = [], (0.0, 0.0)
    for command, *numbers in line.path:
        end = tuple(numbers[-2:])
        if command == "M":
            found.append(end)
        else:
            control = tuple(numbers[:2]) if command == "Q" else ((here[0] + end[0]) / 2, (here[1] + end[1]) / 2)
            steps = max(int(math.dist(here, end)), 1)
            for i in range(1, steps + 1):
                t = i / steps
                found.append(tuple((1 - t) ** 2 * a + 2 * t * (1 - t) * c + t * t * b
                                   for a, c, b in zip(here, control, end, strict=True)))  # fmt: skip
        here = end
    return found


def _grid(lines):
    cells = {}
    for line in lines:
        for x, y in line:
            cells.setdefault((x // 4, y // 4), []).append((x, y))
    return cells


def _distance(point, cells):
    column, row = point[0] // 4, point[1] // 4
    near = [p for i in (-1, 0, 1) for j in (-1, 0, 1) for p in cells.get((column + i, row + j), [])]
    return min((math.dist(point, p) for p in near), default=math.inf)


def _overlap(a, b):
    return a[0] < b[0] + b[2] and b[0] < a[0] + a[2] and a[1] < b[1] + b[3] and b[1] < a[1] + a[3]


def _contrast(a, b):
    def light(colour):
        parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    high, low = sorted((light(a), light(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)
