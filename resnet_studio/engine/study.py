"""study(job, whole, left) measures the effect of a lesion or the gradients of paths. It yields events, as `measure` does."""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterator

import tensorflow as tf

from resnet_studio.bench.events import Event, Failed, Finished, PhaseBegan, PhaseEnded, Started
from resnet_studio.bench.hardware import physical_memory
from resnet_studio.bench.job import Job
from resnet_studio.bench.plan import TimingPlan
from resnet_studio.network.network import Network

from .checkpoint import CheckpointError, load_checkpoint
from .lesion_effect import lesion_rounds, output_change
from .lower import Tensor
from .machine import machine, machine_at_end
from .measure import build
from .memory import peak_memory, refusal
from .model import ResNetV2
from .path_gradient import PathSampler, lengths_to_sample
from .phases import phase
from .runtime import configure


def study(job: Job, whole: Network, left: Network) -> Iterator[Event]:
    """Does the task of `job`. The last event is a Finished or a Failed; no error is raised.

    whole: the network of the design. left: what the job's lesions leave of it.
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


def _build(job: Job, whole: Network) -> tuple[ResNetV2, Tensor, Tensor]:
    """(model, images, labels) as for a timed run, with the job's weights."""
    model, images, labels = build(whole, job.plan)
    if job.weights:
        load_checkpoint(model, job.weights)
    return model, images, labels


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
