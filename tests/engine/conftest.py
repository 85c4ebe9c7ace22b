"""TensorFlow as the engine's tests want it, the golden cases, and small designs."""

import os
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest

from resnet_studio.design.spec import Block, Design, Unit, block
from tests.golden_cases import GOLDEN, NAMES, design_of, read_case

# The golden cases agree with Eigen's kernels. With oneDNN's, which TensorFlow takes where the processor is made for
# them, batch norm rounds otherwise, and thin50_64px, which normalises over 8 values in its last block, makes of 1e-7
# there 1e-4 in the gradients: TF-Slim itself then misses its own golden gradients by 1.46e-4, as this engine does,
# digit for digit; with Eigen's kernels both are within 4.8e-5. So parity is judged on equal kernels.
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")


@dataclass(frozen=True)
class Golden:
    """A case made with the original TF-Slim: its design, what it says of it, and its arrays by 'kind:name'."""

    design: Design
    case: dict[str, Any]
    arrays: dict[str, np.ndarray]

    def of(self, kind: str) -> dict[str, np.ndarray]:
        """The arrays of one kind (var, end_point, grad, moved) by name."""
        return {key[len(kind) + 1 :]: value for key, value in self.arrays.items() if key.startswith(f"{kind}:")}


@pytest.fixture(scope="session", params=NAMES)
def golden(request):
    case = read_case(request.param)
    with np.load(GOLDEN / f"{request.param}.npz") as arrays:
        return Golden(design_of(case), case, dict(arrays))


def _tiny():
    return Design(
        "tiny", (block("block1", 2, 8, 4, 2), block("block2", 1, 12, 4, 1)), (16, 20), num_classes=5, root_depth=8
    )


@pytest.fixture
def tiny():
    """A design that takes milliseconds a step, with a projection, a subsampled and an identity shortcut."""
    return _tiny()


VARIANTS = {
    "as it is": {},
    "no classes": {"num_classes": None},
    "no classes, no global pool": {"num_classes": None, "global_pool": False},
    "no global pool": {"global_pool": False},
    "no root": {"include_root_block": False},
    "cifar root": {"root": "cifar"},
    "no biases": {"conv_biases": False},
    "no scale": {"batch_norm_scale": False},
    "nothing kept of the moving statistics": {"batch_norm_decay": 0.0},
    "moving statistics that stay": {"batch_norm_decay": 1.0},
    "basic units": {"blocks": (block("b", 3, 8, 0, 2, kind="basic"), block("c", 2, 12, 0, 2, "first", "basic"))},
    "strides of 3 and 8": {"blocks": (block("b", 1, 8, 4, 3), block("c", 2, 8, 4, 8))},
    "grey images": {"channels": 1},
    "output stride": {"output_stride": 4},
    "rates": {"blocks": (Block("b", (Unit(8, 4, 2), Unit(8, 4, 1, 2), Unit(8, 4, 1, 3))),), "channels": 2},
    "basic units, output stride": {
        "blocks": (block("b", 2, 8, 0, 2, kind="basic"), block("c", 2, 12, 0, 2, "first", "basic")),
        "output_stride": 8,
    },
    "version 1": {"version": "v1"},
    "version 1, no classes, no global pool, output stride": {
        "version": "v1",
        "num_classes": None,
        "global_pool": False,
        "output_stride": 4,
    },
    "version 1, basic units": {
        "version": "v1",
        "blocks": (block("c", 2, 12, 0, 2, "first", "basic"),),
        "root": "cifar",
    },
    "plain": {"version": "plain"},
    "plain, basic units, output stride": {
        "version": "plain",
        "blocks": (block("b", 2, 8, 0, 2, kind="basic"), block("c", 1, 9, 0, 2, kind="basic")),
        "output_stride": 8,
        "channels": 5,
    },
}


@pytest.fixture(params=VARIANTS.values(), ids=VARIANTS)
def variant(request):
    """Tiny designs, between them with every option."""
    return replace(_tiny(), **request.param)


@pytest.fixture(autouse=True)
def ceiling(request, monkeypatch):
    """A ceiling that is known already, where a test runs TensorFlow itself: measuring it takes a second."""
    if request.node.get_closest_marker("tensorflow") and "measure" in request.module.__name__:
        monkeypatch.setattr("resnet_studio.engine.measure.known_ceiling", lambda plan, threads: 100.0)
