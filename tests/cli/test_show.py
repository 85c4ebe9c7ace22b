import json
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.cli import main
from resnet_studio.cli.show import show
from resnet_studio.design.files import save
from resnet_studio.design.presets import PRESETS

# Published by TF-Slim and computed with it: trainable, with moving statistics, GMACs at 224x224, units.
TF_SLIM = {
    "resnet_v2_50": (25_568_360, 25_613_800, 3.482, 16),
    "resnet_v2_101": (44_577_896, 44_675_560, 7.194, 33),
    "resnet_v2_152": (60_236_904, 60_380_648, 10.907, 50),
    "resnet_v2_200": (64_726_120, None, 14.401, 66),
}


@pytest.mark.parametrize("name", TF_SLIM)
def test_json_of_presets(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    trainable, total, gmacs, units = TF_SLIM[name]
    assert main(["show", name, "--json"]) == 0
    shown = json.loads(capsys.readouterr().out)
    assert {"name", "parameters", "macs", "units", "blocks", "problems"} <= shown.keys()
    assert shown["name"] == name
    assert shown["parameters"]["trainable"] == trainable
    assert total is None or shown["parameters"]["total"] == total
    assert round(shown["macs"] / 1e9, 3) == gmacs
    assert shown["units"] == units == sum(block["units"] for block in shown["blocks"])
    assert [block["output_shape"] for block in shown["blocks"]] == [
        [28, 28, 256],
        [14, 14, 512],
        [7, 7, 1024],
        [7, 7, 2048],
    ]
    assert all(set(block) == {"name", "units", "output_shape", "parameters", "macs"} for block in shown["blocks"])
    assert shown["problems"] == []


def test_table_adds_up(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "resnet_v2_50"]) == 0
    lines = capsys.readouterr().out.splitlines()
    rows = {line.split("  ")[0]: line for line in lines}
    assert "1 projection, 4 identity, 1 subsample" in rows["block3"]
    assert "7×7×1024" in rows["block3"]
    parts = [rows[name].split()[-3] for name in ("root block", "block1", "block2", "block3", "block4", "tail")]
    assert sum(int(part.replace(",", "")) for part in parts) == 25_568_360
    assert "25,568,360" in rows["total"]
    assert "TF-Slim's form" in lines[1]


def test_the_form_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["show", "resnet_v2_50_paper"]) == 0
    assert "the paper's form: stride in the first unit" in capsys.readouterr().out


def test_a_design_with_problems_is_printed_and_refused(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny.write_text(tiny.read_text().replace('"depth": 8,', '"depth": 0,'))
    assert main(["show", str(tiny), "--json"]) == 2
    out, err = capsys.readouterr()
    shown = json.loads(out)
    assert shown["name"] == "tiny"
    assert shown["parameters"] == {"trainable": None, "total": None}
    assert (shown["macs"], shown["units"], shown["blocks"]) == (None, 2, [])
    assert shown["problems"] == [
        {
            "place": "block1, unit_1, depth",
            "message": "0 is out of range",
            "remedy": "Use 1 to 8,192 channels.",
        }
    ]
    assert err.count("\n") == 1
    assert "block1, unit_1, depth: 0 is out of range" in err


def test_problems_are_listed_without_json_too(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    tiny.write_text(tiny.read_text().replace('"stride": 2', '"stride": 99').replace('"depth": 8,', '"depth": 0,'))
    assert main(["show", str(tiny)]) == 2
    out, err = capsys.readouterr()
    assert [line[:8] for line in out.splitlines()] == ["- block1", "- block2"]
    assert "(and 1 more)" in err


def test_versions_channels_and_output_strides_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    save(replace(PRESETS["resnet_v1_50"], channels=1, output_stride=8), tmp_path / "d.json")
    assert show(str(tmp_path / "d.json"), as_json=True) == 0
    shown = json.loads(capsys.readouterr().out)
    assert (shown["input"], shown["version"], shown["output_stride"]) == ([224, 224, 1], "v1", 8)
    assert shown["blocks"][-1]["output_shape"] == [28, 28, 2048]
    show(str(tmp_path / "d.json"), as_json=False)
    told = capsys.readouterr().out
    assert "version 1: batch norm and ReLU behind each convolution, ReLU behind each addition" in told
    assert "TF-Slim's form: stride in the last unit of a block\n" in told
    assert "image 224 x 224, 1 channel;" in told
    assert "output stride 8, as asked for; atrous from block3/unit_1 on, rates 2, 4\n" in told
    show("resnet_v2_50", as_json=True)
    shown = json.loads(capsys.readouterr().out)
    assert (shown["input"], shown["version"], shown["output_stride"]) == ([224, 224, 3], "v2", None)
