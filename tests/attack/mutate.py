"""Files as they might be after an accident, or by ill will: a real one, changed in a few places, by a seed.

Bytes are changed without regard to what they mean, JSON and notation also by their structure.
"""

from __future__ import annotations

import json
import random
import re
from typing import Any

from resnet_studio.design import notation
from resnet_studio.design.design_json import design_to_json
from resnet_studio.design.presets import PRESETS
from tests.attack.hostile import JSON_TEXTS, NOTATIONS, TEXTS, json_places, json_with

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")
_SMALL_JSON = [text for text in JSON_TEXTS.values() if len(text) < 2_000]
_SMALL_TEXTS = [text for text in TEXTS.values() if len(text) < 2_000]


def design_files() -> list[str]:
    """The published networks as files."""
    return [json.dumps(design_to_json(design), indent=2) for name, design in PRESETS.items() if "1001" not in name]


def notation_texts(listing: str) -> list[str]:
    """The published networks in the notation, the classic listing, and what is hostile in itself."""
    return [*(notation.format(design) for design in PRESETS.values()), listing, *NOTATIONS.values()]


def mutated_bytes(draw: random.Random, data: bytes, others: list[bytes]) -> bytes:
    """`data`, changed in one to eight places."""
    for _ in range(draw.choice((1, 1, 2, 3, 8))):
        at = draw.randrange(len(data) + 1)
        to = min(at + draw.choice((1, 2, 10, 100, 1_000)), len(data))
        match draw.randrange(8):
            case 0 if at < len(data):
                data = data[:at] + bytes([data[at] ^ 1 << draw.randrange(8)]) + data[at + 1 :]
            case 1:
                data = data[:at] + draw.randbytes(draw.randrange(1, 9)) + data[at:]
            case 2:
                data = data[:at] + data[to:]
            case 3:
                data = data[:to] + data[at:to] * draw.choice((1, 2, 50)) + data[to:]
            case 4:
                data = data[:at]
            case 5:
                other = draw.choice(others)
                data = data[:at] + other[draw.randrange(len(other) + 1) :]
            case 6:
                data = data[:at] + draw.choice(_SMALL_TEXTS).encode() + data[to:]
            case _:
                numbers = list(re.finditer(rb"\d+", data))
                if numbers:
                    number = draw.choice(numbers)
                    data = (
                        data[: number.start()]
                        + draw.choice(_SMALL_JSON).encode("utf-8", "surrogatepass")
                        + data[number.end() :]
                    )
    return data


def mutated_json(draw: random.Random, value: Any) -> str:
    """`value` as JSON, with one to three of its places exchanged, dropped, doubled, renamed, moved or made hostile."""
    for _ in range(draw.choice((0, 0, 1, 2))):
        value = _changed(draw, json.loads(json.dumps(value)))
    return json_with(value, draw.choice(list(json_places(value))), draw.choice(list(JSON_TEXTS.values())))


def _changed(draw: random.Random, value: Any) -> Any:
    *way, last = draw.choice([place for place in json_places(value) if place] or [(None,)])
    if last is None:
        return value
    inside = value
    for key in way:
        inside = inside[key]
    match draw.randrange(5):
        case 0:
            del inside[last]
        case 1 if isinstance(inside, dict):
            inside[draw.choice(_SMALL_TEXTS)] = inside.pop(last)
        case 2 if isinstance(inside, list):
            inside.extend([inside[last]] * draw.choice((1, 10, 3_000)))
        case 3:
            inside[last] = [inside[last]]
        case _:
            inside[last] = value.get("name") if isinstance(value, dict) else None
    return value


def mutated_notation(draw: random.Random, text: str) -> str:
    """`text` with one to six of its words exchanged, dropped, doubled, nested or made hostile."""
    tokens = _TOKEN.findall(text)
    for _ in range(draw.choice((1, 1, 2, 6))):
        if not tokens:
            break
        at = draw.randrange(len(tokens))
        match draw.randrange(7):
            case 0:
                del tokens[at]
            case 1:
                tokens.insert(at, tokens[draw.randrange(len(tokens))])
            case 2:
                to = draw.randrange(len(tokens))
                tokens[at], tokens[to] = tokens[to], tokens[at]
            case 3:
                depth = draw.choice((1, 5, 90, 2_000))
                tokens[at] = "(" * depth + tokens[at] + ")" * depth
            case 4:
                tokens[at] = draw.choice(
                    ("0", "-1", "10**9", "9" * 400, "1e400", "None", "True", "{}", "[1]", "f'{x}'", "lambda: 0")
                )
            case 5:
                tokens[at] = repr(draw.choice(_SMALL_TEXTS))
            case _:
                tokens[at] = tokens[at] + " * " + draw.choice(("2", "2000", "2001", "10**8"))
    return "".join(tokens)
