"""Texts on the command line: which of their networks is meant, and what is told of how they were read."""

import json
from pathlib import Path

from resnet_studio.cli import main

FIELD = Path(__file__).parent.parent / "data" / "field"


def run(capsys, *arguments):
    status = main([str(each) for each in arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def test_notes_are_told_on_standard_error_and_in_json(capsys):
    status, out, err = run(capsys, "show", FIELD / "flags.py", "--json")
    shown = json.loads(out)
    assert status == 0
    assert shown["input"] == [72, 72, 1]
    assert shown["notes"] == ["Defaults of the text were taken: FLAGS.bands = 1 (line 2), FLAGS.size = 72 (line 1)."]
    assert err == f"note: {shown['notes'][0]}\n"
    assert json.loads(run(capsys, "show", "resnet_v2_50", "--json")[1])["notes"] == []


def test_a_network_is_chosen_by_name(capsys):
    choice = FIELD / "choice.py"
    assert json.loads(run(capsys, "show", choice, "--json")[1])["units"] == 4
    status, out, _ = run(capsys, "show", choice, "--network", "build, depth = 26", "--json")
    assert (status, json.loads(out)["units"]) == (0, 8)
    status, _, err = run(capsys, "paths", choice, "--network", "nope")
    assert status == 2
    assert "there is no network 'nope' in the text. Expected one of 'build, depth = 14', 'build, depth = 26'." in err


def test_each_design_of_several_has_a_network_of_its_own(capsys):
    choice = FIELD / "choice.py"
    names = ["--network", "build, depth = 14", "--network", "build, depth = 26"]
    status, out, _ = run(capsys, "diff", choice, choice, *names, "--json")
    assert status == 0
    assert "62476" in out
    assert "107532" in out


def test_what_an_unknown_decides_is_refused_with_the_choices(capsys, tmp_path):
    text = "if config.deep:\n    n = 4\nelse:\n    n = 2\nblocks = [Block('b', bottleneck, [(8, 4, 1)] * n)]"
    (tmp_path / "net.py").write_text(text)
    status, _, err = run(capsys, "show", tmp_path / "net.py")
    assert status == 2
    assert "which network is meant hangs on what the text does not tell" in err
    assert "not config.deep" in err
    status, out, _ = run(capsys, "show", tmp_path / "net.py", "--network", "2", "--json")
    assert json.loads(out)["units"] == 2
