"""measure(network, plan) builds the network, times its steps and yields events as they happen.

It starts no process and no thread and prints nothing; `serve` is the program around it. Nothing is reported inside a timed
step. Images and labels are drawn once, ahead of all steps. A step ends when the host has read one scalar that depends on
the whole step.
"""

from __future__ import annotations

import time
import traceback
from array import array
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

import tensorflow as tf

from resnet_studio.bench.events import (
    Event,
    Failed,
    Finished,
    InForce,
    Memory,
    PhaseBegan,
    PhaseEnded,
    Profiled,
    Started,
    Step,
)
from resnet_studio.bench.hardware import available_memory, physical_memory
from resnet_studio.bench.memory_text import remedy
from resnet_studio.bench.plan import MODE_TITLES, Mode, TimingPlan, may_share_units
from resnet_studio.bench.until_precise import Enough, enough
from resnet_studio.network.network import Network

from .ceiling import known_ceiling, measure_ceiling
from .census import begin_collecting, count, end_collecting, expected_census, pruned
from .in_force import in_force
from .lower import Tensor
from .machine import machine, machine_at_end
from .memory import begin_peak, peak_growth, peak_memory, refusal
from .model import ResNetV2
from .phases import phase
from .profile import profile
from .runtime import configure, optimise
from .steps import StepFunction, step_functions


def measure(
    network: Network,
    plan: TimingPlan,
    steps: Mapping[Mode, StepFunction] | None = None,
    gate: Callable[[], bool] | None = None,
) -> Iterator[Event]:
    """Times `network` by `plan` (see validate_plan) and yields events. The last event is a Finished or a Failed.

    No error is raised: each one becomes a Failed.

    steps: the step of each mode; None for those that the plan says.
    gate: it is called before each timed step. It returns True when the step may run, or False to end the mode; the plan's
        number of steps does not count then.
    """
    free = available_memory()
    try:
        threads = configure(plan)
        if isinstance(threads, Failed):
            yield threads
            return
        if refused := refusal(network, plan, physical_memory()):
            yield refused
            return
        ceiling = known_ceiling(plan, threads)
        if ceiling is None and gate is None:  # beside another engine it would be too low, and would disturb that engine
            ceiling = yield from phase("ceiling", None, partial(measure_ceiling, plan, threads))
        yield Started(machine(threads, ceiling))
        baseline = begin_peak(plan)
        model, images, labels = yield from phase("build", None, partial(build, network, plan))
        for mode in plan.modes:
            optimise(bool(steps) or not may_share_units(plan, mode))
            step = (steps or step_functions(plan))[mode]
            function = yield from phase("trace", mode, partial(_trace, step, model, images, labels, plan))
            call = partial(_call, function, images, labels)
            begin_collecting()
            yield from phase("first_step", mode, call)
            nodes = yield from phase("census", mode, partial(end_collecting, function))
            expected, found = expected_census(network, mode), count(node.op for node in nodes)
            if fault := pruned(found, expected):
                yield Failed(fault, f"expected {expected}, found {found}", _REPORT)
                return
            yield InForce(mode, in_force(nodes, function))
            yield from _burn_in(mode, plan.burn_in, call)
            yield from _steps(mode, plan, call, gate)
            yield Memory(mode, peak_growth(plan, baseline))
        end = Finished(peak_memory(), machine_at_end())
        if plan.profile and gate is None:
            for mode in plan.modes:
                yield (yield from phase("profile", mode, partial(_profile, mode, plan, model, images, labels)))
        yield end
    except (tf.errors.ResourceExhaustedError, MemoryError):
        summary = f"The run ran out of memory at a batch of {plan.batch:,}."
        yield Failed(summary, traceback.format_exc(), remedy(network, plan, free))
    except Exception as error:  # noqa: BLE001  whatever TensorFlow may raise has to reach the person as an end
        cause = (str(error).strip() or type(error).__name__).splitlines()[0]
        yield Failed(f"TensorFlow could not run this: {cause[:300]}", traceback.format_exc())


