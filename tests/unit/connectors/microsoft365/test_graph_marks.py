"""Merging our categories into those of a person."""

from __future__ import annotations

import pytest

from syncline.connectors.microsoft365.categories import color_of
from syncline.connectors.microsoft365.mark_jobs import merge


@pytest.mark.parametrize(
    ("current", "add", "remove", "expected"),
    [
        ((), ("A",), (), ("A",)),
        (("B", "A"), ("C",), ("A",), ("B", "C")),
        (("sync error",), ("Sync Error",), (), ("sync error",)),
        (("SYNC ERROR", "B"), (), ("Sync Error",), ("B",)),
        (("A",), ("A",), ("a",), ("A",)),
        ((), ("A", "a"), (), ("A",)),
    ],
)
def test_merge_keeps_order_and_spelling(
    current: tuple[str, ...],
    add: tuple[str, ...],
    remove: tuple[str, ...],
    expected: tuple[str, ...],
) -> None:
    assert merge(current, add, remove) == expected


def test_colors_are_red_blue_and_none() -> None:
    names = ("Sync Error", "Salesforce", "Status: Last name is missing")
    assert [color_of(name) for name in names] == ["preset0", "preset7", "none"]
