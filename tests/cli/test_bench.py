import json
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.bench.plan import TimingPlan
from resnet_studio.cli import main
from resnet_studio.cli.bench import read_image, read_job
from resnet_studio.cli.parser import parse

Engine = Callable[..., list[str]]
STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d: "


def test_both_modes_to_json(
    tiny: Path, tmp_path: Path, fake_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    times = tmp_path / "times.json"
    arguments = ["bench", str(tiny), "--batch", "2", "--image", "16x24", "--burn-in", "3", "--steps", "12"]
    assert main([*arguments, "--json", str(times)], engine_command=fake_engine()) == 0
    value = json.loads(times.read_text())
    assert value["design"]["name"] == "tiny"
    assert value["design"]["image"] == [16, 24]
    assert value["machine"]["processor"] == "a fake one"
    assert [run["mode"] for run in value["runs"]] == ["forward", "forward-backward"]
    for run in value["runs"]:
        assert run["batch"] == 2
        assert {"build", "trace", "first_step"} <= run["phases"].keys()
        assert len(run["burn_in_seconds"]) == 3
        assert len(run["step_seconds"]) == 12
        assert run["images_per_second"] == pytest.approx(2 / run["mean"])

    out, err = capsys.readouterr()
    lines = out.splitlines()
    assert re.fullmatch(STAMP + r"step 0, duration = \d\.\d{3}", lines[0])
    assert re.fullmatch(STAMP + r"step 10, duration = \d\.\d{3}", lines[1])
    assert re.fullmatch(STAMP + r"Forward across 12 steps, \d\.\d{3} \+/- \d\.\d{3} sec / batch", lines[2])
    assert sum("Forward-backward across 12 steps" in line for line in lines) == 1
    assert "tiny, batch 2, image 16x24, on a fake one" in lines
    assert any(line.startswith("Forward ") and "images/s" in line for line in lines)
    assert f"The times are in {times}" in lines
    # Not a terminal: a line a phase, no bar.
    phases = [line.split("] ")[1] for line in err.splitlines()]
    assert phases[:3] == ["Starting TensorFlow", "Building the network", "Forward: tracing"]
    assert phases[-1] == "Forward-backward: timing steps (12)"
    assert "\r" not in err
    assert "%" not in err


@pytest.mark.parametrize(("mode", "expected"), [("forward", 1), ("forward-backward", 1), ("both", 2)])
def test_modes_and_no_burn_in(
    mode: str, expected: int, tiny: Path, fake_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    arguments = ["bench", str(tiny), "--mode", mode, "--burn-in", "0", "--steps", "1"]
    assert main(arguments, engine_command=fake_engine()) == 0
    out, err = capsys.readouterr()
    assert out.count("across 1 steps") == expected
    assert "burn-in" not in err


def test_until_precise_says_how_it_ended(
    tiny: Path, tmp_path: Path, fake_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    times = tmp_path / "times.json"
    arguments = ["bench", str(tiny), "--mode", "forward", "--until-precise", "--max-seconds", "9", "--json", str(times)]
    assert main(arguments, engine_command=fake_engine("--step-seconds", "0.001")) == 0
    value = json.loads(times.read_text())
    assert (value["plan"]["until_precise"], value["plan"]["max_seconds"]) == (2, 9)
    assert value["runs"][0]["ended_by"] == "precise"
    assert len(value["runs"][0]["step_nanoseconds"]) == 30
    out, err = capsys.readouterr()
    assert "timing steps until their median is known to ± 2 % (at most 9 s)" in err
    assert re.search(r"precise to ± [\d.]+ %;", out)
    assert "  batch norm in inference, float32, CPU\n" in out


def test_every_option_reaches_the_plan() -> None:
    typed = (
        "bench resnet_v2_50 --threads 1 --inter-op-threads 2 --precision bfloat16 --compile xla --batch-norm training"
    )
    plan = read_job(parse([*typed.split(), "--input", "step", "--device", "cpu", "--profile", "--steps", "1,000"])).plan
    assert plan == TimingPlan(
        steps=1000, intra_op_threads=1, inter_op_threads=2, precision="bfloat16", compiler="xla", batch_norm="training",
        input="step", profile=True,
    )  # fmt: skip
    assert read_job(parse(["bench", "resnet_v2_50"])).plan == TimingPlan()


def test_a_run_that_takes_most_of_the_memory_needs_a_yes(
    tiny: Path, fake_engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("resnet_studio.cli.bench.available_memory", lambda: 1_000_000)
    arguments = ["bench", str(tiny), "--mode", "forward", "--steps", "1"]
    assert main(arguments, engine_command=fake_engine()) == 2
    assert re.search(
        r"error: --batch: A batch of 32 is forecast to take [\d.]+ MiB \(forward\); 980 KiB are free. Use .* or try it all the "
        r"same with --yes\.\n", capsys.readouterr().err,
    )  # fmt: skip
    assert main([*arguments, "--yes"], engine_command=fake_engine()) == 0
    assert re.search(r"  memory 95.37 MiB at its peak; forecast [\d.]+ MiB: weights ", capsys.readouterr().out)


@pytest.mark.parametrize("fault", ["abort", "exit", "kill", "rubbish", "close", "failed"])
def test_a_failed_engine(
    fault: str, tiny: Path, tmp_path: Path, fake_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    times = tmp_path / "times.json"
    times.write_text("old")
    arguments = ["bench", str(tiny), "--steps", "5", "--json", str(times)]
    assert main(arguments, engine_command=fake_engine("--fault", fault)) == 1
    err = capsys.readouterr().err
    errors = [line for line in err.splitlines() if line.startswith("error: ")]
    assert errors == err.splitlines()[-1:]  # the engine's own words come ahead of it
    assert "Traceback (" not in err
    assert times.read_text() == "old"
    cause = {"abort": "SIGABRT", "exit": "exit status 3", "kill": "was killed", "failed": "Use a smaller batch."}
    assert cause.get(fault, "engine") in errors[0]


def test_an_engine_that_is_not_there(tiny: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", str(tiny)], engine_command=["/no/such/engine"]) == 1
    assert "could not be started: No such file or directory" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "size"),
    [("224", (224, 224)), ("224x160", (224, 160)), ("224X160", (224, 160)), (" 8 × 1,024 ", (8, 1024))],
)
def test_image_sizes(text: str, size: tuple[int, int]) -> None:
    assert read_image(text) == size


@pytest.mark.tensorflow
def test_tensorflow_from_end_to_end(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    times = tmp_path / "times.json"
    arguments = ["bench", str(tiny), "--mode", "both", "--batch", "2", "--burn-in", "2", "--steps", "4", "--seed", "7"]
    assert main([*arguments, "--json", str(times)]) == 0
    value = json.loads(times.read_text())
    assert {"design", "machine", "runs"} <= value.keys()
    assert value["end"] == "Finished"
    assert value["machine"]["tensorflow"].startswith("2.")
    assert value["machine"]["cores"] >= 1
    assert value["peak_bytes"] > 0
    assert [run["mode"] for run in value["runs"]] == ["forward", "forward-backward"]
    for run in value["runs"]:
        assert {"mode", "batch", "phases", "mean", "sd", "median", "images_per_second"} <= run.keys()
        assert {"start", "build", "trace", "first_step", "burn_in", "steps"} <= run["phases"].keys()
        assert all(seconds >= 0 for seconds in run["phases"].values())
        assert len(run["burn_in_seconds"]) == 2
        assert len(run["step_seconds"]) == 4
        assert min(run["step_seconds"]) <= run["median"] <= max(run["step_seconds"])
        assert run["mean"] == pytest.approx(sum(run["step_seconds"]) / 4)
        assert run["sd"] >= 0
        assert run["images_per_second"] == pytest.approx(2 / run["mean"])
    assert "Forward-backward across 4 steps" in capsys.readouterr().out
