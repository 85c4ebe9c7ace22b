"""The effect of a lesion: on the output, for the same images and weights, and on the time of a step, measured in turn."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from typing import Any

import tensorflow as tf

from resnet_studio.bench.events import Event, PhaseBegan, PhaseEnded
from resnet_studio.bench.path_events import LesionEffect, LesionRound
from resnet_studio.bench.plan import Mode, TimingPlan

from .lower import Tensor
from .model import ResNetV2
from .steps import StepFunction, step_functions


def output_change(whole: ResNetV2, left: ResNetV2, images: Tensor, training: bool) -> LesionEffect | None:
    """The distance of the output of `left` from that of `whole` for `images`; None where it is not finite.

    whole, left: the network, and what the lesion leaves of it.
    images: (batch, height, width, channels).
    training: whether batch norms use the batch's statistics.   Cf. Veit et al. 2016, sec. 4.1.
    """

    @tf.function(autograph=False)
    def measured(images: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        ours, theirs = whole(images, training)[0], left(images, training)[0]
        distance = tf.norm(theirs - ours) / tf.norm(ours)
        p, q = tf.nn.log_softmax(ours), tf.nn.log_softmax(theirs)
        kl = tf.reduce_mean(tf.reduce_sum(tf.exp(p) * (p - q), -1))
        same = tf.reduce_mean(tf.cast(tf.argmax(ours, -1) == tf.argmax(theirs, -1), tf.float32))
        return distance, kl, same

    distance, kl, same = (float(value) for value in measured(images))
    if not (math.isfinite(distance) and math.isfinite(kl)):
        return None
    if whole.network.design.num_classes is None:
        return LesionEffect(distance, None, None)
    return LesionEffect(distance, max(kl, 0.0), same)  # equal predictions may round to just below zero


def lesion_rounds(
    plan: TimingPlan, mode: Mode, whole: ResNetV2, left: ResNetV2, images: Tensor, labels: Tensor
) -> Iterator[Event]:
    """Times `plan.steps` rounds of one step of each network, in the order A B, then B A, after `plan.burn_in` untimed ones."""
    yield PhaseBegan("trace", mode)
    began = time.perf_counter_ns()
    step = step_functions(plan)[mode]
    calls = [_trace(step, model, images, labels) for model in (whole, left)]
    yield PhaseEnded("trace", time.perf_counter_ns() - began, mode)
    yield PhaseBegan("burn_in", mode)
    began = time.perf_counter_ns()
    for _ in range(max(plan.burn_in, 1)):
        for call in calls:
            call()
    yield PhaseEnded("burn_in", time.perf_counter_ns() - began, mode)
    yield PhaseBegan("steps", mode)
    began = time.perf_counter_ns()
    for index in range(plan.steps):
        times = [0, 0]
        for side in (0, 1) if index % 2 == 0 else (1, 0):
            start = time.perf_counter_ns()
            calls[side]()
            times[side] = time.perf_counter_ns() - start
        yield LesionRound(mode, index, *times)
    yield PhaseEnded("steps", time.perf_counter_ns() - began, mode)


def _trace(step: StepFunction, model: ResNetV2, images: Tensor, labels: Tensor) -> Callable[[], float]:
    """A function that does one step and returns when the host has read its scalar."""

    def traced(images: Tensor, labels: Tensor) -> list[Tensor]:
        return tf.nest.flatten(step(model, images, labels))  # type: ignore[no-any-return]

    function: Any = tf.function(traced, autograph=False).get_concrete_function(images, labels)
    return lambda: float(function(images, labels)[0])
