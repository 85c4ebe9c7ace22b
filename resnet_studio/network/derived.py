"""A design and what follows from it: its problems, its network, its sound part and its other form."""

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
    """A design with what follows from it. Each value is computed once, when somebody first asks for it.

    Costs, receptive fields and runs follow from the network alone and are kept with the network (see `once`).
    """

    design: Design

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        """The problems that keep the design from being a network."""
        return validate(self.design)

    @cached_property
    def network(self) -> Network | None:
        """The design's network; None while the design has problems."""
        return None if self.problems else expand_part(self.design, with_root=True, with_tail=True)

    @cached_property
    def part(self) -> Part:
        """The part of the design that can be drawn: the network ahead of the first problem, and what is missing behind it."""
        return Part(self.network) if self.network else sound_part(self.design, self.problems)

    @cached_property
    def twin(self) -> Derived:
        """The same network in its other form, TF-Slim's or the paper's, with what follows from it."""
        return Derived(other_form(self.design))
