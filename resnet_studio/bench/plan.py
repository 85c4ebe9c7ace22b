"""TimingPlan: what is to be timed. A job is a design and a plan, one JSON line on its way to the engine program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from resnet_studio.arch.bounds import BOUNDS
from resnet_studio.arch.validate import Place, Problem

Mode = Literal["forward", "forward-backward"]
MODE_TITLES: dict[Mode, str] = {"forward": "Forward", "forward-backward": "Forward-backward"}
MODE_CHOICES: dict[str, tuple[Mode, ...]] = {
    "forward": ("forward",),
    "forward-backward": ("forward-backward",),
    "both": ("forward", "forward-backward"),
}


@dataclass(frozen=True, slots=True)
class TimingPlan:
    """How to time: the classic listing's loop is 10 burn-in steps and 100 timed ones of batches of 32 images.

    modes are timed one after the other. seed: of the weights and of the input.
    """

    modes: tuple[Mode, ...] = ("forward", "forward-backward")
    batch: int = 32
    burn_in: int = 10
    steps: int = 100
    seed: int = 0


def validate_plan(plan: TimingPlan) -> tuple[Problem, ...]:
    """Every problem of `plan`; none means that the engine accepts it."""
    found = []
    # Asked this way round, as a file or a pipe may have put anything among the modes; and each is timed once.
    if not plan.modes or sum(mode in plan.modes for mode in MODE_TITLES) != len(plan.modes):
        choices = ", ".join(MODE_CHOICES)
        found.append(Problem(Place("mode"), f"{plan.modes!r} is not a mode", f"Use one of {choices}."))
    faults = {name: BOUNDS[name].fault(getattr(plan, name)) for name in ("batch", "burn_in", "steps", "seed")}
    found.extend(
        Problem(Place(name.replace("_", "-")), fault, f"Use {BOUNDS[name].text}.")
        for name, fault in faults.items()
        if fault
    )
    return tuple(found)
