"""Designs that several tests use."""

import json
from pathlib import Path

import pytest

from resnet_studio.design.spec import Block, Design, Unit

GOLDEN = Path(__file__).parent.parent / "data" / "golden"


@pytest.fixture(params=["no_root", "thin50_64px", "two_blocks_odd"])
def golden(request):
    """(what TF-Slim says of a case, the same as a Design)."""
    case = json.loads((GOLDEN / f"{request.param}.json").read_text())
    blocks = tuple(Block(name, tuple(Unit(*unit) for unit in units)) for name, units in case["blocks"])
    design = Design(
        "resnet_v2", blocks, tuple(case["size"]), case["num_classes"], case["global_pool"], case["include_root_block"]
    )
    return case, design
