"""Every shortcut has a way of its own, in every picture: no line lies on another, on a foreign box or on words."""

from collections import Counter
from dataclasses import replace

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.design.spec import Block, Design, Unit, block
from resnet_studio.network.folding import runs
from resnet_studio.network.lesion import without_residuals
from resnet_studio.network.network import expand
from resnet_studio.network.partial import sound_part
from resnet_studio.picture.box_look import box_rows
from resnet_studio.picture.graph import DETAILS, build_graph
from resnet_studio.picture.layout import layouts_for
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.shapes import Line
from resnet_studio.picture.text_fit import fit, widest
from tests.picture.geometry import inside, overlaps, runs_along, runs_through, samples, words

ONE = Design("one", tuple(block(f"b{i}", 1, 8 * 2**i, 4, 2) for i in range(4)), (64, 64), 10)
VERSION_1 = replace(PRESETS["resnet_v1_50"], output_stride=8, channels=1)
PLAIN = replace(PRESETS["cifar_plain_20"], output_stride=2)
TINY = Design("tiny", (Block("block1", (Unit(8, 4, 2),)),), (32, 32), None, False, False)
MIXED = Design("mixed", (
    Block("b", (Unit(8, 4), Unit(16, 4, 2), Unit(16, 8))), block("c", 12, 16, 4, 2), block("d", 3, 16, 1, 8, "first"),
    block("e", 5, 8192, 4, 1, kind="basic"), Block("f", tuple(Unit(1, 1, 2) for _ in range(4))),
), (2048, 64), 100_000)  # fmt: skip
LONG = replace(ONE, name="n" * 64, blocks=tuple(replace(b, name=f"{'W' * 60}{i}") for i, b in enumerate(ONE.blocks)))
DESIGNS = [
    PRESETS["resnet_v2_18_paper"], PRESETS["resnet_v2_50"], PRESETS["resnet_v2_50_paper"], PRESETS["resnet_v2_152"],
    PRESETS["cifar_resnet_v2_20"], VERSION_1, PLAIN, TINY, ONE, MIXED, LONG,
]  # fmt: skip


def cases():
    for design in DESIGNS:
        for detail in DETAILS:
            for fold in (False, True) if detail != "blocks" and runs(expand(design)) else (False,):
                graph = build_graph(expand(design), detail, runs(expand(design)) if fold else ())
                for layout in layouts_for(graph):
                    name = (design.name[:20], detail, layout, "folded" if fold else "whole")
                    yield pytest.param(design, detail, layout, fold, id="-".join(name))


@pytest.mark.parametrize(("design", "detail", "layout", "fold"), list(cases()))
def test_every_shortcut_is_seen_and_nothing_lies_on_anything(design, detail, layout, fold):
    network = expand(design)
    picture = make_picture(network, detail, layout, fold=fold)
    graph = build_graph(network, detail, runs(network) if fold else ())
    wanted = {((a, b), kind) for a, b, edge in graph.edges(data=True) for kind in (edge["counts"] or {"main": 1})}
    assert sorted((line.ends, line.kind) for line in picture.lines) == sorted(wanted)
    assert all_shortcuts(picture) == Counter(network.shortcuts.values())
    check(picture)


@pytest.mark.parametrize("detail", ["units", "layers"])
@pytest.mark.parametrize("layout", ["layered", "top-down", "serpentine", "arc", "circular"])
def test_1001_layers_unfolded(detail, layout):
    picture = make_picture(expand(PRESETS["cifar_resnet_v2_1001"]), detail, layout, fold=False)
    assert sum(line.kind == "identity" for line in picture.lines) == 330
    check(picture)


@pytest.mark.parametrize("aspect", [0.4, 1.0, 5.0])
def test_every_shape_of_window(aspect):
    for layout in ("layered", "top-down", "serpentine"):
        for detail in DETAILS:
            check(make_picture(expand(PRESETS["resnet_v2_50"]), detail, layout, aspect))


