"""One table of hostile values: what a person may type, a file may hold or a program may send.

Each value has a short name, so that a failing test says which one it was. None of the paths leads out of the folder
that a test runs in, and none names a device: a program under attack may well write to it.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator

from resnet_studio.design.bounds import Bound

HUGE = 10**400
LONG = "n" * 100_000
NUMBERS: dict[str, int | float] = {
    "0": 0,
    "-1": -1,
    "1": 1,
    "-0.0": -0.0,
    "9999": 9999,
    "2**31": 2**31,
    "2**63": 2**63,
    "10**17": 10**17,
    "10**400": HUGE,
    "-10**400": -HUGE,
    "0.5": 0.5,
    "64.0": 64.0,
    "1e300": 1e300,
    "5e-324": 5e-324,
    "nan": math.nan,
    "inf": math.inf,
    "-inf": -math.inf,
}
TEXTS: dict[str, str] = {
    "empty": "",
    "space": " ",
    "no-break space": "\u00a0",
    "number": "64",
    "thousands": "1,024",
    "padded": "  64\t",
    "exponent": "1e400",
    "hex": "0x40",
    "underscore": "6_4",
    "arabic digits": "٦٤",
    "wide digits": "６４",
    "superscript": "6²",
    "nan": "nan",
    "infinity": "Infinity",
    "out of range": "9999",
    "zero": "0",
    "minus": "-1",
    "400 digits": "9" * 400,
    "5000 digits": "9" * 5_000,
    "word": "abc",
    "none": "None",
    "true": "True",
    "reserved": "conv1",
    "slash": "a/b",
    "up": "../../x",
    "dot": ".",
    "dots": "..",
    "dash": "-rf",
    "percent": "%s%n%d {0} {x!r} $HOME `id`",
    "nul": "a\0b",
    "control": "\x01\x07\x1b[31m\x7f",
    "lines": "a\nb\r\nc\u2028d",
    "tabs": "1\t2\t3",
    "ampersand": "&File && me",
    "entity": "&lt;b&gt;&#0;",
    "image": "<img src=x>",
    "markup": "<b>bold</b><table><tr><td>x",
    "style": "</style><script>alert(1)</script>",
    "comment": "<!-- --> ]]> <![CDATA[",
    "quotes": "\"'`\\",
    "tex": "\\input{x}%$_{^~#&",
    "combining": "e" + "\u0301" * 200,
    "bidi": "\u202eevil\u202c \u2066x\u2069",
    "right to left": "שלום עולם",
    "joined emoji": "👩‍👩‍👧‍👦🏳️‍🌈",
    "beyond the plane": "𝔘𝔫𝔦𝔱",
    "zero width": "a\u200b\u200d\ufeffb",
    "private": "\ue000\uffff",
    "sharp s": "ßŒﬀİı",
    "long word": "w" * 300,
    "long line": LONG,
    "many lines": "x\n" * 3_000,
    "many tabs": "1\t" * 3_000,
}
SURROGATES = {"lone surrogate": "a\ud800b", "low surrogate": "\udc80"}
SINGLE: dict[str, object] = {**NUMBERS, **TEXTS, **SURROGATES, "True": True, "False": False, "None": None}
"""All that a file may hold in the place of a single value."""


def nested(depth: int = 10_000, opening: str = "[", closing: str = "]") -> str:
    """JSON, or notation, of lists in lists."""
    return opening * depth + closing * depth


# As they stand in a JSON file. Some are no JSON, or none that every reader takes.
JSON_TEXTS: dict[str, str] = {
    **{f"number {name}": json.dumps(value) for name, value in NUMBERS.items() if abs(value) < HUGE or value != value},
    **{f"text {name}": json.dumps(text) for name, text in {**TEXTS, **SURROGATES}.items()},
    "400 digits": "9" * 400,
    "5000 digits": "9" * 5_000,
    "1e400": "1e400",
    "-1e400": "-1e400",
    "1.0": "1.0",
    "true": "true",
    "false": "false",
    "null": "null",
    "[]": "[]",
    "[1]": "[1]",
    "{}": "{}",
    '{"a": 1}': '{"a": 1}',
    "[null]": "[null]",
    "list of lists": "[[], [[1, 2]], {}]",
    "long list": json.dumps(list(range(5_000))),
    "long object": json.dumps({str(key): key for key in range(5_000)}),
    "twice": '{"a": 1, "a": 2}',
    "nested lists": nested(),
    "nested objects": nested(10_000, '{"a":', "}").replace(":}", ":1}"),
    "nested a little": nested(400),
    "no JSON": "nothing",
    "cut off": '"abc',
}
# As they are pasted for notation, besides the texts above.
NOTATIONS: dict[str, str] = {
    "a block": "Block('block1', bottleneck, [(256, 64, 1)] * 2 + [(256, 64, 2)])",
    "two blocks": "[Block('a', basic, [(16, 16, 1)]), Block('b', basic, [(32, 32, 2)] * 3)]",
    "a dictionary": "Block('b1', basic, [(64, {}, 1)])",
    "a list": "Block('b1', basic, [(64, [1], 1)])",
    "a float": "Block('b1', bottleneck, [(64.0, 16, 1)])",
    "a yes": "Block('b1', bottleneck, [(True, 16, True)])",
    "nothing": "Block('b1', bottleneck, [(None, None, None)])",
    "a surrogate": "Block('\\ud800', bottleneck, [(64, 16, 1)])",
    "a nul": "Block('a\\0b', bottleneck, [(64, 16, 1)])",
    "markup": "Block('<img src=x>', bottleneck, [(64, 16, 1)])",
    "too many": "Block('b1', bottleneck, [(64, 16, 1)] * 10**9)",
    "a power": "Block('b1', bottleneck, [(9**9**9, 16, 1)])",
    "a shift": "Block('b1', bottleneck, [(1 << 10**9, 16, 1)])",
    "a long text": "Block('x' * 10**9, bottleneck, [(64, 16, 1)])",
    "a call": "Block('b1', bottleneck, __import__('os').listdir('.'))",
    "a comprehension": "[Block('b%d' % i, bottleneck, [(64, 16, 1)]) for i in range(10**9)]",
    "nested": f"Block('b1', bottleneck, {nested(3_000, '(', ')')})",
    "minuses": f"Block('b1', bottleneck, [({'-' * 3_000}64, 16, 1)])",
    "sums": f"Block('b1', bottleneck, [({'1+' * 3_000}1, 16, 1)])",
    "f-strings": "x = f'" + "{1}" * 5_000 + "'",
    "no block": "x = 1",
    "open": "Block('block1', bottleneck, [(256, 64,",
    "two names": "Block('a', basic, [(8, 8, 1)]), Block('a', basic, [(8, 8, 1)])",
}


def around(bound: Bound) -> dict[str, int | float]:
    """The numbers at a bound's two ends and one step beyond."""
    low, high = bound.low, bound.high
    step = 1 if bound.whole else max(abs(low), 1e-9)
    return {"low": low, "high": high, "below": low - step, "above": high + step}


def json_places(value: object, path: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The way to each place in JSON values, that of the whole first."""
    yield path
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, each in items:
        yield from json_places(each, (*path, key))


_MARK = "\u0001here\u0001"


def json_with(value: object, path: tuple[str | int, ...], text: str) -> str:
    """`value` as JSON, with `text` as it is in the place that `path` leads to."""
    return json.dumps(_exchanged(value, path), ensure_ascii=False).replace(json.dumps(_MARK, ensure_ascii=False), text)


def _exchanged(value: object, path: tuple[str | int, ...]) -> object:
    if not path:
        return _MARK
    first, *rest = path
    if isinstance(value, dict):
        return {key: _exchanged(each, tuple(rest)) if key == first else each for key, each in value.items()}
    assert isinstance(value, list)
    return [_exchanged(each, tuple(rest)) if i == first else each for i, each in enumerate(value)]
