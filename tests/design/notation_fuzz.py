"""Mutated programs for the reader: pieces of real forms cut, doubled, exchanged and spoilt, from a seed.

`python -m tests.design.notation_fuzz 20000` reads so many in one process and tells what came of them, the slowest, and the
most memory that one took.
"""

import random
import sys
import time
import tracemalloc
from pathlib import Path

from resnet_studio.design import notation
from resnet_studio.design.notation import NotationError, read
from resnet_studio.design.presets import PRESETS
from resnet_studio.design.validate import validate

DATA = Path(__file__).parent.parent / "data"
SEEDS = [
    (DATA / "notation" / "listing.txt").read_bytes(),
    *(path.read_bytes() for path in sorted((DATA / "field").iterdir()) if path.name != "right.json"),
    notation.format(PRESETS["resnet_v2_50"]).encode(),
]
PIECES = [
    b"10**10**10", b"'a'*10**9", b"[0]*10**9", b"a = [a, a]\n", b"while True: pass\n", b"def f(x): return f(x)\nf(1)\n",
    b"for i in range(10**9): blocks.append(1)\n", b"__import__('os').system('touch /tmp/never')", b"eval('1')", b"open('never', 'w')",
    b"(" * 40, b")" * 40, b"[", b"]", b"{", b"}", b"'", b'"""', b"\\\n", b"\0", b"\xff", b"\xe4\xb8", b"lambda: 0", b"**x", b"*x",
    b"if x:\n    ", b"else:\n", b"'%999999999d' % 1", b"'{:>999999999}'.format(1)", b"f'{1:999999999}'", b"1e400", b"-1", b"0",
    b"None", b"True", b"blocks", b"depth", b"x", b"self", b"yield", b"await y", b"import os\n", b"class A(B): pass\n", b"x.y.z",
    b"''.__class__.__mro__", b"'{0.__class__}'.format(1)", b"1 << 10**9", b"2 ** 0.5", b"[i for i in range(10**6)]", b",", b":", b"=", b"\n", b"  ",
]  # fmt: skip


def mutated(rng):
    """One text: a seed with a few changes."""
    data = rng.choice(SEEDS)
    if len(data) > 2000 and rng.random() < 0.7:
        start = rng.randrange(len(data) - 1500)
        data = data[start : start + rng.randrange(200, 1500)]
    for _ in range(rng.choice((1, 1, 2, 3, 6))):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(6):
            case 0:
                data = data[:at] + rng.choice(PIECES) + data[at:]
            case 1:
                data = data[:at] + data[at + rng.randrange(1, 30) :]
            case 2:
                piece = data[at : at + rng.randrange(1, 80)]
                data = data[:at] + piece * rng.choice((1, 2, 50)) + data[at:]
            case 3:
                lines = data.split(b"\n")
                rng.shuffle(lines)
                data = b"\n".join(lines)
            case 4:
                data = data[:at] + bytes([rng.randrange(256)]) + data[at + 1 :]
            case 5:
                data = data[:at] + rng.choice(SEEDS)[: rng.randrange(400)] + data[at:]
    return data


def outcome(data):
    """'network', 'choice' or 'refusal'; anything else that happens is an exception that ends the test."""
    try:
        reading = read(data)
    except NotationError as error:
        return "refusal" if str(error).endswith(".") and len(str(error)) < 3_000 else f"unclear: {error}"
    assert reading.networks
    for found in reading.networks:
        hash(found.design)
        validate(found.design)
    return "choice" if reading.undecided or len(reading.networks) > 1 else "network"


def main():
    """Reads as many as asked."""
    count = int(sys.argv[1])
    rng = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    before, found, slowest, most = {path.name for path in Path.cwd().iterdir()}, {}, (0.0, b""), (0, b"")
    for number in range(count):
        data = mutated(rng)
        if number % 20 == 0:
            tracemalloc.start()
        began = time.perf_counter()
        kind = outcome(data)
        took = time.perf_counter() - began
        if number % 20 == 0:
            most = max(most, (tracemalloc.get_traced_memory()[1], data))
            tracemalloc.stop()
        elif took > slowest[0]:
            slowest = (took, data)
        found[kind] = found.get(kind, 0) + 1
    assert {path.name for path in Path.cwd().iterdir()} == before
    assert not Path("/tmp/never").exists()
    print(found, f"slowest {slowest[0]:.3f} s", f"most memory {most[0] / 1e6:.1f} MB (of every 20th)")
    print(slowest[1][:300])


if __name__ == "__main__":
    main()
