"""Texts fit their places in whatever font a viewer has."""

import pytest
from PySide6.QtGui import QFont, QFontDatabase, QFontMetricsF

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.text_fit import FAMILIES, FONT, fit, widest

LETTERS = [chr(code) for code in range(32, 127)] + list("×→−–…·²")


def test_no_letter_is_wider_than_was_reckoned(qapp):
    families = [family for family in FAMILIES if family in QFontDatabase.families()]
    assert families, f"none of {FONT} is installed, so nothing is tested"
    for family in families:
        for bold in (False, True):
            font = QFont(family)
            font.setPixelSize(1000)
            font.setBold(bold)
            metrics = QFontMetricsF(font)
            wide = {c: metrics.horizontalAdvance(c) for c in LETTERS if metrics.inFontUcs4(ord(c))}
            assert {c: w for c, w in wide.items() if w > widest(c, 1000, bold)} == {}, (family, bold)


@pytest.mark.parametrize("detail", ["blocks", "units", "layers"])
def test_texts_of_a_picture_stay_readable(detail):
    for box in make_picture(expand(PRESETS["resnet_v2_152"]), detail).boxes:
        if box.form != "add":
            assert fit(box.title, 12.5, box.rect[2] - 8, True) >= 8.0, box.title


def test_fitting():
    assert fit("", 12, 10) == 12
    assert fit("a", 12, 100) == 12
    assert widest("predictions", fit("predictions", 40, 60, True), True) == pytest.approx(60)
