"""What a text was read as: its networks, the one that is taken, and all that a person should know of it."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from resnet_studio.design.bounds import parse_number
from resnet_studio.design.spec import Design

from .candidates import Candidate
from .decode import decode
from .exploring import Explored, explore
from .faults import EXAMPLE, Ask, Fault, NotationError
from .notebook import code_of, is_notebook
from .source import Source

_LISTED = 64  # networks of one text
_TOLD = 6  # in one sentence


@dataclass(frozen=True, slots=True)
class Found:
    """A network of a text. name: what `--network` takes; line: where it stands; notes: finished sentences on what was taken,
    assumed and left out; asks: values that the text doesn't give, for which something was assumed; why: why it would be taken.
    """

    name: str
    design: Design
    line: int
    notes: tuple[str, ...] = ()
    asks: tuple[Ask, ...] = ()
    why: str = ""

    @property
    def size(self) -> str:
        """How large it is, for a list to choose from: '4 blocks, 16 units'."""
        units = sum(len(each.units) for each in self.design.blocks)
        blocks = len(self.design.blocks)
        return f"{blocks} block{'s' * (blocks != 1)}, {units} unit{'s' * (units != 1)}"


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text was read as. networks: all, the one that is taken first; undecided: why none is, where that is so.

    of_text: notes on the text as a whole.
    """

    networks: tuple[Found, ...]
    of_text: tuple[str, ...] = ()
    undecided: NotationError | None = None

    @property
    def design(self) -> Design:
        """The network that is taken. Raises NotationError where the text doesn't tell which."""
        return self.chosen().design

    @property
    def notes(self) -> tuple[str, ...]:
        """All that a person should know of the network that is taken."""
        return self.notes_of(self.chosen())

    def chosen(self, name: str | None = None) -> Found:
        """The network of that name, or the one that is taken. Raises NotationError, with the names, where there is none."""
        if name is not None:
            for found in self.networks:
                if found.name == name or str(self.networks.index(found) + 1) == name:
                    return found
            near = [found for found in self.networks if found.name.startswith(name)]
            if len(near) == 1:
                return near[0]
            names = tuple(found.name for found in self.networks)
            raise NotationError(
                1, 1, f"there is no network '{name[:80]}' in the text", f"one of {_list(names)}", choices=names
            )
        if self.undecided is not None:
            raise self.undecided
        return self.networks[0]

    def notes_of(self, found: Found) -> tuple[str, ...]:
        """All that a person should know of a network: why it was taken, what was assumed, what was left out."""
        others = [each.name for each in self.networks if each is not found]
        taken = []
        if others:
            first = found is self.networks[0] and self.undecided is None
            why = found.why if first else "it was chosen"
            if not why:
                taken.append(f"The blocks in {found.name} were taken. There are also {_list(others)}.")
            else:
                taken.append(f"{_list([found.name])} was taken: {why}. There is also {_list(others)}.")
        return tuple(dict.fromkeys([*taken, *self.of_text, *found.notes]))


def read(text: str | bytes, name: str = "resnet_v2", known: Mapping[str, object] | None = None) -> Reading:
    """The networks that a text holds: a program, a list of blocks, a notebook, or a part of one. Nothing of it is run.

    name: of a design for which the text has none. known: values of what the text doesn't tell, by the names of `Ask`s.
    Raises NotationError where there is no network, with what the text would have to tell as its `asks`.
    """
    notes: list[str] = []
    if isinstance(text, bytes):
        text, encoding = decode(text)
        if encoding:
            notes.append(f"The text is not UTF-8; it was read as {encoding}.")
    cells = None
    if is_notebook(text):
        text, cells = code_of(text)
    source = Source(text, cells)
    floors = source.python2 and "import division" not in text
    try:
        explored = explore(source.statements, _plain(known or {}), floors=floors)
        networks, undecided = _networks(explored, source, name)
    except Fault as fault:
        raise source.error(fault) from None
    except RecursionError:
        raise NotationError(1, 1, "the text is nested too deeply", EXAMPLE) from None
    if source.python2:
        notes.append("Parts of the text are Python 2.")
    notes += [
        f"{source.place(each.line).capitalize()} is not Python ({each.message}) and was left out."
        for each in source.dropped[:_TOLD]
    ]
    if len(source.dropped) > _TOLD:
        notes.append(f"So were {len(source.dropped) - _TOLD:,} more lines.")
    if explored.stopped is not None:
        notes.append(f"{source.error(explored.stopped)} What comes after it was not read.")
    return Reading(networks, tuple(notes), undecided)


def parse(text: str, name: str = "resnet_v2") -> Design:
    """The design that `text` describes, which may have problems (see `validate`). name: for a text that gives none.

    Raises NotationError where it is no notation.
    """
    return read(text, name).design


