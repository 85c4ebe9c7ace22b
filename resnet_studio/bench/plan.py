"""TimingPlan: what is to be timed, and how. With the design it is a job: see bench.job."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal, get_args

from resnet_studio.design.bounds import BOUNDS, Bound, shorten
from resnet_studio.design.validate import Place, Problem

from .hardware import cores, gpus

Mode = Literal["forward", "forward-backward"]
Precision = Literal["float32", "bfloat16"]
Compiler = Literal["graph", "xla"]
BatchNorm = Literal["standard", "inference", "training"]
Input = Literal["once", "step"]
EndedBy = Literal["precise", "time limit", "steps"]  # which condition ended a mode's timed steps

MODE_TITLES: dict[Mode, str] = {"forward": "Forward", "forward-backward": "Forward-backward"}
MODE_CHOICES: dict[str, tuple[Mode, ...]] = {
    "forward": ("forward",),
    "forward-backward": ("forward-backward",),
    "both": ("forward", "forward-backward"),
}
THREADS_PER_CORE = 4  # at the most: above it threads only wait for one another
MAX_SECONDS = 120.0  # of timed steps in each mode, where a precision is asked for without a limit of its own


SHARED_FROM = 40  # units: networks of so many have their equal ones traced once for a training step, see engine.steps


@dataclass(frozen=True, slots=True)
class TimingPlan:
    """How to time: the classic listing's loop is 10 burn-in steps and 100 timed ones of batches of 32 images.

    modes are timed one after the other. seed: of the weights and of the input.
    device: "CPU", "GPU:0", ... intra_op_threads: threads that one operation may use; inter_op_threads: operations that run
    at one time; 0 leaves either to TensorFlow.
    precision: "bfloat16" computes activations in it, while variables, batch norm's statistics and the loss stay float32.
    compiler: TensorFlow's own graph executor, or XLA. batch_norm: "standard" is inference for forward and training for
    forward-backward; the others hold for both. input: drawn once ahead of all steps, or in each step, as the listing does.
    until_precise: where not None, `steps` don't count; a mode ends once the half-width of its median's 95 % interval is at most
    so many percent of the median (see bench.precision), or after max_seconds of timed steps (None: MAX_SECONDS).
    profile: whether a profiled pass follows, apart from the timed steps.
    """

    modes: tuple[Mode, ...] = ("forward", "forward-backward")
    batch: int = 32
    burn_in: int = 10
    steps: int = 100
    seed: int = 0
    device: str = "CPU"
    intra_op_threads: int = 0
    inter_op_threads: int = 0
    precision: Precision = "float32"
    compiler: Compiler = "graph"
    batch_norm: BatchNorm = "standard"
    input: Input = "once"
    until_precise: float | None = None
    max_seconds: float | None = None
    profile: bool = False

    def is_training(self, mode: Mode) -> bool:
        """Whether batch norms use the batch's statistics in `mode`, and update the moving ones."""
        return mode == "forward-backward" if self.batch_norm == "standard" else self.batch_norm == "training"

    @property
    def most_steps(self) -> int:
        """The timed steps that a mode never goes beyond."""
        return self.steps if self.until_precise is None else int(BOUNDS["steps"].high)

    @property
    def seconds_limit(self) -> float | None:
        """Seconds of timed steps after which a mode ends; None where only its steps are counted."""
        return None if self.until_precise is None else self.max_seconds or MAX_SECONDS


def validate_plan(plan: TimingPlan) -> tuple[Problem, ...]:
    """Every problem of `plan` on this machine; none means that the engine accepts it.

    Each place is the terminal's option without its dashes.
    """
    return (*_modes(plan), *_numbers(plan), *_choices(plan), *_device(plan.device), *_limits(plan))


def threads_bound() -> Bound:
    """How many threads may be asked for on this machine; 0 leaves it to TensorFlow."""
    return Bound(0, THREADS_PER_CORE * cores(), "threads")


def _modes(plan: TimingPlan) -> Iterator[Problem]:
    # Asked this way round, as a file or a pipe may have put anything among the modes; and each is timed once.
    if not plan.modes or sum(mode in plan.modes for mode in MODE_TITLES) != len(plan.modes):
        choices = ", ".join(MODE_CHOICES)
        yield Problem(Place("mode"), f"{plan.modes!r} is not a mode", f"Use one of {choices}.")


def _numbers(plan: TimingPlan) -> Iterator[Problem]:
    for name in ("batch", "burn_in", "steps", "seed"):
        if fault := BOUNDS[name].fault(getattr(plan, name)):
            yield Problem(Place(name.replace("_", "-")), fault, f"Use {BOUNDS[name].text}.")
    bound = threads_bound()
    for option, count in (("threads", plan.intra_op_threads), ("inter-op-threads", plan.inter_op_threads)):
        if fault := bound.fault(count):
            limit = f"{THREADS_PER_CORE} for each of this machine's cores; 0 leaves it to TensorFlow"
            yield Problem(Place(option), fault, f"Use {bound.text} ({limit}).")


def _choices(plan: TimingPlan) -> Iterator[Problem]:
    for option, value, choices in (
        ("precision", plan.precision, Precision),
        ("compile", plan.compiler, Compiler),
        ("batch-norm", plan.batch_norm, BatchNorm),
        ("input", plan.input, Input),
    ):
        names = get_args(choices)
        if value not in names:
            yield Problem(Place(option), _not_one(value), f"Use {_alternatives(names)}.")
    if not isinstance(plan.profile, bool):
        yield Problem(Place("profile"), f"{plan.profile!r} is neither true nor false", "Use one of them.")


def _device(device: object) -> Iterator[Problem]:
    place = Place("device")
    if not isinstance(device, str) or not (device == "CPU" or re.fullmatch(r"GPU:(0|[1-9]\d?)", device, re.ASCII)):
        yield Problem(place, _not_one(device), f"Use {_alternatives(devices())}.")
    elif (count := gpus()) is not None and device != "CPU" and int(device[len("GPU:") :]) >= count:
        have = "no GPU that TensorFlow could use" if not count else f"{count} GPU{'s' if count > 1 else ''}, from GPU:0"
        yield Problem(place, f"{device} is not there: this machine has {have}", f"Use {_alternatives(devices())}.")


def devices() -> tuple[str, ...]:
    """The devices that may be asked for; where only TensorFlow can tell (see hardware.gpus), the first GPU is among them."""
    count = gpus()
    return ("CPU", *(f"GPU:{index}" for index in range(1 if count is None else count)))


def _limits(plan: TimingPlan) -> Iterator[Problem]:
    for name in ("until_precise", "max_seconds"):
        value = getattr(plan, name)
        if value is not None and (fault := BOUNDS[name].fault(value)):
            yield Problem(Place(name.replace("_", "-")), fault, f"Use {BOUNDS[name].text}.")
    if plan.max_seconds is not None and plan.until_precise is None:
        remedy = "Ask for a precision too (--until-precise), or leave the limit out."
        yield Problem(Place("max-seconds"), "a time limit belongs to a run until precise", remedy)


def _not_one(value: object) -> str:
    return f"{shorten(repr(value))} is not one of its values"


def _alternatives(names: Iterable[str]) -> str:
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last
