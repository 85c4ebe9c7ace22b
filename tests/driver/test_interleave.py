"""Rounds of turns with fake engines: their order, their figures, one side that fails, Stop."""

import sys
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from resnet_studio.bench.events import Cancelled, Failed, Finished, PhaseBegan, PhaseEnded, Step
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.recording import record
from resnet_studio.bench.rounds import RoundEnded, Told
from resnet_studio.design.presets import PRESETS
from resnet_studio.driver.interleave import TURN_NANOSECONDS, interleave
from resnet_studio.driver.process import EngineProcess

FAKE = str(Path(__file__).parent.parent / "fake_engine.py")
DESIGN = PRESETS["resnet_v2_50"]
OTHER = PRESETS["resnet_v2_50_paper"]
PLAN = TimingPlan(batch=2, burn_in=2, steps=5)


def start(*options, designs=(DESIGN, OTHER), plan=PLAN, rounds=4):
    engines = [EngineProcess([sys.executable, FAKE, "--step-seconds", "0.02", *options]) for _ in designs]
    return interleave([Job(design, plan) for design in designs], rounds, engines), engines


def children():
    listing = "".join(path.read_text() for path in Path("/proc/self/task").glob("*/children"))
    return [child for child in listing.split() if FAKE.encode() in Path(f"/proc/{child}/cmdline").read_bytes()]


def of_side(items, side, kind=object):
    return [
        item.event for item in items if isinstance(item, Told) and item.side == side and isinstance(item.event, kind)
    ]


def turns(items):
    """The sides in the order of their timed steps, turns of several steps as one."""
    order = [
        item.side
        for item in items
        if isinstance(item, Told) and isinstance(item.event, Step) and not item.event.burn_in
    ]
    return "".join("ABC"[side] for side in order)


def test_turns_go_abba_in_each_mode_and_every_round_has_both_sides_steps():
    items = list(start()[0])
    assert turns(items) == "ABBAABBA" * 2
    rounds = [item for item in items if isinstance(item, RoundEnded)]
    assert [(r.mode, r.index) for r in rounds] == [(mode, i) for mode in PLAN.modes for i in range(4)]
    assert [r.order for r in rounds] == [(0, 1), (1, 0)] * 4
    for side in (0, 1):
        steps = [s for s in of_side(items, side, Step) if not s.burn_in]
        assert [s.index for s in steps] == [0, 1, 2, 3] * 2
        assert [s.nanoseconds for s in steps] == [r.nanoseconds[side] for r in rounds]
        assert [type(end) for end in of_side(items, side, (Finished, Failed, Cancelled))] == [Finished]


def test_more_designs_go_up_and_down():
    items = list(start(designs=(DESIGN, OTHER, DESIGN), plan=replace(PLAN, modes=("forward",)))[0])
    assert turns(items) == "ABCCBAABCCBA"
    assert all(len(r.nanoseconds) == 3 for r in items if isinstance(r, RoundEnded))


def test_nothing_is_built_while_another_is_timed():
    items = list(start("--trace-seconds", "0.05")[0])
    timing = False
    for item in items:
        if isinstance(item, RoundEnded):
            timing = item.index < 3
        elif timing:
            assert isinstance(item.event, Step)
    # Both are burnt in, and told so, before the first turn of either.
    first = next(
        i
        for i, item in enumerate(items)
        if isinstance(item, Told) and isinstance(item.event, Step) and not item.event.burn_in
    )
    for side in (0, 1):
        assert any(isinstance(e, PhaseEnded) and e.phase == "burn_in" for e in of_side(items[:first], side))


