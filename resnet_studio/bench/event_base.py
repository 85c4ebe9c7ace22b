"""What every event has in common: a frozen value whose kind stands in its line of JSON, and whose types are checked."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

LONGEST = 10**18  # nanoseconds: thirty years; and bytes
Count = Annotated[int, Meta(ge=0, lt=LONGEST)]
Duration = Annotated[int, Meta(gt=0, lt=LONGEST)]  # of something that took place: nanoseconds


class EventBase(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="event", tag=True):
    """A line of JSON has the class's name under "event", and a value for each field. No other key is taken."""
