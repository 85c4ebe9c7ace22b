"""The ceiling: the most operations a second that this machine shows, in a large matrix product. Measured once and kept.

What a network reaches is told as a share of it. It is kept in a file under the system's folder for caches, for this
processor, these threads and this TensorFlow; a file that can't be read, or holds anything else, is as good as none.
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

_SECONDS = 1.0  # of products, at the most
_PRODUCTS = 9
_SIDES = (4096, 2048, 1024, 512)
_ONE_PRODUCT = 0.15  # seconds that one product may take: the largest that does is taken
_UNDISTURBED = 0.85  # of the threads' time; below it somebody else had the processor, and the figure is not kept


def known_ceiling(plan: TimingPlan, threads: Mapping[str, int], folder: Path | None = None) -> float | None:
    """The ceiling that was kept for this machine, in GFLOP/s (10^9 additions and multiplications a second), or None."""
    try:
        value = json.loads(_file(plan, threads, folder).read_text())["ceiling_gflops"]
    except (OSError, RuntimeError, ValueError, KeyError, TypeError):  # RuntimeError: a person without a home
        return None
    sound = type(value) is float and math.isfinite(value) and value > 0
    return value if sound else None


def measure_ceiling(plan: TimingPlan, threads: Mapping[str, int], folder: Path | None = None) -> float:
    """Measures the ceiling, in at most two seconds or so, and keeps it unless somebody else had the processor meanwhile.

    It is the quickest of up to nine products of two square matrices of the plan's precision: whatever else the machine does
    only makes products slower.
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
    """Written beside and put in place, so that nobody reads half of it. One who can't write measures again next time."""
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
