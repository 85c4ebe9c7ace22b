"""`compare` with fake engines: the JSON, a verdict, settings, one side that fails."""

import contextlib
import json
import os
import pty
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from resnet_studio.bench.events import Failed
from resnet_studio.bench.forecast import forecast
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.rounds import Contest, RoundEnded, Told
from resnet_studio.cli import main
from resnet_studio.cli.compare import ContestProgress
from resnet_studio.design.files import load
from resnet_studio.network.network import expand

Engine = Callable[..., list[str]]


@pytest.fixture
def other(tiny: Path) -> Path:
    """The tiny design under another name."""
    path = tiny.with_name("other.json")
    path.write_text(tiny.read_text().replace('"tiny"', '"other"'))
    return path


def run(arguments: list[str], engine: list[str], folder: Path) -> tuple[int, dict]:
    path = folder / "result.json"
    status = main(["compare", *arguments, "--burn-in", "1", "--json", str(path)], engine_command=engine)
    return status, json.loads(path.read_text()) if path.exists() else {}


def test_a_slower_design_is_told_with_its_ratio(
    tiny: Path, other: Path, tmp_path: Path, fake_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = fake_engine("--step-seconds", "0.02", "--slower", "4", "--only-design", "other")
    arguments = [str(tiny), str(other), "--rounds", "8", "--mode", "forward", "--batch", "2"]
    status, value = run(arguments, engine, tmp_path)
    assert status == 0
    low, high = value["interval"]
    assert 1 < low <= value["ratio"] <= high
    ratios = sorted(each["ratio"] for each in value["rounds"])
    assert (low, high) == (ratios[0], ratios[-1])  # of eight, the sign test's interval is all
    assert value["ratio"] == pytest.approx((ratios[3] * ratios[4]) ** 0.5)
    assert 2 < value["ratio"] < 5
    assert value["verdict"] == "slower"
    assert len(value["rounds"]) == 8
    assert [each["order"] for each in value["rounds"][:3]] == [["tiny", "other"], ["other", "tiny"], ["tiny", "other"]]
    for each in value["rounds"]:
        a, b = each["nanoseconds"]
        assert each["ratio"] == b / a
    assert (value["a"], value["b"], value["mode"], value["end"]) == ("tiny", "other", "forward", "Finished")
    assert value["machine"]["processor"] == "a fake one"
    assert [design["name"] for design in value["designs"]] == ["tiny", "other"]
    for side, design in enumerate(value["designs"]):
        steps = design["runs"][0]["step_nanoseconds"]
        assert steps == [each["nanoseconds"][side] for each in value["rounds"]]
    out, err = capsys.readouterr()
    assert re.search(
        r"^Forward: other takes [\d.]+ times as long as tiny \[[\d.]+, [\d.]+\]: slower$", out, re.MULTILINE
    )
    assert re.search(r"\] round 8 of 8: B/A [\d.]+ \[[\d.]+, [\d.]+\]$", err, re.MULTILINE)
    assert "A tiny: Building the network" in err


def test_both_modes_put_forward_backward_on_top_and_keep_all(
    tiny: Path, other: Path, tmp_path: Path, fake_engine: Engine
) -> None:
    status, value = run([str(tiny), str(other), str(tiny), "--rounds", "6"], fake_engine(), tmp_path)
    assert status == 0
    pairs = [(each["mode"], each["a"], each["b"]) for each in value["comparisons"]]
    assert pairs == [(mode, "tiny (A)", b) for mode in ("forward", "forward-backward") for b in ("other", "tiny (C)")]
    assert value["mode"] == "forward-backward"
    assert value["b"] == "other"
    assert value["rounds"] == value["comparisons"][2]["rounds"]


def test_one_design_under_other_settings(tiny: Path, tmp_path: Path, fake_engine: Engine) -> None:
    arguments = [str(tiny), "--vary", "batch=3,image=24x16", "--rounds", "2", "--mode", "forward"]
    status, value = run(arguments, fake_engine(), tmp_path)
    assert status == 0
    assert (value["a"], value["b"]) == ("tiny", "tiny, batch 3, image 24×16")
    assert [design["runs"][0]["batch"] for design in value["designs"]] == [32, 3]
    # Two rounds say too little for an interval: null, which is JSON, not Infinity.
    assert value["interval"] == [None, None]
    assert value["verdict"] == "no difference resolved"


def test_one_side_fails_and_the_other_keeps_its_steps(
    tiny: Path, other: Path, tmp_path: Path, fake_engine: Engine, capsys: pytest.CaptureFixture[str]
) -> None:
    engine = fake_engine("--step-seconds", "0.02", "--fault", "failed", "--fault-at", "4", "--only-design", "other")
    status, value = run([str(tiny), str(other), "--rounds", "5", "--mode", "forward"], engine, tmp_path)
    assert status == 1
    assert [each["name"] for each in value["failures"]] == ["other"]
    assert len(value["designs"][0]["runs"][0]["step_nanoseconds"]) == 5
    assert [each["nanoseconds"][1] is None for each in value["rounds"]] == [False, False, True, True, True]
    assert value["end"] == "Failed"
    err = capsys.readouterr().err.splitlines()
    assert err[-1] == "error: other: It ran out of memory. Use a smaller batch."


def test_sides_that_take_most_of_the_memory_between_them_are_asked_about(
    tiny: Path, tmp_path: Path, fake_engine: Engine, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    network = expand(load(tiny))
    need = sum(forecast(network, TimingPlan(batch=batch)).total for batch in (32, 3))
    monkeypatch.setattr("resnet_studio.cli.compare.available_memory", lambda: int(need / 0.8) - 2)
    arguments = [str(tiny), "--vary", "batch=3", "--rounds", "1"]
    assert run(arguments, fake_engine(), tmp_path)[0] == 2
    assert "--batch: 2 networks at one time are forecast to take" in capsys.readouterr().err
    assert run([*arguments, "--yes"], fake_engine(), tmp_path)[0] == 0
    monkeypatch.setattr("resnet_studio.cli.compare.available_memory", lambda: int(need / 0.8) + 2)
    assert run(arguments, fake_engine(), tmp_path)[0] == 0


def test_the_bar_goes_on_behind_a_side_that_failed(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    master, slave = pty.openpty()
    job = Job(load(tiny), TimingPlan(("forward",)))
    with os.fdopen(slave, "w") as terminal, ContestProgress(Contest((job, job), 3), ("a", "b"), terminal) as progress:
        progress.take(Told(1, Failed("It broke.")))
        progress.take(RoundEnded("forward", 1, (5, None), (0, 1)))
    shown = ""
    with contextlib.suppress(OSError):  # so a terminal ends that nobody writes to any more
        while chunk := os.read(master, 4096).decode():
            shown += chunk
    os.close(master)
    assert "b: It broke." in shown
    assert "1/3" in shown  # the round that it was opened at; the next is drawn a tenth of a second later


def test_a_bar_works_the_ratio_out_a_few_times_a_second_only(tiny: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    asked: list[int] = []
    monkeypatch.setattr(ContestProgress, "_ratios", lambda self, ended: asked.append(ended.index) or "")
    seconds = iter(range(10**6))
    monkeypatch.setattr("resnet_studio.cli.compare.time.monotonic", lambda: next(seconds) * 0.01)
    master, slave = pty.openpty()
    job = Job(load(tiny), TimingPlan(("forward",)))
    with os.fdopen(slave, "w") as terminal, ContestProgress(Contest((job, job), 100), ("a", "b"), terminal) as progress:
        for index in range(100):
            progress.take(RoundEnded("forward", index, (5, 6), (0, 1)))
    os.close(master)
    assert asked[0] == 0
    assert 2 <= len(asked) <= 5


def test_all_sides_fail(tiny: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, value = run([str(tiny), str(tiny)], ["/no/such/engine"], tmp_path)
    assert status == 1
    assert value["ratio"] is None
    assert value["verdict"] is None
    assert len(value["failures"]) == 2
    assert "could not be started" in capsys.readouterr().err


@pytest.mark.tensorflow
def test_tensorflow_from_end_to_end(tiny: Path, tmp_path: Path) -> None:
    status, value = run([str(tiny), "--vary", "batch=8", "--batch", "2", "--rounds", "6"], [], tmp_path)
    assert status == 0
    assert value["machine"]["tensorflow"].startswith("2.")
    assert all(len(each["rounds"]) == 6 and each["interval"][0] > 0 for each in value["comparisons"])