def test_quick_steps_are_bundled_to_turns_of_twenty_milliseconds():
    items = list(start("--step-seconds", "0.003", plan=replace(PLAN, modes=("forward",)))[0])
    steps = [s for s in of_side(items, 0, Step) if not s.burn_in]
    bundle = len(steps) // 4
    assert 4 <= bundle <= 7
    assert [s.index for s in steps] == list(range(4 * bundle))
    assert sum(s.nanoseconds for s in steps[:bundle]) >= TURN_NANOSECONDS * 0.9
    burn_in = [s.index for s in of_side(items, 0, Step) if s.burn_in]
    assert burn_in == list(range(len(burn_in)))
    assert len(burn_in) == 2 + 5 + 2  # the plan's, those that found the bundle, one at every change of sides
    (r, *_) = [item for item in items if isinstance(item, RoundEnded)]
    assert sorted(s.nanoseconds for s in steps[:bundle])[(bundle - 1) // 2] == r.nanoseconds[0]


@pytest.mark.parametrize("fault", ["abort", "kill", "rubbish", "close", "failed"])
def test_a_side_that_fails_is_named_and_the_other_keeps_its_steps(fault):
    items = list(start("--fault", fault, "--fault-at", "4", "--only-design", OTHER.name)[0])
    (failed,) = of_side(items, 1, (Finished, Failed, Cancelled))
    assert isinstance(failed, Failed)
    assert isinstance(of_side(items, 0)[-1], Finished)
    rounds = [item.nanoseconds for item in items if isinstance(item, RoundEnded)]
    assert [(a is None, b is None) for a, b in rounds] == [(False, False)] * 2 + [(False, True)] * 6
    assert [len(run.step_seconds) for run in record(Job(DESIGN, PLAN), of_side(items, 0)).runs] == [4, 4]
    assert not children()


def test_a_side_that_can_not_start():
    good = EngineProcess([sys.executable, FAKE, "--step-seconds", "0.02"])
    jobs = [Job(DESIGN, PLAN), Job(OTHER, PLAN)]
    items = list(interleave(jobs, 2, [EngineProcess(["/no/such/program"]), good]))
    assert "could not be started" in of_side(items, 0)[-1].summary
    assert isinstance(of_side(items, 1)[-1], Finished)
    both = [EngineProcess(["/no/such/program"]) for _ in jobs]
    assert [type(item.event) for item in interleave(jobs, 2, both)] == [PhaseBegan, Failed] * 2


@pytest.mark.parametrize(
    "options", [("--start-seconds", "60"), ("--trace-seconds", "60"), ("--step-seconds", "60"), ("--fault", "hang")]
)
def test_stop_ends_both_at_once(options):
    events, engines = start(*options)
    stopped = []

    def stop():
        time.sleep(0.7)
        stopped.append(time.monotonic())
        for engine in engines:
            engine.stop()

    thread = threading.Thread(target=stop)
    thread.start()
    items = list(events)
    ended = time.monotonic()
    thread.join()
    assert ended - stopped[0] < 20  # of the 60 s that the programs would go on
    assert [type(of_side(items, side)[-1]) for side in (0, 1)] == [Cancelled, Cancelled]
    assert not children()


def test_a_comparison_that_is_given_up_leaves_no_program():
    events, _ = start()
    for item in events:
        if isinstance(item, RoundEnded):
            break
    assert len(children()) == 2
    events.close()
    assert not children()
    events, _ = start()
    next(events)  # the first is being started, the second has not been given its job
    events.close()
    assert not children()


@pytest.mark.tensorflow
def test_tensorflow_takes_turns(tiny):
    plan = TimingPlan(batch=2, burn_in=1, steps=1)
    items = list(interleave([Job(tiny, plan), Job(tiny, plan)], 3, [EngineProcess(), EngineProcess()]))
    rounds = [item for item in items if isinstance(item, RoundEnded)]
    assert [(r.mode, r.index) for r in rounds] == [(mode, i) for mode in plan.modes for i in range(3)]
    assert all(ns for r in rounds for ns in r.nanoseconds)
    assert [type(of_side(items, side)[-1]) for side in (0, 1)] == [Finished, Finished]
    # The last step of a mode is told before the next mode's tracing begins, on either side.
    last = max(i for i, item in enumerate(items) if isinstance(item, RoundEnded) and item.mode == "forward")
    assert not any(
        isinstance(e, PhaseBegan) and e.mode == "forward-backward" for s in (0, 1) for e in of_side(items[:last], s)
    )
