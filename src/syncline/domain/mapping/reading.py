"""Read single values of a profile's field changes, and complain in plain words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeGuard

from syncline.domain.errors import ConfigurationError
from syncline.domain.mapping.rows import Row
from syncline.domain.values.content import RecordValue
from syncline.domain.values.kinds import Direction, Kind

#: Record fields that Syncline fills in its own ways, or that nobody may write.
RESERVED = frozenset(
    {"AccountId", "ClientGuid", "Id", "Invitees", "IsClosed", "IsDeleted", "OwnerId",
     "OriginalInstanceDateTime", "Syncline_Id__c", "SystemModstamp", "TaskSubtype",
     "WhatId", "WhoId"}
)  # fmt: skip

_API_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,79}")
_DIRECTIONS = tuple(str(d) for d in Direction)


def listed(names: Iterable[str]) -> str:
    """Names as a person may pick one of them: `“a”, “b” or “c”`."""
    *first, last = (f"“{name}”" for name in names)
    return f"{', '.join(first)} or {last}" if first else last


@dataclass(kw_only=True)
class Reading:
    """One kind's table while it is read, and what is wrong with it."""

    kind: Kind
    rows: list[Row] = field(default_factory=list)
    on_create: dict[str, RecordValue] = field(default_factory=dict)
    problems: list[ConfigurationError] = field(default_factory=list)

    def complain(self, where: str, problem: str, hint: str) -> None:
        """Note a problem; `where` is the path below the kind."""
        path = f"fields.{self.kind}.{where}".rstrip(".")
        self.problems.append(ConfigurationError(path, problem, hint))

    def is_object(
        self, value: Any, where: str, keys: tuple[str, ...]
    ) -> TypeGuard[Mapping[str, Any]]:
        """Whether it is a JSON object; without `keys` its names are free."""
        what = where or f"the {self.kind} fields"
        if not isinstance(value, Mapping):
            self.complain(
                where,
                f"What is written for {what} is no object.",
                "Write names and values between braces: {“name”: value}.",
            )
            return False
        for key in value:
            if keys and key not in keys:
                self.complain(
                    f"{where}.{key}",
                    f"“{key}” means nothing for {what}.",
                    f"Use {listed(keys)}.",
                )
        return True

    def flag(self, where: str, value: Any) -> bool:
        """Yes or no."""
        if not isinstance(value, bool):
            self.complain(
                where, f"{value!r} is neither true nor false.", "Write true or false."
            )
        return value is True

    def direction(self, where: str, value: Any) -> Direction | None:
        """Which way, unless it is none."""
        if value not in _DIRECTIONS:
            self.complain(
                where,
                f"{value!r} is no direction.",
                "Write “up” for to Salesforce, “down” for to the mailbox, or “both”.",
            )
            return None
        return Direction(value)

    def record_field(self, where: str, value: Any) -> str | None:
        """The API name of a record field that a profile may use."""
        if not isinstance(value, str) or not _API_NAME.fullmatch(value):
            self.complain(
                where,
                f"{value!r} is no name of a Salesforce field.",
                "Write the field's API name as Salesforce's set-up shows it, such as "
                "Notes__c.",
            )
            return None
        if value in RESERVED:
            self.complain(
                where,
                f"Syncline itself takes care of {value}.",
                "Choose another Salesforce field.",
            )
            return None
        return value

    def words(
        self, where: str, value: Any, known: tuple[str, ...]
    ) -> dict[str, tuple[str, ...]]:
        """What item values are called in Salesforce, as far as it makes sense."""
        found: dict[str, tuple[str, ...]] = {}
        if not self.is_object(value, where, known):
            return found
        for name, called in value.items():
            is_list = isinstance(called, list | tuple) and bool(called)
            if not is_list or not all(isinstance(w, str) and w for w in called):
                self.complain(
                    f"{where}.{name}",
                    f"“{name}” has no list of Salesforce words.",
                    "Write them between brackets, the one to write first: [“Busy”].",
                )
            elif name in known:
                found[name] = tuple(called)
        return found
