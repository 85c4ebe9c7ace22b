"""The names of units: what is written is read back, and only what can be written is read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from resnet_studio.network.names import below_unit, parse_unit_name, run_node_name, unit_name, unit_prefix
from resnet_studio.network.operations import Op

BLOCKS = st.text(st.sampled_from("abz019._-/"), min_size=1, max_size=30)
NUMBERS = st.integers(1, 999_999)


@given(BLOCKS, NUMBERS)
def test_a_units_name_is_read_back(block: str, number: int) -> None:
    assert parse_unit_name(unit_name((block, number))) == (block, number)


@given(
    st.builds("{}{}{}".format, BLOCKS, st.sampled_from(["/unit_", "/units_", "/"]), st.text("0123456789²x", max_size=8))
)
def test_what_is_read_writes_the_same_name_but_for_leading_zeros(text: str) -> None:
    if (unit := parse_unit_name(text)) is not None:
        block, _, number = text.rpartition("/unit_")
        assert unit_name(unit) == f"{block}/unit_{number.lstrip('0') or '0'}"


@given(BLOCKS, NUMBERS, st.text(st.sampled_from("abv2_/"), min_size=1, max_size=20))
def test_an_operations_name_is_its_units_prefix_and_the_rest(block: str, number: int, rest: str) -> None:
    name = unit_prefix((block, number)) + rest
    assert below_unit(Op(name, "relu", (), (1, 1, 1), name, block, number)) == rest


def test_outside_the_units_nothing_is_taken_off() -> None:
    assert unit_prefix(("", 0)) == ""
    assert below_unit(Op("conv1/Relu", "relu", (), (1, 1, 1), "conv1")) == "conv1/Relu"


@pytest.mark.parametrize("text", ["", "block1", "/unit_1", "block1/unit_", "block1/unit_x", "block1/unit_1234567",
                                  "block1/unit_²", "block1/units_2-5"])  # fmt: skip
def test_no_other_text_is_a_units_name(text: str) -> None:
    assert parse_unit_name(text) is None


def test_a_folded_run_is_never_taken_for_a_unit() -> None:
    assert run_node_name("block3", 2, 5) == "block3/units_2-5"
    assert parse_unit_name(run_node_name("block3", 2, 5)) is None
