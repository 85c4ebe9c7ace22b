"""What an engine program reports: plain values, one JSON line each.

A run is: Ready once TensorFlow is imported; then, for a job, Started, phases and steps, and exactly one of
Finished, Cancelled and Failed. `decode` trusts nothing: a line that is no event raises ValueError.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, field
from typing import Any, Literal, get_args

from .path_events import LesionEffect, LesionRound, PathEvent, PathGradient, sound_path_event
from .plan import MODE_TITLES, MOST_STEPS, EndedBy, Mode
from .shares import Shares, shares_from_json

Phase = Literal[
    "start", "ceiling", "build", "trace", "census", "first_step", "burn_in", "steps", "profile", "output", "paths"
]
PHASE_TITLES: dict[Phase, str] = {
    "start": "Starting TensorFlow",
    "ceiling": "Measuring the machine",
    "build": "Building the network",
    "trace": "Tracing",
    "first_step": "First step",
    "census": "Counting operations",
    "burn_in": "Burn-in",
    "steps": "Timing steps",
    "profile": "Looking where the time goes",
    "output": "Comparing outputs",
    "paths": "Sampling paths",
}


@dataclass(frozen=True, slots=True)
class Ready:
    """The engine program is up and waits for a job. seconds: from its start to here."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Started:
    """A job was taken. machine: what this is measured on (processor, cores, memory, load, versions, threads in force)."""

    machine: dict[str, Any]


@dataclass(frozen=True, slots=True)
class PhaseBegan:
    """A phase begins. mode: None for what both modes share (start, ceiling, build)."""

    phase: Phase
    mode: Mode | None = None


@dataclass(frozen=True, slots=True)
class PhaseEnded:
    """A phase is over. ended_by: which condition ended the timed steps; None for other phases."""

    phase: Phase
    nanoseconds: int
    mode: Mode | None = None
    ended_by: EndedBy | None = None

    @property
    def seconds(self) -> float:
        """The phase's length."""
        return self.nanoseconds / 1e9


@dataclass(frozen=True, slots=True)
class InForce:
    """How a mode is timed, as read off what TensorFlow is about to run: see bench.record.Run.in_force."""

    mode: Mode
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Memory:
    """A mode was timed. peak_bytes: the most that it took above what TensorFlow itself takes, weights among it."""

    mode: Mode
    peak_bytes: int


@dataclass(frozen=True, slots=True)
class Step:
    """One step was timed. index counts from 0 within its part: burn-in or timed steps."""

    mode: Mode
    index: int
    nanoseconds: int
    burn_in: bool

    @property
    def seconds(self) -> float:
        """The step's duration."""
        return self.nanoseconds / 1e9


@dataclass(frozen=True, slots=True)
class Profiled:
    """Where the time of a mode's steps goes, or, without shares, why that can't be told. fault: a finished sentence."""

    shares: Shares | None = None
    fault: str = ""


@dataclass(frozen=True, slots=True)
class Finished:
    """Every mode was timed to its end.

    peak_bytes: the engine's peak resident memory, TensorFlow's own among it. machine: what is known of the machine only
    now, its load and its processor's frequency at the end.
    """

    peak_bytes: int = 0
    machine: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Cancelled:
    """Somebody pressed Stop."""


@dataclass(frozen=True, slots=True)
class Failed:
    """The run ended without its result. summary: one sentence with the cause; detail: for a bug report."""

    summary: str
    detail: str = ""
    remedy: str = ""


_OfMode = PhaseBegan | PhaseEnded | InForce | Step | Memory | Profiled
End = Finished | Cancelled | Failed
Event = Ready | Started | _OfMode | PathEvent | End

_LONGEST = 10**18  # nanoseconds: thirty years; and bytes
_KINDS: dict[str, type[Event]] = {
    kind.__name__: kind
    for kind in (
        Ready,
        Started,
        PhaseBegan,
        PhaseEnded,
        InForce,
        Step,
        Memory,
        LesionEffect,
        LesionRound,
        PathGradient,
        Profiled,
        Finished,
        Cancelled,
        Failed,
    )
}


def encode(event: Event) -> str:
    """`event` as one line of JSON."""
    return json.dumps({"event": type(event).__name__, **asdict(event)}, separators=(",", ":"))


def decode(line: str) -> Event:
    """The event in a line of JSON. Raises ValueError, with what is wrong, for anything else."""
    try:
        value = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise ValueError(f"not JSON: {line[:80]!r}") from error
    if not isinstance(value, dict) or not isinstance(kind := value.pop("event", None), str) or kind not in _KINDS:
        raise ValueError(f"not an event: {line[:80]!r}")
    if kind == "Profiled" and value.get("shares") is not None:
        value["shares"] = shares_from_json(value["shares"])
    try:
        event = _KINDS[kind](**value)
        sound = _sound(event)
    except (TypeError, OverflowError) as error:  # a field missing or unknown; a list for a phase, an endless number
        raise ValueError(f"not a {kind} event: {line[:80]!r}") from error
    if not sound:
        raise ValueError(f"a {kind} event with impossible values: {line[:80]!r}")
    return event


def _sound(event: Event) -> bool:
    """Whether an event's values are of their types: what came through a pipe is drawn and stored as it is."""
    match event:
        case Ready(seconds=seconds):
            return not isinstance(seconds, bool) and math.isfinite(seconds) and seconds >= 0
        case Started(machine=machine):
            return isinstance(machine, dict)
        case PhaseBegan(phase=phase, mode=mode):
            return phase in PHASE_TITLES and (mode is None or mode in MODE_TITLES)
        case PhaseEnded(phase=phase, nanoseconds=ns, mode=mode, ended_by=ended_by):
            named = phase in PHASE_TITLES and (mode is None or mode in MODE_TITLES)
            return named and _count(ns) and ns < _LONGEST and (ended_by is None or ended_by in get_args(EndedBy))
        case InForce(mode=mode, settings=settings):
            return mode in MODE_TITLES and isinstance(settings, dict)
        case Step(mode=mode, index=index, nanoseconds=ns, burn_in=burn_in):
            counts = _count(index) and index < MOST_STEPS and _count(ns) and 0 < ns < _LONGEST
            return mode in MODE_TITLES and counts and isinstance(burn_in, bool)
        case LesionEffect() | LesionRound() | PathGradient():
            return sound_path_event(event)
        case Memory(mode=mode, peak_bytes=peak):
            return mode in MODE_TITLES and _count(peak) and peak < _LONGEST
        case Profiled(shares=shares, fault=fault):
            return type(fault) is str and bool(fault) == (shares is None)
        case Finished(peak_bytes=peak, machine=machine):
            return _count(peak) and peak < _LONGEST and isinstance(machine, dict)
        case Cancelled():
            return True
        case Failed(summary=summary, detail=detail, remedy=remedy):
            return all(isinstance(text, str) for text in (summary, detail, remedy))


def _count(value: object) -> bool:
    return type(value) is int and value >= 0
