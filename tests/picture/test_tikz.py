"""TikZ: the SVG once more, for LaTeX."""

import shutil
import subprocess
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest

from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand
from resnet_studio.picture.colouring import VIRIDIS, colouring
from resnet_studio.picture.palette import DARK, LIGHT
from resnet_studio.picture.picture import make_picture
from resnet_studio.picture.svg import to_svg
from resnet_studio.picture.tikz import to_tikz

NETWORK = expand(PRESETS["resnet_v2_50"])
SVG = "{http://www.w3.org/2000/svg}"


def rgb(colour):
    red, green, blue = (int(colour[i : i + 2], 16) for i in (1, 3, 5))
    return f"{{rgb,255:red,{red};green,{green};blue,{blue}}}"


@pytest.mark.parametrize("theme", [LIGHT, DARK], ids=["light", "dark"])
@pytest.mark.parametrize("detail", ["blocks", "units", "layers"])
def test_every_shape_and_text_of_the_svg_is_there_in_its_colour(detail, theme):
    picture = make_picture(NETWORK, detail, colouring=colouring(NETWORK, "memory"))
    svg = to_svg(picture, theme)
    root, text = ET.fromstring(svg), to_tikz(svg)
    count = {tag: sum(1 for _ in root.iter(SVG + tag)) for tag in ("rect", "circle", "path", "text")}
    assert text.count("\\node[") == count["text"]
    assert text.count("circle[") == count["circle"]
    assert text.count("\\path[") == count["rect"] + count["circle"] + count["path"]
    assert text.count("\\shade[") == len(VIRIDIS) - 1
    assert all(f"fill={rgb(box.fill)}" in text for box in picture.boxes if box.fill)
    assert text.count("{") == text.count("}")


def test_curves_are_those_of_the_svg():
    svg = '<svg xmlns="http://www.w3.org/2000/svg"><g transform="translate(1 2)"><path d="M0 0 L3 0 Q6.0 0 6 3h-2v1z" stroke="#000000"/></g></svg>'
    assert (
        "(1.00,2.00) -- (4.00,2.00) .. controls (6.00,2.00) and (7.00,3.00) .. (7.00,5.00) -- (5.00,5.00)"
        in to_tikz(svg)
    )


def test_nothing_in_a_label_becomes_a_command():
    hostile = r"\input{/etc/passwd} $x_1$ 100% #1 a^b ~ & {"
    picture = replace(make_picture(NETWORK), title=hostile)
    wanted = r"\textbackslash{}input\{/etc/passwd\} \$x\_1\$ 100\% \#1 a\^{}b \~{} \& \{"
    text = to_tikz(to_svg(picture, LIGHT))
    assert f"{{{wanted}}};" in text
    assert "\\input" not in text.split("\n", 1)[1]


@pytest.mark.parametrize("detail", ["blocks", "layers"])
def test_latex_takes_it(detail, tmp_path):
    tool = shutil.which("pdflatex")
    if not tool:
        pytest.skip("pdflatex is not installed")
    picture = replace(make_picture(NETWORK, detail, colouring=colouring(NETWORK, "macs")), title="<a_b> \\ 50 % ~ ^")
    (tmp_path / "a.tex").write_text(to_tikz(to_svg(picture, DARK)))
    (tmp_path / "b.tex").write_text(
        "\\documentclass{article}\\usepackage{tikz}\\begin{document}\\resizebox{10cm}{!}{\\input{a.tex}}\\end{document}"
    )
    run = subprocess.run([tool, "-interaction=nonstopmode", "-halt-on-error", "b.tex"], cwd=tmp_path, capture_output=True,
                         text=True)  # fmt: skip
    assert run.returncode == 0, run.stdout[-1500:]
