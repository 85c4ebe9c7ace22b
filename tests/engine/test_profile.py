"""TensorFlow's profile, read from a file of our making and from a run."""

from dataclasses import replace

import pytest
from tensorflow.tsl.profiler.protobuf import xplane_pb2

from resnet_studio.bench.attribution import Span
from resnet_studio.bench.events import Finished, InForce, Memory, PhaseBegan, Profiled, Step
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.bench.shares import total
from resnet_studio.design.spec import block
from resnet_studio.engine import profile as profile_module
from resnet_studio.engine.measure import measure
from resnet_studio.engine.profile import spans, steps
from resnet_studio.network.network import expand

pytestmark = pytest.mark.tensorflow


def plane(space, name, *events):
    """A plane with (name, display name, line, begin, length in ps) events; lines begin at their number of microseconds."""
    made = space.planes.add(name=name)
    lines = {}
    for number, (title, display, line, begin, length) in enumerate(events, start=1):
        made.event_metadata[number].name = title
        made.event_metadata[number].display_name = display
        if line not in lines:
            lines[line] = made.lines.add(id=line, timestamp_ns=1000 * line)
        lines[line].events.add(metadata_id=number, offset_ps=begin, duration_ps=length)
    return made


def test_operations_are_told_by_name_and_type_on_one_clock_and_calls_are_left_out():
    space = xplane_pb2.XSpace()
    plane(
        space, "/host:CPU",
        ("net/conv1/Conv2D:Conv2D", "Conv2D", 1, 5, 10),
        ("net/conv1/Relu:Relu", "Relu", 2, 0, 7),
        ("net/call:PartitionedCall", "PartitionedCall", 1, 0, 100),
        ("ThreadpoolListener::Record", "", 1, 0, 100),
        ("Executor: a note", "", 1, 0, 100),
        ("profiled step", "", 1, 0, 100),
    )  # fmt: skip
    plane(space, "/host:metadata", ("net/conv1/Conv2D:Conv2D", "Conv2D", 1, 5, 10))
    assert spans(space) == [
        Span("net/conv1/Conv2D", "Conv2D", 1, 1_000_005, 1_000_015),
        Span("net/conv1/Relu", "Relu", 2, 2_000_000, 2_000_007),
    ]
    assert steps(space) == [(1_000_000, 1_000_100)]


def test_where_a_gpu_ran_its_kernels_count_and_not_their_launches():
    space = xplane_pb2.XSpace()
    plane(space, "/host:CPU", ("net/conv1/Conv2D:Conv2D", "Conv2D", 1, 5, 10))
    gpu = plane(space, "/device:GPU:0", ("volta_sgemm", "", 7, 3, 40), ("unnamed", "", 7, 50, 1))
    gpu.stat_metadata[1].name = "tf_op"
    gpu.stat_metadata[2].name = "net/conv1/Conv2D:Conv2D"
    gpu.lines[0].events[0].stats.add(metadata_id=1, ref_value=2)
    assert spans(space) == [Span("net/conv1/Conv2D", "Conv2D", 7, 7_000_003, 7_000_043)]


def test_a_profiled_run_times_as_any_other_and_tells_each_convolutions_share(tiny):
    network = expand(replace(tiny, blocks=(block("block1", 4, 8, 4, 2),)))  # two of its units are equal
    plan = TimingPlan(batch=2, burn_in=1, steps=2, profile=True, input="step")
    events = list(measure(network, plan))
    *timing, profile = [event for event in events if isinstance(event, PhaseBegan) and event.mode == "forward-backward"]
    assert profile.phase == "profile"
    assert "profile" not in {event.phase for event in timing}
    first = next(i for i, event in enumerate(events) if isinstance(event, PhaseBegan) and event.phase == "profile")
    assert not any(isinstance(event, (Step, InForce, Memory)) for event in events[first:])
    assert isinstance(events[-1], Finished)
    forward, both = (event.shares for event in events if isinstance(event, Profiled))
    assert (forward.mode, both.mode) == plan.modes
    assert (forward.backward, 0 < both.backward < 100) == (0, True)
    for name in (op.name for op in network.ops if op.kind == "conv"):
        assert forward.ops[name][0] > 0, name
        assert both.ops[name][0] > 0, name
        assert both.ops[name][1] > 0, name
    for shares in (forward, both):
        for parts in (shares.ops, shares.kinds):
            for part, sum_ in enumerate(total([*parts.values(), *shares.remainder.values()])):
                assert sum_ == pytest.approx(100 if part == 0 or shares.backward else 0, abs=0.1)
    assert both.kinds["filter gradient"][1] > 0
    assert both.remainder["input"][0] > 0


def test_what_cannot_be_profiled_ends_no_run(tiny, monkeypatch):
    monkeypatch.setattr(profile_module, "MOST_OPS", 3)
    events = list(measure(expand(tiny), TimingPlan(("forward",), batch=1, burn_in=0, steps=1, profile=True)))
    assert [event.shares for event in events if isinstance(event, Profiled)] == [None]
    assert isinstance(events[-1], Finished)


def test_a_disk_without_room_for_a_profile_ends_no_run(tiny, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("resnet_studio.engine.measure.profile", full)
    events = list(measure(expand(tiny), TimingPlan(("forward",), batch=1, burn_in=0, steps=1, profile=True)))
    assert ["No space left" in event.fault for event in events if isinstance(event, Profiled)] == [True]
    assert isinstance(events[-1], Finished)
