"""The golden cases that the reader of TF-Slim's notation knows: those of the second version, without an output stride."""

import pytest

from tests.golden_cases import design_of, read_case


@pytest.fixture(params=["no_root", "thin50_64px", "two_blocks_odd"])
def golden(request):
    """(what TF-Slim says of a case, the same as a Design)."""
    case = read_case(request.param)
    return case, design_of(case)
