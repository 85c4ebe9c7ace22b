"""Bad input: status 2, one line that says where, what and what to do, no traceback, and nothing written."""

from pathlib import Path

import pytest

from resnet_studio.cli import main

BENCH = ("bench", "resnet_v2_50")
COMPARE = ("compare", "resnet_v2_50", "resnet_v2_101")
DRAW = ("draw", "resnet_v2_50", "-o")
CASES: dict[str, tuple[tuple[str, ...], str]] = {
    "a command that isn't one": (("shwo", "resnet_v2_50"), "the commands are show, draw, bench"),
    "neither a command nor a design": (("shwo",), "no such preset or file"),
    "no design": (("show",), "arguments are required: design"),
    "an unknown option": (("show", "resnet_v2_50", "--jsn"), "--jsn"),
    "an abbreviated option": (("show", "resnet_v2_50", "--js"), "--js"),
    "an option before the command": (("--json", "show", "resnet_v2_50"), "--json"),
    "no such preset": (("show", "resnet_v2_51"), "resnet_v2_101"),
    "an empty name": (("show", ""), "can't be read"),
    "a name no path can have": (("show", "x" * 10_000), "no such preset or file"),
    "line ends and escapes in a name": (("show", "a\nb\x1b[31m"), r"a\nb\x1b[31m"),
    "a folder": (("show", "."), "can't be read"),
    "not JSON": (("show", "broken.json"), "line 1, column 2"),
    "a foreign file": (("show", "foreign.json"), "not a resnet studio design"),
    "a binary file": (("show", "binary.json"), "not a text file"),
    "an empty table": (("bench", "empty.json"), "the table is empty. keep 1 to 64 blocks"),
    "a text for a batch": ((*BENCH, "--batch", "many"), "--batch: 'many' is not a whole number. use 1 to 4,096"),
    "no batch": ((*BENCH, "--batch", "0"), "--batch: 0 is out of range"),
    "a batch below": ((*BENCH, "--batch=-1"), "--batch: -1 is out of range"),
    "a batch above": ((*BENCH, "--batch", "4097"), "--batch: 4,097 is out of range"),
    "a batch far above": ((*BENCH, "--batch", "9" * 5000), "--batch"),
    "half a step": ((*BENCH, "--steps", "1.5"), "--steps: '1.5' is not a whole number"),
    "no steps": ((*BENCH, "--steps", "0"), "use 1 to 1,000,000 steps"),
    "too many steps": ((*BENCH, "--steps", "1000001"), "use 1 to 1,000,000 steps"),
    "burn-in below": ((*BENCH, "--burn-in=-1"), "--burn-in: -1"),
    "a seed below": ((*BENCH, "--seed=-1"), "--seed: -1"),
    "a mode that isn't one": ((*BENCH, "--mode", "backward"), "forward, forward-backward, both"),
    "a GPU that isn't there": ((*BENCH, "--device", "GPU:97"), "--device: gpu:97 is not there: this machine has"),
    "a device that isn't one": ((*BENCH, "--device", "TPU"), "--device: 'tpu' is not one of its values. use cpu"),
    "too many threads": (
        (*BENCH, "--threads", "99999"),
        "(4 for each of this machine's cores; 0 leaves it to tensorflow)",
    ),
    "a text for threads": ((*BENCH, "--threads", "all"), "--threads: 'all' is not a whole number"),
    "threads between below": ((*BENCH, "--inter-op-threads=-1"), "--inter-op-threads: -1 is out of range"),
    "a precision target of zero": (
        (*BENCH, "--until-precise", "0"),
        "--until-precise: 0 is out of range. use 0.1 to 50",
    ),
    "a text for a precision target": ((*BENCH, "--until-precise", "nan"), "--until-precise: 'nan' is not a number"),
    "steps and a precision target": ((*BENCH, "--until-precise", "--steps", "5"), "leave one of the two out"),
    "a limit without a target": ((*BENCH, "--max-seconds", "5"), "--max-seconds: a time limit belongs to a run until"),
    "no time at all": ((*BENCH, "--until-precise", "--max-seconds", "0"), "--max-seconds: 0 is out of range"),
    "a type that isn't one": ((*BENCH, "--precision", "float16"), "use float32 or bfloat16"),
    "a compiler that isn't one": ((*BENCH, "--compile", "jit"), "use graph or xla"),
    "a batch norm that isn't one": ((*BENCH, "--batch-norm", "off"), "use standard, inference or training"),
    "an input that isn't one": ((*BENCH, "--input", "never"), "use once or step"),
    "a batch that takes most of the memory": (
        ("bench", "resnet_v2_152", "--batch", "4096", "--image", "2048"),
        "use a batch of at most",
    ),
    "channels first": ((*BENCH, "--data-format", "channels-first"), "'channels-first' can't be timed. tensorflow's"),
    "an image that isn't one": ((*BENCH, "--image", "axb"), "--image: 'a' is not a whole number"),
    "three sides": ((*BENCH, "--image", "8x8x3"), "--image: '8x8x3' is not a size"),
    "an image too small": ((*BENCH, "--image", "7"), "8 to 2,048 pixels"),
    "an image too large": ((*BENCH, "--image", "224x2049"), "2,049 is out of range"),
    "an empty image": ((*BENCH, "--image", ""), "--image"),
    "JSON to no folder": ((*BENCH, "--json", "nowhere/a.json"), "there is no folder"),
    "JSON to a folder": ((*BENCH, "--json", "."), "is a folder"),
    "JSON to a device": ((*BENCH, "--json", "/dev/null"), "not a plain file"),
    "JSON to where nobody writes": ((*BENCH, "--json", "/proc/a.json"), "can't be written"),
    "JSON over the design": (("bench", "tiny.json", "--json", "./tiny.json"), "is the design itself"),
    "one design to compare": (("compare", "resnet_v2_50"), "takes 2 to 8 designs, not 1. name another, or a setting"),
    "too many designs to compare": (("compare", *["resnet_v2_50"] * 9), "takes 2 to 8 designs, not 9"),
    "no design to compare": (("compare",), "arguments are required: design"),
    "an unknown design to compare": (("compare", "resnet_v2_50", "resnet_v2_51"), "resnet_v2_101"),
    "a comparison with a profile": (
        (*COMPARE, "--profile"),
        "--profile: what is profiled is one run's",
    ),
    "a comparison until it is clear": (
        (*COMPARE, "--until-precise"),
        "--until-precise: a comparison has its rounds fixed",
    ),
    "no rounds": ((*COMPARE, "--rounds", "0"), "--rounds: 0 is out of range. use 1 to 100,000 rounds"),
    "too many rounds": ((*COMPARE, "--rounds", "100001"), "--rounds: 100,001 is out of range"),
    "rounds in words": ((*COMPARE, "--rounds", "many"), "--rounds: 'many' is not a whole number"),
    "a setting that isn't one": ((*COMPARE, "--vary", "colour=red"), "--vary: 'colour=red' sets nothing"),
    "a setting without a value": ((*COMPARE, "--vary", "batch"), "use name=value"),
    "a setting out of bounds": ((*COMPARE, "--vary", "batch=0"), "--vary: batch: 0 is out of range"),
    "a mode for one side alone": ((*COMPARE, "--vary", "mode=forward"), "'mode=forward' sets nothing"),
    "JSON over a compared design": (
        ("compare", "resnet_v2_50", "tiny.json", "--json", "tiny.json"),
        "is the design itself",
    ),
    "no picture file": (("draw", "resnet_v2_50"), "-o"),
    "an unknown suffix": ((*DRAW, "a.gif"), ".svg, .pdf, .png, .tex"),
    "no suffix": ((*DRAW, "a"), ".svg, .pdf, .png, .tex"),
    "a picture to no folder": ((*DRAW, "nowhere/a.svg"), "there is no folder"),
    "a picture to where nobody writes": ((*DRAW, "/proc/a.svg"), "can't be written"),
    "a name too long": ((*DRAW, "x" * 300 + ".svg"), "can't be written"),
    "a detail that isn't one": ((*DRAW, "a.svg", "--detail", "ops"), "blocks, units, layers"),
    "a layout that isn't one": ((*DRAW, "a.svg", "--layout", "nice"), "use one of layered"),
    "a layout for smaller graphs": (
        ("draw", "resnet_v2_152", "-o", "a.svg", "--layout", "spring", "--detail", "layers", "--no-fold"),
        "or less detail",
    ),
    "a theme that isn't one": ((*DRAW, "a.svg", "--theme", "pink"), "light, dark"),
}


@pytest.fixture
def folder(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tiny.parent)
    Path("broken.json").write_text("{oops")
    Path("foreign.json").write_text('{"a": 1}')
    Path("binary.json").write_bytes(b"\xff\xfe\x00\x80")
    text = tiny.read_text()
    Path("empty.json").write_text(text[: text.index('"blocks"')] + '"blocks": []}')
    return tiny.parent


@pytest.mark.parametrize(("arguments", "said"), CASES.values(), ids=CASES.keys())
def test_bad_input(arguments: tuple[str, ...], said: str, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = {path: path.read_bytes() for path in folder.iterdir()}
    # An engine that can't be started would fail with 1: it is not even tried.
    assert main(arguments, engine_command=["/no/such/engine"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1
    assert err.endswith("\n")
    assert "Traceback" not in err
    assert said in err.lower()
    assert len(err) < 1000
    assert {path: path.read_bytes() for path in folder.iterdir()} == before
