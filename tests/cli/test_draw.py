import json
import re
import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from PySide6.QtGui import QImage

from resnet_studio.cli import main
from resnet_studio.design.files import save
from resnet_studio.design.presets import PRESETS
from resnet_studio.ui.picture import render

SVG = "{http://www.w3.org/2000/svg}"


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("detail", ["blocks", "units", "layers"])
def test_svg_of_every_detail(detail: str, theme: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.svg"
    assert main(["draw", "resnet_v2_50", "-o", str(path), "--detail", detail, "--theme", theme]) == 0
    root = ET.parse(path).getroot()
    assert root.tag == f"{SVG}svg"
    classes = {path.get("class") for path in root.iter(f"{SVG}path")}
    assert {"identity", "subsample", "projection"} <= classes or detail == "blocks"
    assert capsys.readouterr().out == f"{path}\n"


@pytest.mark.parametrize("layout", ["layered", "top-down", "serpentine", "arc", "circular", "kamada-kawai", "spring"])
def test_every_layout(layout: str, tiny: Path, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert main(["draw", str(tiny), "-o", str(path), "--layout", layout]) == 0
    ET.parse(path)


def test_png_is_twice_as_large_as_the_page(tiny: Path, tmp_path: Path) -> None:
    png, svg = tmp_path / "a.PNG", tmp_path / "a.svg"
    assert main(["draw", str(tiny), "-o", str(png)]) == 0
    assert main(["draw", str(tiny), "-o", str(svg)]) == 0
    page = ET.parse(svg).getroot()
    image = QImage(str(png))
    assert abs(image.width() - 2 * float(page.get("width", 0))) <= 2
    assert abs(image.height() - 2 * float(page.get("height", 0))) <= 2
    # The ground reaches every corner (Qt does not read "100%").
    right, bottom = image.width() - 3, image.height() - 3
    assert {image.pixelColor(x, y).name() for x in (2, right) for y in (2, bottom)} == {"#ffffff"}
    assert image.pixelColor(right, bottom).alpha() == 255


def test_a_huge_picture_is_painted_smaller() -> None:
    page = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200000 100"><rect width="9" height="9"/></svg>'
    image = QImage.fromData(render.svg_to_png(page))
    assert (image.width(), image.height()) == (render.MAX_SIDE, 10)


def test_rubbish_is_no_picture(qtlog: object) -> None:
    with pytest.raises(render.RenderError):
        render.svg_to_png('<svg xmlns="http://www.w3.org/2000/svg"/>')


def test_png_without_qt(
    tiny: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setitem(__import__("sys").modules, "resnet_studio.ui.picture.render", None)
    assert main(["draw", str(tiny), "-o", str(tmp_path / "a.png")]) == 1
    assert "Draw to an .svg file instead" in capsys.readouterr().err
    assert list(tmp_path.glob("*.png")) == []


def test_a_file_that_is_there_survives_a_failure(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "a.svg"
    path.write_text("old")
    slow = ["--layout", "kamada-kawai", "--detail", "layers", "--no-fold"]
    assert main(["draw", "resnet_v2_152", "-o", str(path), *slow]) == 2
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]
    assert "Use layered or top-down or serpentine" in capsys.readouterr().err


def test_nothing_in_a_design_becomes_markup(
    tiny: Path, tmp_path: Path, fake_engine: Callable[..., list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    tiny.write_text(tiny.read_text().replace('"block1"', '"<img src=x>"'))
    assert main(["draw", str(tiny), "-o", str(tmp_path / "a.svg")]) == 2
    assert "'<img src=x>' has characters" in capsys.readouterr().err
    page = ET.parse(tmp_path / "a.svg").getroot()
    assert any("<img src=x>" in "".join(text.itertext()) for text in page.iter(f"{SVG}text"))
    assert {each.tag.removeprefix(SVG) for each in page.iter()} <= {
        "svg",
        "title",
        "rect",
        "g",
        "text",
        "path",
        "circle",
    }


@pytest.mark.parametrize("by", ["kind", "parameters", "macs", "memory", "receptive-field"])
def test_coloured_by_a_number(by: str, tmp_path: Path) -> None:
    path = tmp_path / "a.svg"
    assert main(["draw", "resnet_v2_50", "-o", str(path), "--color-by", by]) == 0
    bars = [each for each in ET.parse(path).iter(f"{SVG}rect") if each.get("class") == "colour-bar"]
    assert len(bars) == (by != "kind")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pdf_is_the_same_picture(theme: str, tmp_path: Path) -> None:
    pdf, svg = tmp_path / "a.pdf", tmp_path / "a.svg"
    for path in (pdf, svg):
        assert main(["draw", "resnet_v2_50", "-o", str(path), "--color-by", "macs", "--theme", theme]) == 0
    data, page = pdf.read_bytes(), ET.parse(svg).getroot()
    assert data.startswith(b"%PDF-1.")
    assert b"%%EOF" in data[-32:]
    box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", data)
    assert box is not None
    assert abs(float(box[1]) - float(page.get("width", 0))) <= 1
    assert abs(float(box[2]) - float(page.get("height", 0))) <= 1
    assert data.count(b"/Type /Page\n") + data.count(b"/Type /Page ") == 1
    assert b"/FontFile" in data  # the fonts are in it
    assert b"/Subtype /Image" not in data  # and it is no photograph of itself
    if tool := shutil.which("pdftotext"):
        text = subprocess.run([tool, str(pdf), "-"], capture_output=True, text=True, check=True).stdout
        assert {each.text for each in page.iter(f"{SVG}text") if each.text} <= set(text.split("\n"))


def test_a_pdf_larger_than_readers_take_is_made_smaller() -> None:
    page = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28800 144"><rect width="9" height="9"/></svg>'
    assert b"/MediaBox [0 0 14400 72]" in re.sub(rb"\.0+(?=[ \]])", b"", render.svg_to_pdf(page, "long"))
    with pytest.raises(render.RenderError):
        render.svg_to_pdf("<svg/>", "none")


@pytest.mark.parametrize("scale", [0.5, 3])
def test_png_at_a_scale(scale: float, tiny: Path, tmp_path: Path) -> None:
    png, svg = tmp_path / "a.png", tmp_path / "a.svg"
    assert main(["draw", str(tiny), "-o", str(png), "--scale", str(scale)]) == 0
    assert main(["draw", str(tiny), "-o", str(svg)]) == 0
    assert abs(QImage(str(png)).width() - scale * float(ET.parse(svg).getroot().get("width", 0))) <= 2


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["--scale", "0"], "--scale: '0' is no scale. Use 0.05 to 20 pixels a point."),
        (["--scale", "nan"], "--scale: 'nan' is no scale."),
        (["--scale", "big"], "--scale: 'big' is no scale."),
        (["--color-by", "flops"], "--color-by: 'flops' is not one of its values. Use one of kind, parameters,"),
    ],
)
def test_what_is_no_scale_or_colour(
    arguments: list[str], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", "resnet_v2_50", "-o", str(tmp_path / "a.png"), *arguments]) == 2
    assert complaint in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_only_a_png_has_a_scale(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["draw", "resnet_v2_50", "-o", str(tmp_path / "a.pdf"), "--scale", "2"]) == 2
    assert "has no pixels to scale" in capsys.readouterr().err


@pytest.mark.parametrize("suffix", [".svg", ".png", ".pdf", ".tex"])
def test_a_place_that_can_not_be_written_is_told_and_nothing_is_left(
    suffix: str, tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["draw", str(tiny), "-o", str(tmp_path / "no" / f"a{suffix}")]) == 2
    assert "there is no folder" in capsys.readouterr().err
    (tmp_path / f"b{suffix}").mkdir()
    assert main(["draw", str(tiny), "-o", str(tmp_path / f"b{suffix}")]) == 2
    assert "is a folder" in capsys.readouterr().err
    assert sorted(each.name for each in tmp_path.iterdir()) == [f"b{suffix}", "tiny.json"]


def test_tikz(tmp_path: Path) -> None:
    path = tmp_path / "a.tex"
    assert main(["draw", "resnet_v2_50", "-o", str(path)]) == 0
    assert "\\begin{tikzpicture}" in path.read_text()


@pytest.mark.parametrize("color_by", ["kind", "macs", "receptive-field"])
def test_a_design_with_problems_is_drawn_as_far_as_it_is_sound(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], color_by: str
) -> None:
    design = tmp_path / "faulty.json"
    save(PRESETS["resnet_v2_50"].with_block(2, replace(PRESETS["resnet_v2_50"].blocks[2], kind="wide")), design)
    picture = tmp_path / "faulty.svg"
    assert main(["draw", str(design), "-o", str(picture), "--color-by", color_by]) == 2
    out, err = capsys.readouterr()
    assert out == f"{picture}\n"
    assert "drawn as far as it is sound. block3, kind: 'wide' is not one of its values" in err
    svg = picture.read_text()
    assert "unit 4" in svg
    assert "not drawn" in svg


@pytest.mark.parametrize("letter", ["\0", "\v", "\x1b", "\ud800", "\ufffe"])
@pytest.mark.parametrize("suffix", ["svg", "tex", "pdf"])
def test_a_name_with_letters_that_no_xml_holds_is_drawn_without_them(suffix: str, letter: str, tmp_path: Path) -> None:
    source, path = tmp_path / "odd.json", tmp_path / f"odd.{suffix}"
    save(PRESETS["resnet_v2_50"], source)
    source.write_text(source.read_text().replace('"resnet_v2_50"', json.dumps(f"a{letter}b<")))
    assert main(["draw", str(source), "-o", str(path)]) == 2  # drawn, and told that it is no name
    assert path.stat().st_size > 1000
    if suffix == "svg":
        assert "a\ufffdb<" in "".join(ET.fromstring(path.read_text()).itertext())
