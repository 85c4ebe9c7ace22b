"""What an engine program reports: plain values, one JSON line each.

A run is: Ready once TensorFlow is imported; then, for a job, Started, phases and steps, and exactly one of
Finished, Cancelled and Failed. `decode` trusts nothing: msgspec checks each line against the types here, and a line that
is no event raises ValueError. `docs/engine.schema.json` is the JSON Schema of these types.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from .event_base import Count, Duration, EventBase
from .path_events import PathEvent
from .plan import MOST_STEPS, EndedBy, Mode
from .shares import Shares

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


class Ready(EventBase, frozen=True):
    """The engine program is up and waits for a job. seconds: from its start to here."""

    seconds: Annotated[float, Meta(ge=0)]


class Started(EventBase, frozen=True):
    """A job was taken. machine: what this is measured on (processor, cores, memory, load, versions, threads in force)."""

    machine: dict[str, Any]


class PhaseBegan(EventBase, frozen=True):
    """A phase begins. mode: None for what both modes share (start, ceiling, build)."""

    phase: Phase
    mode: Mode | None = None


class PhaseEnded(EventBase, frozen=True):
    """A phase is over. ended_by: which condition ended the timed steps; None for other phases."""

    phase: Phase
    nanoseconds: Count
    mode: Mode | None = None
    ended_by: EndedBy | None = None

    @property
    def seconds(self) -> float:
        """The phase's length."""
        return self.nanoseconds / 1e9


class InForce(EventBase, frozen=True):
    """How a mode is timed, as read off what TensorFlow is about to run: see bench.record.Run.in_force."""

    mode: Mode
    settings: dict[str, Any]


class Memory(EventBase, frozen=True):
    """A mode was timed. peak_bytes: the most that it took above what TensorFlow itself takes, weights among it."""

    mode: Mode
    peak_bytes: Count


class Step(EventBase, frozen=True):
    """One step was timed. index counts from 0 within its part: burn-in or timed steps."""

    mode: Mode
    index: Annotated[int, Meta(ge=0, lt=MOST_STEPS)]
    nanoseconds: Duration
    burn_in: bool

    @property
    def seconds(self) -> float:
        """The step's duration."""
        return self.nanoseconds / 1e9


class Profiled(EventBase, frozen=True):
    """Where the time of a mode's steps goes, or, without shares, why that can't be told. fault: a finished sentence."""

    shares: Shares | None = None
    fault: str = ""

    def __post_init__(self) -> None:
        if bool(self.fault) == (self.shares is not None):
            raise ValueError("a Profiled event with impossible values: it has shares or a fault")


class Finished(EventBase, frozen=True):
    """Every mode was timed to its end.

    peak_bytes: the engine's peak resident memory, TensorFlow's own among it. machine: what is known of the machine only
    now, its load and its processor's frequency at the end.
    """

    peak_bytes: Count = 0
    machine: dict[str, Any] = {}  # noqa: RUF012 - msgspec makes a new one for each


class Cancelled(EventBase, frozen=True):
    """Somebody pressed Stop."""


class Failed(EventBase, frozen=True):
    """The run ended without its result. summary: one sentence with the cause; detail: for a bug report."""

    summary: str
    detail: str = ""
    remedy: str = ""


_OfMode = PhaseBegan | PhaseEnded | InForce | Step | Memory | Profiled
End = Finished | Cancelled | Failed
Event = Ready | Started | _OfMode | PathEvent | End

_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)


def encode(event: Event) -> str:
    """`event` as one line of JSON. What is no finite number becomes null: JSON has no other word for it."""
    return msgspec.json.encode(event).decode()


def decode(line: str) -> Event:
    """The event in a line of JSON. Raises ValueError, with what is wrong, for anything else."""
    try:
        return _DECODER.decode(line)
    except (msgspec.ValidationError, RecursionError) as error:
        raise ValueError(f"not an event ({error}): {line[:80]!r}") from error
    except msgspec.DecodeError as error:
        raise ValueError(f"not JSON: {line[:80]!r}") from error
