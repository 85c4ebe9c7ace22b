"""The cases made with the original TF-Slim in tests/data/golden: what each says of itself, and the design that it is."""

import json
from pathlib import Path

from resnet_studio.design.spec import Block, Design, Unit

GOLDEN = Path(__file__).parent / "data" / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.json"))


def read_case(name):
    """What TF-Slim says of a case."""
    return json.loads((GOLDEN / f"{name}.json").read_text())


def design_of(case):
    """A case as a design. Keys that earlier cases lack stand for what they meant then."""
    version = case.get("version", "v2")
    return Design(
        f"resnet_{version}",
        tuple(Block(name, tuple(Unit(*unit) for unit in units)) for name, units in case["blocks"]),
        tuple(case["size"]),
        case["num_classes"],
        case["global_pool"],
        case["include_root_block"],
        channels=case.get("channels", 3),
        output_stride=case.get("output_stride"),
        version=version,
    )