def build(network: Network, plan: TimingPlan) -> tuple[ResNetV2, Tensor, Tensor]:
    """(model, images, labels): images are uniform in [0, 1), as in the classic listing; labels are (batch,)."""
    model = ResNetV2(network, plan.seed)
    shape = (plan.batch, *network.by_name["input"].shape)
    images = tf.random.stateless_uniform(shape, (plan.seed, 0))
    classes = network.design.num_classes or 1
    labels = tf.random.stateless_uniform((plan.batch,), (plan.seed, 1), 0, classes, tf.int32)
    return model, images, labels


def _trace(step: StepFunction, model: ResNetV2, images: Tensor, labels: Tensor, plan: TimingPlan) -> Any:
    """One step as a concrete function of images and labels. Its first result is the scalar that ends the step.

    Images and labels are arguments, because constants would be folded into the graph. With plan.input "step" the images are
    drawn inside the step.
    """

    def traced(images: Tensor, labels: Tensor) -> list[Tensor]:
        with tf.name_scope("input/"):
            if plan.input == "step":
                images = tf.random.uniform(images.shape, seed=plan.seed)
            images = tf.cast(images, plan.precision)
        return tf.nest.flatten(step(model, images, labels))  # type: ignore[no-any-return]

    compiled = plan.compiler == "xla" or None
    return tf.function(traced, autograph=False, jit_compile=compiled).get_concrete_function(images, labels)


def _call(function: Any, images: Tensor, labels: Tensor) -> float:
    """Does one step, and returns when the host has read its scalar."""
    return float(function(images, labels)[0])


def _profile(mode: Mode, plan: TimingPlan, model: ResNetV2, images: Tensor, labels: Tensor) -> Profiled:
    """The shares of a mode's step. The step is traced again with each operation under its name, so the timed one is not changed.

    If there are no shares, the event tells why; the run itself has not failed, because its times are there.
    """
    title = MODE_TITLES[mode].lower()
    if plan.compiler == "xla":
        return Profiled(fault=f"XLA makes one program of a step, of which no unit's share can be told ({title}).")
    try:
        optimise(not may_share_units(plan, mode))  # the same as for the timed step
        step = step_functions(plan, by_name=True)[mode]
        function = _trace(step, model, images, labels, plan)
        return Profiled(profile(model.network, mode, partial(_call, function, images, labels), function.graph))
    except (ValueError, LookupError, OSError, tf.errors.OpError) as error:
        return Profiled(fault=f"The profile of {title} could not be had: {str(error)[:500].rstrip('.')}.")


def _burn_in(mode: Mode, number: int, call: Callable[[], float]) -> Iterator[Event]:
    yield PhaseBegan("burn_in", mode)
    began = time.perf_counter_ns()
    for index in range(number):
        yield Step(mode, index, _timed(call), burn_in=True)
    yield PhaseEnded("burn_in", time.perf_counter_ns() - began, mode)


def _steps(mode: Mode, plan: TimingPlan, call: Callable[[], float], gate: Callable[[], bool] | None) -> Iterator[Event]:
    """Does the timed steps, until the plan's rule says that they are enough, or until `gate` ends the mode."""
    yield PhaseBegan("steps", mode)
    began = time.perf_counter_ns()
    taken = array("q")
    ended: Enough | None = None
    while ended is None and (gate is None or gate()):
        taken.append(_timed(call))
        yield Step(mode, len(taken) - 1, taken[-1], burn_in=False)
        if gate is None:
            elapsed = (time.perf_counter_ns() - began) / 1e9
            ended = enough(
                taken, elapsed,
                most_steps=plan.most_steps, until_precise=plan.until_precise, max_seconds=plan.seconds_limit,
            )  # fmt: skip
    yield PhaseEnded("steps", time.perf_counter_ns() - began, mode, ended.ended_by if ended else None)


def _timed(call: Callable[[], float]) -> int:
    """The nanoseconds from the call of a step until the host has read its scalar."""
    began = time.perf_counter_ns()
    call()
    return time.perf_counter_ns() - began


_REPORT = "The step would not be timed whole. Please report the network with which this happens."
