"""The served providers and the two days of `tests.scenario`."""

from tests.scenario.conftest import first, second, world

__all__ = ["first", "second", "world"]
