"""The golden cases as designs, which the network's tests use too."""

from tests.network.conftest import golden

__all__ = ["golden"]
