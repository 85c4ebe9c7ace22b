"""What a plan may hold, on which machine, and how a refusal reads."""

from dataclasses import replace

import pytest

from resnet_studio.bench import plan as plan_module
from resnet_studio.bench.plan import TimingPlan, devices, validate_plan

PLAN = TimingPlan()


@pytest.fixture(autouse=True)
def two_cores_and_no_gpu(monkeypatch):
    monkeypatch.setattr(plan_module, "cores", lambda: 2)
    monkeypatch.setattr(plan_module, "gpus", lambda: 0)


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"intra_op_threads": 8, "inter_op_threads": 1},
        {"precision": "bfloat16", "compiler": "xla", "batch_norm": "inference", "input": "step"},
        {"until_precise": 2},
        {"until_precise": 0.5, "max_seconds": 10.5},
        {"profile": True},
    ],
    ids=str,
)
def test_what_is_accepted(change):
    assert validate_plan(replace(PLAN, **change)) == ()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (
            {"device": "GPU:0"},
            "device: GPU:0 is not there: this machine has no GPU that TensorFlow could use. Use CPU.",
        ),
        ({"device": "GPU"}, "device: 'GPU' is not one of its values. Use CPU."),
        ({"device": "GPU:٣"}, "device: 'GPU:٣' is not one of its values. Use CPU."),
        ({"device": None}, "device: None is not one of its values. Use CPU."),
        (
            {"intra_op_threads": 9},
            "threads: 9 is out of range. Use 0 to 8 threads (4 for each of this machine's cores; 0 leaves it to TensorFlow).",
        ),
        ({"inter_op_threads": -1}, "inter-op-threads: -1 is out of range. Use 0 to 8 threads"),
        ({"intra_op_threads": 1.0}, "threads: 1.0 is not a whole number."),
        ({"precision": "float16"}, "precision: 'float16' is not one of its values. Use float32 or bfloat16."),
        ({"compiler": ["xla"]}, "compile: ['xla'] is not one of its values. Use graph or xla."),
        (
            {"batch_norm": "on"},
            "batch-norm: 'on' is not one of its values. Use standard, inference or training.",
        ),
        ({"input": 0}, "input: 0 is not one of its values. Use once or step."),
        ({"until_precise": 0}, "until-precise: 0 is out of range. Use 0.1 to 50 percent."),
        ({"until_precise": float("nan")}, "until-precise: nan is not a finite number."),
        ({"until_precise": True}, "until-precise: True is not a number."),
        ({"until_precise": 2, "max_seconds": 0}, "max-seconds: 0 is out of range. Use 1 to 86,400 seconds."),
        ({"max_seconds": 60}, "max-seconds: a time limit belongs to a run until precise. Ask for a precision too"),
        ({"profile": 1}, "profile: 1 is not yes or no. Use true or false."),
    ],
    ids=str,
)
def test_what_is_refused_and_how(change, said):
    (problem,) = validate_plan(replace(PLAN, **change))
    assert str(problem).startswith(said)


def test_a_gpu_that_is_there_and_the_next_one(monkeypatch):
    monkeypatch.setattr(plan_module, "gpus", lambda: 2)
    assert devices() == ("CPU", "GPU:0", "GPU:1")
    assert validate_plan(replace(PLAN, device="GPU:1")) == ()
    (problem,) = validate_plan(replace(PLAN, device="GPU:2"))
    assert "this machine has 2 GPUs, from GPU:0. Use CPU, GPU:0 or GPU:1." in str(problem)


def test_where_only_tensorflow_can_tell_the_engine_is_left_to_refuse(monkeypatch):
    monkeypatch.setattr(plan_module, "gpus", lambda: None)
    assert validate_plan(replace(PLAN, device="GPU:3")) == ()


def test_how_batch_norms_are_run():
    assert [PLAN.is_training(mode) for mode in PLAN.modes] == [False, True]
    assert [replace(PLAN, batch_norm="training").is_training(mode) for mode in PLAN.modes] == [True, True]
    assert [replace(PLAN, batch_norm="inference").is_training(mode) for mode in PLAN.modes] == [False, False]


def test_until_precise_counts_no_steps_and_always_has_a_limit():
    assert (PLAN.most_steps, PLAN.seconds_limit) == (100, None)
    until = replace(PLAN, until_precise=2.0)
    assert (until.most_steps, until.seconds_limit) == (1_000_000, 120.0)
    assert replace(until, max_seconds=5).seconds_limit == 5
