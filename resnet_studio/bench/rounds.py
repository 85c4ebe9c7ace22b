"""Rounds of an interleaved comparison: every design has its turn in each, so that what the machine does meanwhile hits all."""

from __future__ import annotations

from dataclasses import dataclass

from .events import Event
from .plan import Mode


@dataclass(frozen=True, slots=True)
class Told:
    """What the engine of one side reported. side: its place among the jobs, from 0."""

    side: int
    event: Event


@dataclass(frozen=True, slots=True)
class RoundEnded:
    """Every side had its turn. index counts from 0 within the mode.

    nanoseconds: the median step of each side's turn, None for a side that had failed before. order: the sides in the
    order of their turns.
    """

    mode: Mode
    index: int
    nanoseconds: tuple[int | None, ...]
    order: tuple[int, ...]
