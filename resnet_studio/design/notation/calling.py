"""What the functions of TF-Slim's library ask of the evaluator of calls, which uses them in turn."""

from __future__ import annotations

import ast
from abc import abstractmethod
from collections.abc import Mapping
from typing import Any

from .deciding import Decider
from .faults import Fault
from .signature import Arguments
from .values import ArgScope, Function, Known


class CallState(Decider):
    """What calls have come to so far. networks: those that they have made, as `chaining.Made`."""

    def __init__(self, known: Mapping[str, object], decisions: Mapping[str, bool], *, floors: bool) -> None:
        super().__init__(known, decisions, floors=floors)
        self.networks: list[Any] = []
        self.scopes: list[ArgScope] = []
        self.own_scope: Function | None = None
        self.here: list[Function] = []
        self.failed: list[Fault] = []  # calls of networks that could not be read

    @abstractmethod
    def call_function(self, function: Function, given: Arguments, node: ast.AST, *, root: bool = False) -> Known:
        """What a function of the text gives back."""

    @abstractmethod
    def scope(self) -> Mapping[str, Known]:
        """What the arg scope in force says, or the defaults of the text's own."""
