"""Colour in the window: the chooser, the bar, the chips, the tooltips."""

from types import SimpleNamespace

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QImage, QPainter

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.picture.colouring import COLOURINGS, VIRIDIS, colouring
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.picture.picture import make_picture
from resnet_studio.ui.picture.box_item import BoxItem
from resnet_studio.ui.picture.graph_panel import GraphPanel
from resnet_studio.ui.picture.scene import make_scene
from resnet_studio.ui.widgets.plain import plain_tip

NETWORK = expand(PRESETS["resnet_v2_50"])
OTHER = expand(PRESETS["resnet_v2_101"])


@pytest.fixture
def panel(qtbot):
    panel = GraphPanel()
    qtbot.addWidget(panel)
    panel.resize(1000, 700)
    panel.show()
    panel.set_network(NETWORK)
    return panel


def shares_of(network):
    return SimpleNamespace(ops={op.name: (100 / len(network.ops), 0.0) for op in network.ops})


def enabled(panel):
    model = panel._bar.colours.model()
    return [model.item(i).isEnabled() for i in range(model.rowCount())]


@pytest.mark.parametrize("by", COLOURINGS)
def test_choosing_colours_the_picture_and_shows_the_bar(panel, by):
    panel.set_colour_by("memory")
    panel.set_colour_by(by)
    bar = panel.picture.bar
    assert panel._colour_bar.isVisible() == (by != "kind")
    fills = {box.fill for box in panel.picture.boxes} - {""}
    assert fills <= {bar.colour(bar.high)} | fills if bar else not fills
    if bar:
        assert VIRIDIS[-1] in fills
        assert bar.heading in panel._colour_bar.accessibleDescription()
        xs = [x for x, _ in panel._colour_bar.ticks()]
        assert xs == sorted(xs)
        assert 0 < xs[0] < xs[-1] < panel._colour_bar.width()


def test_a_narrow_bar_drops_ticks_and_keeps_its_ends(panel):
    panel.set_colour_by("memory")
    wide = panel._colour_bar.ticks()
    panel._colour_bar.resize(150, panel._colour_bar.height())
    narrow = panel._colour_bar.ticks()
    assert len(narrow) < len(wide)
    assert [narrow[0][1], narrow[-1][1]] == [wide[0][1], wide[-1][1]]


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
def test_a_chip_is_painted_in_its_colour(qapp, theme):
    picture = make_picture(NETWORK, colouring=colouring(NETWORK, "parameters"))
    scene = make_scene(picture, theme)
    items = {item.box.name: item for item in scene.items() if isinstance(item, BoxItem)}
    assert items["block4/unit_1"].toolTip().endswith("Parameters: 6.04 M parameters")
    assert items["pool1"].toolTip().endswith("Parameters: none")
    for name, wanted in (("block4/unit_1", VIRIDIS[-1]), ("pool1", theme.chip_strong)):
        rect = items[name].sceneBoundingRect()
        image = QImage(rect.size().toSize(), QImage.Format.Format_RGB32)
        painter = QPainter(image)
        scene.render(painter, QRectF(image.rect()), rect)
        painter.end()
        assert image.pixelColor(22, image.height() // 2) == QColor(wanted), name


def test_measured_shares_are_offered_for_the_profiled_design_only(panel):
    assert enabled(panel) == [True] * 5 + [False] * 2
    panel.set_colour_by("forward-share")
    assert panel.colour_by == "kind"
    panel.set_shares(shares_of(NETWORK), NETWORK.design)
    assert enabled(panel) == [True] * 6 + [False]  # no backward time in it
    panel.set_colour_by("forward-share")
    assert panel.picture.bar.title == "Measured forward share"
    assert panel.picture.bar.unit == "%"
    panel.set_network(OTHER)
    assert (panel.colour_by, panel.picture.bar) == ("kind", None)
    assert enabled(panel) == [True] * 5 + [False] * 2
    panel.set_network(NETWORK)  # undo brings them back
    assert enabled(panel) == [True] * 6 + [False]
    panel.set_shares(None)
    assert enabled(panel) == [True] * 5 + [False] * 2


def test_the_choice_outlives_an_edit_and_a_change_of_detail(panel):
    panel.set_colour_by("macs")
    panel.set_network(OTHER)
    panel.set_detail("layers")
    assert panel.picture.bar.title == "Multiply-adds of one image"


def test_a_label_like_markup_is_shown_as_its_characters():
    assert plain_tip("unit 1\n3 → 4") == "unit 1\n3 → 4"
    assert plain_tip("<img src=x>\nb & c") == '<p style="white-space:pre">&lt;img src=x&gt;\nb &amp; c</p>'
