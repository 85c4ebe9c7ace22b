import json

from resnet_studio.cli import main


def test_json_of_two_presets(capsys):
    assert main(["diff", "resnet_v2_50", "resnet_v2_101", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["designs"] == ["resnet_v2_50", "resnet_v2_101"]
    assert found["counts"] == {"same": 23, "changed": 0, "added": 17, "removed": 0}
    assert found["totals"]["parameters"] == [25_568_360, 44_577_896]
    added = [part for part in found["parts"] if part["status"] == "added"]
    assert added[0] == {
        "status": "added", "a": None, "b": "block3/unit_6", "changes": [],
        "parameters": [0, 1_118_208], "macs": [0, 218_365_952], "activation_bytes": [0, added[0]["activation_bytes"][1]],
    }  # fmt: skip


def test_text_puts_equal_changes_in_one_row(capsys):
    assert main(["diff", "resnet_v2_50", "resnet_v2_101"]) == 0
    text = capsys.readouterr().out
    assert "Parts: 23 same, 0 changed, 17 added, 0 removed" in text
    (row,) = [line for line in text.splitlines() if line.startswith("+")]
    assert row.split()[:4] == ["+", "block3/unit_6", "to", "unit_22"]
    assert "+19.01 M" in row
    assert "+3.71 GMACs" in row


def test_text_of_one_design_twice(capsys):
    assert main(["diff", "resnet_v2_50", "resnet_v2_50"]) == 0
    assert "23 same, 0 changed, 0 added, 0 removed" in capsys.readouterr().out


def test_an_unknown_design_is_bad_input(capsys):
    assert main(["diff", "resnet_v2_50", "resnet_v2_51"]) == 2
    assert "resnet_v2_51" in capsys.readouterr().err
