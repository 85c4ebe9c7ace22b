"""The ceiling: the most operations per second that this machine reaches, in a large matrix product.

The speed of a network is told as a share of it. It is measured once and kept in a file in the system's folder for caches,
for this processor, number of threads and version of TensorFlow. A file that can't be read or understood is ignored.
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import tensorflow as tf

from resnet_studio.bench.plan import TimingPlan

from .machine import processor

_SECONDS = 1.0  # the longest time for all products
_PRODUCTS = 9
_SIDES = (4096, 2048, 1024, 512)
_ONE_PRODUCT = 0.15  # seconds: the largest matrices whose product takes no longer are used
_UNDISTURBED = 0.85  # of the threads' time: with less of it another program was busy, and the figure is not kept


def known_ceiling(plan: TimingPlan, threads: Mapping[str, int], folder: Path | None = None) -> float | None:
    """The kept ceiling of this machine in GFLOP/s (10^9 additions and multiplications per second); None if there is none."""
    try:
        value = json.loads(_file(plan, threads, folder).read_text())["ceiling_gflops"]
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):  # RuntimeError: the user has no home folder
        return None
    sound = type(value) is float and math.isfinite(value) and value > 0
    return value if sound else None


def measure_ceiling(plan: TimingPlan, threads: Mapping[str, int], folder: Path | None = None) -> float:
    """Measures the ceiling in GFLOP/s, in about two seconds at most. It is kept unless another program was busy meanwhile.

    It is the fastest of up to nine products of two square matrices in the plan's precision, because other work of the
    machine can only make a product slower.
    """
    began, spent = time.perf_counter(), time.process_time()
    gflops = _best_gflops(plan.precision)
    elapsed = time.perf_counter() - began
    busy = (time.process_time() - spent) / elapsed / min(threads["intra_op"] or 1, os.cpu_count() or 1)
    if plan.device != "CPU" or busy >= _UNDISTURBED:
        with contextlib.suppress(RuntimeError):
            _keep(_file(plan, threads, folder), gflops)
    return gflops


def _best_gflops(precision: str) -> float:
    product: Any = tf.function(lambda a, b: tf.reduce_sum(tf.cast(tf.matmul(a, b), tf.float32)), autograph=False)

    def once(a: Any) -> float:
        began = time.perf_counter()
        float(product(a, a))
        return time.perf_counter() - began

    side = _SIDES[-1]
    a = tf.cast(tf.random.uniform((side, side)), precision)
    once(a)
    rate = once(a) / side**3
    side = next((s for s in _SIDES if s**3 * rate <= _ONE_PRODUCT), side)
    a = tf.cast(tf.random.uniform((side, side)), precision)
    once(a)
    seconds: list[float] = []
    while len(seconds) < _PRODUCTS and sum(seconds) < _SECONDS:
        seconds.append(once(a))
    return 2 * side**3 / min(seconds) / 1e9


def _keep(path: Path, gflops: float) -> None:
    """Keeps the ceiling. The file is written beside and then renamed, so that nobody reads half of it. Errors are ignored."""
    beside = path.with_suffix(f".{os.getpid()}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside.write_text(json.dumps({"ceiling_gflops": gflops}))
        beside.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            beside.unlink()


def _file(plan: TimingPlan, threads: Mapping[str, int], folder: Path | None) -> Path:
    key = repr((processor(), os.cpu_count(), dict(threads), plan.device, plan.precision, tf.__version__))
    return (folder or _cache_folder()) / f"ceiling-{hashlib.sha256(key.encode()).hexdigest()[:16]}.json"


def _cache_folder() -> Path:
    if sys.platform == "darwin":
        return Path.home() / "Library/Caches/resnet-studio"
    named = os.environ.get("XDG_CACHE_HOME", "")
    return (Path(named) if named.startswith("/") else Path.home() / ".cache") / "resnet-studio"
