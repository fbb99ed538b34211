"""The queries of one read: what changed, what was deleted, who changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from syncline.connectors.salesforce import soql
from syncline.connectors.salesforce.client import Part, SalesforceClient
from syncline.connectors.salesforce.describe import Describes
from syncline.connectors.salesforce.manifest import OBJECTS
from syncline.connectors.salesforce.watermarks import Bookmark, bounds
from syncline.domain.values.items import Window
from syncline.domain.values.kinds import Kind

USER = "User"
_ORDER = "SystemModstamp, Id"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """One query. `kind` is None for users, who only give hints."""

    reference: str
    object_name: str
    soql: str
    kind: Kind | None = None
    is_deleted: bool = False
    is_full: bool = False
    #: Rows changed from here on are news; None when nothing was read before.
    floor: datetime | None = None

    def part(self, client: SalesforceClient) -> Part:
        """The query as a part of a composite call."""
        url = client.query_url(self.soql, with_deleted=self.is_deleted)
        return Part(reference=self.reference, url=url)


@dataclass(frozen=True, slots=True, kw_only=True)
class StreamPlanner:
    """Plans the queries of a read for one user.

    Stamps are set when a transaction begins and seen when it ends: `overlap` is
    how much later that may be.
    """

    user_id: str
    describes: Describes
    overlap: timedelta

    def plan(self, bookmark: Bookmark | None, window: Window) -> list[Stream]:
        """At most five queries: as many as one composite call takes."""
        floors = self._floors(bookmark)
        if bookmark is None or not set(OBJECTS.values()) <= floors.keys():
            listings = [self._all_events(window, None), self._all_contacts()]
            return [*listings, self._users(None)]
        return [
            self._events(bookmark, floors, window),
            self._deleted(Kind.EVENT, floors),
            self._contacts(floors),
            self._deleted(Kind.CONTACT, floors),
            self._users(floors.get(USER)),
        ]

    def _floors(self, bookmark: Bookmark | None) -> Mapping[str, datetime]:
        since = bookmark.since if bookmark else {}
        return {name: at - self.overlap for name, at in since.items()}

    def _events(
        self, bookmark: Bookmark, floors: Mapping[str, datetime], window: Window
    ) -> Stream:
        floor = floors[OBJECTS[Kind.EVENT]]
        if bookmark.window != bounds(window):
            return self._all_events(window, floor)
        conditions = [*self._own_events(), _changed_since(floor)]
        return self._stream(Kind.EVENT, conditions, floor=floor)

    def _all_events(self, window: Window, floor: datetime | None) -> Stream:
        conditions = [
            *self._own_events(),
            f"StartDateTime < {soql.instant(window.end)}",
            f"EndDateTime >= {soql.instant(window.start)}",
        ]
        return self._stream(Kind.EVENT, conditions, floor=floor, is_full=True)

    def _contacts(self, floors: Mapping[str, datetime]) -> Stream:
        floor = floors[OBJECTS[Kind.CONTACT]]
        conditions = [self._mine(), _changed_since(floor)]
        return self._stream(Kind.CONTACT, conditions, floor=floor)

    def _all_contacts(self) -> Stream:
        return self._stream(Kind.CONTACT, [self._mine()], is_full=True)

    def _stream(
        self,
        kind: Kind,
        conditions: list[str],
        *,
        floor: datetime | None = None,
        is_full: bool = False,
    ) -> Stream:
        name = OBJECTS[kind]
        columns = self.describes.columns(kind)
        return Stream(
            reference=f"{kind}s",
            object_name=name,
            soql=soql.select(columns, name, conditions, _ORDER),
            kind=kind,
            is_full=is_full,
            floor=floor,
        )

    def _deleted(self, kind: Kind, floors: Mapping[str, datetime]) -> Stream:
        """Contacts of whatever owner: those may be linked too."""
        name, floor = OBJECTS[kind], floors[OBJECTS[kind]]
        columns = ["Id", "SystemModstamp"]
        conditions = ["IsDeleted = true", _changed_since(floor)]
        if kind is Kind.CONTACT:
            columns.append("MasterRecordId")
        else:
            conditions.append(self._mine())
        return Stream(
            reference=f"deleted_{kind}s",
            object_name=name,
            soql=soql.select(columns, name, conditions, _ORDER),
            kind=kind,
            is_deleted=True,
            floor=floor,
        )

    def _users(self, floor: datetime | None) -> Stream:
        """At first only to know which changes are old, by our own clock."""
        since = floor or datetime.now(UTC) - self.overlap
        columns = ("Id", "SystemModstamp", "IsActive")
        query = soql.select(columns, USER, [_changed_since(since)], _ORDER)
        return Stream(reference="users", object_name=USER, soql=query, floor=floor)

    def _own_events(self) -> list[str]:
        """Copies of a meeting for invited users are its children: not ours."""
        return [self._mine(), "IsChild = false"]

    def _mine(self) -> str:
        return f"OwnerId = {soql.text(self.user_id)}"


def _changed_since(floor: datetime) -> str:
    return f"SystemModstamp >= {soql.instant(floor)}"