@pytest.mark.parametrize("gone", [
    {("block1", 1), ("block1", 2)}, {("block2", 4)}, {("block3", n) for n in range(2, 7)},
    {("block4", n) for n in (1, 2, 3)},
], ids=["first", "last of a block", "a run", "a block"])  # fmt: skip
@pytest.mark.parametrize("detail", DETAILS)
def test_networks_without_some_residual_branches(gone, detail):
    network = without_residuals(expand(PRESETS["resnet_v2_50"]), gone)
    for fold in (False, True):
        picture = make_picture(network, detail, fold=fold)
        for layout in picture.layouts:
            picture = make_picture(network, detail, layout, fold=fold)
            assert all_shortcuts(picture) == Counter(network.shortcuts.values())
            check(picture)


def test_designs_with_faults():
    design = replace(PRESETS["resnet_v2_50"], num_classes="many")
    faulty = replace(
        design, blocks=(*design.blocks[:2], replace(design.blocks[2], kind="<img src=x>"), design.blocks[3])
    )
    for part in (sound_part(design), sound_part(faulty), sound_part(replace(design, image=(0, 0)))):
        for detail in DETAILS:
            for layout in make_picture(part.network, detail, missing=part.missing).layouts:
                check(make_picture(part.network, detail, layout, missing=part.missing))


def test_a_shortcut_on_the_main_line_would_be_found():
    picture = make_picture(expand(TINY))
    add, main = picture.lines[-1], picture.lines[0]
    lying = Line(add.ends, main.path, "identity", "", (0.0, 0.0), "")
    assert runs_along(replace(picture, lines=(*picture.lines, lying)))
    skipped = next(box for box in picture.boxes if box.kind == "unit")
    x, y, width, _ = skipped.rect
    across = Line(("a", "b"), (("M", x - 9, y + 9), ("L", x + width + 9, y + 9)), "identity", "", (0.0, 0.0), "")
    assert [box.name for _, box in runs_through(replace(picture, lines=(across,)))] == [skipped.name]
    assert overlaps([("a", (0, 0, 10, 10)), ("b", (9, 9, 10, 10)), ("c", (30, 0, 1, 1))]) == [("a", "b")]


def all_shortcuts(picture):
    """How many shortcuts of each kind a picture stands for: what enters its additions."""
    additions = {box.name for box in picture.boxes if box.form == "add"}
    counts = Counter()
    for line in picture.lines:
        if line.kind != "main" and line.ends[1] in additions:
            counts[line.kind] += line.count
    return counts


def check(picture):
    assert not [(a.ends, b.ends, a.kind, b.kind, much) for a, b, much in runs_along(picture)]
    assert not [(line.ends, line.kind, box.name) for line, box in runs_through(picture)]
    places = words(picture)
    assert not overlaps(places)
    left, top, width, height = picture.rect
    for name, (x, y, w, h) in places:
        assert left <= x, name
        assert top <= y, name
        assert x + w <= left + width, name
        assert y + h <= top + height, name
    for box in picture.boxes:
        if box.form != "add":
            rows = [(fit(text, size, box.rect[2] - 8, bold), size) for text, size, bold in box_rows(box)]
            assert sum(size * 1.3 for size, _ in rows) <= box.rect[3] + 0.5, box.name
            assert all(fitted > 0.6 * size for fitted, size in rows), (box.name, box.text)
    texts = [text for band in picture.bands for text in band.texts] + list(picture.texts)
    for text in texts:
        assert widest(text.text, text.size, text.bold) <= text.rect[2] + 0.1
        assert text.size <= text.rect[3]
    for line in picture.lines:
        points = samples(line.path)
        for text in texts:
            assert not inside(points, text.rect, 2.0).any(), (line.ends, text.text)
        for other in picture.lines:
            if other.badge and other is not line:
                assert not inside(points, other.badge_rect).any(), (line.ends, other.ends, other.badge)
