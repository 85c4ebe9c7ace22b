"""Which statements of a long text a network may hang on, told by their words alone, ahead of the parser."""

from __future__ import annotations

import re

from .scan import Part, Scan

# What makes blocks and networks. Everything that a network can hang on is reached from one of these words.
SEED = re.compile(
    r"\b(?:Block|resnet_v[12]\w*|resnet_arg_scope|stack_blocks_dense|bottleneck\w*|unit_fn|num_units|base_depth)\b"
)
_FLAG = re.compile(
    r"\bDEFINE_\w+\s*\(|\.add_argument\s*\(|\bset_defaults\s*\(|\bplaceholder\s*\(|\bInput\s*\(|__future__"
)
_WORD = re.compile(r"[^\W\d]\w*")
# Only at the beginnings of lines, and never a second way to match the same letters: hostile texts make it no slower.
_SETS = re.compile(
    r"(?m)^[ \t]*+(?:(?:async[ \t]+)?(?:def|class)[ \t]+(\w+)|(?:from|import)\b([^\n]{0,400}+)|for\b([^\n:]{0,200}+)"
    r"|([^\s=][^=\n]{0,200}+)=(?!=)|(?:with|except)\b([^\n]{0,400}+)"
    r"|([\w.]{1,200})\.(?:append|extend|insert|update|setdefault|pop|reverse|sort|clear)\b)"
)

_FUNCTION = re.compile(r"(?:@[^\n]*\n)*(?:async[ \t]+)?def[ \t]+(\w+)")


def needed(found: Scan) -> tuple[Part, ...]:
    """The parts of `found` that make blocks or networks, and those that set what these hang on. Time: linear."""
    texts = [found.masked[part.begin : part.end] for part in found.parts]
    setters: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        # What a function sets within itself is nobody else's.
        for match in [own] if (own := _FUNCTION.match(text)) else _SETS.finditer(text):
            for name in {word for group in match.groups() if group for word in _WORD.findall(group)}:
                setters.setdefault(name, []).append(place)
    taken = {place for place, text in enumerate(texts) if SEED.search(text) or _FLAG.search(text)}
    waiting, known = list(taken), set[str]()
    while waiting:
        for word in set(_WORD.findall(texts[waiting.pop()])) - known:
            known.add(word)
            fresh = set(setters.get(word, ())) - taken
            taken |= fresh
            waiting += fresh
    return tuple(part for place, part in enumerate(found.parts) if place in taken)
