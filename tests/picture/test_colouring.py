"""Numbers on the picture: values, scales, colours and the colour bar."""

import itertools
import math
import re
from xml.etree import ElementTree as ET

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.cost import network_cost
from resnet_studio.network.network import expand
from resnet_studio.network.receptive_field import receptive_fields
from resnet_studio.picture.box_look import box_ink
from resnet_studio.picture.colouring import (
    COLOURINGS,
    VIRIDIS,
    Colouring,
    amount_text,
    colour_bar,
    colouring,
    map_colour,
    node_colours,
    short_text,
)
from resnet_studio.picture.graph import DETAILS, build_graph
from resnet_studio.picture.palette import DARK, LIGHT, contrast
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.shapes import coloured, marked
from resnet_studio.picture.svg import to_svg
from resnet_studio.picture.tikz import to_tikz

SVG = "{http://www.w3.org/2000/svg}"
NETWORK = expand(PRESETS["resnet_v2_50"])
NUMBERS = COLOURINGS[1:]


def test_kind_has_no_numbers_and_an_unknown_word_is_refused():
    assert colouring(NETWORK, "kind") is None
    with pytest.raises(ValueError, match="'flops' is not one of kind, parameters, macs, memory, receptive-field"):
        colouring(NETWORK, "flops")


@pytest.mark.parametrize("detail", DETAILS)
def test_nodes_add_up_to_the_network(detail):
    cost, graph = network_cost(NETWORK), build_graph(NETWORK, detail)
    for by, whole in (("parameters", cost.parameters), ("macs", cost.macs), ("memory", cost.activation_bytes)):
        what = colouring(NETWORK, by)
        assert sum(what.of(graph.nodes[node]["ops"]) for node in graph) == whole


def test_a_receptive_field_is_the_largest_of_a_nodes():
    what, fields = colouring(NETWORK, "receptive-field"), receptive_fields(NETWORK)
    ops = build_graph(NETWORK, "blocks").nodes["block2"]["ops"]
    assert what.of(ops) == max(fields[op].size for op in ops) == 99


def test_any_mapping_can_be_shown():
    shares = Colouring("Measured forward share", "%", {"a": 60.0, "b": 40.0, "c": 0.0}, nothing="not measured")
    colours, bar = node_colours(shares, {"x": ("a",), "y": ("b", "c"), "z": ("c",), "w": ("unknown",)})
    assert colours == {
        "x": (VIRIDIS[-1], "60 %"),
        "y": (map_colour(40 / 60), "40 %"),
        "z": ("", "not measured"),
        "w": ("", "not measured"),
    }
    assert (bar.low, bar.high, bar.least, bar.log, bar.nothing) == (0.0, 60.0, 40.0, False, "not measured")
    assert bar.heading == "Measured forward share, linear scale: 40 to 60 %"
    assert node_colours(None, {"x": ("a",)}) == ({}, None)


def test_a_scale_is_logarithmic_where_that_keeps_the_middle_half_of_the_values_further_apart():
    even, steep = Colouring("a", "MACs", {}), Colouring("b", "MACs", {})
    assert not colour_bar(even, [30.0, 50.0, 100.0]).log
    assert not colour_bar(Colouring("c", "%", {}, linear=True), [1.0, 10.0, 20.0, 1000.0]).log
    bar = colour_bar(steep, [1.0, 10.0, 20.0, 1000.0])
    assert bar.log
    assert bar.low == 1.0
    assert bar.colour(math.sqrt(1000)) == map_colour(0.5)
    assert bar.heading == "b, logarithmic scale: 1 to 1 kMACs"


def test_scales_of_odd_values():
    what = Colouring("a", "parameters", {})
    alone = colour_bar(what, [5.0])
    assert (alone.low, alone.high, alone.colour(5.0)) == (0.0, 5.0, VIRIDIS[-1])
    assert [text for _, text in colour_bar(what, [5.0, 5.0, 5.0]).ticks] == ["0", "1", "2", "3", "4", "5"]
    below = colour_bar(what, [-5.0, 10.0])
    assert (below.low, below.log, below.colour(-5.0)) == (-5.0, False, VIRIDIS[0])
    none = colour_bar(what, [0.0, 0.0])
    assert (none.ticks, none.heading) == ((), "a: none")
    assert colour_bar(what, []).ticks == ()
    assert colour_bar(Colouring("tiny", "%", {}), [1e-9, 2e-9]).ticks[-1][1] == "2e−09"


@pytest.mark.parametrize("by", NUMBERS)
@pytest.mark.parametrize("name", ["resnet_v2_18_paper", "resnet_v2_50", "cifar_resnet_v2_110"])
@pytest.mark.parametrize("detail", DETAILS)
def test_ticks_stand_where_they_belong_and_not_on_each_other(by, name, detail):
    network = expand(PRESETS[name])
    bar = make_picture(network, detail, colouring=colouring(network, by)).bar
    places = [place for place, _ in bar.ticks]
    assert (places[0], places[-1]) == (0.0, 1.0)
    assert bar.ticks[-1][1] == short_text(bar.high, bar.unit)
    assert bar.ticks[0][1] == short_text(bar.low, bar.unit)
    assert len(places) >= 3
    assert min(b - a for a, b in itertools.pairwise(places)) >= 0.159


def test_amounts_are_told_with_their_unit():
    assert amount_text(2_359_296, "parameters") == "2.36 M parameters"
    assert amount_text(218_700_000, "MACs") == "218.7 MMACs"
    assert amount_text(3 * 2**20, "bytes") == "3 MiB"
    assert amount_text(483, "pixels") == "483 pixels"
    assert amount_text(1, "pixels") == "1 pixel"
    assert amount_text(4.125, "%") == "4.12 %"
    assert amount_text(-1500, "MACs") == "−1.5 kMACs"


