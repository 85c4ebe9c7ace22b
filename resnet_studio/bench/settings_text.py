"""How a run is timed, in words: what was in force, as it was read back from TensorFlow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def in_force_text(in_force: Mapping[str, Any]) -> str:
    """'batch norm in inference, float32, CPU'; what is not known is left out, and TensorFlow's own executor goes unsaid."""
    found = []
    if in_force.get("batch_norm"):
        found.append(f"batch norm in {in_force['batch_norm']}")
    found.extend(str(in_force[key]) for key in ("precision",) if in_force.get(key))
    devices = in_force.get("devices")
    found.extend(map(str, devices if isinstance(devices, list) else ()))  # it may be of a file
    if in_force.get("compiler") == "xla":
        found.append("compiled by XLA")
    return ", ".join(found)