def _networks(explored: Explored, source: Source, name: str) -> tuple[tuple[Found, ...], NotationError | None]:
    """The distinct networks by name, and why none of them can be taken, where that is so. Raises Fault where there are none."""
    by_design = {(each.made.title, replace(each.made.design, name="")): each for each in reversed(explored.candidates)}
    firsts = {id(each) for each in by_design.values()}
    distinct = [each for each in explored.candidates if id(each) in firsts][:_LISTED]
    if not distinct:
        if explored.pending:
            raise explored.pending[0]
        if explored.stopped is not None:
            raise explored.stopped
        if source.fault is not None:
            raise source.fault
        raise Fault(None, "there are no blocks in the text", EXAMPLE)
    first = distinct[0]
    if first.made.trouble is not None:
        raise first.made.trouble
    for each in explored.candidates:
        if each.made.trouble is not None and each.rank == first.rank:
            raise each.made.trouble
    names = _names(distinct)
    networks = tuple(_found(each, title, name, source, explored) for each, title in zip(distinct, names, strict=True))[
        :_LISTED
    ]
    rivals = [
        n
        for n, each in zip(names, distinct, strict=True)
        if each.rank == first.rank and each.made.title == first.made.title
    ]
    undecided = None
    if len(rivals) > 1 and any(
        each.unsure for each in distinct if each.rank == first.rank and each.made.title == first.made.title
    ):
        words = " or ".join(f"'{each}'" for each in rivals[:_TOLD])
        asks = _asks(distinct)
        text = f"which network is meant hangs on what the text does not tell: {words}"
        fault = Fault(
            first.made.node,
            text.replace("{}", ""),
            "a choice of one (--network NAME)",
            asks[0].name if asks else "",
            tuple(asks[1:]),
        )
        undecided = source.error(fault, tuple(names))
    return networks, undecided


def _asks(distinct: list[Candidate]) -> list[Fault]:
    """What the choices of the networks hang on."""
    found: dict[str, Fault] = {}
    for each in distinct:
        for fault in each.asked:
            found.setdefault(fault.name, fault)
    return list(found.values())


def _names(distinct: list[Candidate]) -> list[str]:
    """What each network is called: after its function or list; with what tells it from others where several share that."""
    titles = [each.made.title or "blocks" for each in distinct]
    names = []
    for title, each in zip(titles, distinct, strict=True):
        name = title
        alike = [other for other, its in zip(distinct, titles, strict=True) if its == title]
        if len(alike) > 1:
            if each.label and [other.label for other in alike].count(each.label) == 1:
                name = f"{title}, {each.label}"
            elif each.made.caller and [other.made.caller for other in alike].count(each.made.caller) == 1:
                name = f"{title} in {each.made.caller}"
            else:
                name = f"{title}, line {each.made.line}"
        while name in names:
            name += "'"
        names.append(name)
    return names


def _found(each: Candidate, title: str, name: str, source: Source, explored: Explored) -> Found:
    made = each.made
    design = made.design if made.design.name else replace(made.design, name=name)
    notes = list(made.notes)
    told = {default.name: default for default in (*made.rests, *each.rested)}
    if told:
        words = ", ".join(
            sorted(f"{default.words} ({source.place(default.line)})" for default in told.values())[:_TOLD]
        )
        notes.append(f"Defaults of the text were taken: {words}.")
    if each.unsure and each.label:
        notes.append(f"This is the network where {each.label}.")
    if design.num_classes is None and not any("no classes" in note for note in notes):
        notes.append("num_classes is None, so the network has no logits, as in TF-Slim.")
    left = {
        id(fault): fault
        for fault in explored.pending
        if not isinstance(fault.node, ast.Lambda | None) and "(" not in fault.name
    }
    notes += [f"Not all was read: {source.error(fault)}" for fault in list(left.values())[:_TOLD]]
    asks = {fault.name: Ask(fault.name, getattr(fault.node, "lineno", 1)) for fault in made.asks if fault.name}
    why = "" if made.listed else each.why
    return Found(title, design, made.line, tuple(dict.fromkeys(notes)), tuple(asks.values()), why)


def _list(names: Iterable[str]) -> str:
    """Names in a row; in quotes where they have commas of their own."""
    return ", ".join(f"'{each}'" if "," in each else each for each in list(names)[:_LISTED])


def _plain(known: Mapping[str, object]) -> dict[str, object]:
    """What a person typed for unknowns, as values: '64' is a number, 'True' is true, all else a text."""
    words = {"True": True, "False": False, "None": None}
    found: dict[str, object] = {}
    for name, typed in known.items():
        value: object = typed
        if isinstance(typed, str):
            value = words[typed.strip()] if typed.strip() in words else parse_number(typed)
        if isinstance(value, int | float | str | bool) or value is None:
            found[name] = value
    return found
