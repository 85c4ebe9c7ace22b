"""The small designs of the engine's tests, for those that start a real engine."""

from tests.engine.conftest import tiny

__all__ = ["tiny"]
