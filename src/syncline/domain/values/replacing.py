"""Make a new value from another one, quickly."""

from __future__ import annotations

import functools
from collections.abc import Callable
from operator import attrgetter
from typing import Any, TypeVar

Value = TypeVar("Value")


def swapped(value: Value, **changes: Any) -> Value:
    """The value with some fields exchanged.

    As `dataclasses.replace` for a frozen value with slots whose fields are all its
    state, in a fraction of the time: sessions do this for every pair they read.

    Raises:
        AttributeError: A change names no field.
    """
    kind: Any = type(value)
    read, puts = _ways(kind)
    new: Value = object.__new__(kind)
    for put, part in zip(puts, read(value), strict=True):
        put(new, part)
    for name, part in changes.items():
        object.__setattr__(new, name, part)
    return new


@functools.cache
def _ways(
    kind: Any,
) -> tuple[Callable[[Any], tuple[Any, ...]], tuple[Callable[[Any, Any], None], ...]]:
    """How to read all fields of a value at once, and how to put each into one."""
    slots: tuple[str, ...] = kind.__slots__
    return attrgetter(*slots), tuple(getattr(kind, name).__set__ for name in slots)
