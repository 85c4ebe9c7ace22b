"""The machine that a run is measured on, as the system and TensorFlow tell it."""

from __future__ import annotations

import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf
from tensorflow.python.util import _pywrap_util_port

from resnet_studio.bench.hardware import cores, physical_memory


def machine(threads: Mapping[str, int], ceiling: float | None) -> dict[str, Any]:
    """The machine at the start of a run, as JSON values.

    threads: the threads in force (see runtime). ceiling: in GFLOP/s, or None.

    The result has, among others, memory: in bytes; ceiling_gflops: what a large matrix product reaches, in 10^9 operations
    per second, left out where it is unknown; load: the load average over a minute for each core; megahertz: the mean
    frequency of the cores. load and megahertz are None where the system does not tell them.
    """
    known = {} if ceiling is None else {"ceiling_gflops": ceiling}
    return {
        "processor": processor(),
        "cores": cores(),
        "memory": physical_memory(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "onednn": bool(_pywrap_util_port.IsMklEnabled()),
        "devices": [device.device_type for device in tf.config.list_logical_devices()],
        "threads": dict(threads),
        "load": _load(),
        "megahertz": _megahertz(),
    } | known


def machine_at_end() -> dict[str, Any]:
    """The load and the frequency at the end of a run: load_end, megahertz_end."""
    return {"load_end": _load(), "megahertz_end": _megahertz()}


def processor() -> str:
    """The processor's name."""
    names = _of_each_core("model name")
    return names[0] if names else platform.processor() or platform.machine()


def _load() -> float | None:
    try:
        return os.getloadavg()[0] / cores()
    except OSError:
        return None


def _megahertz() -> float | None:
    files = Path("/sys/devices/system/cpu").glob("cpu[0-9]*/cpufreq/scaling_cur_freq")
    try:
        found = [int(file.read_text()) / 1000 for file in files] or [float(text) for text in _of_each_core("cpu MHz")]
    except (OSError, ValueError):
        return None
    return sum(found) / len(found) if found else None


def _of_each_core(key: str) -> list[str]:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return []
    return [line.partition(":")[2].strip() for line in lines if line.startswith(key)]
