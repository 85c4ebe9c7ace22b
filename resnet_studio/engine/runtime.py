"""TensorFlow's own settings. They hold for the whole program and can only be set before its first operation."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import tensorflow as tf

from resnet_studio.bench.events import Failed
from resnet_studio.bench.plan import TimingPlan


def configure(plan: TimingPlan) -> dict[str, int] | Failed:
    """Sets the threads and the device of `plan` and starts TensorFlow's runtime.

    Returns the number of threads in its two pools, or a Failed where TensorFlow doesn't find the device. Only the plan's
    device stays visible. So every operation that has a kernel for it runs there, and no device need be named elsewhere.
    """
    threading = tf.config.threading
    for wanted, current, put in (
        (
            plan.intra_op_threads,
            threading.get_intra_op_parallelism_threads,
            threading.set_intra_op_parallelism_threads,
        ),
        (
            plan.inter_op_threads,
            threading.get_inter_op_parallelism_threads,
            threading.set_inter_op_parallelism_threads,
        ),
    ):
        if wanted != current():
            put(wanted)
    gpus = tf.config.list_physical_devices("GPU")
    chosen = [gpu for gpu in gpus if gpu.name.endswith(f":{plan.device}")]
    if plan.device != "CPU" and not chosen:
        have = "no GPU" if not gpus else ", ".join(gpu.name.rpartition("device:")[2] for gpu in gpus)
        remedy = "Use another device; a GPU needs its driver and a TensorFlow that was built for it."
        return Failed(f"{plan.device} is not there: TensorFlow finds {have}.", remedy=remedy)
    if tf.config.get_visible_devices("GPU") != chosen:
        tf.config.set_visible_devices(chosen, "GPU")
    for gpu in chosen:
        tf.config.experimental.set_memory_growth(gpu, True)
    return _start()


def optimise(whole: bool) -> None:
    """Switches TensorFlow's graph optimiser on or off for functions that are traced and called from now on.

    For inference it fuses convolutions with the operations behind them. It makes no training step faster, but takes as
    long as several steps: with it the first step of the 1001-layer network takes 28 s in place of 8 s on two cores.
    """
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": not whole})


def visible_device(name: str) -> str:
    """The device behind a name in a graph: "CPU", or "GPU:1" where that is the only visible GPU and the graph says GPU:0."""
    device = tf.DeviceSpec.from_string(name)
    if device.device_type != "GPU":
        return str(device.device_type)
    visible = tf.config.get_visible_devices("GPU")
    return str(visible[device.device_index].name).rpartition("device:")[2]


def _start() -> dict[str, int]:
    """Starts the runtime and counts the threads that it starts, which may differ from what was asked for.

    Only the threads of the pool between operations have a name; all others belong to the pool within operations. Where the
    system shows no threads, or the runtime is already running, the result is what TensorFlow was told; 0 means that it chose.
    """
    before = _thread_names()
    tf.config.list_logical_devices()
    started = _thread_names() - before
    inter = started.pop("tf_Compute", 0)
    threading: Any = tf.config.threading
    return {
        "intra_op": max(started.values(), default=0) or threading.get_intra_op_parallelism_threads(),
        "inter_op": inter or threading.get_inter_op_parallelism_threads(),
    }


def _thread_names() -> Counter[str]:
    try:
        return Counter((task / "comm").read_text().strip() for task in Path("/proc/self/task").iterdir())
    except OSError:
        return Counter()
