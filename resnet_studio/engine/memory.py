"""Whether a run can fit, and how much memory it takes: the engine's own, as the system counts it, or the GPU's, as TensorFlow does."""

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
    """The most bytes that this process had in memory at one time, TensorFlow's own 500 MB or so among them."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return max(peak if sys.platform == "darwin" else peak * 1024, _status("VmHWM"))


def begin_peak(plan: TimingPlan) -> int:
    """Forgets the peak of what was before, where the system can, and gives the bytes that are taken now."""
    if plan.device != "CPU":
        tf.config.experimental.reset_memory_stats("GPU:0")
        return int(tf.config.experimental.get_memory_info("GPU:0")["current"])
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    return _status("VmRSS") or peak_memory()


def peak_growth(plan: TimingPlan, baseline: int) -> int:
    """The most bytes that were taken at one time above `baseline`. On a GPU it is the GPU's own memory."""
    if plan.device != "CPU":
        peak = int(tf.config.experimental.get_memory_info("GPU:0")["peak"])
    else:
        peak = _status("VmHWM") or peak_memory()
    return max(peak - baseline, 0)


def refusal(network: Network, plan: TimingPlan, memory: int) -> Failed | None:
    """Failed for a plan that is forecast to take more than all the machine's memory: to try it would take the machine down."""
    need = forecast(network, plan)
    if plan.device != "CPU" or need.total <= memory:
        return None
    summary = (
        f"A batch of {plan.batch:,} takes about {need.total / 2**30:,.1f} GiB; "
        f"this machine has {memory / 2**30:,.1f} GiB."
    )
    return Failed(summary, parts_text(need), remedy(network, plan, memory))


def _status(key: str) -> int:
    """Bytes from the process's status; 0 where the system has none."""
    try:
        lines = Path("/proc/self/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(f"{key}:")), 0)