def test_the_map_runs_from_dark_to_light_so_that_it_reads_without_colour():
    assert (map_colour(0.0), map_colour(1.0), map_colour(-3.0), map_colour(7.0)) == (VIRIDIS[0], VIRIDIS[-1]) * 2
    lightness = [contrast(map_colour(i / 200), "#000000") for i in range(201)]
    assert all(b > a for a, b in itertools.pairwise(lightness))


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_text_reads_on_every_colour_of_the_map_and_on_grey(theme):
    picture = make_picture(
        NETWORK, "layers", colouring=Colouring("a", "%", {op.name: i for i, op in enumerate(NETWORK.ops)})
    )
    grey = make_picture(NETWORK, "layers", colouring=Colouring("a", "%", {})).boxes[0]
    for box in (*picture.boxes, grey):
        ink = box_ink(box, theme)
        assert contrast(ink.title, ink.fill) >= 4.5
        assert contrast(ink.text, ink.fill) >= 4.5
    assert box_ink(grey, theme).empty
    for i in range(1001):
        colour = map_colour(i / 1000)
        assert max(contrast(colour, "#000000"), contrast(colour, "#ffffff")) >= 4.5
    for kind in ("identity", "subsample", "projection"):  # lines run over bands and the surface only
        for ground in (theme.surface, *theme.band):
            assert contrast(theme.shortcut(kind), ground) >= 3.0


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("by", NUMBERS)
def test_the_svg_shows_the_values(by, theme):
    what = colouring(NETWORK, by)
    picture = make_picture(NETWORK, "units", colouring=what)
    graph, bar = build_graph(NETWORK), picture.bar
    root = ET.fromstring(to_svg(picture, theme))
    fills = {}
    for group in root.iter(f"{SVG}g"):
        title, shape = group.find(f"{SVG}title"), group.find(f"{SVG}rect")
        if title is not None:
            shape = group.find(f"{SVG}circle") if shape is None else shape
            fills[title.text.split("\n")[0]] = (shape.get("fill"), title.text.split("\n")[-1])
    assert fills.keys() == set(graph)
    for node, (fill, last) in fills.items():
        value = what.of(graph.nodes[node]["ops"])
        assert fill == (bar.colour(value) if value else theme.chip_strong)
        assert last == f"{what.title}: {amount_text(value, what.unit) if value else 'none'}"
    texts = [each.text for each in root.iter(f"{SVG}text")]
    assert bar.heading in texts
    assert {text for _, text in bar.ticks} <= set(texts)
    assert [stop.get("stop-color") for stop in root.iter(f"{SVG}stop")] == list(VIRIDIS)
    assert ("none" in texts) == (by != "receptive-field")
    assert re.search(r"(linear|logarithmic) scale", bar.heading)


def test_a_picture_is_coloured_anew_without_being_laid_out():
    by = {each: make_picture(NETWORK, colouring=colouring(NETWORK, each)) for each in COLOURINGS}
    assert coloured(by["macs"], colouring(NETWORK, "memory")) == by["memory"]
    assert coloured(by["macs"], None) == by["kind"]
    assert by["macs"] != by["memory"]


def test_a_folded_run_has_the_sum_of_its_units():
    network = expand(PRESETS["resnet_v2_152"])
    what = colouring(network, "parameters")
    for fold in (False, True):
        boxes = make_picture(network, fold=fold, colouring=what).boxes
        assert sum(what.of(box.ops) for box in boxes) == network_cost(network).parameters
    run = next(box for box in boxes if box.folded and box.block == "block3")
    assert run.value == f"Parameters: {amount_text(what.of(run.ops), 'parameters')}"
    assert what.of(run.ops) == run.count * what.of(ops_of(network, "block3", run.unit))


def ops_of(network, block, unit):
    return [op.name for op in network.ops if (op.block, op.unit) == (block, unit)]


def test_by_kind_there_is_no_bar():
    picture = make_picture(NETWORK)
    assert picture.bar is None
    assert {(box.fill, box.value) for box in picture.boxes} == {("", "")}
    assert "linearGradient" not in to_svg(picture, LIGHT)


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_marks_are_seen_in_the_svg(theme):
    picture = make_picture(NETWORK, colouring=colouring(NETWORK, "macs"))
    shortcut = ("block1/unit_1/add", "block1/unit_2/add")
    plain = to_svg(picture, theme)
    assert "opacity" not in plain
    some = marked(
        picture, {"conv1": "faded", "block2/unit_2": "lesion"}, {("input", "conv1"): "faded", shortcut: "path"}
    )
    root = ET.fromstring(to_svg(some, theme))
    groups = {each.findtext(f"{SVG}title", "").split("\n")[0]: each for each in root.iter(f"{SVG}g")}
    lines = {each.get("data-ends"): each for each in root.iter(f"{SVG}path")}
    assert groups["conv1"].get("opacity") == lines["input conv1"].get("opacity") == "0.2"
    assert groups["pool1"].get("opacity") is None
    hollow = groups["block2/unit_2"].find(f"{SVG}rect")
    assert (hollow.get("fill"), bool(hollow.get("stroke-dasharray"))) == ("none", True)
    whole = next(
        each for each in ET.fromstring(plain).iter(f"{SVG}path") if each.get("data-ends") == " ".join(shortcut)
    )
    assert float(lines[" ".join(shortcut)].get("stroke-width")) == pytest.approx(1.8 * float(whole.get("stroke-width")))
    assert to_tikz(to_svg(some, theme)).count("opacity=0.2") == 4  # a line, a chip, its two texts
