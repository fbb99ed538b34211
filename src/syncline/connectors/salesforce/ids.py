"""Salesforce ids: 15 case-sensitive characters, or 18 that are safe to compare."""

from __future__ import annotations

import re

_ID = re.compile(r"[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?")
_SUFFIX_SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ012345"
_SHORT = 15


def is_id(text: str) -> bool:
    """Whether it has the form of a Salesforce id."""
    return _ID.fullmatch(text) is not None


def is_intact(text: str) -> bool:
    """Whether it is an id whose ending, if it has one, fits the rest.

    A query that names an id that does not fit is refused as a whole.
    """
    return is_id(text) and text in (text[:_SHORT], long_id(text[:_SHORT]))


def long_id(text: str) -> str:
    """The 18-character form; anything but a 15-character id comes back unchanged.

    Each added character tells which of one block of five are capitals.
    """
    if len(text) != _SHORT or not is_id(text):
        return text
    return text + _suffix(text)


def _suffix(text: str) -> str:
    blocks = (text[at : at + 5] for at in range(0, _SHORT, 5))
    return "".join(_SUFFIX_SIGNS[_capitals(block)] for block in blocks)


def _capitals(block: str) -> int:
    return sum(1 << at for at, char in enumerate(block) if "A" <= char <= "Z")
