"""What the org says about its objects, asked again only when it changed.

Also knows which of the fields we use do not exist for this user: queries leave
them out. That is how Syncline works without its custom fields, in an org that
does not have them yet.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import SalesforceClient
from syncline.connectors.salesforce.fields import FIELDS, INVITEES, SYSTEM_FIELDS
from syncline.connectors.salesforce.manifest import KEY_FIELD, OBJECTS
from syncline.connectors.salesforce.wire import (
    FieldDescription,
    ObjectDescription,
    Row,
    read_row,
)
from syncline.domain.errors import (
    ItemError,
    PermissionDeniedError,
    ProviderError,
)
from syncline.domain.values.faults import Fault
from syncline.domain.values.kinds import Kind

#: Objects that an org may not have, or not for this user.
_OPTIONAL = frozenset({"EmailMessage"})
_NO_OBJECT = frozenset({"NOT_FOUND", "INVALID_TYPE"})
#: Of a series that is kept record by record (Advanced Calendaring).
SERIES_FIELDS = ("ClientGuid", "OriginalInstanceDateTime")


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskStatus:
    """One value of a task's status, in the org's own words."""

    name: str
    is_closed: bool
    is_default: bool

    @property
    def row(self) -> tuple[str, bool, bool]:
        """In the form of `Bookmark.statuses`."""
        return self.name, self.is_closed, self.is_default


@dataclass(frozen=True, slots=True, kw_only=True)
class ObjectFacts:
    """One object: its label and its fields by API name."""

    name: str
    label: str
    fields: Mapping[str, FieldDescription]

    def picklist(self, field: str) -> tuple[str, ...]:
        """Values that the field offers now; empty when it offers none."""
        known = self.fields.get(field)
        values = known.picklist_values if known else []
        return tuple(v.value for v in values if v.active)


class Describes:
    """Descriptions of one org as one user sees it."""

    def __init__(
        self,
        client: SalesforceClient,
        extra_fields: Mapping[Kind, Iterable[str]] | None = None,
    ) -> None:
        """Know nothing yet.

        Args:
            client: Calls to the org.
            extra_fields: Record fields that a profile needs besides ours, by kind.
        """
        self._client = client
        self._extra = {
            OBJECTS[kind]: tuple(sorted(set(names)))
            for kind, names in (extra_fields or {}).items()
        }
        self._facts: dict[str, ObjectFacts] = {}
        self._changed: dict[str, str] = {}
        self._missing: dict[str, frozenset[str]] = {}
        #: Shared Activities: invitees are told from other people of an event.
        self.shares_activities = True
        #: In the org's order; None until they were asked for.
        self.task_statuses: tuple[TaskStatus, ...] | None = None

    def of(self, object_name: str) -> ObjectFacts:
        """An object's facts as last read; asked now if never.

        Raises:
            ProviderError: It could not be read.
        """
        if object_name not in self._facts:
            self.refresh(object_name)
        return self._facts[object_name]

    def refresh(self, object_name: str) -> ObjectFacts:
        """An object's facts, up to date; costs little when nothing changed.

        Raises:
            ProviderError: They could not be read.
        """
        is_known = object_name in self._facts
        known = self._changed.get(object_name, "") if is_known else ""
        found, changed = self._client.describe(object_name, known)
        if found is not None:
            self.learn(found, changed)
        return self._facts[object_name]

    def ensure(self, object_name: str) -> None:
        """Learn whether an object and its fields exist, unless that is known.

        Raises:
            ProviderError: It could not be asked.
        """
        if object_name in self._missing:
            return
        try:
            self.refresh(object_name)
        except ProviderError as error:
            if not self.takes_as_lost(object_name, error.fault):
                raise

    def takes_as_lost(self, object_name: str, fault: Fault) -> bool:
        """Whether a refused description means that the org lacks the object."""
        is_lost = object_name in _OPTIONAL and fault.code in _NO_OBJECT
        if is_lost:
            self.lose(object_name)
        return is_lost

    def learn(self, found: ObjectDescription, changed: str) -> None:
        """Take over a description that came with another call."""
        name = found.name
        fields = {f.name: f for f in found.fields}
        self._facts[name] = ObjectFacts(name=name, label=found.label, fields=fields)
        self._changed[name] = changed
        if name in FIELDS:
            lacking = (n for n in self._wanted(name) if n not in fields)
            self._missing[name] = frozenset(lacking)
        if name in _OPTIONAL and not found.createable:
            self.lose(name)

    def ask_statuses(self) -> None:
        """Read the org's task statuses; those it does not show stay unknown.

        Raises:
            ProviderError: The side is closed to us.
        """
        try:
            rows = self._client.query(soql.TASK_STATUSES, operation="read statuses")
        except (ItemError, PermissionDeniedError):
            return
        self.task_statuses = statuses_of(rows)

    @property
    def missing(self) -> Mapping[str, frozenset[str]]:
        """Fields of ours that do not exist, by object."""
        return {name: gone for name, gone in self._missing.items() if gone}

    def remember(self, missing: Mapping[str, Iterable[str]]) -> None:
        """Take over what an earlier session found missing."""
        for name in OBJECTS.values():
            if name not in self._facts:
                self._missing[name] = frozenset(missing.get(name, ()))

    def columns(self, object_name: str) -> tuple[str, ...]:
        """What to select of an object, in a fixed order."""
        gone = self._missing.get(object_name, frozenset())
        return tuple(n for n in self._wanted(object_name) if n not in gone)

    @property
    def extra(self) -> str:
        """The profile's own fields, in the form of `Bookmark.extra`."""
        return " ".join(f"{o}.{n}" for o, names in self._extra.items() for n in names)

    def has(self, object_name: str, field: str) -> bool:
        """Whether the field exists, as far as we know."""
        return field not in self._missing.get(object_name, frozenset())

    def has_object(self, object_name: str) -> bool:
        """Whether the object exists, as far as we know."""
        return self.has(object_name, "Id")

    def _wanted(self, object_name: str) -> tuple[str, ...]:
        ours = (*SYSTEM_FIELDS[object_name], KEY_FIELD, *FIELDS[object_name])
        extra = self._extra.get(object_name, ())
        return (*ours, *(n for n in extra if n not in ours and n != INVITEES))

    def lose(self, object_name: str) -> None:
        """The org, or this user, does not have the object at all."""
        self._facts.pop(object_name, None)
        self._missing[object_name] = frozenset({"Id"})


def read_statuses(raws: Iterable[msgspec.Raw]) -> tuple[TaskStatus, ...]:
    """Task statuses from the rows of a page; what makes no sense is left out."""
    rows: list[Row] = []
    for raw in raws:
        with contextlib.suppress(msgspec.MsgspecError):
            rows.append(read_row(raw))
    return statuses_of(rows)


def statuses_of(rows: Iterable[Row]) -> tuple[TaskStatus, ...]:
    """Task statuses in the order of their rows.

    Records hold the API name, whatever the user's language is.
    """
    named = ((row.get("ApiName") or row.get("MasterLabel"), row) for row in rows)
    return tuple(
        TaskStatus(
            name=name,
            is_closed=bool(row.get("IsClosed")),
            is_default=bool(row.get("IsDefault")),
        )
        for name, row in named
        if isinstance(name, str) and name
    )
