"""Memory of a run: whether it can fit, and how much it takes. The system counts the engine's, and TensorFlow the GPU's."""

from __future__ import annotations

import contextlib
import resource
import sys
from pathlib import Path

import tensorflow as tf

from resnet_studio.bench.events import Failed
from resnet_studio.bench.forecast import forecast
from resnet_studio.bench.memory_text import parts_text, remedy
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.network.network import Network


def peak_memory() -> int:
    """The largest number of bytes that this process had in memory, with the 500 MB or so of TensorFlow itself."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(peak if sys.platform == "darwin" else peak * 1024, _status("VmHWM"))


def begin_peak(plan: TimingPlan) -> int:
    """Resets the peak, where the system can do that, and returns the bytes in use now."""
    if plan.device != "CPU":
        tf.config.experimental.reset_memory_stats("GPU:0")
        return int(tf.config.experimental.get_memory_info("GPU:0")["current"])
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS") or peak_memory()


def peak_growth(plan: TimingPlan, baseline: int) -> int:
    """The largest number of bytes in use above `baseline`, of the GPU's own memory for a run on a GPU."""
    if plan.device != "CPU":
        peak = int(tf.config.experimental.get_memory_info("GPU:0")["peak"])
    else:
        peak = _status("VmHWM") or peak_memory()
    return max(peak - baseline, 0)


def refusal(network: Network, plan: TimingPlan, memory: int) -> Failed | None:
    """A Failed where the forecast is more than all `memory` bytes of the machine: trying could bring the machine down."""
    need = forecast(network, plan)
    if plan.device != "CPU" or need.total <= memory:
        return None
    summary = (
        f"A batch of {plan.batch:,} takes about {need.total / 2**30:,.1f} GiB; "
        f"this machine has {memory / 2**30:,.1f} GiB."
    )
    return Failed(summary, parts_text(need), remedy(network, plan, memory))


def _status(key: str) -> int:
    """A value of the process's status file in bytes; 0 where the system has no such file."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{key}:")), 0)
