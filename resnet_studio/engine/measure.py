"""measure(network, plan): builds the network, times its steps, and yields what happens as it happens.

No process, no thread, no print: `serve` is the program around it. Nothing is reported inside a timed step. The images
and labels are drawn once, ahead of all; a step ends when one scalar that all of it feeds has been read by the host.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping
from functools import partial
from itertools import count as counter
from itertools import takewhile
from typing import Any, TypeVar

import tensorflow as tf

from resnet_studio.arch.network import Network
from resnet_studio.bench.events import Event, Failed, Finished, Phase, PhaseBegan, PhaseEnded, Started, Step
from resnet_studio.bench.forecast import forecast
from resnet_studio.bench.hardware import physical_memory
from resnet_studio.bench.plan import Mode, TimingPlan

from .census import begin_collecting, end_collecting, expected_census, pruned
from .lower import Tensor
from .machine import machine, peak_memory
from .model import ResNetV2
from .steps import STEPS, StepFunction

T = TypeVar("T")


def measure(
    network: Network,
    plan: TimingPlan,
    step_functions: Mapping[Mode, StepFunction] = STEPS,
    gate: Callable[[], bool] | None = None,
) -> Iterator[Event]:
    """Times `network` by `plan` (see validate_plan): yields events, the last of which is a Finished or a Failed.

    step_functions: what a step is, by mode. gate: called before each timed step; it returns when that may run, or False
    where the mode has had its steps, whose number is then not the plan's. Whatever goes wrong ends in Failed; nothing is
    raised.
    """
    try:
        yield Started(machine())
        if refusal := _refusal(network, plan, physical_memory()):
            yield refusal
            return
        model, images, labels = yield from _phase("build", None, partial(_build, network, plan))
        for mode in plan.modes:
            call = yield from _phase("trace", mode, partial(_trace, step_functions[mode], model, images, labels))
            begin_collecting()
            yield from _phase("first_step", mode, call)
            found = yield from _phase("census", mode, end_collecting)
            expected = expected_census(network, mode)
            if fault := pruned(found, expected):
                yield Failed(fault, f"expected {expected}, found {found}", _REPORT)
                return
            yield from _steps("burn_in", mode, plan.burn_in, call)
            yield from _steps("steps", mode, plan.steps, call, gate)
        yield Finished(peak_memory())
    except (tf.errors.ResourceExhaustedError, MemoryError):
        remedy = "Use a smaller batch or image."
        yield Failed(f"The run ran out of memory at a batch of {plan.batch:,}.", traceback.format_exc(), remedy)
    except Exception as error:  # noqa: BLE001  whatever TensorFlow may raise has to reach the person as an end
        cause = (str(error).strip() or type(error).__name__).splitlines()[0]
        yield Failed(f"TensorFlow could not run this: {cause[:300]}", traceback.format_exc())


def _refusal(network: Network, plan: TimingPlan, memory: int) -> Failed | None:
    """Failed for a plan that takes more than all the machine's memory by the most hopeful forecast."""
    need = forecast(network, plan)
    if need.at(plan.batch) <= memory:
        return None
    fits = need.batch_within(memory)
    summary = (
        f"A batch of {plan.batch:,} takes at least {need.at(plan.batch) / 2**30:,.1f} GiB; "
        f"this machine has {memory / 2**30:,.1f} GiB."
    )
    remedy = f"Use a batch of at most {fits:,}, or a smaller image." if fits else "Use a smaller image or network."
    return Failed(summary, f"{need}", remedy)


def _build(network: Network, plan: TimingPlan) -> tuple[ResNetV2, Tensor, Tensor]:
    """The model, and a batch of images, uniform in [0, 1) as the listing's, with labels."""
    model = ResNetV2(network, plan.seed)
    shape = (plan.batch, *network.by_name["input"].shape)
    images = tf.random.stateless_uniform(shape, (plan.seed, 0))
    classes = network.design.num_classes or 1
    labels = tf.random.stateless_uniform((plan.batch,), (plan.seed, 1), 0, classes, tf.int32)
    return model, images, labels


def _trace(step: StepFunction, model: ResNetV2, images: Tensor, labels: Tensor) -> Callable[[], float]:
    """One step as a call without arguments that returns when it is done.

    Images and labels are arguments of the traced function: as constants they would be folded into the graph.
    """

    def traced(images: Tensor, labels: Tensor) -> Tensor:
        return step(model, images, labels)

    function: Any = tf.function(traced, autograph=False).get_concrete_function(images, labels)
    return lambda: float(function(images, labels))


def _steps(
    phase: Phase, mode: Mode, count: int, call: Callable[[], float], gate: Callable[[], bool] | None = None
) -> Iterator[Event]:
    """`count` steps, or as many as `gate` lets through, each timed from the call to the host's read of its scalar."""
    yield PhaseBegan(phase, mode)
    clock = time.perf_counter_ns
    all_began = clock()
    indices = range(count) if gate is None else takewhile(lambda _: gate(), counter())
    for index in indices:
        began = clock()
        call()
        nanoseconds = clock() - began
        yield Step(mode, index, nanoseconds, phase == "burn_in")
    yield PhaseEnded(phase, clock() - all_began, mode)


def _phase(phase: Phase, mode: Mode | None, work: Callable[[], T]) -> Generator[Event, None, T]:
    """Does `work` as a phase, told as it begins and as it ends; its value is `work`'s."""
    yield PhaseBegan(phase, mode)
    began = time.perf_counter_ns()
    result = work()
    yield PhaseEnded(phase, time.perf_counter_ns() - began, mode)
    return result


_REPORT = "The step would not be timed whole. Please report the network with which this happens."
