"""TF-Slim's notation, and the programs it stands in: read without running anything, and written.

`read(text)` tells the networks that a text holds, `parse(text)` the design that is taken, `format(design)` is the
text of a design; `parse(format(design)) == design` for every sound design.
"""

from .faults import Ask, NotationError
from .reading import Found, Reading, parse, read
from .writer import format  # noqa: A004 - with `parse`, the pair of names that the notation is known by

__all__ = ["Ask", "Found", "NotationError", "Reading", "format", "parse", "read"]
