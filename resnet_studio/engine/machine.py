"""What a run was measured on, read from the system and read back from TensorFlow."""

from __future__ import annotations

import os
import platform
import resource
import sys
from pathlib import Path
from typing import Any

import tensorflow as tf

from resnet_studio.bench.hardware import physical_memory

from .steps import BATCH_NORM


def machine() -> dict[str, Any]:
    """The machine and the settings in force, fit for JSON. memory in bytes; threads 0 means that TensorFlow chooses."""
    return {
        "processor": _processor(),
        "cores": len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count(),
        "memory": physical_memory(),
        "system": platform.platform(),
        "python": platform.python_version(),
        "tensorflow": tf.__version__,
        "devices": [device.device_type for device in tf.config.list_logical_devices()],
        "threads": {
            "intra_op": tf.config.threading.get_intra_op_parallelism_threads(),
            "inter_op": tf.config.threading.get_inter_op_parallelism_threads(),
        },
        "precision": "float32",
        "compiler": "graph",
        "batch_norm": dict(BATCH_NORM),
    }


def peak_memory() -> int:
    """The most bytes that this process had in memory at one time, TensorFlow's own 500 MB or so among them."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()
