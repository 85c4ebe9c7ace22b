"""Designs that several tests use."""

import pytest

from tests.golden_cases import NAMES, design_of, read_case


@pytest.fixture(params=NAMES)
def golden(request):
    """(what TF-Slim says of a case, the same as a Design)."""
    case = read_case(request.param)
    return case, design_of(case)
