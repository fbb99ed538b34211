"""Reads the mirrored objects of a profile from its JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields
from typing import Any

from syncline.domain.access.policy import Mirrored
from syncline.domain.errors import ConfigurationError

#: One request asks about as many (queries per composite call).
MOST = 5
#: Objects that are read as what they are.
_OWN_KINDS = frozenset({"event", "contact", "task", "emailmessage", "user"})
_API_NAME = re.compile(r"[A-Za-z]\w{0,79}")
_NAMES = frozenset(f.name for f in fields(Mirrored))
_NEEDED = ("object_name", "subject_field", "start_field")


def read_mirrored(raw: Any) -> tuple[Mirrored, ...]:
    """The mirrored objects that a profile names.

    Raises:
        ConfigurationError: Something about them makes no sense.
    """
    if not isinstance(raw, list):
        raise _wrong("They are no list.", "Write a list of objects.")
    if len(raw) > MOST:
        raise _wrong(f"There are {len(raw)}.", f"Name {MOST} at most.")
    found = tuple(_read_one(entry) for entry in raw)
    names = [m.object_name.lower() for m in found]
    for name in names:
        if names.count(name) > 1:
            raise _wrong(f"{name} is named twice.", "Name each object once.")
    return found


def _read_one(raw: Any) -> Mirrored:
    if not isinstance(raw, Mapping) or not all(
        isinstance(value, str) for value in raw.values()
    ):
        raise _wrong(
            "One of them is not made of names and texts.",
            f"Give each {', '.join(_NEEDED)}.",
        )
    unknown = sorted(set(raw) - _NAMES)
    if unknown:
        known = ", ".join(sorted(_NAMES))
        raise _wrong(f"Nobody knows “{unknown[0]}”.", f"There are: {known}.")
    lacking = [name for name in _NEEDED if not raw.get(name)]
    if lacking:
        raise _wrong(f"One of them has no {lacking[0]}.", "Say what it is.")
    for name, value in raw.items():
        if name != "name" and value and not _API_NAME.fullmatch(value):
            raise _wrong(f"“{value}” is no API name.", f"Give the API name as {name}.")
    object_name = raw["object_name"]
    if object_name.lower() in _OWN_KINDS:
        raise _wrong(
            f"{object_name} is read as what it is.", "Name another object."
        )
    return Mirrored(**raw)


def _wrong(problem: str, hint: str) -> ConfigurationError:
    return ConfigurationError(
        "mirrored_objects",
        f"The profile's mirrored objects make no sense. {problem}",
        hint,
    )
