"""A design and what follows from it: its problems, its network, the part of it that is sound, its other form."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from resnet_studio.design.presets import other_form
from resnet_studio.design.spec import Design
from resnet_studio.design.validate import Problem, validate

from .network import Network, expand_part
from .partial import Part, sound_part


@dataclass(frozen=True)
class Derived:
    """A design with what follows from it. Each value is worked out when it is first asked for, and once.

    What follows from the network alone (costs, receptive fields, runs) is kept with the network: see `once`.
    """

    design: Design

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """What keeps the design from being a network."""
        return validate(self.design)

    @cached_property
    def network(self) -> Network | None:
        """The design, expanded; None while it has problems."""
        return None if self.problems else expand_part(self.design, with_root=True, with_tail=True)

    @cached_property
    def part(self) -> Part:
        """As much of the network as is sound, and what is missing behind it: what can be drawn of the design."""
        return Part(self.network) if self.network else sound_part(self.design, self.problems)

    @cached_property
    def twin(self) -> Derived:
        """The design in its other form, TF-Slim's or the paper's, and what follows from that."""
        return Derived(other_form(self.design))
