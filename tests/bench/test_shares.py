"""Shares add up to 100 % or are refused; as rows of a table too."""

import json

import pytest

from resnet_studio.bench.events import PhaseEnded, Profiled, decode, encode
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.record_json import record_from_json, record_to_json
from resnet_studio.bench.recording import record
from resnet_studio.bench.share_rows import LEVELS, profile_lines, share_rows
from resnet_studio.bench.shares import Shares, shares_from_json, shares_to_json, total
from resnet_studio.design.presets import PRESETS
from resnet_studio.network.network import expand

DESIGN = PRESETS["resnet_v2_50"]
FORWARD = Shares(
    "forward", 5, 0.0,
    {"conv1": (40.0, 0.0), "block1/unit_1/bottleneck_v2/conv1": (35.0, 0.0),
     "block1/unit_1/bottleneck_v2/conv1/BatchNorm": (5.0, 0.0), "block1/unit_2/bottleneck_v2/conv3": (10.0, 0.0)},
    {"convolution": (85.0, 0.0), "batch norm": (5.0, 0.0)},
    {"between operations": (10.0, 0.0)},
)  # fmt: skip
BOTH = Shares(
    "forward-backward", 3, 60.0,
    {"conv1": (50.0, 30.0), "block1/unit_1/bottleneck_v2/conv1": (49.95, 69.95)},
    {"convolution": (99.95, 0.0), "filter gradient": (0.0, 99.95)},
    {"loss": (0.05, 0.05)},
)  # fmt: skip


@pytest.mark.parametrize("shares", [FORWARD, BOTH], ids=lambda shares: shares.mode)
def test_shares_come_through_json(shares):
    assert shares_from_json(json.loads(json.dumps(shares_to_json(shares)))) == shares


def test_a_part_of_the_step_is_weighed_by_its_time():
    assert BOTH.of_step((50.0, 30.0)) == (20.0, 18.0)
    assert FORWARD.of_step((50.0, 0.0)) == (50.0, 0.0)


@pytest.mark.parametrize(
    "change",
    [
        {"mode": "backward"},
        {"mode": ["forward"]},
        {"steps": 0},
        {"steps": True},
        {"backward": 10.0},
        {"backward": float("nan")},
        {"ops": {"conv1": [90.2, 0.0]}},
        {"ops": {"conv1": [90.0, 1.0]}},
        {"ops": {"conv1": [90.0]}},
        {"ops": {"conv1": [float("inf"), 0.0]}},
        {"ops": {"conv1": [91.0, 0.0], "conv2": [-1.0, 0.0]}},
        {"ops": {"conv1": [True, 0.0], "conv2": [89.0, 0.0]}},
        {"ops": {"conv1": ["90", 0.0]}},
        {"ops": {"": [90.0, 0.0]}},
        {"ops": {"x" * 400: [90.0, 0.0]}},
        {"ops": {**{f"{n}": [0.0, 0.0] for n in range(12_000)}, "conv1": [90.0, 0.0]}},
        {"ops": [["conv1", [90.0, 0.0]]]},
        {"kinds": {"convolution": [80.0, 0.0]}},
        {"remainder": {}},
        {"more": 1},
    ],
    ids=lambda change: str(change)[:60],
)
def test_impossible_shares_are_refused(change):
    value = json.loads(json.dumps(shares_to_json(FORWARD)))
    line = json.dumps({"event": "Profiled", "shares": value | change, "fault": ""})
    assert decode(line.replace(json.dumps(value | change), json.dumps(value))) == Profiled(FORWARD)
    with pytest.raises(ValueError, match=r"shares|Profiled"):
        decode(line)


def test_shares_or_a_reason_but_not_both_and_not_neither():
    for values in ((), (FORWARD, "none")):
        with pytest.raises(ValueError, match="impossible"):
            Profiled(*values)
    for line in ('{"event":"Profiled"}', encode(Profiled(FORWARD)).replace('"fault":""', '"fault":"none"')):
        with pytest.raises(ValueError, match="impossible"):
            decode(line)


def test_a_record_keeps_the_shares_and_the_reasons_and_gives_them_to_json_and_back():
    job = Job(DESIGN, TimingPlan(profile=True))
    ended = [PhaseEnded("steps", 5, "forward", "steps"), PhaseEnded("profile", 9, "forward")]
    found = record(job, [*ended, Profiled(FORWARD), Profiled(fault="No profile.")])
    assert found.runs[0].ended_by == "steps"
    assert found.runs[0].phase_nanoseconds == {"steps": 5, "profile": 9}
    assert (found.profile, found.profile_faults) == ((FORWARD,), ("No profile.",))
    value = json.loads(json.dumps(record_to_json(found)))
    assert value["profile"][0]["kinds"] == {"convolution": [85.0, 0.0], "batch norm": [5.0, 0.0]}
    assert record_from_json(value) == found
    del value["profile"], value["profile_faults"]
    assert record_from_json(value).profile == ()  # a result of before
    for wrong in (3, [3], [{"mode": "forward"}]):
        with pytest.raises(ValueError, match=r"not shares|not a result"):
            record_from_json({**value, "profile": wrong})


@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("shares", [FORWARD, BOTH], ids=lambda shares: shares.mode)
def test_rows_sum_to_100_percent_at_each_level(shares, level):
    rows = share_rows(expand(DESIGN), shares, level)
    forward, backward = total(row.pair for row in rows)
    assert forward == pytest.approx(100, abs=0.1)
    assert backward == pytest.approx(100 if shares.backward else 0, abs=0.1)


def test_rows_are_in_the_networks_order_and_the_remainder_is_last():
    rows = share_rows(expand(DESIGN), FORWARD, "unit")
    assert [row.name for row in rows[:3]] == ["conv1", "block1/unit_1", "block1/unit_2"]
    assert [row.pair[0] for row in rows[:3]] == [40.0, 40.0, 10.0]
    assert (rows[1].block, rows[0].block, len(rows)) == ("block1", "", 1 + 16 + 1)
    assert "block1/unit_1/bottleneck_v2/conv3" in rows[1].ops
    assert rows[-1].name == "between operations"
    assert [row.in_network for row in rows] == [True] * 17 + [False]
    layers = {row.name: row.pair[0] for row in share_rows(expand(DESIGN), FORWARD, "layer")}
    assert layers["block1/unit_1/bottleneck_v2/conv1"] == 40.0  # with its batch norm


def test_the_terminals_table_has_a_column_for_each_part():
    lines = list(profile_lines(expand(DESIGN), [FORWARD, BOTH]))
    assert "40.0 % is forward and 60.0 % backward" in lines[1]
    assert next(line for line in lines if "block1/unit_1" in line).split() == [
        "block1/unit_1",
        "40.00",
        "49.95",
        "69.95",
    ]
    assert next(line for line in lines if "loss" in line).split() == ["loss", "0.00", "0.05", "0.05"]


def test_of_many_units_the_terminal_shows_the_largest_and_the_sum_of_the_others():
    network = expand(PRESETS["resnet_v2_200"])
    convs = [op.name for op in network.ops if op.kind == "conv"]
    even = {name: (100 / len(convs), 0.0) for name in convs}
    lines = list(profile_lines(network, [Shares("forward", 3, 0.0, even, {"convolution": (100.0, 0.0)})]))
    rows = [line.split() for line in lines[3 : lines.index(next(line for line in lines if "kind of" in line))]]
    assert len(rows) == 41
    assert rows[-1][1] == "others"
    assert sum(float(row[-1]) for row in rows) == pytest.approx(100, abs=0.3)
