"""study(job, whole, left): what is measured of a network's paths, besides its time. Yields events, as `measure` does."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterator
from typing import TypeVar

import tensorflow as tf

from resnet_studio.arch.network import Network
from resnet_studio.bench.events import Event, Failed, Finished, Phase, PhaseBegan, PhaseEnded, Started
from resnet_studio.bench.hardware import physical_memory
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import Mode, TimingPlan

from .checkpoint import CheckpointError, load_checkpoint
from .lesion_effect import lesion_rounds, output_change
from .lower import Tensor
from .machine import machine, machine_at_end
from .memory import peak_memory, refusal
from .model import ResNetV2
from .path_gradient import PathSampler, lengths_to_sample
from .runtime import configure

T = TypeVar("T")


def study(job: Job, whole: Network, left: Network) -> Iterator[Event]:
    """Does what `job.task` says, on the design's network `whole` and what the job's lesions leave of it, `left`.

    The last event is a Finished or a Failed, whatever goes wrong; nothing is raised.
    """
    plan = job.plan
    try:
        threads = configure(plan)
        if isinstance(threads, Failed):
            yield threads
            return
        if refused := refusal(whole, plan, physical_memory()):
            yield refused
            return
        yield Started(machine(threads, None))
        model, images, labels = yield from phase("build", None, lambda: _build(job, whole))
        rest = ResNetV2(left, like=model)
        yield from (
            _lesion(plan, model, rest, images, labels)
            if job.task == "lesion"
            else _gradients(plan, rest, images, labels)
        )
    except CheckpointError as error:
        yield Failed(str(error), traceback.format_exc())
    except (tf.errors.ResourceExhaustedError, MemoryError):
        remedy = "Use a smaller batch or image."
        yield Failed(f"The run ran out of memory at a batch of {plan.batch:,}.", traceback.format_exc(), remedy)
    except Exception as error:  # noqa: BLE001  whatever TensorFlow may raise has to reach the person as an end
        cause = (str(error).strip() or type(error).__name__).splitlines()[0]
        yield Failed(f"TensorFlow could not run this: {cause[:300]}", traceback.format_exc())


def phase(name: Phase, mode: Mode | None, work: Callable[[], T]) -> Generator[Event, None, T]:
    """Does `work` as a phase, told as it begins and as it ends; its value is `work`'s."""
    yield PhaseBegan(name, mode)
    began = time.perf_counter_ns()
    result = work()
    yield PhaseEnded(name, time.perf_counter_ns() - began, mode)
    return result


def _build(job: Job, whole: Network) -> tuple[ResNetV2, Tensor, Tensor]:
    """The model, and a batch of images, uniform in [0, 1), with labels."""
    plan = job.plan
    model = ResNetV2(whole, plan.seed)
    if job.weights:
        load_checkpoint(model, job.weights)
    images = tf.random.stateless_uniform((plan.batch, *whole.by_name["input"].shape), (plan.seed, 0))
    classes = whole.design.num_classes or 1
    return model, images, tf.random.stateless_uniform((plan.batch,), (plan.seed, 1), 0, classes, tf.int32)


def _lesion(plan: TimingPlan, whole: ResNetV2, left: ResNetV2, images: Tensor, labels: Tensor) -> Iterator[Event]:
    effect = yield from phase("output", None, lambda: output_change(whole, left, images, plan.is_training("forward")))
    if effect is None:
        yield Failed(_NOT_FINITE.format("output"), remedy=_NOT_FINITE_REMEDY)
        return
    yield effect
    for mode in plan.modes:
        yield from lesion_rounds(plan, mode, whole, left, images, labels)
    yield Finished(peak_memory(), machine_at_end())


def _gradients(plan: TimingPlan, model: ResNetV2, images: Tensor, labels: Tensor) -> Iterator[Event]:
    training = plan.is_training("forward-backward")
    sampler = yield from phase("trace", None, lambda: PathSampler(model, images, labels, training))
    yield PhaseBegan("paths")
    began = time.perf_counter_ns()
    for length in lengths_to_sample(sampler.units):
        gradient = sampler.sample(length, plan.steps, plan.seed)
        if gradient is None:
            yield Failed(_NOT_FINITE.format(f"gradient along paths of {length:,} units"), remedy=_NOT_FINITE_REMEDY)
            return
        yield gradient
    yield PhaseEnded("paths", time.perf_counter_ns() - began)
    yield Finished(peak_memory(), machine_at_end())


_NOT_FINITE = "The {} is no finite number with these weights."
_NOT_FINITE_REMEDY = "Use a trained checkpoint, or batch norms that use the batch's statistics."
