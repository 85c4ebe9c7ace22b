"""Profiles a few extra steps with TensorFlow's own profiler and tells where their time goes, as Shares.

The profiler slows steps down by a tenth to a third. So these steps come after all timed ones and are not among them.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.tsl.profiler.protobuf import xplane_pb2

from resnet_studio.bench.attribution import Producers, Span, attribute
from resnet_studio.bench.plan import Mode
from resnet_studio.bench.shares import MOST_OPS, Shares
from resnet_studio.network.network import Network

_STEP = "profiled step"
_FEWEST, _MOST = 5, 15  # steps: the median of five holds even if two of them were disturbed
_SECONDS = 3.0  # so many seconds of profiled steps are enough
_MOST_BYTES = 2**30  # the largest profile. A step usually takes 4 MB, and 15 MB for the 1001-layer network


def profile(network: Network, mode: Mode, call: Callable[[], object], graph: Any) -> Shares:
    """The shares of a step of `mode`.

    call: does one step.
    graph: the tf.Graph that the step was traced to.
    Raises ValueError with the reason where there are no shares.
    """
    if len(network.ops) > MOST_OPS:
        raise ValueError(f"{len(network.ops):,} operations are more than a profile is made for, {MOST_OPS:,}.")
    call()  # fills the caches again after the steps of another mode
    with tempfile.TemporaryDirectory(prefix="resnet-studio-") as folder:
        options = tf.profiler.experimental.ProfilerOptions(host_tracer_level=2, python_tracer_level=0)
        tf.profiler.experimental.start(folder, options)
        try:
            began = time.perf_counter()
            for step in range(_MOST):
                with tf.profiler.experimental.Trace(_STEP, step_num=step, _r=1):
                    call()
                if step + 1 >= _FEWEST and time.perf_counter() - began > _SECONDS:
                    break
        finally:
            tf.profiler.experimental.stop()
        space = _read(Path(folder))
    return attribute(network, mode, spans(space), steps(space), producers(graph))


def spans(space: Any) -> list[Span]:
    """The runs of operations in an XSpace: on the GPUs where there are any, else on the host's threads."""
    found: list[Span] = []
    for plane in space.planes:
        if plane.name.startswith("/device:GPU"):
            stats = {key: value.name for key, value in plane.stat_metadata.items()}
            for line, begin, end, event in _events(plane):
                told = next((stat for stat in event.stats if stats[stat.metadata_id] == "tf_op"), None)
                name, _, kind = (_text(plane, told) if told else "").rpartition(":")
                if name:
                    found.append(Span(name, kind, line, begin, end))
    if found:
        return found
    for plane in space.planes:
        if plane.name.startswith("/host:CPU"):
            for line, begin, end, event in _events(plane):
                # The events of operations are named name:Type. Only they have the type as their display name.
                told = plane.event_metadata[event.metadata_id]
                name, colon, kind = told.name.rpartition(":")
                if colon and kind and kind == told.display_name and kind not in _CALLS:
                    found.append(Span(name, kind, line, begin, end))
    return found


def steps(space: Any) -> list[tuple[int, int]]:
    """The (begin, end) of each profiled step in an XSpace, in picoseconds."""
    return [
        (begin, end)
        for plane in space.planes
        for _, begin, end, event in _events(plane)
        if plane.event_metadata[event.metadata_id].name == _STEP
    ]


def producers(graph: Any) -> Producers:
    """The inputs of the sums in a tf.Graph. No scope says which gradients a sum of the tape adds, but its inputs do."""
    return {op.name: [each.op.name for each in op.inputs] for op in graph.get_operations() if op.type == "AddN"}


def _events(plane: Any) -> Iterator[tuple[int, int, int, Any]]:
    """The (line, begin, end, event) of each event of a plane, in picoseconds on the clock that all its lines share."""
    for line in plane.lines:
        origin = line.timestamp_ns * 1000
        for event in line.events:
            begin = origin + event.offset_ps
            yield line.id, begin, begin + event.duration_ps, event


def _text(plane: Any, stat: Any) -> str:
    return stat.str_value or (plane.stat_metadata[stat.ref_value].name if stat.ref_value else "")


def _read(folder: Path) -> Any:
    """Reads the profile in `folder`."""
    files = list(folder.rglob("*.xplane.pb"))
    if len(files) != 1:
        raise ValueError(f"TensorFlow wrote {len(files)} profiles where one was expected.")
    if (size := files[0].stat().st_size) > _MOST_BYTES:
        raise ValueError(f"The profile is {size / 2**30:.1f} GiB long, more than is read.")
    space = xplane_pb2.XSpace()
    space.ParseFromString(files[0].read_bytes())
    return space


# A call of a function is left out: the operations inside it have events of their own.
_CALLS = frozenset({"PartitionedCall", "StatefulPartitionedCall", "If", "StatelessIf", "While", "StatelessWhile"})
