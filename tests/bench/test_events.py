"""Events and jobs on their way through a pipe: what comes out is what went in, or ValueError."""

import json
import random

import pytest

from resnet_studio.bench.events import (
    Cancelled,
    Failed,
    Finished,
    InForce,
    Memory,
    PhaseBegan,
    PhaseEnded,
    Profiled,
    Ready,
    Started,
    Step,
    decode,
    encode,
)
from resnet_studio.bench.job import Job, decode_job, encode_job
from resnet_studio.bench.path_events import LesionEffect, LesionRound, PathGradient
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.shares import Shares
from resnet_studio.design.presets import PRESETS

EVENTS = [
    Ready(3.25),
    Started({"processor": "Ünïcode\n", "cores": 2}),
    PhaseBegan("build"),
    PhaseEnded("trace", 500_000_000, "forward"),
    PhaseEnded("steps", 1, "forward-backward", "time limit"),
    InForce("forward", {"precision": "bfloat16", "devices": ["CPU:0"]}),
    Memory("forward", 123),
    Step("forward-backward", 7, 123_456_789, True),
    LesionEffect(0.25, 0.0, 0.5),
    LesionEffect(0.25, None, None),
    LesionRound("forward", 3, 20, 19),
    PathGradient(7, [0.5, 1e-9]),
    Profiled(Shares("forward", 3, 0.0, {"conv1": (99.0, 0.0)}, {"convolution": (99.0, 0.0)}, {"loss": (1.0, 0.0)})),
    Profiled(fault="XLA keeps it to itself."),
    Finished(5, {"load_end": 0.25}),
    Cancelled(),
    Failed("It died.", "Traceback\n  line", "Use less."),
]
JOB = Job(
    PRESETS["resnet_v2_50"],
    TimingPlan(
        ("forward",), batch=2, burn_in=0, steps=3, seed=9, intra_op_threads=2, precision="bfloat16", compiler="xla",
        batch_norm="training", input="step", until_precise=1.5, max_seconds=30, profile=True,
    ),
    lesions=(("block1", 2), ("block3", 1)),
    task="lesion",
    weights="/a/model.ckpt",
)  # fmt: skip
VALUES = [None, True, -1, 0, 1.5, 10**30, "", "forward", "steps", [], {}, [1], {"a": 1}]


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: type(event).__name__)
def test_an_event_comes_through_as_one_line(event):
    assert "\n" not in encode(event)
    assert decode(encode(event)) == event


@pytest.mark.parametrize(
    "line",
    [
        "", "null", "[]", "{}", "NaN", "1", '{"event": "Nothing"}', '{"event": ["Ready"]}', '{"event": "Ready"}',
        '{"event": "Ready", "seconds": NaN}', '{"event": "Ready", "seconds": 1e999}', '{"event": "Ready", "seconds": -1}',
        '{"event": "Ready", "seconds": true}', '{"event": "Ready", "seconds": 1' + "0" * 400 + "}",
        '{"event": "Ready", "seconds": 1, "more": 2}', '{"event": "PhaseBegan", "phase": []}',
        '{"event": "PhaseBegan", "phase": "nap"}', '{"event": "PhaseBegan", "phase": "steps", "mode": {}}',
        '{"event": "PhaseEnded", "phase": "steps", "nanoseconds": 1.5}',
        '{"event": "PhaseEnded", "phase": "steps", "nanoseconds": 1, "ended_by": "whim"}',
        '{"event": "PhaseEnded", "phase": "steps", "nanoseconds": 1, "ended_by": []}',
        '{"event": "InForce", "mode": "forward", "settings": []}', '{"event": "Memory", "mode": "forward", "peak_bytes": -1}',
        '{"event": "LesionEffect", "relative_l2": 1, "kl": null, "agreement": 1}',
        '{"event": "LesionEffect", "relative_l2": 1, "kl": 1, "agreement": 1.1}',
        '{"event": "LesionEffect", "relative_l2": NaN, "kl": 1, "agreement": 1}',
        '{"event": "LesionRound", "mode": "forward", "index": 0, "whole_nanoseconds": 0, "left_nanoseconds": 1}',
        '{"event": "Step", "mode": "forward", "index": 100000000000000000, "nanoseconds": 1, "burn_in": false}',
        '{"event": "Step", "mode": "forward", "index": 1000000, "nanoseconds": 1, "burn_in": true}',
        '{"event": "LesionRound", "mode": "forward", "index": 1000000, "whole_nanoseconds": 1, "left_nanoseconds": 1}',
        '{"event": "PathGradient", "length": 4001, "norms": [1]}',
        '{"event": "PathGradient", "length": 1, "norms": []}', '{"event": "PathGradient", "length": 1, "norms": [NaN]}',
        '{"event": "PathGradient", "length": -1, "norms": [1]}', '{"event": "PathGradient", "length": 1, "norms": 1}',
        '{"event": "Memory", "mode": "forward", "peak_bytes": 1' + "0" * 18 + "}",
        '{"event": "Finished", "machine": 3}', '{"event": "Finished", "peak_bytes": 1.5}', '{"event": "Failed", "summary": 3}', "[" * 100_000,
    ],
)  # fmt: skip
def test_what_is_no_event_is_refused(line):
    with pytest.raises(ValueError, match=r"not|impossible"):
        decode(line)


@pytest.mark.parametrize("seed", range(200))
def test_an_event_with_one_field_changed_is_refused_or_an_event(seed):
    pick = random.Random(seed)
    value = json.loads(encode(pick.choice(EVENTS)))
    value[pick.choice(list(value))] = pick.choice(VALUES)
    try:
        event = decode(json.dumps(value))
    except ValueError:
        return
    assert decode(encode(event)) == event


def test_a_job_comes_through_as_one_line():
    assert "\n" not in encode_job(JOB)
    assert decode_job(encode_job(JOB)) == JOB


@pytest.mark.parametrize("seed", range(100))
def test_a_job_with_one_field_of_its_plan_changed_is_refused_or_a_sound_job(seed):
    pick = random.Random(seed)
    value = json.loads(encode_job(JOB))
    value["plan"][pick.choice([*value["plan"], "more"])] = pick.choice(
        [*VALUES, ["forward"], ["nap"], [[]], ["forward"] * 2]
    )
    try:
        job = decode_job(json.dumps(value))
    except ValueError:
        return
    assert decode_job(encode_job(job)) == job


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("lesions", [["block1"]]), ("lesions", [["block1", True]]), ("lesions", [[1, 1]]), ("lesions", "block1"),
        ("lesions", [["block1", 1.0]]), ("task", "nap"), ("task", []), ("weights", 3), ("more", 1),
    ],
)  # fmt: skip
def test_a_job_with_a_wrong_field_is_refused(name, value):
    job = json.loads(encode_job(JOB)) | {name: value}
    with pytest.raises(ValueError, match="not"):
        decode_job(json.dumps(job))


@pytest.mark.parametrize("line", ["", "[]", "{}", "{", '{"design": 1, "plan": 2}', '{"plan": {}}', "[" * 100_000])
def test_what_is_no_job_is_refused(line):
    with pytest.raises(ValueError, match=r"\w"):
        decode_job(line)
