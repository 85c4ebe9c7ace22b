"""What a run's memory comes to, in words: the forecast, the question ahead of a run that takes much, the way out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from resnet_studio.network.network import Network

from .forecast import MUCH, Forecast, batch_within, forecast
from .plan import MODE_TITLES, TimingPlan

_UNITS = ((2**30, "GiB"), (2**20, "MiB"), (2**10, "KiB"))


@dataclass(frozen=True, slots=True)
class Shortage:
    """A run that is forecast to take more than four fifths of what is free. fits: the largest batch that doesn't; or 0."""

    need: Forecast
    batch: int
    free: int
    fits: int

    def __str__(self) -> str:
        """One sentence, without the way out."""
        mode = MODE_TITLES[self.need.mode].lower()
        return (
            f"A batch of {self.batch:,} is forecast to take {about_bytes(self.need.total)} ({mode}); "
            f"{about_bytes(self.free)} are free"
        )


def shortage(network: Network, plan: TimingPlan, free: int) -> Shortage | None:
    """What has to be asked ahead of a run with `free` bytes of memory; None where there is enough."""
    need = forecast(network, plan)
    if need.total <= MUCH * free:
        return None
    return Shortage(need, plan.batch, free, batch_within(network, plan, int(MUCH * free)))


def shortage_together(sides: Sequence[tuple[Network, TimingPlan]], free: int) -> str:
    """What has to be asked ahead of runs that hold their memory at one time, as a sentence without its full stop; or ''."""
    need = sum(forecast(network, plan).total for network, plan in sides)
    if need <= MUCH * free:
        return ""
    return f"{len(sides)} networks at one time are forecast to take {about_bytes(need)}; {about_bytes(free)} are free"


def remedy(network: Network, plan: TimingPlan, free: int) -> str:
    """What to do about a run that ran out of memory, with `free` bytes of it ahead of the run."""
    fits = batch_within(network, plan, int(MUCH * free))
    if fits >= plan.batch:  # the forecast was wrong, or somebody else took the memory
        return f"Use a smaller batch, such as {plan.batch // 2:,}." if plan.batch > 1 else "Use a smaller image."
    return f"Use a batch of at most {fits:,}, or a smaller image." if fits else "Use a smaller image or network."


def parts_text(need: Forecast) -> str:
    """'2.6 GiB: weights 98 MiB, gradients 130 MiB, activations 1.9 GiB, workspace 220 MiB'."""
    parts = ("weights", "gradients", "activations", "workspace")
    told = ", ".join(f"{name} {about_bytes(getattr(need, name))}" for name in parts if getattr(need, name))
    return f"{about_bytes(need.total)}: {told}"


def about_bytes(count: int) -> str:
    """A size to two digits: a forecast knows no more."""
    size, unit = next(((size, unit) for size, unit in _UNITS if count >= size * 1000 / 1024), (1, "bytes"))
    amount = count / size
    return f"{amount:.1f} {unit}" if amount < 9.95 else f"{float(f'{amount:.2g}'):,.0f} {unit}"
