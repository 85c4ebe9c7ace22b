"""TimingPlan: what is to be timed, and how. With the design it is a job: see bench.job."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from resnet_studio.design.bounds import Bound, shorten
from resnet_studio.design.fields import Fault, Field, alternatives, not_a_choice
from resnet_studio.design.spec import Design
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


MOST_STEPS = 1_000_000  # timed steps of a mode
ROUNDS = Bound(1, 100_000, "rounds")  # of a comparison

SHARED_FROM = 40  # units: from this number on, a training step traces equal units once (see `shares_units`)


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
        return self.steps if self.until_precise is None else MOST_STEPS

    @property
    def seconds_limit(self) -> float | None:
        """Seconds of timed steps after which a mode ends; None where only its steps are counted."""
        return None if self.until_precise is None else self.max_seconds or MAX_SECONDS


def may_share_units(plan: TimingPlan, mode: Mode) -> bool:
    """Whether a step of `mode` traces equal units once where there are many. XLA compiles whole graphs, so it does not."""
    return mode == "forward-backward" and plan.compiler == "graph"


def shares_units(plan: TimingPlan, mode: Mode, design: Design) -> bool:
    """Whether a step of `mode` traces equal units of `design` once.

    Only deep networks do: a network of fewer units is traced whole within a second or two, and calls of shared functions
    make a step up to 7 % slower (most with 54 basic units at 32 pixels). Units with a lesion count, too: so a network and
    what a lesion leaves of it are traced in the same way.
    """
    return may_share_units(plan, mode) and sum(len(block.units) for block in design.blocks) >= SHARED_FROM


def threads_bound() -> Bound:
    """How many threads may be asked for on this machine; 0 leaves it to TensorFlow."""
    return Bound(0, THREADS_PER_CORE * cores(), "threads")


def devices() -> tuple[str, ...]:
    """The devices that may be asked for; where only TensorFlow can tell (see hardware.gpus), the first GPU is among them."""
    count = gpus()
    return ("CPU", *(f"GPU:{index}" for index in range(1 if count is None else count)))


def _modes(modes: object) -> Fault | None:
    known = isinstance(modes, tuple) and sum(mode in modes for mode in MODE_TITLES) == len(modes) > 0
    return None if known else (f"{shorten(repr(modes))} is not a mode", f"Use one of {', '.join(MODE_CHOICES)}.")


def _device(device: object) -> Fault | None:
    remedy = f"Use {alternatives(devices())}."
    if not isinstance(device, str) or not (device == "CPU" or re.fullmatch(r"GPU:(0|[1-9]\d?)", device, re.ASCII)):
        return not_a_choice(device), remedy
    if (count := gpus()) is not None and device != "CPU" and int(device[len("GPU:") :]) >= count:
        have = "no GPU that TensorFlow could use" if not count else f"{count} GPU{'s' if count > 1 else ''}, from GPU:0"
        return f"{device} is not there: this machine has {have}", remedy
    return None


_THREADS = f"{THREADS_PER_CORE} for each of this machine's cores; 0 leaves it to TensorFlow"

# The table of a plan's fields, in the order in which forms and the terminal's help show them.
PLAN: tuple[Field, ...] = (
    Field("modes", "&Mode", "What a step is: forward, forward-backward, or both one after the other",
          option="mode", check=_modes, metavar="MODE"),
    Field("batch", "B&atch", "Images in a step", Bound(1, 4_096, "images"), varies=True),
    Field("burn_in", "B&urn-in", "Steps ahead of the timed ones, kept apart from them", Bound(0, 1_000_000, "steps")),
    Field("steps", "Steps", "Timed steps of each mode", Bound(1, MOST_STEPS, "steps"), single=True),
    Field("until_precise", "Percent",
          "In place of a number of steps: until the median's 95 % interval is within so many percent of it either way, "
          "looked at after 30, 60, 120 ... steps", Bound(0.1, 50, "percent", whole=False), optional=True, single=True, metavar="PERCENT"),
    Field("max_seconds", "Seconds at most",
          f"With a precision asked for: seconds of timed steps after which a mode ends all the same ({MAX_SECONDS:.0f} "
          "where none is given)", Bound(1, 86_400, "seconds", whole=False), optional=True, single=True, metavar="S"),
    Field("device", "&Device", "What computes: the processor, or a GPU that its driver tells of",
          choices=lambda: {name: name.replace(":", " ") for name in devices()}, check=_device, varies=True, metavar="DEVICE"),
    Field("intra_op_threads", "&Threads in an operation", "Threads that one operation may use; 0 lets TensorFlow choose",
          threads_bound, option="threads", low_text="TensorFlow chooses", explain=_THREADS, varies=True),
    Field("inter_op_threads", "Threads bet&ween operations", "Operations that may run at once; 0 lets TensorFlow choose",
          threads_bound, low_text="TensorFlow chooses", explain=_THREADS, varies=True, option="inter-op-threads"),
    Field("seed", "&Seed", "Seed of the weights and of the input images", Bound(0, 2**31 - 1), varies=True),
    Field("batch_norm", "&Batch norm",
          "Whether batch norms use the batch's statistics, and update the moving ones, or use the moving ones",
          choices={
              "standard": "As in use: inference for forward, training for forward-backward",
              "inference": "Inference in both modes, as the classic listing times",
              "training": "Training in both modes",
          }, varies=True, metavar="MODE"),
    Field("precision", "&Precision",
          "Type of activations. bfloat16 gains only on a processor or GPU that computes in it; variables stay float32",
          choices={"float32": "float32", "bfloat16": "bfloat16 activations, float32 variables"}, varies=True, metavar="TYPE"),
    Field("compiler", "&Compiler",
          "XLA compiles the graph whole: a first step of seconds to minutes, then often, not always, quicker steps",
          choices={"graph": "TensorFlow graph", "xla": "XLA"}, option="compile", varies=True, metavar="HOW"),
    Field("input", "&Input images", "Drawn once, ahead of all steps, or drawn within each step and timed with it",
          choices={"once": "Drawn once", "step": "Drawn in each step"}, varies=True, metavar="WHEN"),
    Field("profile", "Pro&file after the timing",
          "A profiled pass after the timed steps, and apart from them, tells where the time goes", single=True),
)  # fmt: skip
PLAN_FIELDS: dict[str, Field] = {field.name: field for field in PLAN}


def validate_plan(plan: TimingPlan) -> tuple[Problem, ...]:
    """Every problem of `plan` on this machine; none means that the engine accepts it.

    Each place is the terminal's option without its dashes.
    """
    return (*_fields(plan), *_limits(plan))


def _fields(plan: TimingPlan) -> Iterator[Problem]:
    for field in PLAN:
        if fault := field.fault(getattr(plan, field.name)):
            yield Problem(Place(field.option_name), *fault)


def _limits(plan: TimingPlan) -> Iterator[Problem]:
    if plan.max_seconds is not None and plan.until_precise is None:
        remedy = "Ask for a precision too (--until-precise), or leave the limit out."
        yield Problem(Place("max-seconds"), "a time limit belongs to a run until precise", remedy)
